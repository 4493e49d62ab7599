"""The JSON door: one meaning, one report for a key, advice in return, and nothing to read."""

import json
import re

import httpx
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.details import Details
from core.keys import TriageKeys
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Missing, Side
from ops.partners import book
from tests.factories import a_partner
from tests.intake.doors import LITTLE, WHOLE, Json, Server, problem_of

RECEIPT = re.compile(r"^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$")


def opened(settings: Settings, owner: Engine) -> list[dict[str, object]]:
    """Every stored report, with what is sealed opened, oldest first."""
    ring = TriageKeys.read(settings.keys_dir).reports
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT * FROM reports ORDER BY received_at, id")).mappings().all()
    found = []
    for row in rows:
        place = Row("reports", row["id"])
        with ring.unwrap(place, row["wrapped_key"]) as key:
            sealed = {
                name: key.open(place, name, row[name]) for name in ("what", "link", "contact", "details", "source")
            }
        found.append(dict(row) | sealed | {"details": Details.from_text(sealed["details"])})
    return found


def test_a_whole_report_is_stored_whole(server: Server, settings: Settings, owner: Engine) -> None:
    answer = server.report(WHOLE)
    assert answer.status_code == 201, answer.text
    assert answer.json()["completeness"] == {"score": 100, "advice": []}
    assert RECEIPT.match(answer.json()["receipt"])
    [stored] = opened(settings, owner)
    details = stored["details"]
    assert isinstance(details, Details)
    plain = {name: stored[name] for name in ("channel", "language", "country", "danger", "partner_id", "completeness")}
    assert plain == {
        "channel": "api",
        "language": "en",
        "country": "IT",
        "danger": "unsure",
        "partner_id": server.partner.id,
        "completeness": 100,
    }
    assert json.loads(str(stored["source"])) == WHOLE
    assert (stored["what"], stored["link"]) == (WHOLE["what"], WHOLE["urls"][0])
    assert stored["contact"] == "pat@mail.example\n+44 1632 960002"
    assert [account.side for account in details.accounts] == [Side.REPORTED, Side.CHILD, Side.REPORTER, Side.OTHER]
    kept = details.to_text()
    for told in leaves(WHOLE):
        assert told in kept or told in str(stored), told


def leaves(told: object) -> list[str]:
    """Every word that was sent."""
    if isinstance(told, dict):
        return [leaf for value in told.values() for leaf in leaves(value)]
    if isinstance(told, list):
        return [leaf for value in told for leaf in leaves(value)]
    return [str(told)]


def test_what_is_missing_comes_back_as_advice_and_raises_no_priority(
    server: Server, settings: Settings, owner: Engine
) -> None:
    answer = server.report(LITTLE).json()
    assert answer["completeness"]["score"] == 10
    assert {advice["missing"] for advice in answer["completeness"]["advice"]} == set(Missing) - {Missing.WORDS}
    assert all(advice["why"] for advice in answer["completeness"]["advice"])
    [stored] = opened(settings, owner)
    assert isinstance(stored["details"], Details)
    assert set(stored["details"].missing) == set(Missing) - {Missing.WORDS}


SCORES = [
    (LITTLE, 10),
    ({"accounts": [{}]}, 10),
    ({"accounts": [{"handle": "stranger77"}]}, 30),
    ({"accounts": [{"seen": [{"ip": "192.0.2.7"}]}]}, 10),
    ({"accounts": [{"seen": [{"ip": "192.0.2.7", "at": "2026-11-20T17:00:00Z"}]}]}, 30),
    ({"accounts": [{"seen": [{"ip": "2001:db8::7", "port": 1}]}]}, 15),
    ({"others": [{"handle": "a", "seen": [{"ip": "192.0.2.7", "at": "2026-11-20T17:00:00Z", "port": 1}]}]}, 10),
    ({"happened_at": "2026-11-20T17:00:00Z"}, 20),
    ({"conversation": {"id": "7"}}, 15),
    ({"conversation": {"messages": [{"text": "Hello"}]}}, 20),
    ({"files": [{"name": "a.jpg"}]}, 10),
    ({"files": [{"hashes": {"md5": "0" * 32}}]}, 20),
    ({"service": "Northwind Chat", "child": {"age": "under_13", "country": "FR"}}, 25),
    ({"reporter": {"phone": "+44 1632 960003"}}, 15),
    ({"reporter": {"country": "FR"}}, 15),
]


