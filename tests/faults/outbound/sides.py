"""Other sides: a post office, a webhook and a second hotline's CyberTipline door, and what each of them has."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import msgspec
import psycopg
import pyrage

from core.cybertipline.kept import Kept
from core.details import Details
from core.keys import TriageKeys
from core.sealing import Row
from tests.faults.machine import Machine
from tests.faults.proxy import Proxy
from tests.triage.outbound.post_office import Office
from tests.triage.outbound.receivers import Call, Receiver
from tests.triage.outbound.sending import Desk

TAKEN_BY_MAIL, TAKEN_BY_HOOK, FINISHED = b"250 queued", b" 200 ", b"<reportDoneResponse>"
"""What each says when it has taken something: the answer that a line may lose."""
FILED = "SELECT id, wrapped_key, source, details FROM reports"
NUMBER = re.compile(r"Referral: ([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Copy:
    """Something that came: what it is called there, and the referral in it; None when it does not open."""

    number: str
    referral: UUID | None


class Side(Protocol):
    """One agency that receives; `line` is the way there."""

    @property
    def agency(self) -> UUID: ...

    @property
    def line(self) -> Proxy: ...

    def copies(self) -> Sequence[Copy]:
        """All that it took."""


@dataclass
class Mail:
    """By e-mail. A copy is called by its Message-ID: with the same one it is the same to every reader."""

    desk: Desk
    office: Office
    line: Proxy

    @property
    def agency(self) -> UUID:
        return self.desk.agency

    def copies(self) -> Sequence[Copy]:
        found = []
        for message in self.office.room.messages:
            files = {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}
            [letter] = [content for name, content in files.items() if ".json" in name]
            found.append(Copy(str(message["Message-ID"]), _opened(self.desk, letter)))
        return found


@dataclass
class Calls(Receiver):
    """A webhook that keeps what it took, and how often it refused."""

    taken: list[Call] = field(default_factory=list)

    def answer(self, call: Call) -> tuple[int, bytes] | None:
        answer = super().answer(call)
        if answer and answer[0] < 300:
            self.taken.append(call)
        return answer


@dataclass
class Hook:
    """By webhook. A copy is called by its `webhook-id`."""

    desk: Desk
    calls: Calls
    line: Proxy

    @property
    def agency(self) -> UUID:
        return self.desk.agency

    def copies(self) -> Sequence[Copy]:
        return [Copy(call.headers["webhook-id"], _opened(self.desk, call.body)) for call in self.calls.taken]


@dataclass
class Tipline:
    """By the door of another deployment. A copy is a report that was finished, called by its number."""

    agency: UUID
    house: Machine

    @property
    def line(self) -> Proxy:
        return self.house.front

    def copies(self) -> Sequence[Copy]:
        ring = TriageKeys.read(self.house.settings.keys_dir).reports
        found = []
        with psycopg.connect(self.house.database_url) as connection:
            for id, wrapped, source, details in connection.execute(FILED):
                place = Row("reports", id)
                with ring.unwrap(place, wrapped) as key:
                    report = Kept.from_text(key.open(place, "source", source)).report
                    number = Details.from_text(key.open(place, "details", details)).reference
                inside = NUMBER.search(report)
                found.append(Copy(number, UUID(inside[1]) if inside else None))
        return found


def _opened(desk: Desk, sealed: bytes) -> UUID | None:
    with suppress(pyrage.DecryptError, msgspec.DecodeError):
        return desk.open(sealed).id
    return None
