"""Operators that lose answers: whatever is killed, each report is there once or not at all.

They do as NCMEC's document says: whoever does not know what became of a report retracts it first.
"""

import itertools
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import pytest
from lxml import etree
from sqlalchemy import text

from core.db import connect
from core.settings import Settings
from tests.core.cybertipline.samples import REPORTED, a_report
from tests.factories import KnownPartner, a_drain, a_partner
from tests.faults.ground import Ground
from tests.intake.cybertipline.operator import Operator, at_the_door
from tests.processes import running, with_free_ports

OPERATORS = 6
A_WHILE = 1.5
RETRACTED, FINISHED, GONE = 5101, 5102, 5001


@dataclass
class History:
    """What operators were told, by the mark in each report."""

    finished: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    lost: int = 0


def operate(settings: Settings, partner: KnownPartner, enough: threading.Event, history: History, name: str) -> None:
    with at_the_door(settings, partner) as operator:
        for number in itertools.count():
            report_once(operator, f"{name}-{number}", history)
            if enough.is_set():
                return


def report_once(operator: Operator, mark: str, history: History) -> None:
    """Open, upload, finish; after a lost answer retract, and begin again only when that says so."""
    document = a_report(after=REPORTED.replace("user-17", mark))
    while not (report := opened(operator, document)):
        history.lost += 1
        time.sleep(0.05)
    with suppress(httpx.HTTPError, etree.XMLSyntaxError):
        if operator.upload(report, mark.encode()).code == 0 and operator.finish(report).code == 0:
            history.finished.add(mark)
            return
    history.lost += 1
    code = asked(operator, report)
    {0: history.given_up, RETRACTED: history.given_up, FINISHED: history.finished}[code].add(mark)


def asked(operator: Operator, report: int) -> int:
    """What became of it, once somebody answers."""
    while True:
        with suppress(httpx.HTTPError, etree.XMLSyntaxError):
            code = operator.retract(report).code
            if code in (0, RETRACTED, FINISHED, GONE):
                return code
        time.sleep(0.1)


def opened(operator: Operator, document: bytes) -> int:
    """The number of the report that was opened; 0 when nobody knows."""
    with suppress(httpx.HTTPError, etree.XMLSyntaxError):
        return operator.submit(document).report
    return 0


@pytest.mark.timeout(120)
def test_each_report_is_there_once_or_not_at_all_whatever_dies(
    ground: Ground
) -> None:
    settings = with_free_ports(ground.settings)
    owner = connect(ground.servers.database_url)
    with owner.begin() as connection:
        connection.execute(text("TRUNCATE reports, report_keys, cases, dispositions, open_reports CASCADE"))
    partner, history = a_partner(settings, owner, f"Killed Chat {random.randrange(10**6)}"), History()
    owner.dispose()  # its connection would be one of those that die
    with running(settings, "intake") as children:
        enough = threading.Event()
        threads = [
            threading.Thread(target=operate, args=(settings, partner, enough, history, f"operator{n}"))
            for n in range(OPERATORS)
        ]
        for thread in threads:
            thread.start()
        for strike in (ground.servers.kill_postgres, children["intake"].kill):
            time.sleep(A_WHILE)
            strike()
            time.sleep(0.3)
            ground.servers.restart_postgres()
            if strike == children["intake"].kill:
                children["intake"].start()
        time.sleep(A_WHILE)
        enough.set()
        for thread in threads:
            thread.join()
    triage = connect(str(settings.triage_database_url), by_index_only=True)
    a_drain(settings, triage)()
    with owner.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM reports WHERE state = 'filed'"))
        parts = connection.scalar(text("SELECT count(*) FROM report_parts JOIN reports ON reports.id = report_id"))
        cases = connection.scalar(text("SELECT sum(report_count) FROM cases"))
    owner.dispose()
    triage.dispose()
    assert history.lost > 0, "nothing was lost: this shows nothing"
    assert len(history.finished) >= OPERATORS
    assert (stored, cases, parts) == (len(history.finished), len(history.finished), 0)
    assert not history.finished & history.given_up
