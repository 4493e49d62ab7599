"""The gate: who comes in as they are when many come, who must prove that they are no script, and who waits a little.

Nobody is turned away. A report that proves nothing is still taken; it is read after the rest.
"""

import time
from dataclasses import dataclass, field

from core.errors import HotlineError
from core.receipts import derived
from core.settings import Settings
from intake import proof
from intake.flow import Crowding, Flow, Limits
from intake.submission import CALM, Standing
from intake.tokens import FormToken

STEP = 1 / 12  # what one page of a report counts
CROWDED = Standing(crowded=True)


class MustWait(HotlineError):
    """So much comes in that this is taken only after a while; `seconds` says when."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True)
class Gate:
    """Knows how much comes in, and from one address; keeps neither."""

    key: bytes = field(repr=False)
    flow: Flow

    @classmethod
    def of(cls, settings: Settings, form_key: bytes) -> "Gate":
        limits = Limits(settings.busy_address, settings.flood_address, settings.busy_all, settings.flood_all)
        return cls(derived(form_key, b"proof of work", b""), Flow(limits))

    def challenge(self, address: str, token: FormToken) -> str:
        """What the browser has to solve, as JSON; empty while it is calm."""
        return "" if self._is_calm(address) else proof.issue(self.key, token.nonce)

    def step(self, address: str) -> bool:
        """Whether what is saved on the way comes in a crowd."""
        crowded = not self._is_calm(address)
        self.flow.count(address, STEP)
        return crowded

    def admit(self, address: str, token: FormToken, proven: str) -> Standing:
        """How a report comes in. Raises MustWait."""
        crowding = self.flow.crowding(address)
        self.flow.count(address)
        if crowding is Crowding.CALM:
            return CALM
        if id := proof.check(self.key, token.nonce, proven):
            return Standing(proof=id)
        wait = self.flow.wait_in_slow_lane(address, time.time() - token.issued_ms / 1000)
        if wait and crowding is Crowding.FLOOD:
            raise MustWait(wait)
        return CROWDED if wait else CALM

    def _is_calm(self, address: str) -> bool:
        return self.flow.crowding(address) is Crowding.CALM
