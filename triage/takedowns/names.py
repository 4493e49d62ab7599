"""Names: when staff are asked whether links are gone, DNS is asked whether their hosts' names still lead anywhere.

It is a hint and decides nothing: a name that leads nowhere may come back, and one that leads somewhere says nothing
about the link. No link is ever opened.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, text

from core.db import one_statement, transaction
from core.errors import CannotOpen
from core.sealing import KeyRing
from triage.reading.asking import Resolver, ask
from triage.reading.hosting import MOST_NAMES, is_asked
from triage.reading.urls import url_of
from triage.takedowns.letters import open_link

DUE = text("""
    SELECT id, letter FROM takedowns WHERE state IN ('open', 'answered') AND check_at <= now()
    ORDER BY check_at LIMIT :most
""")
FOUND = text("""
    UPDATE takedowns SET unknown_at = CASE WHEN answered.leads THEN NULL ELSE now() END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:leads AS boolean[])) AS answered (id, leads)
    WHERE takedowns.id = answered.id
""")


@dataclass(frozen=True)
class Names:
    """Nobody is asked without a resolver; one that is silent costs `budget` seconds."""

    engine: Engine
    letters: KeyRing = field(repr=False)
    resolver: Resolver | None
    budget: float

    def look(self) -> None:
        """Once for each host of what is due; nothing is locked meanwhile."""
        if self.resolver is None:
            return
        with one_statement(self.engine) as connection:
            due = connection.execute(DUE, {"most": MOST_NAMES}).all()
        hosts = {row.id: host for row in due if (host := self._host(row.id, row.letter))}
        answers = ask(self.resolver, list(dict.fromkeys(hosts.values())), time.monotonic() + self.budget)
        self._keep({id: bool(answers[host].addresses) for id, host in hosts.items() if host in answers})

    def _host(self, id: UUID, letter: bytes) -> str:
        try:
            url = url_of(open_link(self.letters, id, letter).url)
        except CannotOpen:
            return ""
        return url.host.ascii if url and is_asked(url.host.ascii) else ""

    def _keep(self, leads: Mapping[UUID, bool]) -> None:
        if leads:
            columns: tuple[Sequence[object], ...] = (list(leads), list(leads.values()))
            with transaction(self.engine) as session:
                session.execute(FOUND, dict(zip(("ids", "leads"), columns, strict=True)))
