"""Wallets of Bitcoin, Ethereum, Litecoin, Tron and Monero, known by their checksums."""

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import islice

from core.vocabulary import IdentifierKind, Sure
from triage.reading.finding import Finding
from triage.reading.keccak import keccak256

MOST = 100  # a checksum costs up to 0.3 ms
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_CONSTANTS = (1, 0x2BC830A3)  # BIP 173 and BIP 350
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_.])(?:(?P<eth>0x[0-9a-fA-F]{40})|(?P<bech32>(?:bc1|ltc1)[02-9ac-hj-np-z]{11,87}|(?:BC1|LTC1)[02-9AC-HJ-NP-Z]{11,87})"
    r"|(?P<xmr>[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?)|(?P<base58>[13LMT][1-9A-HJ-NP-Za-km-z]{24,33}))(?![A-Za-z0-9_])"
)
_VERSIONS = {b"\x00": "btc", b"\x05": "btc", b"\x30": "ltc", b"\x32": "ltc", b"\x41": "trx"}
_MONERO_BLOCKS = {11: 8, 10: 7, 9: 6, 7: 5, 6: 4, 5: 3, 3: 2, 2: 1}


def find_wallets(text: str) -> Iterator[Finding]:
    """Every address whose checksum is right; of Ethereum's also those that have none."""
    for match in islice(_SHAPES.finditer(text), MOST):
        canonical = _CHECKS[match.lastgroup or ""](match[0])
        if canonical:
            sure = (
                Sure.LIKELY if canonical.startswith("eth:") and match[0][2:].lower() == match[0][2:] else Sure.CERTAIN
            )
            yield Finding(IdentifierKind.WALLET, canonical, match.start(), match.end(), sure)


def ethereum(address: str) -> str:
    """EIP-55: capitals are a checksum; all small or all capital letters have none."""
    digits = address[2:]
    if digits in (digits.lower(), digits.upper()):
        return f"eth:0x{digits.lower()}"
    nibbles = keccak256(digits.lower().encode()).hex()
    right = all(d.upper() == d if int(n, 16) >= 8 else d.lower() == d for d, n in zip(digits, nibbles, strict=False))
    return f"eth:0x{digits.lower()}" if right else ""


def base58check(address: str) -> str:
    raw = _base58_bytes(address, 25)
    if raw is None or hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] != raw[-4:]:
        return ""
    currency = _VERSIONS.get(raw[:1])
    return f"{currency}:{address}" if currency else ""


def bech32(address: str) -> str:
    small = address.lower()
    prefix, _, rest = small.rpartition("1")
    values = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    if _polymod(values + [_BECH32.index(letter) for letter in rest]) not in _BECH32_CONSTANTS:
        return ""
    return f"{'btc' if prefix == 'bc' else 'ltc'}:{small}"


def monero(address: str) -> str:
    blocks = [address[start : start + 11] for start in range(0, len(address), 11)]
    decoded = [_base58_bytes(block, _MONERO_BLOCKS[len(block)]) for block in blocks if len(block) in _MONERO_BLOCKS]
    if len(decoded) != len(blocks) or None in decoded:
        return ""
    raw = b"".join(block for block in decoded if block is not None)
    return f"xmr:{address}" if keccak256(raw[:-4])[:4] == raw[-4:] else ""


def _base58_bytes(text: str, size: int) -> bytes | None:
    number = 0
    for letter in text:
        number = number * 58 + _BASE58.index(letter)
    return number.to_bytes(size) if number < 256**size else None


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum


_CHECKS: dict[str, Callable[[str], str]] = {"eth": ethereum, "base58": base58check, "bech32": bech32, "xmr": monero}
