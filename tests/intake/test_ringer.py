"""The bell is rung at once for one report, and seldom while they pour in."""

import asyncio

import pytest

from core import broker
from intake import ringer
from intake.ringer import PAUSE_BUSY, Ringer


def rings_of(presses: int, seconds: float, heard: bool = True) -> int:
    """Press every millisecond, then wait; how often it rang."""
    rings = 0

    def ring() -> bool:
        nonlocal rings
        rings += 1
        return heard

    async def run() -> None:
        ringer = Ringer(ring)
        await ringer.open()
        for _ in range(presses):
            ringer.press()
            await asyncio.sleep(0.001)
        await asyncio.sleep(seconds)
        await ringer.close()

    asyncio.run(run())
    return rings


def test_one_press_is_one_ring() -> None:
    assert rings_of(1, 0.2) == 1


def test_many_presses_are_a_few_rings_and_the_last_is_not_forgotten() -> None:
    assert 2 <= rings_of(100, PAUSE_BUSY * 3) <= 6


def test_a_bell_nobody_hears_is_not_rung_in_a_frenzy() -> None:
    assert rings_of(100, 0.2, heard=False) == 1


def test_no_press_no_ring() -> None:
    assert rings_of(0, 0.1) == 0


def test_a_ring_that_fails_in_an_unforeseen_way_does_not_end_the_ringer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ringer, "PAUSE_UNHEARD", 0.02)
    rings = 0

    def ring() -> bool:
        nonlocal rings
        rings += 1
        raise LookupError

    async def run() -> None:
        rung = Ringer(ring)
        await rung.open()
        for _ in range(2):
            rung.press()
            await asyncio.sleep(0.1)
        await rung.close()

    asyncio.run(run())
    assert rings == 2


def test_a_bell_nobody_can_hear_is_no_error() -> None:
    assert broker.ring(broker.connect("redis://127.0.0.1:9"), broker.Bell.TRIAGE) is False
