"""A referral as NCMEC's report form: what the form has a place for, and the whole of it as additional information."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from core.accounts import Account
from core.cybertipline.checking import check
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.grammar.words import EVENT, INCIDENT_TYPE
from core.cybertipline.node import Node
from core.cybertipline.writing import write
from core.vocabulary import Danger, Kind, Side
from triage.referrals.letters import Referred
from triage.referrals.reading import as_text
from triage.referrals.xarf import links

ENTICED = next(word for word in INCIDENT_TYPE.values if word.startswith("Online"))
PICTURED = INCIDENT_TYPE.values[0]
TYPES = {Kind.PICTURES: PICTURED, Kind.PAGE: PICTURED}
URGENT = "Whoever reported it says that somebody is in danger now."
LONGEST_URL, LONGEST_ID, LONGEST_SERVICE, LONGEST_NAME = 2083, 255, 100, 256
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_form(letter: Referred, mailbox: str, now: datetime) -> bytes | None:
    """The document; None when the form cannot hold it. `mailbox` is where the hotline is reached."""
    reported = _reported(letter)
    parts = [
        _summary(letter, now),
        *_pages(letter),
        _node("reporter", _node("reportingPerson", _text("email", mailbox))),
        *([_user(reported, now)] if reported else []),
        _text("additionalInfo", as_text(letter).decode()),
    ]
    report = _node("report", *parts)
    return None if check(report, REPORT, now) else write(report, REPORT).encode()


def _summary(letter: Referred, now: datetime) -> Node:
    first = letter.reports[0] if letter.reports else None
    kind = TYPES.get(first.details.kind, ENTICED) if first and first.details.kind else ENTICED
    happened = _moment(first.details.happened if first else "", now)
    parts = [_text("incidentType", kind)]
    if letter.danger is Danger.YES:
        parts.append(_text("escalateToHighPriority", URGENT))
    fallback = first.received_at if first else letter.made_at
    parts.append(_text("incidentDateTime", happened or fallback.astimezone(UTC).isoformat(timespec="seconds")))
    return _node("incidentSummary", *parts)


def _pages(letter: Referred) -> Iterator[Node]:
    found = [_text("url", link) for _, link in links(letter) if len(link) <= LONGEST_URL]
    if found:
        yield _node("internetDetails", _node("webPageIncident", *found))


def _reported(letter: Referred) -> Account | None:
    """The form takes one; the others are in the additional information."""
    accounts = (account for report in letter.reports for account in report.details.accounts)
    return next((account for account in accounts if account.side is Side.REPORTED), None)


def _user(account: Account, now: datetime) -> Node:
    parts = [
        *_short("espIdentifier", account.id, LONGEST_ID),
        *_short("espService", account.service, LONGEST_SERVICE),
        *_short("screenName", account.handle, LONGEST_NAME),
        *(part for name in account.names for part in _short("displayName", name, LONGEST_ID)),
        *(part for url in account.urls for part in _short("profileUrl", url, LONGEST_URL)),
        *_sightings(account, now),
    ]
    return _node("personOrUserReported", *parts)


def _sightings(account: Account, now: datetime) -> Iterator[Node]:
    for seen in account.seen:
        event = seen.event.capitalize()
        when = _moment(seen.at, now)
        parts = [_text("ipAddress", seen.ip)]
        parts += [_text("eventName", event)] if event in EVENT.values else []
        parts += [_text("dateTime", when)] if when else []
        parts += [_text("port", str(seen.port))] if seen.port else []
        yield _node("ipCaptureEvent", *parts)


def _short(name: str, text: str, longest: int) -> list[Node]:
    """What is too long for its place is in the additional information anyway."""
    return [_text(name, text)] if 0 < len(text) <= longest else []


def _moment(text: str, now: datetime) -> str:
    """RFC 3339 in the past, as it was told; nothing for what is neither."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return at.isoformat() if at.tzinfo and at <= now else ""


def _text(name: str, text: str) -> Node:
    return Node(name, text=NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _node(name: str, *children: Node) -> Node:
    return Node(name, children=list(children))
