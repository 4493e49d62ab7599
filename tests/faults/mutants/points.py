"""No mutants but faults: named points of a worker's way, at each of which it dies or stops once when it is told to.

It is told by a file of the point's name, which holds the number of a signal; see `Machine.arm`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.settings import Settings
from tests.faults.mutants import replace
from triage import drain, pipeline, understanding, waiting
from triage.cases.routed import Router
from triage.referrals import outbox
from triage.referrals.courier import Courier
from triage.referrals.cybertipline import Line

TRIAGE = ("taken", "read", "understood", "routed", "bundled", "filed", "written", "committed")
"""From the committed attempt to the committed case."""
DELIVERY = ("claimed", "opened", "answered", "settling", "settled")
"""From the committed attempt to its committed end. Where the letter is meanwhile, only the other side knows."""
FILING = ("submitted", "noted")
"""On a CyberTipline's way there are more: something is open there, and is finished next."""
LET_GO = "let go"
"""At the end of an attempt, whatever came of it."""


def in_triage() -> None:
    _after(waiting, "take_fresh", "taken")
    _after(understanding, "read", "read")
    _after(drain, "understand", "understood")
    _after(Router, "route", "routed")
    _after(pipeline, "bundle", "bundled")
    _after(pipeline, "file", "filed")
    _around(drain, "written", "committed")


def in_delivery() -> None:
    _after(outbox, "take", "claimed")
    _after(Courier, "_parcel", "opened")
    _after(Line, "post", "submitted", when=lambda *arguments: "submit" in arguments)
    _after(outbox, "remember", "noted")
    _before(outbox, "settle_delivered", "answered")
    _around(outbox, "settling", "settled")
    _after(Courier, "deliver", LET_GO)


def _after(owner: object, name: str, point: str, when: Callable[..., object] = lambda *_: True) -> None:
    """Who takes something in hand and finds nothing passes no point."""
    act = getattr(owner, name)

    def acted(*arguments: Any, **named: Any) -> Any:
        found = act(*arguments, **named)
        if when(*arguments) and (found or not name.startswith("take")):
            _reach(point)
        return found

    replace(owner, name, acted)


def _before(owner: object, name: str, point: str) -> None:
    act = getattr(owner, name)

    def acted(*arguments: Any, **named: Any) -> Any:
        _reach(point)
        return act(*arguments, **named)

    replace(owner, name, acted)


def _around(owner: Any, before: str, after: str) -> None:
    """Both sides of a module's commits."""
    transaction = owner.transaction

    @contextmanager
    def passing(engine: Engine) -> Iterator[Session]:
        with transaction(engine) as session:
            yield session
            _reach(before)
        _reach(after)

    replace(owner, "transaction", passing)


def _reach(point: str) -> None:
    """Whoever moves the file away does what it says."""
    told = Settings.from_environ().var_dir / "points" / point
    mine = told.with_suffix(f".{os.getpid()}")
    with suppress(FileNotFoundError):
        told.rename(mine)
        os.kill(os.getpid(), int(mine.read_text()))
