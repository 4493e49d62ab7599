"""The PDQ hash of an image, when the extra `pdq` is installed, the bytes decode, and both fit into little memory.

PDQ (Meta, 2019) looks at 64 by 64 points, so an image is made small before it is hashed. What is kept for that is at
most ENCODED bytes, what it is decoded into DECODED: a larger image has no PDQ, and its other hashes all the same.
"""

from importlib.util import find_spec
from io import BytesIO

ENCODED = 512 * 1024
DECODED = 1024 * 1024
SIDE = 192
STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
FORMATS = ("JPEG", "PNG", "WEBP")
BYTES_A_PIXEL = {"JPEG": 1, "PNG": 5, "WEBP": 8}
PROGRESSIVE = 6  # libjpeg keeps every coefficient of these
IS_INSTALLED = all(find_spec(name) for name in ("pdqhash", "numpy", "PIL"))


class Image:
    """The bytes of what may be one, as long as they are few."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def take(self, piece: memoryview) -> bool:
        """Whether it may still be an image to be hashed; when not, nothing of it is kept."""
        if not IS_INSTALLED or len(self._bytes) + len(piece) > ENCODED:
            return self._drop()
        self._bytes += piece
        longest = max(map(len, STARTS))
        return len(self._bytes) < longest or self._bytes.startswith(STARTS) or self._drop()

    def pdq(self) -> str:
        """64 hexadecimal digits; empty for what is no image, is broken, too large or too plain to be told apart."""
        try:
            return _pdq(self._bytes)
        except Exception:  # the edge of foreign decoders: whatever they make of a stranger's bytes, it has no PDQ
            return ""
        finally:
            self._drop()

    def _drop(self) -> bool:
        self._bytes = bytearray()
        return False


def _pdq(encoded: bytearray) -> str:
    import numpy as np  # 30 MB, and only for deployments that asked for it
    import pdqhash
    from PIL import Image as Images

    with Images.open(BytesIO(encoded), formats=FORMATS) as image:
        kind = image.format or ""
        cost = PROGRESSIVE if "progressive" in image.info else BYTES_A_PIXEL[kind]
        if kind == "JPEG" and cost != PROGRESSIVE:
            image.draft("L", (SIDE, SIDE))
        if image.width * image.height * cost > DECODED:
            return ""
        small = image.convert("L").resize((min(image.width, SIDE), min(image.height, SIDE))).convert("RGB")
    bits, quality = pdqhash.compute(np.asarray(small))
    return np.packbits(bits).tobytes().hex() if quality else ""
