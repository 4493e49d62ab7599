"""Starting again what ends."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ops.processes.child import Child

FIRST_DELAY, LAST_DELAY = 0.2, 5.0
STEADY = 10.0  # after so many seconds a child is well again
LOOK = 0.1


@dataclass
class Care:
    """One child, and when to try again."""

    child: Child
    say: Callable[[str], None]
    delay: float = FIRST_DELAY
    steady_at: float = 0.0
    again_at: float | None = None

    def look(self, now: float) -> None:
        if self.child.is_running:
            self._is_well(now)
        elif self.again_at is None:
            self.say(f"{self.child.name} ended; starting it again (its log is {self.child.log}).")
            self._try_after_a_while(now)
        elif now >= self.again_at:
            self._start(now)

    def _is_well(self, now: float) -> None:
        if now >= self.steady_at:
            self.delay = FIRST_DELAY

    def _try_after_a_while(self, now: float) -> None:
        self.again_at = now + self.delay
        self.delay = min(2 * self.delay, LAST_DELAY)

    def _start(self, now: float) -> None:
        self.again_at = None
        self.steady_at = now + STEADY
        try:
            self.child.start()
        except OSError as error:  # no memory, no process left: the machine may recover, so we stay
            self.say(f"{self.child.name} cannot be started: {error.strerror}.")


def supervise(children: Sequence[Child], say: Callable[[str], None]) -> None:
    """Keep all of them running, until an exception (a signal) ends it."""
    cared_for = [Care(child, say) for child in children]
    while True:
        for care in cared_for:
            care.look(time.monotonic())
        time.sleep(LOOK)
