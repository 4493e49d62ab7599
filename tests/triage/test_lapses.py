"""What was opened and never finished goes; how others ended is known for a while."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from core.keys import IntakeKeys
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Channel
from intake.partners.cybertipline.posts import Act, Change
from intake.submission import seal_opening
from tests.factories import a_partner, a_submission, post
from triage import lapses

KEEP = timedelta(days=180)
OPEN, LAPSED, FINISHED, LONG_FINISHED, RETRACTED, LONG_RETRACTED = range(10**9, 10**9 + 6)


@pytest.fixture
def partner(settings: Settings, owner: Engine) -> UUID:
    return a_partner(settings, owner).id


def an_open_report(settings: Settings, partner: UUID, number: int) -> None:
    keys = IntakeKeys.read(settings.keys_dir)
    submission = replace(a_submission(source="<report/>"), partner=partner, channel=Channel.CYBERTIPLINE)
    with Wrapping(keys.report) as wrapping:
        assert post(settings, [seal_opening(keys, wrapping, number, submission, batched=False)]) == ["done"]


def change(settings: Settings, partner: UUID, act: Act, *numbers: int) -> None:
    for outcome in post(settings, [Change(act, number, partner, uuid4()) for number in numbers]):
        assert outcome.split()[0] == "done"


def numbers(owner: Engine, query: str = "SELECT number FROM open_reports ORDER BY number") -> list[int]:
    with owner.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def later(owner: Engine, statement: str, *numbers: int) -> None:
    with owner.begin() as connection:
        connection.execute(text(f"{statement} WHERE number = ANY (:numbers)"), {"numbers": list(numbers)})


def test_what_lapsed_goes_with_its_files_and_how_others_ended_is_forgotten_late(
    settings: Settings, owner: Engine, triage_engine: Engine, partner: UUID
) -> None:
    for number in range(OPEN, LONG_RETRACTED + 1):
        an_open_report(settings, partner, number)
    change(settings, partner, Act.UPLOAD, OPEN, LAPSED)
    change(settings, partner, Act.FINISH, FINISHED, LONG_FINISHED)
    change(settings, partner, Act.RETRACT, RETRACTED, LONG_RETRACTED)
    later(owner, "UPDATE open_reports SET lapses_at = now() - interval '1 second'", LAPSED)
    later(owner, "UPDATE open_reports SET ended_at = now() - interval '181 days'", LONG_FINISHED, LONG_RETRACTED)
    lapses.sweep(triage_engine, KEEP)
    assert numbers(owner) == [OPEN, FINISHED, RETRACTED]
    assert numbers(owner, "SELECT number FROM report_parts") == [OPEN]
    assert len(numbers(owner, "SELECT 1 FROM reports")) == 2


def test_what_waits_for_a_person_keeps_its_files_however_long(
    settings: Settings, owner: Engine, triage_engine: Engine, partner: UUID
) -> None:
    an_open_report(settings, partner, FINISHED)
    change(settings, partner, Act.UPLOAD, FINISHED)
    change(settings, partner, Act.FINISH, FINISHED)
    later(owner, "UPDATE open_reports SET ended_at = now() - interval '2 years'", FINISHED)
    lapses.sweep(triage_engine, KEEP)
    assert numbers(owner, "SELECT number FROM report_parts") == [FINISHED]
    later(owner, "DELETE FROM report_parts", FINISHED)
    lapses.sweep(triage_engine, KEEP)
    assert numbers(owner) == []
