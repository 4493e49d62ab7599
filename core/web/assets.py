"""Static files: read once, named by their content, compressed in memory, cached for ever."""

import gzip
import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STYLE = "style.css"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    media_type: str
    plain: bytes
    gzipped: bytes


class Assets:
    """What the `static` folders hold; every stylesheet of theirs, in order, is one: `style.css`."""

    def __init__(self, folders: Sequence[Path]) -> None:
        files = {path.name: path for folder in folders for path in sorted(folder.glob("*.*"))}
        sheets = [path for folder in folders for path in sorted(folder.glob("*.css"))]
        contents = {name: path.read_bytes() for name, path in files.items() if path.suffix != ".css"}
        contents[STYLE] = b"\n".join(path.read_bytes() for path in sheets)
        self._urls = {name: f"/static/{_named_by_content(name, body)}" for name, body in contents.items()}
        self._by_url = {self._urls[name]: _asset(name, body) for name, body in contents.items()}

    def url(self, name: str) -> str:
        """Where the file is served; the address changes when the content does."""
        return self._urls[name]

    def routes(self) -> list[Route]:
        return [Route("/static/{name}", self.serve)]

    async def serve(self, request: Request) -> Response:
        asset = self._by_url.get(request.url.path)
        if asset is None:
            raise HTTPException(404)
        headers = {"cache-control": FOR_EVER, "vary": "accept-encoding"}
        if accepts_gzip(request):
            return Response(asset.gzipped, 200, headers | {"content-encoding": "gzip"}, asset.media_type)
        return Response(asset.plain, 200, headers, asset.media_type)


def accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _named_by_content(name: str, body: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{suffix}"


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(media_type, body, gzip.compress(body, 9, mtime=0))
