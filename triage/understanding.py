"""Opening reports and reading them, before anything is written: what each tells, how soon it matters, where it is.

Nothing of it holds a lock or a connection, so a slow resolver keeps nobody else waiting.
"""

from collections.abc import Sequence
from contextlib import ExitStack

import msgspec

from core.details import NOTHING, Details
from core.errors import CannotOpen
from core.sealing import DataKey, KeyRing, Row
from core.vocabulary import CountrySource, Reason
from triage.parts import Folded, Parts
from triage.ranking import rank
from triage.reading.found import Identifier, Reading
from triage.reading.hosting import Hosting
from triage.reading.read import Hints, hosts_of, located, read
from triage.waiting import Taken

UNREAD_FROM = 3  # attempts: whatever reading it has to do with the trouble, the report itself is filed


class Read(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reading and the priority it gave, as they are sealed beside the report."""

    reading: Reading
    priority: int
    reasons: tuple[Reason, ...] = ()

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_text(cls, text: str) -> "Read":
        """Raises CannotOpen for what this version does not know."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError:
            raise CannotOpen from None


class Understood(Taken, frozen=True):
    """A report in hand, with its priority, its sealed reading, what rules look at and what it can be bundled by."""

    priority: int
    reading: bytes
    answers: Details
    folded: Folded | None
    hosting: tuple[str, ...]
    identifiers: tuple[Identifier, ...]


class _Opened(msgspec.Struct, frozen=True):
    details: Details
    folded: Folded | None
    reading: Reading


def understand(ring: KeyRing, hosting: Hosting, parts: Parts, taken: Sequence[Taken]) -> Sequence[Understood]:
    """Each of them, read with its files. Hosts of the whole batch are asked for at once. Raises CannotOpen."""
    with ExitStack() as held:
        keys = [held.enter_context(ring.unwrap(Row("reports", one.id), one.wrapped_key)) for one in taken]
        opened = [_open(key, report, parts) for key, report in zip(keys, taken, strict=True)]
        places = hosting.countries(host for one in opened for host in hosts_of(one.reading.identifiers))
        return [
            _understood(key, report, one, located(one.reading, places) if places else one.reading)
            for key, report, one in zip(keys, taken, opened, strict=True)
        ]


def _open(key: DataKey, report: Taken, parts: Parts) -> _Opened:
    """What was ticked or told besides, and what was read."""
    row = Row("reports", report.id)
    told = Details.from_text(key.open(row, "details", report.details)) if report.details else NOTHING
    details, folded = parts.fold(report.id, key, told)
    if report.attempts >= UNREAD_FROM:
        return _Opened(details, folded, Reading())
    sealed = {"what": report.what, "link": report.link}
    words = {column: key.open(row, column, value) for column, value in sealed.items() if value}
    hints = Hints(country=report.country or "", language=report.language, danger=report.danger)
    return _Opened(details, folded, read(words, details, hints))


def _understood(key: DataKey, report: Taken, opened: _Opened, reading: Reading) -> Understood:
    """Sealed with the report's own key: whoever may open the report may open its reading."""
    found = rank(report, opened.details, reading.signs)
    text = Read(reading, found.priority, found.reasons).to_text()
    sealed = key.seal(Row("reports", report.id), "reading", text)
    return Understood(
        **msgspec.structs.asdict(report),
        priority=found.priority,
        reading=sealed,
        answers=opened.details,
        folded=opened.folded,
        hosting=_hosted_in(reading),
        identifiers=reading.identifiers,
    )


def _hosted_in(reading: Reading) -> tuple[str, ...]:
    """Countries, the surest first."""
    return tuple(dict.fromkeys(sign.country for sign in reading.countries if sign.source is CountrySource.HOSTING))
