"""A whole simulation: real doors, real workers, a name server, and what is looked up afterwards."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import dns.message
import dns.rcode
import iptocc
import pytest
from click.testing import CliRunner
from msgspec import structs
from sqlalchemy import Engine, text

from core.settings import Settings
from ops.bench.deployment import Deployment, unlimited
from ops.bench.figure import Figure
from ops.simulate.became import Became, look_up
from ops.simulate.command import simulate
from ops.simulate.doors import Doors, Taken
from ops.simulate.invent import invent
from ops.simulate.invented import Door
from ops.simulate.nameserver import answer
from ops.simulate.place import Place, on
from ops.simulate.post import post
from ops.simulate.run import Run, run
from ops.simulate.watch import Watch

REPORTS = 150
NOBODYS = "AAAA-BBBB-CCCC-DDDD-EEEE"


@pytest.fixture
def place(settings: Settings) -> Iterator[Place]:
    """On the tests' own servers, with a public site of its own and one worker."""
    deployment = Deployment(structs.replace(unlimited(settings), batch=10))
    try:
        with on(deployment, workers=1) as found:
            yield found
    finally:
        deployment.owner.close()


def figures_of(result: Run) -> dict[str, Figure]:
    return {figure.name: figure for figure in result.figures}


def test_a_simulation_goes_through_every_door_and_triage_meets_its_targets(place: Place, owner: Engine) -> None:
    made = invent(REPORTS, seed=106)
    told = figures_of(run(place, made, rate=1000))
    missed = {name for name, figure in told.items() if figure.met is False}
    assert missed - {"report to case: p99"} - {name for name in told if name.startswith("bundling: pairwise")} == set()
    for measure in ("precision", "recall"):  # of so few, one is many
        assert told[f"bundling: pairwise {measure}, without floods"].value > 0.85
    assert told["report to case: p50"].value > 0
    assert {one.told.door for one in made} == set(Door)
    with owner.connect() as connection:
        channels = set(connection.scalars(text("SELECT DISTINCT channel FROM reports")))
        agencies = connection.scalar(text("SELECT count(DISTINCT agency_id) FROM cases")) or 0
        live = connection.scalar(text("SELECT count(*) FROM partner_credentials WHERE revoked_at IS NULL"))
    assert channels == {"site", "api", "xarf", "cybertipline"}
    assert agencies > 10
    assert live, "its partner's credentials end with it and not before"


def test_what_went_wrong_is_found_out(place: Place, owner: Engine) -> None:
    """Nobody is let in by a wrong key, nothing is in a case before workers begin, and one row is there twice."""
    by_key = [one for one in invent(200, seed=6) if one.told.door is Door.JSON][:5]
    shut_out = Doors(place.doors.new_token, "wrong", "nobody", "wrong", uuid4())
    refused = asyncio.run(post(shut_out, place.port, by_key))
    assert (refused.accepted, {one.status for one in refused.taken}) == (0, {401})

    forms = [one for one in invent(200, seed=7) if one.told.door is Door.FORM and not one.told.twice][:3]
    posting = asyncio.run(post(place.doors, place.port, forms))
    with owner.begin() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE again ON COMMIT DROP AS SELECT * FROM reports LIMIT 1"))
        connection.execute(text("UPDATE again SET id = gen_random_uuid()"))
        connection.execute(text("INSERT INTO reports SELECT * FROM again"))
    found = look_up(place.url, [*posting.taken, Taken(200, receipt=NOBODYS)], place.hashed)
    assert list(found.became) == [Became()] * 4
    assert found.more == 1


def test_the_command_posts_to_what_runs_here_and_its_status_tells_whether_targets_are_met(
    place: Place, settings: Settings, tmp_path: Path
) -> None:
    environ = {
        "HOTLINE_VAR": str(tmp_path),
        "HOTLINE_KEYS": str(settings.keys_dir),
        "HOTLINE_DATABASE_URL": settings.database_url,
        "HOTLINE_REDIS_URL": settings.redis_url,
        "HOTLINE_INTAKE_PORT": str(place.port),
    }
    asked = ["--here", "--reports", "40", "--seed", "5", "--json", "--keep", str(tmp_path / "kept.jsonl")]
    with place.working():
        done = CliRunner().invoke(simulate, asked, env=environ)
    told = {figure["name"]: figure for figure in json.loads((tmp_path / "simulate.json").read_text())}
    assert json.dumps(told["reports sent"]["value"]) in done.output
    assert told["acknowledged and in no case: lost"]["met"] is told["not acknowledged"]["met"] is True
    assert told["fully triaged"]["value"] > 0
    assert done.exit_code == any(figure["met"] is False for figure in told.values())
    kept = [json.loads(line) for line in (tmp_path / "kept.jsonl").read_text().splitlines()]
    assert len(kept) == 40 and all(one["became"]["case"] for one in kept)


def test_a_report_that_never_gets_a_case_is_the_slowest(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    assert settings.database_url
    monkeypatch.setattr("ops.simulate.watch.PATIENCE", 0.2)
    watch = Watch(lambda receipt: receipt.encode())
    with watch.running(settings.database_url):
        watch.hear(0, Taken(200, receipt=NOBODYS), due=0.0)
    assert watch.waits == []
    assert watch.percentile(0.99) == pytest.approx(200)


@pytest.mark.parametrize("country", ["IT", "IN", "GB", "UA"])
def test_a_site_stands_where_its_name_says(country: str) -> None:
    query = dns.message.make_query(f"www.garden.at-{country.lower()}.example", "A")
    reply = dns.message.from_wire(answer(query.to_wire()))
    assert query.is_response(reply)
    assert [iptocc.country_code(row.address) for row in reply.answer[0]] == [country]


def test_other_names_are_nowhere() -> None:
    reply = dns.message.from_wire(answer(dns.message.make_query("garden.example", "A").to_wire()))
    assert (reply.rcode(), reply.answer) == (dns.rcode.NXDOMAIN, [])
