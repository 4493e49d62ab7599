"""Many people report while everything around them dies; afterwards every promise is counted."""

import os
import secrets
from random import Random

import psycopg
import pytest

from core.settings import Settings
from tests.faults.checker import violations
from tests.faults.conftest import StartMachine
from tests.faults.count import count
from tests.faults.nemesis import PARTS, Nemesis
from tests.faults.scenarios import conclude
from triage.waiting import ATTEMPTS

SECONDS = 55
PEOPLE, PAUSE = 8, 0.15
MINUTE = 60


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_whatever_dies(
    start_machine: StartMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbits(32))
    with start_machine(Random(seed), workers=2) as machine:
        nemesis = Nemesis(machine, seed)
        crowd = machine.background.start(machine.public.crowd(PEOPLE, PAUSE))
        nemesis.rage(SECONDS)
        machine.public.calm = True
        machine.supervise(MINUTE, until=crowd.done)
        story = conclude(machine, within=MINUTE)
    counted = count(story)
    cuts = {line.name: line.cut for line in machine.lines}
    with capsys.disabled():
        print(f"\nFAULTS_SEED={seed}: {dict(nemesis.done)}, answers cut {cuts}, {machine.deaths} restarts\n{counted}")
    assert violations(story) == []
    assert {fault.name for part in PARTS for fault in part.faults} == set(nemesis.done)
    assert all(cuts.values()), "every line must have lost an answer after a commit"
    assert counted.acked >= 200
    assert counted.known_later >= 1


def test_a_commit_survives_more_than_a_kill(killed_deployment: Settings) -> None:
    """kill -9 loses no page cache, so what a power cut would test is asserted as settings."""
    with psycopg.connect(killed_deployment.database_url or "") as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        ]
    assert shown == [("on",)] * 3


def test_by_default_what_kills_its_worker_is_set_aside_within_a_minute() -> None:
    settings = Settings()
    assert ATTEMPTS * (settings.lease_seconds + settings.sweep_seconds) <= MINUTE
