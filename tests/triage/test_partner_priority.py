"""How soon a partner's report is read: danger and risks as it states them, never how complete it is."""

import pytest
from sqlalchemy import Engine

from core.settings import Settings
from core.vocabulary import Danger
from intake.partners import wire
from intake.partners.decoding import converted
from intake.partners.telling import to_submission
from tests.factories import a_drain, a_partner, a_partner_report, post
from tests.intake.doors import LITTLE, WHOLE, Json
from tests.triage.analyst import cases_of

CALM = {name: value for name, value in WHOLE.items() if name not in ("danger", "risks", "urgency")}


@pytest.mark.parametrize(
    ("report", "priority"),
    [
        (LITTLE, 3),
        (CALM, 3),
        (CALM | {"danger": "no"}, 3),
        (CALM | {"danger": "unsure"}, 2),
        (LITTLE | {"danger": "yes"}, 1),
        (LITTLE | {"risks": ["threat"]}, 2),
        (LITTLE | {"risks": ["known"]}, 3),
        (LITTLE | {"urgency": "They meet tomorrow."}, 2),
        (LITTLE | {"urgency": "They meet today.", "danger": "yes"}, 1),
    ],
)
def test_what_is_stated_decides_and_completeness_does_not(
    settings: Settings, owner: Engine, triage_engine: Engine, report: Json, priority: int
) -> None:
    partner = a_partner(settings, owner).id
    told = converted(report, wire.Report)
    assert isinstance(told, wire.Report)
    post(settings, [a_partner_report(settings, partner, to_submission(told, partner, "{}"))])
    a_drain(settings, triage_engine)()
    [case] = cases_of(owner)
    assert (case.priority, case.danger) == (priority, Danger(report.get("danger", "unsaid")))
