"""Children: what does not start, what will not end, and how patiently one is started again."""

import signal
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from ops.processes.child import Child, DoesNotStart, wait_for
from ops.processes.supervise import FIRST_DELAY, LAST_DELAY, STEADY, Care
from tests.ops.running import until


def a_child(folder: Path, *command: str) -> Child:
    return Child(
        name="Child",
        command=command,
        log=folder / "child.log",
        endings=((signal.SIGTERM, 0.5), (signal.SIGKILL, 5)),
        answers=lambda: False,
    )


def test_what_does_not_start_says_why(tmp_path: Path) -> None:
    unlucky = a_child(tmp_path, "/bin/sh", "-c", "echo out of luck; exit 3")
    unlucky.start()
    with pytest.raises(DoesNotStart, match="out of luck"):
        wait_for([unlucky], patience=0.3)


def test_a_program_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    absent = a_child(tmp_path, "/no/such/program")
    absent.start()
    with pytest.raises(DoesNotStart, match="/no/such/program cannot be started"):
        wait_for([absent], patience=60)


def test_a_child_that_will_not_end_is_ended(tmp_path: Path) -> None:
    deaf = a_child(tmp_path, "/bin/sh", "-c", "trap '' TERM; while :; do sleep 0.1; done")
    deaf.start()
    until(lambda: "/bin/sh" in psutil.Process(deaf.pid).cmdline()[:1])
    deaf.stop()
    assert not deaf.is_running


def test_only_the_owner_reads_a_log_and_a_long_one_is_put_aside(tmp_path: Path) -> None:
    child = a_child(tmp_path, "/bin/echo", "well")
    with child.log.open("wb") as log:
        log.truncate(9 * 1024 * 1024)
    child.start()
    until(lambda: not child.is_running)
    assert child.last_line() == "well"
    assert child.log.stat().st_mode & 0o077 == 0
    assert (tmp_path / "child.old.log").exists()


@pytest.fixture
def moments(tmp_path: Path) -> list[float]:
    """When a child that always ends was started, over a minute of a clock of our own."""
    mayfly = a_child(tmp_path, "/bin/true")
    told: list[str] = []
    care = Care(mayfly, told.append)
    starts = []
    for tick in range(600):
        before = mayfly.process
        care.look(tick / 10)
        if mayfly.process is not before and mayfly.process:
            starts.append(tick / 10)
            mayfly.process.wait()
    assert told
    return starts


def test_it_is_tried_at_once_then_less_and_less_often_and_for_ever(moments: list[float]) -> None:
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert moments[0] <= FIRST_DELAY + 0.2
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= LAST_DELAY + 0.3
    assert moments[-1] > 50


def test_a_child_that_ran_well_is_tried_soon_again(tmp_path: Path) -> None:
    steady = a_child(tmp_path, "/bin/sleep", "60")
    steady.start()
    care = Care(steady, lambda line: None, delay=LAST_DELAY)
    care.look(STEADY)
    steady.kill()
    assert care.delay == FIRST_DELAY
