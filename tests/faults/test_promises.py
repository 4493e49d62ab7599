"""Many people report while everything around them dies; afterwards every promise is counted.

FAULTS_SEED=1234 repeats the order of the faults of a run that printed it.
"""

import os
import secrets
from random import Random

import psycopg
import pytest

from core.settings import Settings
from tests.faults.checker import violations
from tests.faults.count import count
from tests.faults.ending import conclude
from tests.faults.ground import Ground
from tests.faults.machine import Machine
from tests.faults.nemesis import Nemesis
from triage.waiting import ATTEMPTS

LEAST, MOST = 24, 120  # seconds
PEOPLE, PAUSE = 8, 0.1
ACKED, LOST = 200, 8
MINUTE = 60
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_whatever_dies(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("FAULTS_SEED") or secrets.randbits(32))
    with ground.machine(Random(seed), workers=2, changes={}) as machine:
        nemesis = Nemesis(machine, seed)
        crowd = machine.background.start(machine.public.crowd(PEOPLE, PAUSE))
        nemesis.rage(LEAST, MOST, enough=lambda: _is_enough(machine))
        machine.public.calm = True
        machine.supervise(MINUTE, until=crowd.done)
        story = conclude(machine, within=MINUTE, settle=20)
    counted = count(story)
    cuts = {line.name: line.cut for line in machine.lines}
    with capsys.disabled():
        print(f"\nFAULTS_SEED={seed}: {dict(nemesis.done)}, answers cut {cuts}, {machine.deaths} restarts\n{counted}")
    assert violations(story) == []
    assert nemesis.has_done_all and all(cuts.values()), "each line must have lost an answer after a commit"
    assert counted.acked >= ACKED
    assert counted.known_later >= 1


def _is_enough(machine: Machine) -> bool:
    """So many were told, and so many receipts were lost, that somebody asked again for one that was stored."""
    told = sum(form.acked_at is not None for form in machine.public.history)
    return told >= ACKED and machine.front.cut >= LOST


def test_a_commit_outlives_more_than_a_kill(ground: Ground) -> None:
    """kill -9 loses nothing the kernel already has, so what a power cut would test is asserted as settings."""
    assert ground.settings.intake_database_url
    with psycopg.connect(ground.settings.intake_database_url) as connection:
        shown = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in DURABLE]
    assert shown == [("on",)] * len(DURABLE)


def test_by_default_what_kills_its_workers_is_set_aside_within_a_minute() -> None:
    settings = Settings()
    assert ATTEMPTS * (settings.lease_seconds + settings.sweep_seconds) <= MINUTE
