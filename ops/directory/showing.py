"""One entry as staff see it, and the entries that somebody should check again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from core.models import Agency
from core.sealing import PublicKey
from ops.directory.fields import FIELDS, to_text
from ops.directory.merging import Change, conflicts
from ops.directory.rows import SHOWN, checked_on, is_outdated, row_of, standing_of
from triage.referrals.making import by_of

Shown = dict[str, object]


@dataclass(frozen=True, slots=True)
class Stale:
    """An entry whose check is too long ago, or tells of something else than stands there, or that has none."""

    code: str
    name: str
    checked: str | None
    changed_since: bool

    def __str__(self) -> str:
        since = " (changed since it was checked)" if self.changed_since else ""
        return f"{self.checked or 'never':<10}  {self.code}  {self.name}{since}"


def stale(session: Session, days: int) -> list[Stale]:
    """The longest unchecked first."""
    limit = datetime.now(UTC).date() - timedelta(days=days)
    found = [agency for agency in session.scalars(SHOWN) if _is_stale(agency, limit)]
    listed = [Stale(one.code, one.name, _checked(one), is_outdated(one)) for one in found]
    return sorted(listed, key=lambda one: (one.checked or "", one.code))


def open_conflicts(session: Session) -> dict[str, Sequence[Change]]:
    """What lists changed after it was edited here, by code."""
    found = {agency.code: list(conflicts(standing_of(agency))) for agency in session.scalars(SHOWN)}
    return {code: changes for code, changes in found.items() if changes}


def facts(agency: Agency) -> Shown:
    """All that is known of it. Of keys, what names them; of a password, whether there is one."""
    standing = standing_of(agency)
    key = PublicKey.from_text(agency.public_key) if agency.public_key else None
    edited = {name: standing.imported.get(name) for name in standing.edited} if standing.imported else {}
    return {
        "code": agency.code,
        **{name: standing.row.get(name) for name in FIELDS},
        "receives_by": by_of(agency).value,
        "has_password": agency.way_secret is not None,
        "connected": key is not None,
        "key_id": key.id.hex() if key else None,
        "changed_since_checked": is_outdated(agency),
        "list": agency.imported_from,
        "edited": edited,
        "conflicts": [change.field for change in conflicts(standing)],
    }


def lines(agency: Agency) -> Iterator[str]:
    """The same, for people."""
    shown, standing = facts(agency), standing_of(agency)
    yield f"{agency.code}: {agency.name}"
    for name in FIELDS:
        if name in standing.row or name == "country" or standing.is_contested(name):
            yield f"  {name}: {to_text(name, standing.row.get(name)) or 'not known'}{_mark(agency, name)}"
    yield f"  receives by: {shown['receives_by']}{' (a password is kept, sealed)' if shown['has_password'] else ''}"
    if shown["connected"]:
        yield f"  works cases here; its key is {shown['key_id']}"
    if agency.imported_from:
        yield f"  from the list: {agency.imported_from}"


def _mark(agency: Agency, name: str) -> str:
    standing = standing_of(agency)
    if name == "checked" and is_outdated(agency):
        return " (changed since)"
    if name not in standing.edited or not standing.imported:
        return ""
    theirs = to_text(name, standing.imported.get(name)) or "nothing"
    return f" (edited here; {'CONFLICT, ' * standing.is_contested(name)}the list says: {theirs})"


def _checked(agency: Agency) -> str | None:
    checked = row_of(agency).get("checked")
    return str(checked) if checked else None


def _is_stale(agency: Agency, limit: date) -> bool:
    checked = checked_on(agency)
    return checked is None or checked < limit.isoformat()
