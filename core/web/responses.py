"""Answers that carry a page."""

import zlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from core.web.assets import accepts_gzip

HTML = "text/html; charset=utf-8"
_GZIP = 31  # zlib's word for a gzip wrapper and the full window
_LEVEL = 5


def html(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A page as it is: what answers a POST is never compressed, for it repeats typed text beside a token."""
    return Response(body, status, headers, HTML)


def compressed_html(request: Request, body: bytes, status: int = 200) -> Response:
    """A page that repeats nothing of the request, made small if the browser can read that."""
    if not accepts_gzip(request):
        return html(body, status, {"vary": "accept-encoding"})
    squeeze = zlib.compressobj(_LEVEL, wbits=_GZIP)
    small = squeeze.compress(body) + squeeze.flush()
    return html(small, status, {"vary": "accept-encoding", "content-encoding": "gzip"})
