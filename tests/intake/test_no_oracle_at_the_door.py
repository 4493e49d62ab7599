"""No partner learns whether something was reported before: the same bytes, and times that cannot be told apart."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, text

from core.settings import Settings
from tests.factories import a_partner
from tests.intake.doors import WHOLE, Json, Server
from tests.intake.test_no_oracle import SUSPICIOUS, TURNS, in_turns, wait_until_filed, z
from tests.intake.test_xarf_door import MATERIAL
from tests.processes import running, with_free_ports

KNOWN = "known00000"


def naming(identifier: str) -> Json:
    """A report in which everything that can be matched is this."""
    account = {"id": identifier, "handle": identifier, "emails": [f"{identifier}@mail.example"]}
    return WHOLE | {"accounts": [account], "urls": [f"https://chat.example/{identifier}"], "reference": identifier}


@pytest.fixture
def door(settings: Settings, owner: Engine, client: httpx.Client) -> Iterator[Server]:
    """At a running door whose triage has filed ten reports of one identifier by another partner."""
    settings = with_free_ports(settings)
    with running(settings, "intake", "worker-1"):
        other, mine = (Server(settings.address, a_partner(settings, owner), client) for _ in range(2))
        for _ in range(10):
            assert other.report(naming(KNOWN)).status_code == 201
        wait_until_filed(owner, 10)
        yield mine


def test_a_known_identifier_and_a_new_one_get_the_same_answer_in_the_same_time(door: Server) -> None:
    times, said = in_turns(
        TURNS, [lambda _: door.report(naming(KNOWN)), lambda turn: door.report(naming(f"new{turn:07}"))]
    )
    assert said[0] == said[1] and len(said[0]) == 1
    assert abs(z(*times)) < SUSPICIOUS


def test_what_a_partner_sent_itself_is_no_more_known_to_it(door: Server, owner: Engine) -> None:
    mine = "mine000000"
    for _ in range(10):
        assert door.report(naming(mine)).status_code == 201
    wait_until_filed(owner, 20)
    times, said = in_turns(
        TURNS, [lambda _: door.report(naming(mine)), lambda turn: door.report(naming(f"other{turn:05}"))]
    )
    assert said[0] == said[1] and len(said[0]) == 1
    assert abs(z(*times)) < SUSPICIOUS


def test_a_reference_that_is_another_partner_s_receipt_tells_nothing(door: Server, owner: Engine) -> None:
    with owner.connect() as connection:
        known = str(connection.execute(text("SELECT id FROM reports LIMIT 1")).scalar_one())
    answers = {
        door.report(WHOLE | {"reference": reference}).json()["completeness"]["score"]
        for reference in (known, "00000000-0000-7000-8000-000000000000")
    }
    assert answers == {100}


def test_a_known_page_reported_as_xarf_is_answered_like_a_new_one(door: Server) -> None:
    def report(page: str, number: int) -> httpx.Response:
        id = f"32eb480f-8172-431a-9276-{number:012}"
        return door.xarf(MATERIAL | {"url": f"https://chat.example/{page}", "report_id": id})

    turns = TURNS // 3
    report(KNOWN, 0)
    times, said = in_turns(
        turns,
        [lambda turn: report(KNOWN, turn + 1), lambda turn: report(f"new{turn:07}", turn + 1 + turns)],
    )
    assert said[0] == said[1] and len(said[0]) == 1
    assert abs(z(*times)) < SUSPICIOUS


def test_secrets_that_are_wrong_look_alike_however_near_they_are(door: Server) -> None:
    """The first characters right, the last ones right, or none: what is looked up is a keyed hash of the whole."""
    right = door.partner.api_key

    def ask(secret: str) -> httpx.Response:
        return door.client.post(door.address + "/api/v1/reports", headers={"authorization": f"Bearer {secret}"})

    near = [lambda turn: ask(f"{right[:-4]}{turn:04}"), lambda turn: ask(f"ohk_{turn:032}")]
    times, said = in_turns(TURNS, near)
    assert said[0] == said[1] and len(said[0]) == 1
    assert abs(z(*times)) < SUSPICIOUS
