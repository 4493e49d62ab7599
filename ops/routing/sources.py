"""What the commands work on: a deployment's database, rules in files, facts typed at the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from core.db import connect, transaction
from core.errors import HotlineError
from core.settings import Settings
from ops.addresses import with_addresses
from triage.routing import documents
from triage.routing.document import Problem
from triage.routing.examples import read_fact
from triage.routing.facts import Facts
from triage.routing.lines import read_lines
from triage.routing.names import Names, find_strangers


class NotRules(HotlineError):
    """The file cannot be read as text in UTF-8."""


class NothingLive(HotlineError):
    """No rules are live; `hotline migrate` publishes the default ones."""


@contextmanager
def deployment() -> Iterator[tuple[Settings, Session]]:
    """The settings, and one transaction as the owner."""
    settings = with_addresses(Settings.from_environ())
    engine = connect(settings.database_url or "", pool=1)
    try:
        with transaction(engine) as session:
            yield settings, session
    finally:
        engine.dispose()


def read_rules(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotRules(f"{file} cannot be read as text in UTF-8.") from None


def live_text(session: Session) -> str:
    live = documents.read_live(session)
    if live is None:
        raise NothingLive
    return live.text


def read_facts(typed: tuple[str, ...], names: Names) -> Facts:
    """Facts as an example says them, one to a line. Raises WrongRules."""
    facts, problems = Facts(), list[Problem]()

    def trouble(line: int, what: str, fix: str) -> None:
        problems.append(Problem(line, what, fix))

    for line in read_lines("\n".join(typed)):
        before, facts = facts.partner, read_fact(facts, line, trouble)
        if facts.partner and facts.partner != before:
            problems += find_strangers([facts.partner], names, line.number)
    if problems:
        raise documents.WrongRules(problems)
    return facts
