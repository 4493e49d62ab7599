"""The tab's own script, for pages of other origins: the newest at a fixed address, and each release at its own."""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Script:
    """One file, plain and small."""

    plain: bytes
    small: bytes

    @classmethod
    def read(cls, path: Path) -> Self:
        plain = path.read_bytes()
        return cls(plain, gzip.compress(plain, 9, mtime=0))

    @property
    def integrity(self) -> str:
        """For the `integrity` of a `<script>` that names a release (Subresource Integrity)."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.plain).digest()).decode()


class TabFiles:
    """The newest script, and every release for the pages that named it; none where the folder is not there."""

    def __init__(self, newest: Script | None, version: str, releases: Mapping[str, Script]) -> None:
        self.newest = newest
        self.version = version
        self.releases = releases

    @classmethod
    def read(cls, folder: Path = WIDGET) -> Self:
        if not folder.joinpath("tab.js").exists():
            return cls(None, "", {})
        version = json.loads((folder / "package.json").read_bytes())["version"]
        releases = {path.parent.name: Script.read(path) for path in sorted(folder.glob("releases/*/tab.js"))}
        return cls(Script.read(folder / "tab.js"), version, releases)

    def routes(self) -> list[BaseRoute]:
        return [Route("/embed/v1/tab.js", self.send_newest), Route("/embed/{version}/tab.js", self.send_release)]

    async def send_newest(self, request: Request) -> Response:
        return _answer(request, self.newest, FIVE_MINUTES)

    async def send_release(self, request: Request) -> Response:
        """The release that is asked for, and never another one in its place."""
        return _answer(request, self.releases.get(request.path_params["version"]), FOR_EVER)


def _answer(request: Request, script: Script | None, kept: str) -> Response:
    if script is None:
        raise HTTPException(404)
    headers = {**ANY_PAGE, "cache-control": kept, "vary": "accept-encoding"}
    if accepts_gzip(request):
        return Response(script.small, 200, headers | {"content-encoding": "gzip"}, SCRIPT)
    return Response(script.plain, 200, headers, SCRIPT)
