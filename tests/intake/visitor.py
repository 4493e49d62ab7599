"""Someone who visits the public site in this process, and reads its pages as a browser would."""

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Self

import httpx
import msgspec
from starlette.applications import Starlette

from core.directory import Directory
from core.errors import CannotStore
from core.keys import IntakeKeys, make_missing
from core.settings import Settings
from intake import site
from intake.desk import Desk
from intake.gate import Gate
from intake.letterbox import Letterbox
from intake.mailbox import Mailbox
from intake.partners.known import Partners
from intake.submission import CALM, SealedReport, Standing, Submission
from intake.tokens import FormToken

FORM = "application/x-www-form-urlencoded"
CALM_SETTINGS = {"hosts": "site.example", "busy_address": 10**9, "busy_all": 10**9}


@dataclass(frozen=True)
class DeskWithoutDatabase(Desk):
    """Real keys, tokens and sealing; what was sealed is kept in a list, or refused while `closed` has an entry."""

    received: list[Submission] = field(default_factory=list)
    saved: list[Submission] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    withdrawn: list[FormToken] = field(default_factory=list)
    closed: list[bool] = field(default_factory=list)

    def seal(
        self, token: FormToken, submission: Submission, receipt: str = "", standing: Standing = CALM
    ) -> tuple[SealedReport, str]:
        if not self.closed:
            self.received.append(submission)
            self.standings.append(standing)
        return super().seal(token, submission, receipt, standing)

    async def store(self, report: SealedReport) -> None:
        if self.closed:
            raise CannotStore

    async def save(self, token: FormToken, submission: Submission, step: int, crowded: bool = False) -> None:
        if self.closed:
            raise CannotStore
        self.saved.append(submission)

    async def withdraw(self, token: FormToken) -> None:
        if self.closed:
            raise CannotStore
        self.withdrawn.append(token)

    def forget(self) -> None:
        for kept in (self.received, self.standings, self.saved, self.withdrawn, self.closed):
            kept.clear()


class Page(HTMLParser):
    """Elements as (name, attributes) in document order, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = f"{tag}:{dict(attrs).get('name') or dict(attrs).get('id') or ''}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data
        self.texts.setdefault(self._open, "")
        self.texts[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def all(self, *tags: str, **attributes: str) -> list[dict[str, str]]:
        wanted = attributes.items()
        return [found for tag, found in self.elements if tag in tags and wanted <= found.items()]

    def typed(self, name: str) -> str:
        """What a field of the form holds, shown or carried along."""
        if self.all("textarea", name=name):
            return self.texts[f"textarea:{name}"].removeprefix("\n")
        if self.all("select", name=name):
            return next((option["value"] for option in self.all("option") if "selected" in option), "")
        inputs = self.all("input", name=name)
        chosen = [field for field in inputs if field["type"] not in ("radio", "checkbox") or "checked" in field]
        return chosen[0]["value"] if chosen else ""

    @property
    def carried(self) -> dict[str, str]:
        """The hidden fields."""
        return {field["name"]: field["value"] for field in self.all("input", type="hidden")}

    @property
    def title(self) -> str:
        return self.texts["title:"]


@dataclass(frozen=True, eq=False)
class Visitor:
    """Fetches pages of one site."""

    desk: DeskWithoutDatabase
    app: Starlette

    @classmethod
    def at_a_new_site(cls, folder: Path, directory: Directory | None = None, /, **given: bool | int) -> Self:
        make_missing(folder)
        settings = msgspec.convert(CALM_SETTINGS | given, Settings)
        nowhere = "postgresql://nobody@127.0.0.1:1/none"
        letterbox = Letterbox(nowhere, stored=lambda: None)
        keys, mailbox = IntakeKeys.read(folder), Mailbox(nowhere, settings.receipt_days)
        gate = Gate.of(settings, keys.form)
        partners = Partners(nowhere, keys.partner)
        directory = directory or Directory.read()
        desk = DeskWithoutDatabase(settings, keys, directory, letterbox, mailbox, gate, partners)
        return cls(desk, site.create_app(desk))

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
        async def fetch() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, content=body, headers=named)

        return asyncio.run(fetch())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.request("GET", path, b"", **headers)

    def goes_on(self, page: httpx.Response, language: str = "en", /, **fields: str) -> httpx.Response:
        """Answer a page of the journey and press its first button, or the one that `go` names."""
        body = str(httpx.QueryParams(Page(page.text).carried | fields)).encode()
        return self.request("POST", f"/{language}/report", body, content_type=FORM)

    def send(self, language: str = "en", **fields: str) -> httpx.Response:
        """Post every answer at once; a token is added unless one is given."""
        filled = {"token": self.desk.new_token(), **fields}
        body = str(httpx.QueryParams(filled)).encode()
        return self.request("POST", f"/{language}/report", body, content_type=FORM)
