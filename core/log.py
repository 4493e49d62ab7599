"""Logs that cannot say too much: an allow-list of facts, and never the text of an error."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "error", "report", "attempts", "count", "request", "route", "status", "where"}
)


def configure() -> None:
    """One JSON line per event on stderr; other libraries' records lose their arguments and error texts."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    output = logging.StreamHandler()
    output.setFormatter(WithoutValues())
    logging.basicConfig(level=logging.WARNING, handlers=[output], force=True)


def only_allowed(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list: a new one is a decision, not an accident."""
    return {key: value for key, value in event.items() if key in ALLOWED}


class WithoutValues(logging.Formatter):
    """The message as written in the library's source, the error's class and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name}: {record.msg if isinstance(record.msg, str) else ''}"
        return f"{line} {raised(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else line


def raised(error: BaseException) -> str:
    """`ValueError at form.py:12`."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
