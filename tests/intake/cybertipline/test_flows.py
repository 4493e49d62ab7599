"""The flows of NCMEC's document over real HTTP: open, add, describe, finish, retract; and each at the wrong time."""

import hashlib
from collections.abc import Callable, Mapping

import httpx
import pytest
from lxml import etree
from sqlalchemy import Engine, text

from core.cybertipline.grammar.report import REPORT
from core.cybertipline.schema import schema
from core.cybertipline.writing import write
from core.db import transaction
from core.settings import Settings
from ops.partners import book
from tests.core.cybertipline.samples import BATCH, REPORTED, a_report, as_node, maximal_report, reference
from tests.factories import KnownPartner, a_partner
from tests.intake.cybertipline.operator import XML, Answer, Operator, at_the_door

SUCCESS = (200, 0, "Success")
NOBODYS = 10**15
VIRAL = "<fileAnnotations><viral/></fileAnnotations>"


def said(answer: Answer) -> tuple[int, int, str]:
    return answer.status, answer.code, answer.description


def stored(owner: Engine, query: str) -> object:
    with owner.connect() as connection:
        return connection.execute(text(query)).scalar_one()


def test_a_report_without_files(operator: Operator, owner: Engine) -> None:
    opened = operator.submit()
    assert said(opened) == SUCCESS and opened.root == "reportResponse" and opened.report >= 10**9
    assert stored(owner, "SELECT count(*) FROM reports") == 0
    finished = operator.finish(opened.report)
    assert (finished.status, finished.root, finished.code) == (200, "reportDoneResponse", 0)
    assert (finished.report, finished.files) == (opened.report, ())
    assert stored(owner, "SELECT count(*) FROM reports WHERE channel = 'cybertipline' AND source IS NOT NULL") == 1


def test_a_report_with_files_one_of_them_described(operator: Operator, owner: Engine) -> None:
    report = operator.submit().report
    contents = (b"one", b"two" * 200_000)
    uploaded = [operator.upload(report, content) for content in contents]
    for answer, content in zip(uploaded, contents, strict=True):
        assert said(answer) == SUCCESS and answer.report == report
        assert answer.hash == hashlib.md5(content, usedforsecurity=False).hexdigest()
        assert len(answer.file) == 32
    described = operator.fileinfo(report, uploaded[0].file, "<originalFileName>garden.jpg</originalFileName>")
    assert said(described) == SUCCESS and described.report == report
    assert operator.finish(report).files == tuple(answer.file for answer in uploaded)
    assert stored(owner, "SELECT count(*) FROM report_parts WHERE report_id = (SELECT id FROM reports)") == 2


def test_a_retracted_report_leaves_nothing_that_was_sealed(operator: Operator, owner: Engine) -> None:
    report = operator.submit().report
    file = operator.upload(report).file
    operator.fileinfo(report, file)
    assert said(operator.retract(report)) == SUCCESS
    left = "SELECT count(*) FROM open_reports WHERE source IS NOT NULL OR details IS NOT NULL OR what IS NOT NULL"
    assert stored(owner, left) == stored(owner, "SELECT count(*) FROM report_parts") == 0
    assert stored(owner, "SELECT count(*) FROM reports") == 0


def finish_it(operator: Operator, report: int) -> None:
    operator.finish(report)


def retract_it(operator: Operator, report: int) -> None:
    operator.retract(report)


def lapse_it(operator: Operator, report: int) -> None:
    """Done by the database's clock, in the test."""


AFTERWARDS: Mapping[str, tuple[Callable[[Operator, int], None], int]] = {
    "finished": (finish_it, 5102),
    "retracted": (retract_it, 5101),
    "lapsed": (lapse_it, 5001),
}


