"""The console's queue page with a million reports stored: how long the server takes over any page of it."""

import http.client
import re
import time
from collections.abc import Iterator
from itertools import cycle, islice

from core.db import connect, transaction
from core.keys import ConsoleKeys
from core.vocabulary import Role
from ops.addresses import child_settings
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, at_most
from ops.staff import add_staff
from triage.console import sessions

REPORTS = 1_000_000
CASES = 200_000
OF_A_CASE = REPORTS // CASES
PAGES = 50
VIEWS = 1_000
SLOWEST = 50
NEXT = re.compile(r'href="(/\?[^"]*after=[^"]+)"')
OPEN_CASES = f"""
    INSERT INTO cases (id, reference, agency_id, priority, country, language, danger, report_count, received_at,
        last_received_at, opened_at, state, disposition, closed_at)
    SELECT gen_random_uuid(), 'C-' || lpad(to_hex(n), 8, '0'), agencies.id, 1 + n % 5, 'IT', 'it', 'no', {OF_A_CASE},
        now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute',
        CASE WHEN n % 4 = 0 THEN 'closed' ELSE 'open' END, CASE WHEN n % 4 = 0 THEN 'acted_on' END,
        CASE WHEN n % 4 = 0 THEN now() END
    FROM agencies, generate_series(1, {CASES}) AS n WHERE agencies.home
"""  # noqa: S608  # numbers of our own
FILE_REPORTS = f"""
    INSERT INTO reports (id, received_at, channel, language, country, danger, what, link, contact, receipt_hash,
        mailbox_key, state, filed_at, case_id, priority)
    SELECT gen_random_uuid(), cases.received_at, 'site', 'it', 'IT', 'no', sha256(cases.id::text::bytea),
        '', '', sha256((cases.id::text || n)::bytea), sha256(cases.id::text::bytea), 'filed', now(), cases.id,
        cases.priority
    FROM cases, generate_series(1, {OF_A_CASE}) AS n
"""  # noqa: S608
KEEP_KEYS = """
    INSERT INTO report_keys (report_id, agency_id, wrapped_key)
    SELECT reports.id, cases.agency_id, sha256(reports.id::text::bytea)
    FROM reports JOIN cases ON cases.id = reports.case_id
"""


def measure(deployment: Deployment) -> Iterator[Figure]:
    for statement in (OPEN_CASES, FILE_REPORTS, KEEP_KEYS, "VACUUM ANALYZE"):
        deployment.owner.execute(statement.encode())
    cookie = {"Cookie": f"session={_log_in(deployment)}"}
    with deployment.console() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        pages = list(islice(_walk(connection, cookie), PAGES))
        times = sorted(_took(connection, page, cookie) for page in islice(cycle(pages), VIEWS))
        connection.close()
    count = deployment.count("SELECT count(*) FROM reports")
    yield at_most(f"queue page, p99, {count:,} reports stored", times[int(VIEWS * 0.99)], "ms", SLOWEST)
    deployment.empty()


def _walk(connection: http.client.HTTPConnection, cookie: dict[str, str]) -> Iterator[str]:
    """The first page, the one after it, and so on."""
    page: str | None = "/"
    while page:
        yield page
        found = NEXT.search(_read(connection, page, cookie))
        page = found[1].replace("&amp;", "&") if found else None


def _took(connection: http.client.HTTPConnection, page: str, cookie: dict[str, str]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    _read(connection, page, cookie)
    return (time.perf_counter() - started) * 1000


def _read(connection: http.client.HTTPConnection, page: str, cookie: dict[str, str]) -> str:
    connection.request("GET", page, headers=cookie)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 200, f"the queue page answers {answer.status}"
    return text


def _log_in(deployment: Deployment) -> str:
    """The token of somebody's session."""
    settings = child_settings(deployment.settings, "console")
    assert deployment.settings.database_url
    assert settings.console_database_url
    owner, console = connect(deployment.settings.database_url, pool=1), connect(settings.console_database_url, pool=1)
    with transaction(owner) as session:
        add_staff(session, ConsoleKeys.read(settings.keys_dir), "Bench", Role.ANALYST)
    person = deployment.owner.execute("SELECT id FROM staff").fetchone()
    assert person
    with transaction(console) as session:
        token = sessions.start(session, person[0], settings)
    owner.dispose()
    console.dispose()
    return token
