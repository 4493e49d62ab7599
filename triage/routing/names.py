"""Names that rules use and only a deployment knows: teams on call, partners. What nobody has is a slip of the pen."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.models import OnCall, Partner
from core.models.alarm import ON_CALL
from triage.routing.document import Document, Problem
from triage.routing.fields import UNKNOWN, Field
from triage.routing.meant import meant


@dataclass(frozen=True, slots=True)
class Names:
    """As they are now. Those on call are a team also while nobody is."""

    teams: frozenset[str]
    partners: frozenset[str]


def read_names(session: Session) -> Names:
    """For whoever may see who is on call."""
    teams = session.scalars(select(OnCall.team).distinct())
    return Names(frozenset({ON_CALL, *teams}), frozenset(session.scalars(select(Partner.code))))


def find_unknown(document: Document, names: Names) -> Iterator[Problem]:
    """Every team that would be told and has nobody in it, and every partner that is none."""
    for rule in document.rules:
        for condition in rule.conditions:
            if condition.field is Field.PARTNER:
                yield from find_strangers(condition.values, names, condition.line)
        for team in rule.notify:
            if team.text not in names.teams:
                fix = meant(team.text, names.teams)
                add = f"`hotline oncall add NAME --team {team.text}` puts somebody there."
                yield Problem(team.line, f"Nobody is in the team {team.text!r}.", fix or add)
    for example in document.examples:
        yield from find_strangers([example.facts.partner or UNKNOWN], names, example.line)


def find_strangers(codes: Collection[str], names: Names, line: int) -> Iterator[Problem]:
    """A problem for each code that no partner has."""
    for code in sorted({*codes} - names.partners - {UNKNOWN}):
        fix = meant(code, names.partners) or "`hotline partner add` adds one."
        yield Problem(line, f"There is no partner {code!r}.", fix)