@pytest.mark.parametrize(("end", "code"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_nothing_is_added_to_a_report_that_ended_and_a_retry_learns_how(
    operator: Operator, owner: Engine, end: Callable[[Operator, int], None], code: int
) -> None:
    report = operator.submit().report
    file = operator.upload(report).file
    end(operator, report)
    if end is lapse_it:
        with owner.begin() as connection:
            connection.execute(text("UPDATE open_reports SET lapses_at = now()"))
    late = [
        operator.upload(report),
        operator.fileinfo(report, file),
        operator.finish(report),
        operator.retract(report),
        operator.retract(report),
    ]
    assert [answer.code for answer in late] == [code] * 5
    assert {answer.root for answer in late} == {"reportResponse"}
    assert {answer.status for answer in late} == {400}
    assert stored(owner, "SELECT count(*) FROM reports") == (1 if end is finish_it else 0)


def test_a_report_lapses_a_day_after_it_was_opened_or_an_hour_after_a_change(operator: Operator, owner: Engine) -> None:
    left = "SELECT round(extract(epoch FROM lapses_at - now()) / 3600)::int FROM open_reports"
    report = operator.submit().report
    assert stored(owner, left) == 24
    file = operator.upload(report).file
    assert stored(owner, left) == 24
    for act, what in ((operator.upload, b"more"), (operator.fileinfo, file)):
        with owner.begin() as connection:
            connection.execute(text("UPDATE open_reports SET lapses_at = now() + interval '5 minutes'"))
        assert act(report, what).code == 0  # type: ignore[arg-type]  # each its own
        assert stored(owner, left) == 1


def test_what_nobody_opened_and_what_another_opened_are_the_same(
    open_house: Settings, operator: Operator, settings: Settings, owner: Engine
) -> None:
    with at_the_door(open_house, a_partner(settings, owner, "Other Chat")) as other:
        theirs = other.submit().report
        file = other.upload(theirs).file
        for act in (operator.upload, operator.finish, operator.retract, lambda number: operator.fileinfo(number, file)):
            foreign, unknown = act(theirs), act(NOBODYS)
            assert (foreign.status, foreign.code) == (400, 5001)
            assert foreign.body == unknown.body
        mine = operator.submit().report
        assert operator.fileinfo(mine, file).code == 5002
        assert other.finish(theirs).code == 0


def test_a_file_that_is_not_there(operator: Operator) -> None:
    report = operator.submit().report
    for file in ("b0754af766b426f2928a02c651ed4b99", "17", "b0754af7-66b4-26f2-928a-02c651ed4b99"):
        answer = operator.fileinfo(report, file)
        assert said(answer) == (400, 5002, "File does not exist")


def test_file_details_come_once(operator: Operator) -> None:
    report = operator.submit().report
    file = operator.upload(report).file
    assert operator.fileinfo(report, file).code == 0
    again = operator.fileinfo(report, file, "<additionalInfo>more</additionalInfo>")
    assert (again.status, again.code) == (400, 1300)


def test_a_batch_holds_one_file(operator: Operator, owner: Engine) -> None:
    report = operator.submit(a_report(before=BATCH, after=REPORTED * 3)).report
    file = operator.upload(report).file
    assert operator.fileinfo(report, file, VIRAL).code == 0
    assert operator.finish(report).files == (file,)
    assert stored(owner, "SELECT count(*) FROM reports") == 1


def test_a_batch_of_two_files_is_not_finished_but_can_be_retracted(operator: Operator, owner: Engine) -> None:
    report = operator.submit(a_report(before=BATCH, after=REPORTED * 3)).report
    for _ in range(2):
        assert operator.upload(report).code == 0
    finished = operator.finish(report)
    assert (finished.status, finished.code, finished.root) == (400, 4100, "reportResponse")
    assert stored(owner, "SELECT count(*) FROM reports") == 0
    assert operator.retract(report).code == 0


def test_a_batch_takes_no_other_file_details(operator: Operator) -> None:
    batch = operator.submit(a_report(before=BATCH)).report
    file = operator.upload(batch).file
    refused = operator.fileinfo(batch, file, "<fileAnnotations><viral/><infant/></fileAnnotations>")
    assert (refused.status, refused.code) == (400, 4100) and "infant" in refused.description
    assert operator.fileinfo(batch, file, VIRAL).code == 0
    plain = operator.submit().report
    file = operator.upload(plain).file
    assert operator.fileinfo(plain, file, "<fileAnnotations><viral/><infant/></fileAnnotations>").code == 0


MALFORMED: Mapping[str, tuple[bytes, int]] = {
    "no XML": (b"report", 4110),
    "cut off": (a_report()[:-3], 4110),
    "a document type": (b'<!DOCTYPE r [<!ENTITY a "b">]>' + a_report(), 4110),
    "UTF-16": (a_report().decode().encode("utf-16"), 4110),
    "nothing": (b"", 4110),
    "another document": (b"<fileDetails/>", 4100),
    "not valid": (a_report(after="<canary>canary</canary>"), 4100),
}


@pytest.mark.parametrize(("document", "code"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_report_is_refused_and_says_why_without_repeating_it(
    operator: Operator, owner: Engine, document: bytes, code: int
) -> None:
    for path in ("/submit", "/fileinfo"):
        answer = Answer.of(operator.client.post(path, content=document, headers=XML))
        assert answer.code == (4100 if path == "/fileinfo" and code == 4100 else code) and answer.status == 400
        assert b"canary" not in answer.body
    assert stored(owner, "SELECT count(*) FROM open_reports") == 0


def test_what_is_wrong_is_said_by_path_and_rule(operator: Operator) -> None:
    answer = operator.submit(a_report(after=REPORTED * 2).replace(b"<email>desk@messenger.example</email>", b""))
    assert answer.description.startswith("Validation failed: ")
    assert "/report/reporter/reportingPerson/email is missing" in answer.description
    assert "only a batched report may have several personOrUserReported" in answer.description


IDS: Mapping[str, tuple[str, int]] = {
    "none": ("", 4000),
    "a word": ("first", 4000),
    "negative": ("-1", 4000),
    "too long": ("9" * 30, 4000),
    "beyond 64 bits": (str(2**63), 4000),
    "the largest": (str(2**63 - 1), 5001),
    "a statement": ("1; DROP TABLE reports", 4000),
}


@pytest.mark.parametrize(("number", "code"), IDS.values(), ids=IDS)
def test_a_number_that_is_none(operator: Operator, number: str, code: int) -> None:
    answers = [operator.finish(number), operator.retract(number), operator.upload(number)]
    assert [answer.code for answer in answers] == [code] * 3
    assert {answer.status for answer in answers} == {400}


def test_a_form_without_its_fields(operator: Operator) -> None:
    for path, form in (
        ("/finish", {"data": {"number": "17"}}),
        ("/finish", {"files": {"number": (None, "17")}}),
        ("/upload", {"files": {"id": (None, "17")}}),
        ("/upload", {"files": [("id", (None, "17")), ("file", ("a", b"a")), ("file", ("b", b"b"))]}),
        ("/upload", {"files": {"file": ("a", b"a")}}),
    ):
        answer = Answer.of(operator.client.post(path, **form))
        assert (answer.status, answer.code) == (400, 4000), form


def test_a_form_of_another_kind(operator: Operator) -> None:
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    cases = (
        ("/finish", {"Content-Type": "application/json"}, b'{"id": 17}', 415, 4000),
        ("/submit", {"Content-Type": "application/json"}, b"{}", 415, 4000),
        ("/submit", {"Content-Type": "text/xml; charset=utf-16"}, a_report(), 400, 4110),
        ("/submit", XML | {"Content-Encoding": "gzip"}, b"\x1f\x8b", 415, 4000),
        ("/upload", {"Content-Type": "image/jpeg"}, b"picture", 415, 4200),
        ("/upload", {"Content-Type": "multipart/form-data"}, b"picture", 400, 4200),
        ("/upload", broken, b"picture", 400, 4200),
        ("/upload", broken, b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n17\r\n', 400, 4200),
        ("/upload", broken | {"Content-Encoding": "gzip"}, b"--x--", 415, 4000),
    )
    for path, headers, body, status, code in cases:
        answer = Answer.of(operator.client.post(path, headers=headers, content=body))
        assert (answer.status, answer.code) == (status, code), (path, headers)


def test_the_status_says_who_asks(operator: Operator, partner: KnownPartner) -> None:
    answer = operator.ask("/status")
    assert said(answer) == (200, 0, f"Remote User : {partner.code}, Remote Ip : 127.0.0.1")


def test_the_schema_is_our_own(operator: Operator) -> None:
    served = operator.client.get("/xsd")
    assert served.status_code == 200 and served.headers["content-type"] == "text/xml; charset=utf-8"
    assert served.content == schema()
    etree.XMLSchema(etree.fromstring(served.content)).assertValid(etree.fromstring(a_report()))
    if path := reference():
        assert served.content != path.read_bytes()


def test_every_answer_is_valid_by_the_schema_and_has_a_number_to_quote(operator: Operator) -> None:
    schemas = [etree.XMLSchema(etree.fromstring(schema()))]
    if path := reference():
        schemas.append(etree.XMLSchema(etree.parse(str(path))))
    report = operator.submit().report
    answers = [operator.upload(report), operator.finish(report), operator.retract(report), operator.submit(b"")]
    answers += [operator.ask("/status"), operator.ask("/nowhere"), operator.ask("/submit")]
    for answer in answers:
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        for each in schemas:
            each.assertValid(etree.fromstring(answer.body))
    assert len({answer.headers["request-id"] for answer in answers}) == len(answers)


def test_other_addresses_and_methods_are_refused_in_the_same_form(operator: Operator) -> None:
    assert (operator.ask("/nowhere").status, operator.ask("/nowhere").code) == (404, 1210)
    for method, path, allowed in (
        ("GET", "/submit", "POST"),
        ("POST", "/status", "GET"),
        ("DELETE", "/finish", "POST"),
    ):
        answer = Answer.of(operator.client.request(method, path))
        assert (answer.status, answer.code, answer.headers["allow"]) == (405, 4000, allowed)


STRANGERS: Mapping[str, dict[str, str]] = {
    "nobody": {},
    "no Basic": {"Authorization": "Bearer abc"},
    "no base64": {"Authorization": "Basic ???"},
    "no UTF-8": {"Authorization": "Basic //8="},
    "a wrong password": {"Authorization": httpx.BasicAuth("northwind-chat", "wrong")._auth_header},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
def test_whoever_is_not_known_is_asked_to_say_who_they_are(
    open_house: Settings, partner: KnownPartner, headers: dict[str, str]
) -> None:
    base = f"http://127.0.0.1:{open_house.intake_port}/ispws"
    for path in ("/status", "/xsd", "/submit", "/upload", "/fileinfo", "/finish", "/retract", "/nowhere"):
        method = "GET" if path in ("/status", "/xsd") else "POST"
        answer = Answer.of(httpx.request(method, base + path, headers=headers))
        assert (answer.status, answer.code) == (401, 2000)
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert answer.headers["request-id"]


def test_an_api_key_is_no_password(open_house: Settings, partner: KnownPartner) -> None:
    with at_the_door(open_house, partner, partner.api_key) as operator:
        assert operator.ask("/status").code == 2000


def test_a_quarantined_partner_is_told_so(
    open_house: Settings, operator: Operator, partner: KnownPartner, owner: Engine
) -> None:
    report = operator.submit().report
    with transaction(owner) as session:
        book.set_quarantine(session, book.find_partner(session, partner.code), shut=True)
    answers = [operator.submit(), operator.upload(report), operator.finish(report), operator.retract(report)]
    assert [(answer.status, answer.code) for answer in answers] == [(403, 3100)] + [(403, 3300)] * 3
    assert stored(owner, "SELECT count(*) FROM open_reports WHERE state = 'open'") == 1
    with transaction(owner) as session:
        book.set_quarantine(session, book.find_partner(session, partner.code), shut=False)


def test_more_reports_than_agreed_are_asked_to_wait(open_house: Settings, settings: Settings, owner: Engine) -> None:
    with at_the_door(open_house, a_partner(settings, owner, quota=2)) as operator:
        answers = [operator.submit() for _ in range(3)]
        assert [answer.code for answer in answers] == [0, 0, 1000]
        assert answers[2].status == 429 and 0 < int(answers[2].headers["retry-after"]) <= 60
        assert operator.finish(answers[0].report).code == 0


def test_the_largest_report_is_taken(operator: Operator) -> None:

    document = write(maximal_report(), REPORT).encode()
    assert as_node(document) == maximal_report()
    opened = operator.submit(document)
    assert said(opened) == SUCCESS
    assert operator.finish(opened.report).code == 0
