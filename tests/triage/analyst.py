"""Somebody at the console: a real server in this process, and a browser of their own for each person."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

import httpx
import pyotp
import uvicorn
from sqlalchemy import Engine, select
from starlette.types import ASGIApp

from core.db import transaction
from core.ids import new_reference
from core.keys import ConsoleKeys, IntakeKeys
from core.models import Agency, AuditEntry, Case, Staff
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Act, CaseState, Danger, Disposition, Role
from intake.submission import seal
from intake.tokens import FormToken
from ops.staff import NewStaff, add_staff
from tests.factories import a_drain, a_submission, a_token, post
from triage.cases.person import Person

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
STEP = 30
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
_SEEN = re.compile(r'name="seen" value="(\d+)"')


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The application's address while it is served by a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, server_header=False, ws="none"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Browser:
    """Keeps cookies, follows nothing by itself."""

    address: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, headers={"accept-language": "en"}, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        """As a page of the console sends it, unless `headers` say otherwise."""
        return self.client.post(path, data=fields, headers=SAME_ORIGIN if headers is None else headers)

    def try_login(self, login: str, password: str, code: str) -> httpx.Response:
        return self.post("/login", {"token": self.token("/login"), "login": login, "password": password, "code": code})

    def log_in(self, person: NewStaff, step: int = 0) -> httpx.Response:
        """`step` -1, 0 or 1: each code works once, so a second log-in needs a later one."""
        return self.try_login(person.login, person.password, code_of(person, step))

    def token(self, path: str = "/") -> str:
        """What the forms of a page carry."""
        return token_in(self.get(path).text)

    def close_case(self, case: UUID, disposition: str, reason: str) -> httpx.Response:
        """Open its page, fill the form and send it."""
        page = self.get(f"/cases/{case}").text
        fields = {"token": token_in(page), "disposition": disposition, "reason": reason}
        return self.post(f"/cases/{case}/disposition", fields | {"seen": _SEEN.findall(page)[0]})


NewBrowser = Callable[[], Browser]


def token_in(page: str) -> str:
    return str(_TOKEN.findall(page)[-1])


def code_of(person: NewStaff, step: int = 0) -> str:
    """The authenticator's code now, or `step` steps away."""
    return pyotp.TOTP(person.totp_secret).at(int(time.time()) + step * STEP)


def wrong_code_of(person: NewStaff) -> str:
    right = {code_of(person, step) for step in range(-2, 4)}
    return next(
        code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666") if code not in right
    )


def hire(
    owner: Engine, settings: Settings, name: str = "Ana Silva", role: str = "analyst", agency: str | None = None
) -> NewStaff:
    """A member of staff, as `hotline staff add` makes them."""
    with transaction(owner) as session:
        return add_staff(session, ConsoleKeys.read(settings.keys_dir), name, role, agency)


def person_of(owner: Engine, hired: NewStaff) -> Person:
    """Who the console takes them for."""
    with transaction(owner) as session:
        found = select(Staff, Agency).join(Agency, Agency.id == Staff.agency_id).where(Staff.login == hired.login)
        staff, agency = session.execute(found).one()
    return Person(staff.id, staff.name, Role(staff.role), agency.id, agency.code, agency.name, agency.home)


def stored(owner: Engine, hired: NewStaff) -> Staff:
    with transaction(owner) as session:
        return session.scalars(select(Staff).where(Staff.login == hired.login)).one()


def cases_of(owner: Engine, agency: str = "hotline") -> list[Case]:
    """An agency's cases, the first received first."""
    with transaction(owner) as session:
        found = select(Case).join(Agency).where(Agency.code == agency).order_by(Case.received_at, Case.id)
        return list(session.scalars(found))


def acts(owner: Engine, act: Act) -> list[AuditEntry]:
    """The audit trail's entries of one kind, in order."""
    with transaction(owner) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.at)))


def a_case(agency: UUID, priority: int = 3, minutes_after: float = 0, is_open: bool = True) -> Case:
    """One that no report is in."""
    return Case(
        reference=new_reference(),
        agency_id=agency,
        priority=priority,
        language="en",
        danger=Danger.UNSAID,
        received_at=NOON + timedelta(minutes=minutes_after),
        state=CaseState.OPEN if is_open else CaseState.CLOSED,
        disposition=None if is_open else Disposition.DUPLICATE,
        closed_at=None if is_open else NOON,
    )


def a_case_of(settings: Settings, owner: Engine, triage_engine: Engine, told: Sequence[str]) -> UUID:
    """The only case: one person told all this, under one receipt."""
    tell_more(settings, triage_engine, a_token(), told)
    [case] = cases_of(owner)
    assert case.report_count == len(told)
    return case.id


def tell_more(settings: Settings, triage_engine: Engine, token: FormToken, told: Sequence[str]) -> None:
    """Reports under one receipt, filed in its case."""
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        post(settings, [seal(keys, wrapping, token, a_submission(what=what))[0] for what in told])
    a_drain(settings, triage_engine)()
