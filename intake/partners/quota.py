"""Quotas: how many reports a partner may send in a minute, to this process. Only counts are kept."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from uuid import UUID

MINUTE = 60.0


@dataclass
class Quotas:
    """For each partner a bucket that holds one minute's reports and fills evenly."""

    now: Callable[[], float] = time.monotonic
    _left: dict[UUID, tuple[float, float]] = field(default_factory=dict)

    def take(self, partner: UUID, per_minute: int, wanted: int = 1) -> int:
        """How many of `wanted` may come now."""
        left = self._filled(partner, per_minute)
        taken = min(wanted, int(left))
        self._left[partner] = left - taken, self.now()
        return taken

    def wait(self, partner: UUID, per_minute: int) -> int:
        """Whole seconds until the next one may."""
        return max(1, ceil((1 - self._filled(partner, per_minute)) * MINUTE / per_minute))

    def _filled(self, partner: UUID, per_minute: int) -> float:
        left, then = self._left.get(partner, (float(per_minute), self.now()))
        return min(float(per_minute), left + (self.now() - then) * per_minute / MINUTE)
