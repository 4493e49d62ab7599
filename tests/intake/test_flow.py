"""The flow: how much comes is known for minutes, and from whom to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import flow
from intake.flow import AT_ONCE, EVERY, MINUTE, UNHURRIED, WINDOW, Crowding, Flow, Limits

LIMITS = Limits(address_busy=3, address_flood=10, all_busy=20, all_flood=50)
HOME = "192.0.2.1"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted(clock: Clock) -> Flow:
    return Flow(LIMITS, clock)


def send(counted: Flow, times: int, address: str = HOME) -> None:
    for _ in range(times):
        counted.count(address)


@pytest.mark.parametrize(
    ("times", "crowding"),
    [(0, Crowding.CALM), (3, Crowding.CALM), (4, Crowding.BUSY), (10, Crowding.BUSY), (11, Crowding.FLOOD)],
)
def test_one_address_is_calm_up_to_its_limit(counted: Flow, times: int, crowding: Crowding) -> None:
    send(counted, times)
    assert counted.crowding(HOME) is crowding
    assert counted.crowding("192.0.2.2") is Crowding.CALM


def test_many_addresses_together_make_it_busy_for_everybody(counted: Flow) -> None:
    for number in range(21):
        counted.count(f"198.51.100.{number}")
    assert counted.crowding(HOME) is Crowding.BUSY
    for number in range(30):
        counted.count(f"203.0.113.{number}")
    assert counted.crowding(HOME) is Crowding.FLOOD


def test_a_step_counts_less_than_a_report(counted: Flow) -> None:
    for _ in range(12):
        counted.count(HOME, 1 / 4)
    assert counted.crowding(HOME) is Crowding.CALM
    counted.count(HOME, 1 / 4)
    assert counted.crowding(HOME) is Crowding.BUSY


def test_it_is_forgotten_little_by_little_and_after_two_windows_altogether(counted: Flow, clock: Clock) -> None:
    send(counted, 8)
    clock.now += WINDOW
    assert counted.crowding(HOME) is Crowding.BUSY
    clock.now += WINDOW * 0.7
    assert counted.crowding(HOME) is Crowding.CALM
    send(counted, 8)
    clock.now += 5 * WINDOW
    assert counted.crowding(HOME) is Crowding.CALM


def test_all_together_are_forgotten_in_two_minutes(counted: Flow, clock: Clock) -> None:
    for number in range(25):
        counted.count(f"198.51.100.{number}")
    clock.now += MINUTE * 1.1
    assert counted.crowding(HOME) is Crowding.BUSY
    clock.now += MINUTE
    assert counted.crowding(HOME) is Crowding.CALM


def test_no_address_is_kept_and_the_key_of_its_hash_lives_one_window(counted: Flow, clock: Clock) -> None:
    send(counted, 1)
    [first] = counted._current.sent
    assert HOME.encode() not in first and bytes([192, 0, 2, 1]) not in first
    clock.now += WINDOW
    send(counted, 1)
    [second] = counted._current.sent
    assert first != second
    assert Flow(LIMITS)._current.hash(HOME) not in (first, second)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", HOME, True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_household_is_one(counted: Flow, one: str, other: str, same: bool) -> None:
    send(counted, 4, one)
    assert (counted.crowding(other) is Crowding.BUSY) is same


@given(st.text(max_size=100))
def test_what_is_no_address_is_counted_all_the_same(address: str) -> None:
    counted = Flow(LIMITS)
    send(counted, 4, address)
    assert counted.crowding(address) is Crowding.BUSY


def test_memory_is_bounded_and_then_the_flow_of_all_decides(monkeypatch: pytest.MonkeyPatch, counted: Flow) -> None:
    monkeypatch.setattr(flow, "MOST_ADDRESSES", 5)
    for number in range(15):
        counted.count(f"198.51.100.{number}")
        counted.wait_in_slow_lane(f"198.51.100.{number}", UNHURRIED)
    assert (len(counted._current.sent), len(counted._current.passed)) == (5, 5)
    send(counted, 9)
    assert counted.crowding(HOME) is Crowding.BUSY


def test_whoever_took_their_time_passes_the_slow_lane(counted: Flow) -> None:
    assert counted.wait_in_slow_lane(HOME, UNHURRIED) == 0
    assert counted.wait_in_slow_lane(HOME, UNHURRIED - 5) == 5


def test_the_slow_lane_lets_some_through_at_once_and_then_one_by_one(counted: Flow, clock: Clock) -> None:
    waits = [counted.wait_in_slow_lane(HOME, 60) for _ in range(AT_ONCE + 1)]
    assert waits == [0] * AT_ONCE + [EVERY]
    assert counted.wait_in_slow_lane("192.0.2.2", 60) == 0
    clock.now += EVERY
    assert counted.wait_in_slow_lane(HOME, 60) == 0
    assert counted.wait_in_slow_lane(HOME, 60) == EVERY
