"""The real doors: one report goes in, and what the hotline calls it comes back."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode
from uuid import UUID, uuid5

from intake.site.journey.path import ASKS, FIRST, LAST
from ops.simulate.bodies import cybertipline_report, fields, json_report, xarf_report
from ops.simulate.invented import Door, Told
from ops.simulate.line import Line

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
XML = "text/xml; charset=utf-8"
MOST_PAGES = 30
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
RECEIPT = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")
NUMBER = re.compile(rb"<reportId>([0-9]+)<")
DONE = b"<responseCode>0<"
GIVEN = re.compile(rb'"receipt":"([0-9A-Z-]+)"')


@dataclass(frozen=True, slots=True)
class Taken:
    """What came back: a receipt, or the number of a report that was opened; neither when it was not taken."""

    status: int
    receipt: str = ""
    number: int = 0

    @property
    def is_taken(self) -> bool:
        return bool(self.receipt or self.number)


@dataclass(frozen=True)
class Doors:
    """`new_token` makes what a page of the site carries; the rest proves who a partner is. `run` names this run."""

    new_token: Callable[[], str] = field(repr=False)
    api_key: str = field(repr=False)
    username: str
    password: str = field(repr=False)
    run: UUID
    _tokens: dict[int, str] = field(default_factory=dict, repr=False)

    async def bring(self, line: Line, told: Told, place: int) -> Taken:
        """Through the door that it is for. `place` is its own number in this run."""
        taken = await BY_DOOR[told.door](self, line, told, place)
        return await BY_DOOR[told.door](self, line, told, place) if told.twice else taken

    async def send_form(self, line: Line, told: Told, _: int) -> Taken:
        """Every answer at once; those of one form under one token."""
        token = self._tokens.setdefault(told.form, self.new_token())
        status, page = await self._press(line, told, {"token": token, **fields(told)})
        return _shown(status, page)

    async def walk(self, line: Line, told: Told, _: int) -> Taken:
        """From question to question, as somebody with a browser."""
        answers = fields(told)
        status, page = await line.ask("GET", f"/{told.language}/report")
        for _page in range(MOST_PAGES):
            carried = {name: unescape(value) for name, value in HIDDEN.findall(page.decode())}
            if status != 200 or (at := carried.get("page", FIRST)) == LAST:
                return _shown(*await self._press(line, told, {**carried, "go": "send"}))
            asked = {name: answers[name] for name in ASKS[at] if name in answers}
            status, page = await self._press(line, told, {**carried, **asked})
        return Taken(status)

    async def send_json(self, line: Line, told: Told, place: int) -> Taken:
        status, answer = await line.ask(
            "POST",
            "/api/v1/reports",
            json_report(told),
            content_type=JSON,
            authorization=self._bearer,
            idempotency_key=f"{self.run}-{place}",
        )
        return _given(status, answer)

    async def send_xarf(self, line: Line, told: Told, place: int) -> Taken:
        report = xarf_report(told, uuid5(self.run, str(place)))
        status, answer = await line.ask("POST", "/api/v1/xarf", report, content_type=JSON, authorization=self._bearer)
        return _given(status, answer)

    async def file(self, line: Line, told: Told, _: int) -> Taken:
        """Opened and finished, as NCMEC's interface has it."""
        who = f"Basic {b64encode(f'{self.username}:{self.password}'.encode()).decode()}"
        status, answer = await line.ask(
            "POST", "/ispws/submit", cybertipline_report(told), content_type=XML, authorization=who
        )
        opened = NUMBER.search(answer)
        if opened is None:
            return Taken(status)
        status, answer = await line.ask(
            "POST", "/ispws/finish", b"id=" + opened[1], content_type=FORM, authorization=who
        )
        return Taken(status, number=int(opened[1]) if DONE in answer else 0)

    @property
    def _bearer(self) -> str:
        return f"Bearer {self.api_key}"

    async def _press(self, line: Line, told: Told, sent: Mapping[str, str]) -> tuple[int, bytes]:
        return await line.ask("POST", f"/{told.language}/report", urlencode(sent).encode(), content_type=FORM)


BY_DOOR: Mapping[Door, Callable[[Doors, Line, Told, int], Awaitable[Taken]]] = {
    Door.FORM: Doors.send_form,
    Door.JOURNEY: Doors.walk,
    Door.JSON: Doors.send_json,
    Door.XARF: Doors.send_xarf,
    Door.CYBERTIPLINE: Doors.file,
}


def _shown(status: int, page: bytes) -> Taken:
    found = RECEIPT.search(page.decode()) if status == 200 else None
    return Taken(status, receipt=found[0] if found else "")


def _given(status: int, answer: bytes) -> Taken:
    found = GIVEN.search(answer) if status in (200, 201) else None
    return Taken(status, receipt=found[1].decode() if found else "")
