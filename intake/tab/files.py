"""The tab's own script, for pages of other origins: the newest at a fixed address, and each version at its own."""

import base64
import gzip
import hashlib
import json
from pathlib import Path
from typing import Self

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.settings import ROOT
from core.web.assets import FOR_EVER, accepts_gzip

WIDGET = ROOT / "widget"
FIVE_MINUTES = "public, max-age=300"
ANY_PAGE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
SCRIPT = "text/javascript; charset=utf-8"


class TabFiles:
    """One script under two addresses; none where the folder is not there. Who asks changes nothing."""

    def __init__(self, script: bytes, version: str) -> None:
        self.version = version
        self._plain = script
        self._small = gzip.compress(script, 9, mtime=0)

    @classmethod
    def read(cls, folder: Path = WIDGET) -> Self:
        try:
            version = json.loads((folder / "package.json").read_bytes())["version"]
            return cls((folder / "tab.js").read_bytes(), version)
        except OSError:
            return cls(b"", "")

    @property
    def integrity(self) -> str:
        """For the `integrity` of a `<script>` that names the version (Subresource Integrity)."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self._plain).digest()).decode()

    def routes(self) -> list[BaseRoute]:
        return [Route("/embed/v1/tab.js", self.newest), Route("/embed/{version}/tab.js", self.exactly)]

    async def newest(self, request: Request) -> Response:
        return self._answer(request, FIVE_MINUTES)

    async def exactly(self, request: Request) -> Response:
        """The version that is asked for, and never another one in its place."""
        if request.path_params["version"] != self.version:
            raise HTTPException(404)
        return self._answer(request, FOR_EVER)

    def _answer(self, request: Request, kept: str) -> Response:
        if not self._plain:
            raise HTTPException(404)
        headers = {**ANY_PAGE, "cache-control": kept, "vary": "accept-encoding"}
        if accepts_gzip(request):
            return Response(self._small, 200, headers | {"content-encoding": "gzip"}, SCRIPT)
        return Response(self._plain, 200, headers, SCRIPT)
