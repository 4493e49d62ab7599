"""Bundling measured: an invented corpus of known truth through the real line, from the letterbox to the case."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from core.settings import Settings
from core.vocabulary import MarkKind
from ops.simulate.pairs import precision_and_recall
from tests.factories import a_drain, a_sealed_report, a_submission, post
from tests.triage.corpus import Said, corpus
from triage.bundling.marks import TELLS_APART

STORIES = 500
PRECISION, RECALL = 0.99, 0.95


def bundled(settings: Settings, owner: Engine, engine: Engine, said: Sequence[Said]) -> list[UUID]:
    """The case of each, in their order; drained in batches of 50."""
    sent = [a_sealed_report(settings, a_submission(each.what, link=each.link, language=each.language)) for each in said]
    post(settings, sent)
    a_drain(settings, engine, batch=50)()
    with owner.connect() as connection:
        cases = {row.id: row.case_id for row in connection.execute(text("SELECT id, case_id FROM reports"))}
    return [cases[report.id] for report in sent]


def scored(said: Sequence[Said], cases: Sequence[UUID]) -> tuple[float, float]:
    """Precision and recall over pairs."""
    return precision_and_recall([each.story for each in said], cases)


def test_reports_of_the_same_thing_are_together_and_others_are_not(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    said = corpus(seed=5, stories=STORIES)
    precision, recall = scored(said, bundled(settings, owner, triage_engine, said))
    print(f"{len(said)} reports of {STORIES} stories: precision {precision:.4f}, recall {recall:.4f}")
    assert precision >= PRECISION
    assert recall >= RECALL


def test_what_bundles_on_a_bare_domain_is_caught(
    settings: Settings, owner: Engine, triage_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody names the front page of one site. The mutant believes that this tells things apart."""
    said = [replace(each, link="https://forum.example/") for each in corpus(seed=6, stories=60)]
    precision, _ = scored(said, bundled(settings, owner, triage_engine, said))
    assert precision >= PRECISION
    monkeypatch.setitem(TELLS_APART, MarkKind.URL, lambda canonical: True)
    elsewhere = [replace(each, link="https://games.example/") for each in said]
    precision, _ = scored(elsewhere, bundled(settings, owner, triage_engine, elsewhere))
    assert precision < PRECISION
