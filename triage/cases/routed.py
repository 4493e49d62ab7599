"""Routing one new case: its owner, its priority floor, and why, all stored with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from core.sealing import DataKey
from triage.cases.filing import Routed
from triage.partners import Senders
from triage.routing.facts import Facts, facts_of
from triage.routing.routes import Route, Routes
from triage.routing.why import FactsSeal, seal_why
from triage.understanding import Understood

FIRST = 0


@dataclass(frozen=True, slots=True)
class Given:
    """Whose a case is if one is opened, how soon at the latest, whom it is referred to, and why."""

    agency: UUID
    floor: int | None
    refers: tuple[UUID, ...]
    routed: Routed


class Router:
    """Decides for the cases of one batch."""

    def __init__(self, routes: Routes, senders: Senders, seal: FactsSeal) -> None:
        self._routes = routes
        self._senders = senders
        self._seal = seal

    @classmethod
    @contextmanager
    def of(cls, routes: Routes, senders: Senders, secret: bytes) -> Iterator["Router"]:
        with FactsSeal.of(secret) as seal:
            yield cls(routes, senders, seal)

    def route(self, case: UUID, report: Understood, key: DataKey) -> Given:
        """The agency of a case that may be opened under this id for this report.

        A flood is not lifted by a floor. Neither that nor what nobody has sent yet is referred by itself.
        """
        sender = self._senders.of(report)
        facts = facts_of(report, report.answers, report.hosting, sender.code if sender else None)
        route = self._routes.decide(facts)
        floor = None if report.crowded else route.decision.floor
        agency = self._routes.id_of(route.decision.agency)
        refers = () if report.crowded or report.partial else route.decision.refers
        to = tuple(map(self._routes.id_of, refers))
        return Given(agency, floor, to, self._stored(case, report, facts, route, key))

    def _stored(self, case: UUID, report: Understood, facts: Facts, route: Route, key: DataKey) -> Routed:
        decision, shadow = route.decision, self._routes.shadow
        other = self._routes.shadowed(facts) if shadow else None
        return Routed(
            report=report.id,
            document=route.document,
            trouble=route.trouble,
            queue=decision.queue,
            notify=decision.notify,
            why=seal_why(key, case, FIRST, route.why),
            facts=self._seal.seal(case, route.facts),
            shadow=shadow.id if shadow and other else None,
            shadow_agency=self._routes.id_of(other) if other and other != decision.agency else None,
        )
