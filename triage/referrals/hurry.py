"""Hurry: a limit on the whole of a conversation. A timeout on each answer lets a slow talker go on for hours."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Current = Callable[[], socket.socket | None]
"""The line as it is now: TLS puts another socket in the place of the first."""


@contextmanager
def hung_up_after(seconds: float, line: Current) -> Iterator[None]:
    """When the time is up the line is shut, and whoever waits on it gets an OSError or an end."""
    timer = threading.Timer(seconds, _shut, (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(line: Current) -> None:
    with suppress(OSError):
        if current := line():
            socket.socket.shutdown(current, socket.SHUT_RDWR)  # the plain one: TLS would first say good-bye
