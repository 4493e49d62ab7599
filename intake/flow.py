"""Flow: how much is being sent, by whom nobody can tell, and since when only for minutes.

What is counted is a hash of the address under a random key. Key and counts are replaced every window and live in
this process's memory, so nothing here leads from a report to an address or back.
"""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from ipaddress import IPv6Address, ip_address

WINDOW = 600.0  # seconds
MINUTE = 60.0
MOST_ADDRESSES = 100_000  # more than that are not told apart; the flow of all decides
UNHURRIED = 20.0  # seconds from the first page to the last that a person takes, and the slow lane asks for
AT_ONCE, EVERY = 10, 20.0  # the slow lane lets so many through at once, then one every so many seconds


class Crowding(IntEnum):
    """CALM: nothing is asked. BUSY: without a proof a report waits behind others. FLOOD: without one it must wait."""

    CALM = 0
    BUSY = 1
    FLOOD = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Reports from one address in ten minutes, and from all in one, above which it is busy, or a flood."""

    address_busy: int
    address_flood: int
    all_busy: int
    all_flood: int


@dataclass(slots=True)
class Window:
    """What was counted since `start`, by hash."""

    start: float
    key: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    sent: dict[bytes, float] = field(default_factory=dict, repr=False)
    passed: dict[bytes, int] = field(default_factory=dict, repr=False)

    def hash(self, address: str) -> bytes:
        return hashlib.blake2b(_network(address), digest_size=16, key=self.key).digest()


class Flow:
    """Counts in two windows, the running one and the one before: a sliding estimate in constant time."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        self._current, self._before = Window(now()), Window(now() - WINDOW)
        self._minute, self._all, self._all_before = now(), 0.0, 0.0

    def count(self, address: str, weight: float = 1.0) -> None:
        """One report sent; a step of one weighs less."""
        self._turn()
        self._all += weight
        hashed = self._current.hash(address)
        if hashed in self._current.sent or len(self._current.sent) < MOST_ADDRESSES:
            self._current.sent[hashed] = self._current.sent.get(hashed, 0.0) + weight

    def crowding(self, address: str) -> Crowding:
        """How it is for somebody at this address, now."""
        self._turn()
        by_address, by_all = self._sent_from(address), self._sent_by_all()
        limits = self._limits
        if by_address > limits.address_flood or by_all > limits.all_flood:
            return Crowding.FLOOD
        busy = by_address > limits.address_busy or by_all > limits.all_busy
        return Crowding.BUSY if busy else Crowding.CALM

    def wait_in_slow_lane(self, address: str, age: float) -> float:
        """Seconds still to wait for a form that was opened `age` seconds ago; at 0 its place is taken."""
        self._turn()
        hashed, running = self._current.hash(address), self._now() - self._current.start
        taken = self._current.passed.get(hashed, 0)
        wait = max(UNHURRIED - age, (taken - AT_ONCE + 1) * EVERY - running, 0.0)
        if not wait and (hashed in self._current.passed or len(self._current.passed) < MOST_ADDRESSES):
            self._current.passed[hashed] = taken + 1
        return wait

    def _sent_from(self, address: str) -> float:
        left = 1 - (self._now() - self._current.start) / WINDOW
        before = self._before.sent.get(self._before.hash(address), 0.0)
        return self._current.sent.get(self._current.hash(address), 0.0) + before * left

    def _sent_by_all(self) -> float:
        return self._all + self._all_before * (1 - (self._now() - self._minute) / MINUTE)

    def _turn(self) -> None:
        """Begin the next window, with a new key, when this one is over; after a silence nothing is remembered."""
        now = self._now()
        if (passed := now - self._current.start) >= WINDOW:
            self._before = self._current if passed < 2 * WINDOW else Window(now - WINDOW)
            self._current = Window(now)
        if (passed := now - self._minute) >= MINUTE:
            self._all, self._all_before = 0.0, self._all if passed < 2 * MINUTE else 0.0
            self._minute = now


def _network(address: str) -> bytes:
    """What one household or phone has: an IPv4 address, or the first half of an IPv6 one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address.encode(errors="replace")[:64]
    return parsed.packed[:8] if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped else parsed.packed[-4:]
