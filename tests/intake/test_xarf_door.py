"""The XARF door: two kinds are taken, evidence is hashed and dropped, a report's id is its key."""

import base64
import hashlib
import json
import random

import pytest
from sqlalchemy import Engine

from core.details import Details
from core.settings import Settings
from core.vocabulary import Age, Kind, Risk
from intake.partners.xarf_payloads import ALGORITHMS, Sieve
from tests.intake.doors import Json, Server, problem_of
from tests.intake.test_json_door import count, opened

WHO = {"org": "Northwind Hosting", "contact": "abuse@northwind.example", "domain": "northwind.example"}
PAYLOAD = b"words of a chat, as text" * 50
MATERIAL: Json = {
    "xarf_version": "4.2.0",
    "report_id": "02eb480f-8172-431a-9276-c28ba90f694a",
    "timestamp": "2026-11-20T17:03:00Z",
    "reporter": WHO,
    "sender": WHO,
    "source_identifier": "192.0.2.7",
    "source_port": 51334,
    "category": "content",
    "type": "csam",
    "url": "https://pages.example/one",
    "classification": "baseline",
    "detection_method": "user_report",
    "media_type": "image",
    "hash_values": {"sha256": "ab" * 32},
    "description": "A page somebody told us of.",
    "evidence": [{"content_type": "text/plain", "payload": base64.b64encode(PAYLOAD).decode(), "description": "chat"}],
    "x_of_our_own": "kept too",
}
GROOMING: Json = {
    **{name: MATERIAL[name] for name in ("xarf_version", "timestamp", "reporter", "sender", "category", "url")},
    "report_id": "12eb480f-8172-431a-9276-c28ba90f694b",
    "source_identifier": "stranger77",
    "type": "csem",
    "exploitation_type": "sextortion",
    "detection_method": "user_report",
    "victim_age_range": "prepubescent",
    "platform": "messaging_app",
    "perpetrator_indicators": {"account_id": "4711", "ip_addresses": ["192.0.2.9"], "pattern_of_behavior": "threats"},
}
OLD: Json = {
    "Version": "3",
    "ReporterInfo": {"ReporterOrg": "Northwind", "ReporterOrgEmail": "abuse@northwind.example"},
    "Report": {
        "ReportClass": "Content",
        "ReportType": "ChildAbuse",
        "Date": "2026-11-20T17:03:00Z",
        "SourceIp": "192.0.2.55",
        "SourceUrl": "https://pages.example/old",
        "Attachment": [{"ContentType": "text/plain", "Data": base64.b64encode(PAYLOAD).decode(), "Description": "a"}],
    },
}


def hashes(content: bytes) -> dict[str, str]:
    return {name: hashlib.new(name, content).hexdigest() for name in ALGORITHMS}


def test_material_is_taken_and_its_evidence_is_hashed_and_dropped(
    server: Server, settings: Settings, owner: Engine
) -> None:
    answer = server.xarf(MATERIAL)
    assert answer.status_code == 201, answer.text
    assert "warnings" not in answer.json()
    [stored] = opened(settings, owner)
    details, source = stored["details"], str(stored["source"])
    assert isinstance(details, Details)
    assert (stored["channel"], stored["link"], stored["what"]) == ("xarf", MATERIAL["url"], MATERIAL["description"])
    assert details.kind is Kind.PAGE
    assert [account.seen[0].ip for account in details.accounts] == ["192.0.2.7"]
    assert details.accounts[0].seen[0].port == 51334
    assert details.files[0].hashes == {"sha256": "ab" * 32}
    assert details.files[1].hashes == hashes(PAYLOAD)
    assert json.loads(source)["x_of_our_own"] == "kept too"
    assert MATERIAL["evidence"][0]["payload"] not in source
    assert hashes(PAYLOAD)["sha256"] in source
    assert str(stored["contact"]).startswith("abuse@northwind.example")


def test_exploitation_feeds_what_decides_how_soon_it_is_read(server: Server, settings: Settings, owner: Engine) -> None:
    assert server.xarf(GROOMING).status_code == 201
    [stored] = opened(settings, owner)
    details = stored["details"]
    assert isinstance(details, Details)
    assert (details.kind, details.age, details.risks) == (Kind.CONTACT, Age.UNDER_13, (Risk.THREAT,))
    assert [(account.id, account.handle) for account in details.accounts] == [("4711", ""), ("", "stranger77")]
    assert "exploitation_type: sextortion" in details.note


def test_the_same_report_again_is_the_same_and_another_under_its_id_is_refused(server: Server, owner: Engine) -> None:
    first, again = server.xarf(MATERIAL), server.xarf(json.dumps(MATERIAL, indent=1).encode())
    assert first.content == again.content
    problem_of(server.xarf(MATERIAL | {"description": "Another."}), 422, "idempotency-key-used")
    assert count(owner) == 1


