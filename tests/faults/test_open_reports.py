"""Operators that lose answers: whatever is killed, each report is there once or not at all.

They do as NCMEC's document says: whoever does not know what became of a report retracts it first.
"""

import itertools
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import httpx
import msgspec
from lxml import etree
from sqlalchemy import text

from core.db import connect
from core.settings import Settings
from tests.core.cybertipline.samples import REPORTED, a_report
from tests.factories import KnownPartner, a_drain, a_partner
from tests.faults.ground import Ground
from tests.intake.cybertipline.operator import Operator, at_the_door

OPERATORS = 6
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


def test_each_report_is_there_once_or_not_at_all_whatever_dies(ground: Ground) -> None:
    history, enough = History(), threading.Event()
    with ground.machine(Random(0), workers=0, changes={}) as machine:
        settings = msgspec.structs.replace(machine.settings, intake_port=machine.public.port)
        with ground.owner() as owner:
            partner = a_partner(settings, owner, "Killed Chat")
        threads = [
            threading.Thread(target=operate, args=(settings, partner, enough, history, f"operator{n}"))
            for n in range(OPERATORS)
        ]
        for thread in threads:
            thread.start()
        for strike, heal in (
            (ground.servers.kill_postgres, ground.servers.restart_postgres),
            (machine.intake.kill, machine.revive),
        ):
            wait_for_more(lambda: len(history.finished), OPERATORS)
            strike()
            wait_for_more(lambda: history.lost, 1)
            heal()
        wait_for_more(lambda: len(history.finished), OPERATORS)
        enough.set()
        for thread in threads:
            thread.join()
    triage = connect(str(ground.settings.triage_database_url), by_index_only=True)
    a_drain(ground.settings, triage)()
    triage.dispose()
    with ground.owner() as owner, owner.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM reports WHERE state = 'filed'"))
        parts = connection.scalar(text("SELECT count(*) FROM report_parts JOIN reports ON reports.id = report_id"))
        cases = connection.scalar(text("SELECT sum(report_count) FROM cases"))
    assert (stored, cases, parts) == (len(history.finished), len(history.finished), 0)
    assert not history.finished & history.given_up


def wait_for_more(count: Callable[[], int], more: int) -> None:
    """However busy the machine is: what follows finds requests under way, and has been noticed."""
    wanted = count() + more
    while count() < wanted:
        time.sleep(0.02)
