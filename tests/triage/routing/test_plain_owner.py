"""Under an owner that is no superuser, whom forced row-level security binds too, all of it works the same."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import select

from core.db import connect, transaction
from core.keys import ConsoleKeys, TriageKeys
from core.models import Case
from core.settings import Settings
from core.vocabulary import RefusalReason
from ops.embedded.servers import EmbeddedServers
from tests.conftest import deploy
from tests.factories import a_filed_report, a_submission, an_agency
from tests.triage.analyst import hire, person_of
from tests.triage.routing.invented import END, read
from triage.cases.reading import read_case
from triage.cases.refusing import refuse_case
from triage.routing.backtest import back_test
from triage.routing.book import read_book
from triage.routing.documents import publish
from triage.routing.matcher import Matcher
from triage.routing.why import FactsSeal

RULES = "rule Italy\n  send to it-first, it-second\n" + END


@pytest.fixture
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A deployment whose database belongs to somebody who may make roles and nothing else."""
    var = tmp_path_factory.mktemp("plain")
    with EmbeddedServers(var) as servers:
        with psycopg.connect(servers.database_url, autocommit=True) as superuser:
            superuser.execute("CREATE ROLE plain LOGIN CREATEROLE PASSWORD 'plain'")
            superuser.execute("CREATE DATABASE plain OWNER plain")
        parts = urlsplit(servers.database_url)
        url = parts._replace(netloc=f"plain:plain@{parts.netloc.rpartition('@')[2]}", path="/plain").geturl()
        yield deploy(Settings(var=str(var), database_url=url, redis_url=servers.redis_url))


@pytest.mark.timeout(180)
def test_publishing_refusing_and_back_testing_work_for_an_owner_whom_the_walls_bind(plain: Settings) -> None:
    urls = (plain.database_url, plain.triage_database_url, plain.console_database_url)
    owner, triage, console = (connect(url or "") for url in urls)
    keys = ConsoleKeys.read(plain.keys_dir)
    with transaction(owner) as session:
        for code in ("it-first", "it-second"):
            an_agency(session, plain, code, "IT")
    with transaction(owner) as session:
        publish(session, RULES, "Ada", ["Nobody said where"])
    first, second = (
        person_of(owner, hire(owner, plain, f"Lead of {code}", "supervisor", code))
        for code in ("it-first", "it-second")
    )
    a_filed_report(plain, triage, a_submission("Un segreto."))
    with transaction(owner) as session:
        case = session.scalars(select(Case.id)).one()
    with transaction(console, first.agency) as session:
        refuse_case(session, keys, first, case, RefusalReason.LANGUAGE)
    opened = read_case(console, keys, second, case)
    assert [report.words and report.words["what"] for report in opened.reports] == ["Un segreto."]
    assert [(turn.turn, turn.refusal) for turn in opened.routings] == [(0, RefusalReason.LANGUAGE), (1, None)]
    with transaction(owner) as session, FactsSeal.of(TriageKeys.read(plain.keys_dir).facts) as seal:
        live, other = (Matcher(read(rules), read_book(session)) for rules in (RULES, END))
        assert back_test(session, seal, live, other).between() == {("it-first", "hotline"): 1}
    for engine in (owner, triage, console):
        engine.dispose()