@pytest.mark.parametrize(("more", "score"), SCORES)
def test_each_thing_that_is_needed_counts(server: Server, more: Json, score: int) -> None:
    assert server.report(LITTLE | more).json()["completeness"]["score"] == score


def test_the_same_key_again_is_the_same_answer_and_no_second_report(server: Server, owner: Engine) -> None:
    answers = [server.report(WHOLE, key="same") for _ in range(3)]
    answers.append(server.report(json.dumps(WHOLE, indent=3, sort_keys=True).encode(), key='"same"'))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert count(owner) == 1


def test_the_same_key_with_other_content_is_refused(server: Server, owner: Engine) -> None:
    server.report(WHOLE, key="same")
    problem_of(server.report(WHOLE | {"note": "And more."}, key="same"), 422, "idempotency-key-used")
    assert count(owner) == 1


def test_two_partners_may_use_the_same_key(server: Server, settings: Settings, owner: Engine) -> None:
    other = Server(server.address, a_partner(settings, owner), server.client)
    receipts = {each.report(WHOLE, key="same").json()["receipt"] for each in (server, other)}
    assert len(receipts) == count(owner) == 2


def count(owner: Engine) -> int:
    with owner.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM reports")).scalar_one()


@pytest.mark.parametrize("key", ["", "a b", "k" * 201, '""'])
def test_without_a_key_nothing_is_taken(server: Server, owner: Engine, key: str) -> None:
    problem_of(server.report(WHOLE, key=key), 400, "idempotency-key")
    assert count(owner) == 0


REFUSED = [
    ({}, "", "required field `what`"),
    ([], "", "Expected `object`"),
    (LITTLE | {"wat": 1}, "/wat", "not known"),
    (LITTLE | {"a/b~c": 1}, "/a~1b~0c", "not known"),
    (LITTLE | {"accounts": [{}, {"seen": [{"ip": "192.0.2.1", "prt": 1}]}]}, "/accounts/1/seen/0/prt", "not known"),
    (LITTLE | {"accounts": [{"seen": [{}]}]}, "/accounts/0/seen/0", "required field `ip`"),
    (LITTLE | {"accounts": [{"seen": [{"ip": "no address"}]}]}, "/accounts/0/seen/0/ip", "address"),
    (LITTLE | {"accounts": [{"seen": [{"ip": "192.0.2.1", "port": 0}]}]}, "/accounts/0/seen/0/port", ">= 1"),
    (LITTLE | {"happened_at": "yesterday"}, "/happened_at", "matching regex"),
    (LITTLE | {"happened_at": "2026-02-30T00:00:00Z"}, "/happened_at", "matching regex"),
    (LITTLE | {"happened_at": "2026-11-20T17:00:00"}, "/happened_at", "matching regex"),
    (LITTLE | {"accounts": [{"seen": [{"ip": "192.0.2.1", "port": 1.5}]}]}, "/accounts/0/seen/0/port", "got `float`"),
    (LITTLE | {"danger": "very"}, "/danger", "Invalid enum value"),
    (LITTLE | {"danger": "unsaid"}, "/danger", "Invalid enum value"),
    (LITTLE | {"child": {"country": "XX"}}, "/child/country", "no country"),
    (LITTLE | {"language": "English, please"}, "/language", "length"),
    (LITTLE | {"urls": ["x"] * 101}, "/urls", "length"),
    (LITTLE | {"what": ""}, "/what", "length"),
    (LITTLE | {"files": [{"hashes": {"md5": "xyz"}}]}, "/files/0/hashes/md5", "regex"),
    (LITTLE | {"files": [{"data": "base64"}]}, "/files/0/data", "not known"),
]


@pytest.mark.parametrize(("report", "pointer", "said"), REFUSED)
def test_what_is_wrong_is_pointed_at(server: Server, owner: Engine, report: object, pointer: str, said: str) -> None:
    problem = problem_of(server.report(report), 422, "invalid")
    assert problem["errors"][0]["pointer"] == pointer
    assert said in problem["errors"][0]["detail"]
    assert count(owner) == 0


