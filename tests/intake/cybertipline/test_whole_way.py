"""From an operator's request to the case page, and back out as NCMEC's XML with nothing lost."""

import hashlib
from collections.abc import Mapping, Sequence

import pytest
from lxml import etree
from sqlalchemy import Engine, text

from core.cybertipline.grammar.files import FILE_DETAILS
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.kept import Kept
from core.cybertipline.node import Node
from core.cybertipline.schema import schema
from core.cybertipline.writing import write
from core.details import Details
from core.keys import ConsoleKeys
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Age, Danger, Missing, Risk, Side
from tests.core.cybertipline.samples import (
    REPORTED,
    a_report,
    as_node,
    file_details,
    maximal_batch,
    maximal_file,
    maximal_report,
    reference,
)
from tests.factories import a_drain
from tests.intake.cybertipline.operator import XML, Answer, Operator

CONTENT = b"a picture of a garden"
NOTES = (
    "<originalFileName>garden.jpg</originalFileName><locationOfFile>https://messenger.example/f/17</locationOfFile>"
    "<fileViewedByEsp>true</fileViewedByEsp><ipCaptureEvent><ipAddress>192.0.2.9</ipAddress></ipCaptureEvent>"
)
URGENT = (
    "<incidentSummary><incidentType>Online Enticement of Children for Sexual Acts</incidentType>"
    "<escalateToHighPriority>They want to meet tomorrow.</escalateToHighPriority>"
    "<reportAnnotations><sextortion/></reportAnnotations>"
    "<incidentDateTime>2026-11-01T10:00:00Z</incidentDateTime></incidentSummary>"
)
CHAT = (
    "<internetDetails><chatImIncident><chatRoomName>room-7</chatRoomName><content>Can you keep a secret?</content>"
    "</chatImIncident></internetDetails>"
)
PEOPLE = (
    "<personOrUserReported><espIdentifier>4711</espIdentifier><espService>Northwind Chat</espService>"
    "<screenName>stranger77</screenName><ipCaptureEvent><ipAddress>192.0.2.7</ipAddress>"
    "<eventName>Login</eventName><dateTime>2026-11-01T09:59:00Z</dateTime><port>51334</port></ipCaptureEvent>"
    "<estimatedLocation><countryCode>GB</countryCode></estimatedLocation></personOrUserReported>"
    "<victim><victimPerson><address><country>IT</country></address><dateOfBirth>2014-11-02</dateOfBirth></victimPerson>"
    "<schoolName>A school</schoolName></victim>"
)


def opened(settings: Settings, owner: Engine, column: str) -> list[str]:
    """What is sealed in a column of each report, by the key of the agency it was filed for."""
    query = (
        f"SELECT reports.id, {column} AS sealed, report_keys.wrapped_key, agencies.code FROM reports"  # noqa: S608
        " JOIN report_keys ON report_id = reports.id JOIN agencies ON agencies.id = agency_id ORDER BY received_at"
    )
    keys = ConsoleKeys.read(settings.keys_dir)
    with owner.connect() as connection:
        rows = connection.execute(text(query)).mappings().all()
    found = []
    for row in rows:
        place = Row("reports", row["id"])
        with keys.ring(row["code"]).unwrap(place, row["wrapped_key"]) as key:
            found.append(key.open(place, column, row["sealed"]))
    return found


