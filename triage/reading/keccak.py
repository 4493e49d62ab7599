"""Keccak-256 as Ethereum and Monero use it: SHA-3 before its padding was changed, so hashlib has it not (FIPS 202)."""

_MASK = (1 << 64) - 1
_RATE = 136
_ROTATIONS = (
    (0, 36, 3, 41, 18),
    (1, 44, 10, 45, 2),
    (62, 6, 43, 15, 61),
    (28, 55, 25, 21, 56),
    (27, 20, 39, 8, 14),
)
_Lanes = list[list[int]]


def keccak256(message: bytes) -> bytes:
    """32 bytes; some 0.3 ms for a short message."""
    lanes: _Lanes = [[0] * 5 for _ in range(5)]
    for block in _blocks(message):
        for place in range(_RATE // 8):
            lanes[place % 5][place // 5] ^= int.from_bytes(block[8 * place : 8 * place + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lanes[place % 5][place // 5].to_bytes(8, "little") for place in range(4))


def _blocks(message: bytes) -> list[bytes]:
    """Padded by 0x01 … 0x80."""
    padded = bytearray(message + b"\x01")
    padded.extend(bytes(-len(padded) % _RATE))
    padded[-1] |= 0x80
    return [bytes(padded[start : start + _RATE]) for start in range(0, len(padded), _RATE)]


def _permuted(lanes: _Lanes) -> _Lanes:
    """24 rounds of theta, rho, pi, chi and iota."""
    constants = _round_constants()
    for constant in constants:
        columns = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        mixed = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        turned: _Lanes = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                turned[y][(2 * x + 3 * y) % 5] = _rotated(lanes[x][y] ^ mixed[x], _ROTATIONS[x][y])
        lanes = [
            [turned[x][y] ^ (~turned[(x + 1) % 5][y] & turned[(x + 2) % 5][y] & _MASK) for y in range(5)]
            for x in range(5)
        ]
        lanes[0][0] ^= constant
    return lanes


def _rotated(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _MASK if by else lane


def _round_constants() -> list[int]:
    """From the standard's shift register of eight bits."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for step in range(7):
            constant |= (register & 1) << ((1 << step) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return constants