def test_version_3_is_taken_and_its_sender_is_told_to_move_on(
    server: Server, settings: Settings, owner: Engine
) -> None:
    first, again = server.xarf(OLD), server.xarf(OLD)
    assert first.status_code == 201, first.text
    assert "v3" in first.json()["warnings"][0]
    assert first.content == again.content
    [stored] = opened(settings, owner)
    details = stored["details"]
    assert isinstance(details, Details)
    assert stored["link"] == "https://pages.example/old"
    assert details.files[0].hashes == hashes(PAYLOAD)
    assert "classification" not in details.note
    assert details.reference == ""


def test_evidence_that_is_no_base64_is_dropped_and_no_hash_is_made_up(
    server: Server, settings: Settings, owner: Engine
) -> None:
    attachment = OLD["Report"]["Attachment"][0] | {"Data": "%%%%"}
    assert server.xarf(OLD | {"Report": OLD["Report"] | {"Attachment": [attachment]}}).status_code == 201
    assert server.xarf(MATERIAL | {"evidence": [MATERIAL["evidence"][0] | {"payload": "%%%%"}]}).status_code == 201
    for stored in opened(settings, owner):
        assert isinstance(stored["details"], Details)
        assert stored["details"].files[-1].hashes == {}


@pytest.mark.parametrize(
    "other",
    [
        MATERIAL | {"type": "phishing"},
        MATERIAL | {"category": "messaging", "type": "spam"},
        MATERIAL | {"type": ["csam"]},
        {"xarf_version": "4.2.0"},
        {},
        OLD | {"Report": OLD["Report"] | {"ReportType": "Phishing"}},
        OLD | {"Report": None},
    ],
)
def test_other_kinds_are_refused_and_what_is_taken_is_said(server: Server, owner: Engine, other: Json) -> None:
    problem = problem_of(server.xarf(other), 422, "not-accepted")
    assert "content/csam" in problem["detail"] and "content/csem" in problem["detail"]
    assert count(owner) == 0


@pytest.mark.parametrize(
    ("report", "pointer"),
    [
        ({name: MATERIAL[name] for name in MATERIAL if name != "classification"}, ""),
        (MATERIAL | {"classification": "Z9"}, "/classification"),
        (MATERIAL | {"report_id": "7"}, "/report_id"),
        (MATERIAL | {"reporter": {"org": "x"}}, "/reporter"),
        (MATERIAL | {"evidence": [{"payload": ""}]}, "/evidence/0"),
        (MATERIAL | {"confidence": 2}, "/confidence"),
        (OLD | {"ReporterInfo": {}}, None),
        (OLD | {"Report": OLD["Report"] | {"Date": None}}, "/timestamp"),
    ],
)
def test_what_is_no_xarf_is_pointed_at(server: Server, owner: Engine, report: Json, pointer: str | None) -> None:
    problem = problem_of(server.xarf(report), 422, "invalid")
    assert pointer is None or pointer in {error["pointer"] for error in problem["errors"]}
    assert count(owner) == 0


ODD = [
    *("AAAA", "", "AAA=", "AAA", "QUJD\\nREVG", "QUJD\\/w==", "%%%%", "A", "=AAA", "QUJD  REVG", "\\u0041AAA"),
    base64.b64encode(random.Random(7).randbytes(100_000)).decode(),
]


@pytest.mark.parametrize("number", range(len(ODD)))
@pytest.mark.parametrize("piece", [1, 3, 64, 10**6])
def test_in_whatever_pieces_evidence_comes_its_hashes_are_the_same(number: int, piece: int) -> None:
    text = ODD[number]
    if piece < 64 and len(text) > 1000:
        text = text[:1000]
    body = ('{"a":"\\"payload\\":\\"x","evidence":[{"payload" : "' + text + '","b":1}],"Data":"QQ=="}').encode()
    sieve = Sieve()
    for start in range(0, len(body), piece):
        sieve.feed(body[start : start + piece])
    kept = json.loads(sieve.finish())
    assert kept["a"] == '"payload":"x'
    assert sieve.hashes[kept["Data"]] == hashes(b"A")
    assert sieve.hashes[kept["evidence"][0]["payload"]] == expected(text)


def expected(text: str) -> dict[str, str]:
    plain = text.replace("\\n", "").replace("\\/", "/").replace(" ", "")
    try:
        return hashes(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except ValueError:
        return {}


def test_evidence_under_a_key_with_escapes_in_it_is_dropped_too(
    server: Server, settings: Settings, owner: Engine
) -> None:
    body = json.dumps(MATERIAL).replace('"payload"', '"pa\\u0079load"').encode()
    assert server.xarf(body).status_code == 201
    [stored] = opened(settings, owner)
    assert isinstance(stored["details"], Details)
    assert stored["details"].files[1].hashes == hashes(PAYLOAD)
    assert MATERIAL["evidence"][0]["payload"] not in str(stored["source"])


def test_a_report_with_more_evidence_than_fits_in_memory_is_small(server: Server, owner: Engine) -> None:
    payload = "A" * 6_000_000
    evidence = [{"content_type": "text/plain", "payload": payload} for _ in range(8)]
    answer = server.xarf(MATERIAL | {"evidence": evidence})
    assert answer.status_code == 201, answer.text
    assert count(owner) == 1