def test_what_was_told_lands_where_staff_ranking_and_routing_read_it(
    operator: Operator, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    report = operator.submit(a_report(CHAT, PEOPLE, summary=URGENT)).report
    file = operator.upload(report, CONTENT, "a.jpg").file
    operator.fileinfo(report, file, NOTES)
    operator.upload(report, b"another", "b.jpg")
    operator.finish(report)
    a_drain(settings, triage_engine)()
    details = Details.from_text(opened(settings, owner, "details")[0])
    assert (details.service, details.conversation, details.age) == ("Northwind Chat", "room-7", Age.UNDER_13)
    assert (details.urgency, details.risks) == ("They want to meet tomorrow.", (Risk.THREAT,))
    assert (details.reference, details.child_country) == (str(report), "IT")
    assert [account.side for account in details.accounts] == [Side.REPORTED, Side.CHILD]
    suspect = details.accounts[0]
    assert (suspect.id, suspect.handle, suspect.country) == ("4711", "stranger77", "GB")
    assert (suspect.seen[0].ip, suspect.seen[0].port, suspect.seen[0].event) == ("192.0.2.7", 51334, "Login")
    assert (
        details.accounts[1].note == "person/address/country: IT\nperson/dateOfBirth: 2014-11-02\nschoolName: A school"
    )
    assert opened(settings, owner, "what") == ["Can you keep a secret?"]
    with owner.connect() as connection:
        row = connection.execute(text("SELECT country, danger, completeness FROM reports")).one()
        assert (row.country, row.danger) == ("IT", Danger.YES)
        assert connection.scalar(text("SELECT priority FROM cases")) == 1
        assert connection.scalar(text("SELECT count(*) FROM report_parts")) == 0
    first, second = details.files
    assert first.hashes == {name: hashlib.new(name, CONTENT).hexdigest() for name in ("md5", "sha1", "sha256")}
    assert (first.name, first.url, second.name) == ("garden.jpg", "https://messenger.example/f/17", "b.jpg")
    assert "fileViewedByEsp: true" in first.note and "ipCaptureEvent/ipAddress: 192.0.2.9" in first.note
    assert Missing.EVIDENCE not in details.missing
    assert row.completeness == 100


def test_files_make_a_report_more_complete(
    operator: Operator, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    reports = [operator.submit(a_report()).report for _ in range(2)]
    operator.upload(reports[1])
    for report in reports:
        operator.finish(report)
    a_drain(settings, triage_engine)()
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT completeness FROM reports ORDER BY received_at"))
        complete: Sequence[int] = rows.scalars().all()
    assert complete[1] == complete[0] + 10


FULL: Mapping[str, tuple[Node, Node]] = {
    "report": (maximal_report(), maximal_file()),
    "batch": (maximal_batch(), as_node(file_details("<fileAnnotations><potentialMeme/></fileAnnotations>"))),
}


@pytest.mark.parametrize(("document", "details"), FULL.values(), ids=FULL)
def test_a_round_trip_loses_nothing(
    operator: Operator, settings: Settings, owner: Engine, triage_engine: Engine, document: Node, details: Node
) -> None:
    sent = write(document, REPORT)
    report = operator.submit(sent.encode()).report
    file = operator.upload(report).file
    details.children[0].text, details.children[1].text = str(report), file
    answer = operator.client.post("/fileinfo", content=write(details, FILE_DETAILS).encode(), headers=XML)
    assert Answer.of(answer).code == 0
    assert operator.finish(report).files == (file,)
    a_drain(settings, triage_engine)()
    kept = Kept.from_text(opened(settings, owner, "source")[0])
    assert kept.report == sent
    assert kept.files[0][0].id == file
    back = list(kept.written())
    assert [as_node(written.encode()) for written in back] == [document, details]
    schemas = [etree.XMLSchema(etree.fromstring(schema()))]
    schemas += [etree.XMLSchema(etree.parse(str(path))) for path in (reference(),) if path]
    for each in schemas:
        for written in back:
            each.assertValid(etree.fromstring(written.encode()))


def test_what_came_is_kept_as_it_came_comments_and_all(
    operator: Operator, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    sent = b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<!-- by hand -->' + a_report(after=REPORTED + "\n\n")
    operator.finish(operator.submit(sent).report)
    a_drain(settings, triage_engine)()
    assert opened(settings, owner, "source") == [sent.decode("utf-8-sig")]


def test_nothing_of_it_is_readable_before_or_after(
    operator: Operator, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    """The tables hold it sealed only, in every state."""
    canary = "canary-in-a-room"
    digest = hashlib.sha256(canary.encode()).hexdigest()
    report = operator.submit(a_report(CHAT.replace("room-7", canary))).report
    file = operator.upload(report, canary.encode(), canary).file
    operator.fileinfo(report, file, f"<additionalInfo>{canary}</additionalInfo>")
    dumps = [dump(owner)]
    operator.finish(report)
    dumps.append(dump(owner))
    a_drain(settings, triage_engine)()
    dumps.append(dump(owner))
    assert not [each for each in dumps if canary in each or digest in each]


def dump(owner: Engine) -> str:
    """Every row of the tables concerned, bytes escaped as they are."""
    tables = ("open_reports", "report_parts", "reports")
    with owner.connect() as connection:
        rows = [row for name in tables for row in connection.execute(text(f"SELECT * FROM {name}")).all()]  # noqa: S608
    return repr(rows)


def test_a_part_that_does_not_open_keeps_its_report_for_a_person(
    operator: Operator, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    report = operator.submit().report
    operator.upload(report)
    operator.finish(report)
    with owner.begin() as connection:
        connection.execute(text("UPDATE report_parts SET upload = upload || '\\x00'"))
    a_drain(settings, triage_engine)()
    with owner.connect() as connection:
        assert connection.execute(text("SELECT state, trouble FROM reports")).one() == ("received", "CannotOpen")
        assert connection.scalar(text("SELECT count(*) FROM report_parts")) == 1
