"""Routing one new case: its owner, its priority floor, and why, all stored with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.details import Details
from core.sealing import DataKey
from triage.cases.filing import Filing, Routed
from triage.routing.facts import Facts, facts_of
from triage.routing.routes import Route, Routes
from triage.routing.why import FactsSeal, seal_why
from triage.waiting import Taken

FIRST = 0


class Router:
    """Decides for the cases of one batch."""

    def __init__(self, routes: Routes, seal: FactsSeal) -> None:
        self._routes = routes
        self._seal = seal

    @classmethod
    @contextmanager
    def of(cls, routes: Routes, secret: bytes) -> Iterator["Router"]:
        with FactsSeal.of(secret) as seal:
            yield cls(routes, seal)

    def route(
        self, filing: Filing, report: Taken, details: Details, key: DataKey, hosting: tuple[str, ...] = ()
    ) -> None:
        """Give the case to its agency; a flood is not lifted by a floor. `hosting`: countries, the surest first."""
        facts = facts_of(report, details, hosting)
        route = self._routes.decide(facts)
        decision = route.decision
        filing.agency_id = self._routes.id_of(decision.agency)
        if decision.floor is not None and not report.crowded:
            filing.priority = min(filing.priority, decision.floor)
        filing.routing = self._stored(filing, report, facts, route, key)

    def _stored(self, filing: Filing, report: Taken, facts: Facts, route: Route, key: DataKey) -> Routed:
        decision, shadow = route.decision, self._routes.shadow
        other = self._routes.shadowed(facts) if shadow else None
        return Routed(
            report=report.id,
            document=route.document,
            trouble=route.trouble,
            queue=decision.queue,
            notify=",".join(decision.notify) or None,
            why=seal_why(key, filing.case_id, FIRST, route.why),
            facts=self._seal.seal(filing.case_id, route.facts),
            shadow=shadow.id if shadow and other else None,
            shadow_agency=self._routes.id_of(other) if other and other != decision.agency else None,
        )