def test_each_report_of_a_batch_is_taken_or_refused_by_itself(server: Server, owner: Engine) -> None:
    batch = [
        {"idempotency_key": "a", "report": LITTLE},
        {"idempotency_key": "b", "report": LITTLE | {"child": {"country": "XX"}}},
        {"idempotency_key": "a", "report": LITTLE | {"note": "Other."}},
        {"idempotency_key": "c", "report": LITTLE | {"wat": 1}},
        {"idempotency_key": "a", "report": LITTLE},
    ]
    answer = server.batch(*batch)
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["outcomes"]
    assert [outcome["status"] for outcome in outcomes] == [201, 422, 422, 422, 201]
    assert [outcome["idempotency_key"] for outcome in outcomes] == ["a", "b", "a", "c", "a"]
    assert outcomes[0] == outcomes[4]
    assert outcomes[1]["problem"]["errors"][0]["pointer"] == "/reports/1/report/child/country"
    assert outcomes[2]["problem"]["type"].endswith("idempotency-key-used")
    assert outcomes[3]["problem"]["errors"][0]["pointer"] == "/reports/3/report/wat"
    assert outcomes[0]["accepted"]["receipt"] == server.report(LITTLE, key="a").json()["receipt"]
    assert count(owner) == 1


def test_a_batch_that_is_none_is_refused_whole(server: Server) -> None:
    for items in ((), ({"report": LITTLE},), tuple({"idempotency_key": "a", "report": LITTLE} for _ in range(101))):
        problem_of(server.batch(*items), 422, "invalid")


WITHOUT = [
    "",
    "Bearer",
    "Bearer ohk_00000000000000000000000000000000",
    "Basic {password}",
    "Bearer {password}",
    "{api_key}",
    "Bearer {api_key}x",
    f"Bearer {'k' * 5000}",
    "Bearer \u00e9",
]


@pytest.mark.parametrize("authorization", WITHOUT)
def test_without_live_credentials_nothing_is_read(server: Server, owner: Engine, authorization: str) -> None:
    made = authorization.format(password=server.partner.password, api_key=server.partner.api_key)
    answer = server.client.post(
        server.address + "/api/v1/reports",
        content=b"not even JSON",
        headers=[(b"authorization", made.encode())] if made else [],
    )
    problem_of(answer, 401, "credentials")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert count(owner) == 0


def test_a_quarantined_partner_is_told_so_whatever_it_sends(server: Server, owner: Engine) -> None:
    assert server.report(LITTLE).status_code == 201
    with transaction(owner) as session:
        book.set_quarantine(session, book.find_partner(session, server.partner.code), shut=True)
    problem_of(server.report(LITTLE), 403, "quarantine")
    [outcome] = server.batch({"idempotency_key": "a", "report": LITTLE}).json()["outcomes"]
    assert outcome["status"] == 403
    assert count(owner) == 1


def test_over_its_quota_a_partner_waits_and_is_told_how_long(
    served: Settings, settings: Settings, owner: Engine, client: httpx.Client
) -> None:
    small = Server(served.address, a_partner(settings, owner, quota=3), client)
    other = Server(served.address, a_partner(settings, owner), client)
    assert [small.report(LITTLE).status_code for _ in range(3)] == [201] * 3
    answer = small.report(LITTLE)
    problem_of(answer, 429, "quota")
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    [outcome] = small.batch({"idempotency_key": "a", "report": LITTLE}).json()["outcomes"]
    assert outcome["status"] == 429
    assert other.report(LITTLE).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("GET", "/api/v1/reports", 405, "method"),
        ("GET", "/api/v1/reports/batch", 405, "method"),
        ("DELETE", "/api/v1/reports", 405, "method"),
        ("GET", "/api/v1/xarf", 405, "method"),
        ("POST", "/api/v1/openapi.json", 405, "method"),
        ("GET", "/api/v1/reports/0192", 404, "not-found"),
        ("GET", "/api/v1/", 404, "not-found"),
        ("GET", "/api/", 404, "not-found"),
    ],
)
def test_there_is_nothing_to_read_at_the_door(server: Server, method: str, path: str, status: int, name: str) -> None:
    assert server.report(LITTLE).status_code == 201
    answer = server.client.request(method, server.address + path, headers=server.credentials)
    problem_of(answer, status, name)
    assert ("allow" in answer.headers) == (status == 405)


def test_a_database_that_is_away_is_said_so_and_the_next_try_is_the_same_report(server: Server, owner: Engine) -> None:
    assert server.report(LITTLE).status_code == 201
    with owner.begin() as connection:
        connection.execute(text("REVOKE EXECUTE ON FUNCTION take_from_partners FROM hotline_intake"))
    try:
        answer = server.report(LITTLE, key="away")
        problem_of(answer, 503, "not-stored")
        assert answer.headers["retry-after"] == "5"
    finally:
        with owner.begin() as connection:
            connection.execute(text("GRANT EXECUTE ON FUNCTION take_from_partners TO hotline_intake"))
    assert server.report(LITTLE, key="away").status_code == 201
    assert count(owner) == 2
