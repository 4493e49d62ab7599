"""Priority: danger first, then what was ticked; and it is the report's own answers that count."""

import pytest
from sqlalchemy import Engine, select

from core.db import transaction
from core.details import Details
from core.models import Case
from core.settings import Settings
from core.vocabulary import Danger, Risk
from intake.submission import Submission
from tests.factories import a_filed_report, a_submission
from triage.ranking import rank_of

YES, UNSURE, NO, UNSAID = Danger.YES, Danger.UNSURE, Danger.NO, Danger.UNSAID


@pytest.mark.parametrize(
    ("danger", "risks", "told", "priority"),
    [
        (YES, (), True, 1),
        (UNSURE, (), True, 2),
        (UNSAID, (), True, 3),
        (NO, (), True, 3),
        (NO, (Risk.MEET,), True, 2),
        (NO, (Risk.THREAT,), True, 2),
        (UNSAID, (Risk.SHARED, Risk.KNOWN), True, 2),
        (UNSAID, (Risk.KNOWN,), True, 3),
        (YES, (Risk.MEET,), True, 1),
        (NO, (), False, 5),
        (UNSAID, (Risk.MEET,), False, 5),
        (YES, (), False, 3),
    ],
)
def test_how_soon(danger: Danger, risks: tuple[Risk, ...], told: bool, priority: int) -> None:
    assert rank_of(danger, Details(risks=risks, told=told)).priority == priority


@pytest.mark.parametrize(("risks", "priority"), [((Risk.MEET,), 2), ((), 3)])
def test_a_case_has_the_priority_that_the_sealed_answers_give_it(
    settings: Settings, triage_engine: Engine, owner: Engine, risks: tuple[Risk, ...], priority: int
) -> None:
    plain = a_submission()
    told = Submission(plain.language, None, NO, plain.what, "", "", details=Details(risks=risks))
    a_filed_report(settings, triage_engine, told)
    with transaction(owner) as session:
        assert session.scalar(select(Case.priority)) == priority
