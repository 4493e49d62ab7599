"""Refusing a case: it goes to the next choice of the rules, and its keys with it. Nobody is asked twice.

The console may not give a case away by itself: a function of the database does, all or nothing, and deletes our keys.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core import audit
from core.errors import CannotOpen, HotlineError
from core.keys import ConsoleKeys
from core.models import Case, Report, ReportKey, Routing
from core.sealing import DataKey, KeyRing, Row, Wrapping
from core.vocabulary import Act, Channel, RefusalReason
from triage.cases.disposition import AlreadyClosed, MoreReports
from triage.cases.person import Person
from triage.cases.reading import NoSuchCase, find_case, ring_of
from triage.cases.routings import open_routings
from triage.routing.facts import Facts
from triage.routing.routes import Route, Routes, read_routes
from triage.routing.why import seal_why

REFUSE = text("""
    SELECT refuse_case(:refused, :taker, :person, :reason, CAST(:turn AS smallint), :document, :trouble, :queue,
        :notify, :key_of, :why, :floor, CAST(:held AS uuid[]), CAST(:wraps AS bytea[]))
""")


class CannotRefuse(HotlineError):
    """The hotline keeps what nobody else takes, and no case leaves with a report that does not open here."""


@dataclass(frozen=True, slots=True)
class Held:
    """A report's key, in our hands while it is wrapped anew."""

    report: UUID
    key: DataKey


def refuse_case(
    session: Session, keys: ConsoleKeys, person: Person, case_id: UUID, reason: RefusalReason, seen: int | None = None
) -> None:
    """Give the case to whom the rules choose next, in the caller's one transaction.

    `seen` is how many reports the person was shown. Raises NoSuchCase, AlreadyClosed, MoreReports, CannotRefuse.
    """
    case = find_case(session, person.agency, case_id, lock=True)
    _may_refuse(case, person, seen)
    ring = ring_of(keys, person.agency_code)
    routes, turn = read_routes(session), _next_turn(session, case)
    facts = _facts(session, ring, person, case)
    route = routes.decide(facts, _refused(session, routes, case, person), person.agency_code)
    audit.record(session, person.agency, person.id, Act.CASE_REFUSED, case.id)
    session.flush()  # while the case is still ours
    with ExitStack() as opened:
        held = _hold(session, ring, person, case, opened)
        given = _given(case, turn, routes, route, held)
    answer = session.scalar(REFUSE, given | {"refused": case.id, "person": person.id, "reason": reason.value})
    if answer != "done":
        raise REFUSALS.get(str(answer), NoSuchCase)


def _may_refuse(case: Case, person: Person, seen: int | None) -> None:
    if case.state != "open":
        raise AlreadyClosed
    if person.at_home:
        raise CannotRefuse
    if seen is not None and seen != case.report_count:
        raise MoreReports


def _next_turn(session: Session, case: Case) -> int:
    """The number of the next turn; a case from before there were rules has had one that is not written down."""
    turns = session.scalars(select(Routing.turn).where(Routing.case_id == case.id)).all()
    return max(turns, default=0) + 1


def _refused(session: Session, routes: Routes, case: Case, person: Person) -> frozenset[str]:
    """Who has had it, by their codes: they are not asked again."""
    had = {person.agency, *session.scalars(select(Routing.agency_id).where(Routing.case_id == case.id))}
    return frozenset(code for code, entry in routes.book.entries.items() if entry.id in had and not entry.home)


def _facts(session: Session, ring: KeyRing, person: Person, case: Case) -> Facts:
    """What the rules looked at when it came; of a case from before there were rules what is known of it."""
    known = [routing.why for routing in open_routings(session, ring, person.agency, case.id) if routing.why]
    if known:
        return known[0].facts
    return Facts(country=case.country, language=case.language, danger=case.danger, channel=Channel.SITE)


def _hold(session: Session, ring: KeyRing, person: Person, case: Case, opened: ExitStack) -> Sequence[Held]:
    """The key of every report of the case, the first one first. Raises CannotRefuse."""
    rows = session.execute(
        select(Report.id, ReportKey.wrapped_key)
        .join(ReportKey, ReportKey.report_id == Report.id)
        .where(Report.case_id == case.id, ReportKey.agency_id == person.agency)
        .order_by(Report.received_at, Report.id)
    ).all()
    try:
        held = [
            Held(row.id, opened.enter_context(ring.unwrap(Row("reports", row.id), row.wrapped_key))) for row in rows
        ]
    except CannotOpen:
        raise CannotRefuse from None
    if len(held) != case.report_count or not held:
        raise CannotRefuse
    return held


def _given(case: Case, turn: int, routes: Routes, route: Route, held: Sequence[Held]) -> dict[str, object]:
    """What the next agency gets: the reports' keys wrapped to its own, and why it gets them."""
    decision, taker = route.decision, routes.id_of(route.decision.agency)
    with Wrapping(routes.key_of(taker)) as wrapping:
        wraps = [wrapping.wrap(Row("reports", one.report), one.key) for one in held]
    return {
        "taker": taker,
        "turn": turn,
        "document": route.document,
        "trouble": route.trouble.value if route.trouble else None,
        "queue": decision.queue,
        "notify": ",".join(decision.notify) or None,
        "key_of": held[0].report,
        "why": seal_why(held[0].key, case.id, turn, route.why),
        "floor": decision.floor,
        "held": [one.report for one in held],
        "wraps": wraps,
    }


REFUSALS: dict[str, type[HotlineError]] = {"cannot_take": CannotRefuse, "more_reports": MoreReports}
