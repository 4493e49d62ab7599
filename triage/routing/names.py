"""Names that rules use and only a deployment knows: the teams on call. What nobody answers to is a slip of the pen."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import OnCall
from core.models.alarm import ON_CALL
from triage.routing.document import Document, Problem
from triage.routing.meant import meant


@dataclass(frozen=True, slots=True)
class Names:
    """As they are now. Those on call are a team also while nobody is."""

    teams: frozenset[str]


def read_names(session: Session) -> Names:
    """For whoever may see who is on call."""
    return Names(frozenset({ON_CALL, *session.scalars(select(OnCall.team).distinct())}))


def find_unknown(document: Document, names: Names) -> Iterator[Problem]:
    """Every team that would be told and has nobody in it."""
    for rule in document.rules:
        for team in rule.notify:
            if team.text not in names.teams:
                fix = meant(team.text, names.teams)
                add = f"`hotline oncall add NAME --team {team.text}` puts somebody there."
                yield Problem(team.line, f"Nobody is in the team {team.text!r}.", fix or add)
