"""In a flood: what proves nothing is read after the rest, a proof counts once, and nothing is lost."""

from datetime import timedelta

from sqlalchemy import Engine, select, text

from core.db import transaction
from core.keys import IntakeKeys
from core.models import Case, Proof, Report
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Danger
from intake.submission import CALM, SealedReport, Standing, seal
from intake.tokens import FormToken
from tests.factories import a_drain, a_submission, a_token, post
from triage import proofs

CROWDED, PROVEN = Standing(crowded=True), Standing(proof=b"p" * 32)


def a_report(
    settings: Settings, standing: Standing = CALM, danger: Danger = Danger.NO, token: FormToken | None = None
) -> SealedReport:
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        return seal(keys, wrapping, token or a_token(), a_submission(danger=danger), standing=standing)[0]


def crowded(owner: Engine) -> list[bool]:
    with transaction(owner) as session:
        return list(session.scalars(select(Report.crowded).order_by(Report.received_at)))


def test_a_flood_comes_behind_everybody_whatever_it_says_of_danger(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    post(settings, [a_report(settings, CROWDED, Danger.YES) for _ in range(40)])
    post(settings, [person := a_report(settings)])
    a_drain(settings, triage_engine)()
    with transaction(owner) as session:
        first = session.scalars(select(Case.id).order_by(Case.priority, Case.received_at)).first()
        assert first == session.scalar(select(Report.case_id).where(Report.id == person.id))
        assert len(session.scalars(select(Case)).all()) == 41


def test_a_proof_counts_once_and_the_report_that_comes_with_it_again_is_kept(settings: Settings, owner: Engine) -> None:
    post(settings, [a_report(settings, PROVEN)])
    post(settings, [a_report(settings, PROVEN)])
    assert crowded(owner) == [False, True]


def test_two_reports_with_one_proof_in_one_commit_are_told_apart_too(settings: Settings, owner: Engine) -> None:
    post(settings, [a_report(settings, PROVEN) for _ in range(5)])
    assert sorted(crowded(owner)) == [False] + [True] * 4


def test_the_same_report_again_is_the_same_report(settings: Settings, owner: Engine) -> None:
    report = a_report(settings, PROVEN)
    post(settings, [report])
    post(settings, [report])
    assert crowded(owner) == [False]


def test_no_report_leads_to_its_proof(settings: Settings, owner: Engine) -> None:
    post(settings, [a_report(settings, PROVEN)])
    with transaction(owner) as session:
        assert session.scalars(select(Report.proof)).all() == [None]
        assert session.scalars(select(Proof.id)).all() == [PROVEN.proof]


def test_a_used_proof_is_forgotten_when_it_would_have_expired(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    post(settings, [a_report(settings, PROVEN)])
    proofs.forget(triage_engine)
    with transaction(owner) as session:
        assert session.scalar(text("SELECT count(*) FROM proofs")) == 1
    proofs.forget(triage_engine, timedelta(0))
    with transaction(owner) as session:
        assert session.scalar(text("SELECT count(*) FROM proofs")) == 0
