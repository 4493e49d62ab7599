"""By NCMEC's reporting API: submit, then finish; an answer that was lost is asked about before anything is sent again.

What is opened and never finished, the other side deletes by itself. Whether something is finished is asked by
retracting it: that works on what is open and on nothing else. So a report is filed once, whatever gets lost.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlencode

from core.cybertipline.node import Node
from core.cybertipline.reading import read
from core.settings import Settings
from core.vocabulary import Trouble
from triage.referrals.form import as_form
from triage.referrals.http import Rules, ask
from triage.referrals.letters import Referred
from triage.referrals.outcome import Delivered, Failed, Outcome, Parcel, receipt_of
from triage.referrals.ways import CyberTipline

SUCCESS, GONE, RETRACTED, FINISHED = 0, 5001, 5101, 5102
LOG_IN = (2000, 3000, 3100, 3300)
DOES_NOT_FIT = range(4000, 5000)
XML, FORM = "text/xml; charset=utf-8", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side says, by its own code; its HTTP status may say otherwise."""

    code: int
    report: str = ""


@dataclass(frozen=True)
class Client:
    """Speaks for this hotline; the address that NCMEC may write to is the sender's of our e-mail."""

    rules: Rules
    settings: Settings = field(repr=False)

    def deliver(self, parcel: Parcel) -> Outcome:
        """Raises Overtaken when another attempt was begun meanwhile."""
        assert isinstance(parcel.way, CyberTipline)
        line = Line(parcel.way, parcel.secret, self.rules)
        if parcel.remote and (known := self._earlier(line, parcel, parcel.remote)):
            return known
        if not self.settings.smtp_from:
            return Failed(Trouble.NOT_SET)
        letter = parcel.letter
        form = as_form(letter, self.settings.smtp_from, datetime.now(UTC)) if isinstance(letter, Referred) else None
        if form is None:
            return Failed(Trouble.DOES_NOT_FIT, for_good=True)
        return self._file(line, parcel, form)

    def _earlier(self, line: "Line", parcel: Parcel, report: str) -> Outcome | None:
        """What became of an attempt whose end is not known; None when the way is free for a new one."""
        answer = line.about("retract", report)
        if isinstance(answer, Failed):
            return answer
        if answer.code == FINISHED:
            return Delivered(report)
        if answer.code not in (SUCCESS, GONE, RETRACTED):
            return _refused(answer)
        parcel.note(None)
        return None

    def _file(self, line: "Line", parcel: Parcel, form: bytes) -> Outcome:
        opened = line.post("submit", form, XML)
        if isinstance(opened, Failed):
            return opened
        if opened.code != SUCCESS or not opened.report:
            return _refused(opened)
        parcel.note(opened.report)  # kept before it is finished: from now on there is something to ask about
        done = line.about("finish", opened.report)
        if isinstance(done, Failed):
            return done
        return Delivered(opened.report) if done.code in (SUCCESS, FINISHED) else _refused(done)


@dataclass(frozen=True)
class Line:
    """One agency's server, and how to log in there."""

    way: CyberTipline
    password: str = field(repr=False)
    rules: Rules

    def about(self, act: str, report: str) -> Answered | Failed:
        return self.post(act, urlencode({"id": report}).encode(), FORM)

    def post(self, act: str, body: bytes, kind: str) -> Answered | Failed:
        known = base64.b64encode(f"{self.way.user}:{self.password}".encode()).decode()
        headers = {"authorization": f"Basic {known}", "content-type": kind, "user-agent": "OpenHotline"}
        answer = ask(self.rules, "POST", f"{self.way.url.rstrip('/')}/{act}", headers, body)
        if isinstance(answer, Failed):
            return answer
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            return Failed(Trouble.REDIRECTED, for_good=True)
        return _read(answer.status, answer.body)


def _read(status: int, body: bytes) -> Answered | Failed:
    root = read(body)
    code = root.said("responseCode") if isinstance(root, Node) else ""
    if isinstance(root, Node) and code.isascii() and code.isdigit():
        return Answered(int(code), receipt_of(root.said("reportId"))[:64])
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Failed(Trouble.LOG_IN)
    return Failed(Trouble.NO_ANSWER if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Trouble.BAD_ANSWER)


def _refused(answer: Answered) -> Failed:
    if answer.code in LOG_IN:
        return Failed(Trouble.LOG_IN)
    if answer.code in DOES_NOT_FIT:
        return Failed(Trouble.DOES_NOT_FIT, for_good=True)
    return Failed(Trouble.NO_ANSWER)
