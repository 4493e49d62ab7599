"""Evidence in an XARF report: hashed while it streams, and dropped. What is kept of the report is small.

The bytes of a base64 string under `payload` (or `Data`, as version 3 calls it) go through the hashes and nowhere else.
Their hashes take its place.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field

from intake.partners.reading import LIMIT, Json

NAMES = ("payload", "Data")
KEYS = re.compile(rb'"(?:payload|Data)"\s*:\s*"')
TAIL = 64  # bytes held back, in case one of those keys is only half here
ALGORITHMS = ("md5", "sha1", "sha256")
_ESCAPES = re.compile(rb"\\[nrt]|\s")


class Payload:
    """The hashes of one piece of evidence, while it comes. What is no base64 has none."""

    def __init__(self) -> None:
        self._hashers = [hashlib.new(name, usedforsecurity=False) for name in ALGORITHMS]
        self._rest = b""
        self._is_base64 = True

    def feed(self, text: bytes) -> None:
        """More of the base64, as it stands in JSON."""
        text = self._rest + text
        held = text[-1:] == b"\\"  # an escape in two pieces
        whole = _ESCAPES.sub(b"", text[: len(text) - held]).replace(b"\\/", b"/")
        end = len(whole) - len(whole) % 4
        self._rest = whole[end:] + b"\\" * held
        try:
            decoded = base64.b64decode(whole[:end], validate=True)
        except binascii.Error:
            self._is_base64, self._rest = False, b""
            return
        for hasher in self._hashers:
            hasher.update(decoded)

    def finish(self) -> dict[str, str]:
        """The hashes, by algorithm."""
        if self._rest:
            self.feed(b"=" * (-len(self._rest) % 4))
        if not self._is_base64 or self._rest:
            return {}
        return {name: hasher.hexdigest() for name, hasher in zip(ALGORITHMS, self._hashers, strict=True)}


@dataclass
class Sieve:
    """Takes a body in pieces and keeps what is no evidence; `hashes` by the mark that stands where evidence stood."""

    kept: bytearray = field(default_factory=bytearray)
    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    _waiting: bytes = b""
    _payload: Payload | None = None

    def feed(self, chunk: bytes) -> bool:
        """Whether more is kept than a report may have."""
        data, self._waiting = self._waiting + chunk, b""
        while data:
            data = self._in_evidence(self._payload, data) if self._payload else self._between(data)
        return len(self.kept) > LIMIT

    def finish(self) -> bytes:
        """What is left of the body."""
        self.kept += self._waiting
        self._waiting = b""
        return bytes(self.kept)

    def _between(self, data: bytes) -> bytes:
        """Keep everything up to the next evidence; what follows it is still to be read."""
        found = KEYS.search(data)
        if found is None:
            self.kept += data[:-TAIL]
            self._waiting = data[-TAIL:]
            return b""
        self.kept += data[: found.end()]
        self._payload = Payload()
        return data[found.end() :]

    def _in_evidence(self, payload: Payload, data: bytes) -> bytes:
        text, quote, after = data.partition(b'"')
        payload.feed(text)
        if not quote:
            return b""
        self._payload = None
        self.kept += self.mark(payload.finish()).encode()
        return quote + after

    def drop_from(self, value: Json) -> bool:
        """Drop evidence from what was parsed: its key was spelt with escapes, so it came through. Whether there was."""
        if isinstance(value, list):
            return bool(sum(self.drop_from(item) for item in value))
        if not isinstance(value, dict):
            return False
        found = [name for name in NAMES if isinstance(value.get(name), str) and value[name] not in self.hashes]
        for name in found:
            payload = Payload()
            payload.feed(str(value[name]).encode())
            value[name] = self.mark(payload.finish())
        return any([*found, *(self.drop_from(item) for item in value.values())])

    def mark(self, hashes: dict[str, str]) -> str:
        """What stands where evidence stood."""
        text = " ".join(f"{name}:{value}" for name, value in hashes.items()) or "dropped"
        self.hashes[text] = hashes
        return text
