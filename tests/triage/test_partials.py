"""Half a report: it arrives after a while, once, unless it was sent or its person deleted it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text

from core.db import transaction
from core.keys import IntakeKeys, TriageKeys
from core.models import Case, Draft, Report, Withdrawal
from core.sealing import Row, Wrapping
from core.settings import Settings
from core.vocabulary import Danger, ReportState
from intake.slots import Post
from intake.submission import seal, seal_draft, withdrawal
from intake.tokens import FormToken
from tests.factories import a_drain, a_submission, a_token, post
from triage import contexts, partials
from triage.partials import Partials

NOW, LATER = timedelta(0), timedelta(hours=1)


def draft(settings: Settings, token: FormToken, what: str, step: int, danger: Danger = Danger.UNSAID) -> Post:
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        return seal_draft(keys, wrapping, token, a_submission(what=what, danger=danger), step)


def sent(settings: Settings, token: FormToken, what: str) -> Post:
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        return seal(keys, wrapping, token, a_submission(what=what))[0]


def deleted(settings: Settings, token: FormToken) -> Post:
    return withdrawal(IntakeKeys.read(settings.keys_dir), token)


def save(settings: Settings, *drafts: Post) -> None:
    """One after the other, as a person does."""
    for one in drafts:
        post(settings, [one])


def arrive(engine: Engine, later: timedelta = NOW, soon: timedelta = NOW, keep: timedelta = LATER) -> None:
    Partials(engine, later, soon, keep).arrive()


def reports(owner: Engine) -> Sequence[Report]:
    with transaction(owner) as session:
        return session.scalars(select(Report).order_by(Report.received_at)).all()


def words(settings: Settings, report: Report) -> str:
    row = Row("reports", report.id)
    assert report.wrapped_key
    with TriageKeys.read(settings.keys_dir).reports.unwrap(row, report.wrapped_key) as key:
        return key.open(row, "what", report.what)


def count(owner: Engine, model: type[Draft] | type[Withdrawal] | type[Case]) -> int:
    with transaction(owner) as session:
        return len(session.scalars(select(model)).all())


def test_what_was_left_arrives_once_as_it_was_last_saved(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    save(settings, draft(settings, token, "one", 0), draft(settings, token, "one two", 1))
    arrive(triage_engine)
    arrive(triage_engine)
    [report] = reports(owner)
    assert (words(settings, report), report.partial, report.state) == ("one two", True, ReportState.RECEIVED)
    assert count(owner, Draft) == 0
    a_drain(settings, triage_engine)()
    assert count(owner, Case) == 1


def test_it_waits_until_its_time_and_whoever_is_in_danger_waits_less(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    save(settings, draft(settings, a_token(), "calm", 0), draft(settings, a_token(), "now", 0, Danger.YES))
    arrive(triage_engine, later=LATER, soon=LATER)
    assert reports(owner) == []
    arrive(triage_engine, later=LATER)
    assert [words(settings, report) for report in reports(owner)] == ["now"]
    assert count(owner, Draft) == 1


def test_while_its_person_goes_on_nothing_arrives(settings: Settings, triage_engine: Engine, owner: Engine) -> None:
    token = a_token()
    save(settings, draft(settings, token, "one", 0))
    with owner.begin() as connection:
        connection.execute(text("UPDATE drafts SET saved_at = now() - interval '2 hours'"))
    save(settings, draft(settings, token, "one two", 1))
    arrive(triage_engine, later=LATER, soon=LATER)
    assert reports(owner) == []


def test_what_was_sent_in_the_end_arrives_no_second_time(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    save(settings, draft(settings, token, "one", 0), sent(settings, token, "one"))
    arrive(triage_engine)
    assert [report.partial for report in reports(owner)] == [False]
    assert count(owner, Draft) == 0


def test_what_was_added_after_sending_and_left_joins_the_same_case(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    save(settings, sent(settings, token, "one"))
    a_drain(settings, triage_engine)()
    save(settings, draft(settings, token, "one and more", 5))
    arrive(triage_engine)
    a_drain(settings, triage_engine)()
    first, second = reports(owner)
    assert (first.partial, second.partial) == (False, True)
    assert first.case_id == second.case_id


def test_a_report_that_is_sent_after_all_joins_its_half(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    save(settings, draft(settings, token, "one", 0))
    arrive(triage_engine)
    a_drain(settings, triage_engine)()
    save(settings, sent(settings, token, "one two"))
    a_drain(settings, triage_engine)()
    assert count(owner, Case) == 1
    assert [report.state for report in reports(owner)] == [ReportState.FILED] * 2


def test_what_was_deleted_never_arrives_also_when_the_same_step_comes_once_more(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    step = draft(settings, token, "one", 0)
    save(settings, step, deleted(settings, token), deleted(settings, token), step)
    arrive(triage_engine)
    save(settings, step, draft(settings, token, "one two", 1))
    arrive(triage_engine)
    assert reports(owner) == []
    assert (count(owner, Draft), count(owner, Withdrawal)) == (0, 1)


def test_deleting_takes_nobody_elses_words(settings: Settings, triage_engine: Engine, owner: Engine) -> None:
    save(settings, draft(settings, a_token(), "mine", 0), deleted(settings, a_token()))
    arrive(triage_engine)
    assert [words(settings, report) for report in reports(owner)] == ["mine"]


def test_what_had_arrived_already_is_emptied_and_says_when(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    save(settings, draft(settings, token, "one", 0))
    arrive(triage_engine)
    save(settings, deleted(settings, token))
    arrive(triage_engine)
    assert [report.withdrawn_at for report in reports(owner)] == [None], "first it is filed: nothing is ever half"
    a_drain(settings, triage_engine)()
    arrive(triage_engine)
    [report] = reports(owner)
    assert report.withdrawn_at
    assert (report.what, report.link, report.contact, report.details) == (b"", b"", b"", b"")
    assert count(owner, Case) == 1


def test_a_report_that_was_sent_stays_whatever_is_deleted_afterwards(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    token = a_token()
    save(settings, sent(settings, token, "one"), deleted(settings, token))
    arrive(triage_engine)
    a_drain(settings, triage_engine)()
    arrive(triage_engine)
    [report] = reports(owner)
    assert report.withdrawn_at is None and report.what


def test_a_tombstone_is_kept_as_long_as_its_form_could_come_back(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    save(settings, deleted(settings, a_token()))
    arrive(triage_engine, keep=LATER)
    assert count(owner, Withdrawal) == 1
    arrive(triage_engine, keep=NOW)
    assert count(owner, Withdrawal) == 0


def test_without_its_tombstone_what_was_deleted_would_arrive(
    settings: Settings, triage_engine: Engine, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: triage that does not honour them."""
    monkeypatch.setattr(partials, "DELETE_WITHDRAWN", text("SELECT 1"))
    token = a_token()
    save(settings, draft(settings, token, "one", 0), deleted(settings, token))
    arrive(triage_engine)
    assert len(reports(owner)) == 1


def test_used_tokens_of_apps_are_forgotten_when_no_form_holds_one_any_more(
    owner: Engine, triage_engine: Engine
) -> None:
    with transaction(owner) as session:
        session.execute(
            text("INSERT INTO contexts (id, receipt_hash, used_at) VALUES ('a', 'r', now() - interval '26 h')")
        )
        session.execute(text("INSERT INTO contexts (id, receipt_hash) VALUES ('b', 'r')"))
    contexts.forget(triage_engine, timedelta(hours=25))
    with transaction(owner) as session:
        assert session.scalars(text("SELECT id FROM contexts")).all() == [b"b"]
