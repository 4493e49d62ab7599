"""What a person typed, found in a body that is no form of ours, so that the refusal can give it back."""

import re
from collections.abc import Iterator, Sequence

from core.web.decoding import as_text

WHOLE = ("", "text/plain", "application/json")
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})', re.IGNORECASE)
_NAME = re.compile(rb'\bname="([^"]*)"')
_MOST_PARTS = 100


def salvaged(body: bytes, content_type: str, names: Sequence[str], free_text: str) -> dict[str, str]:
    """Known text fields of a multipart form; plain text or JSON whole, as `free_text`; of anything else nothing."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        boundary = _BOUNDARY.search(content_type)
        parts = _text_parts(body, boundary[1].encode("latin-1")) if boundary else ()
        return {name: as_text(value) for name, value in reversed(list(parts)) if name in names}
    return {free_text: as_text(body)} if kind in WHOLE else {}


def _text_parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and value of each part that is not a file (RFC 7578)."""
    for part in body.split(b"--" + boundary, _MOST_PARTS)[1:_MOST_PARTS]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name and b"filename" not in head.lower():
            yield name[1].decode("latin-1"), value.removesuffix(b"\r\n")
