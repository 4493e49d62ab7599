"""Canaries: what people write is nowhere on this machine in the clear, whatever happened on the way.

Unique words are sent through every field of both faces, then everything the deployment has written is
searched for them: database files and WAL, a dump, Valkey's memory, every log and process output.
"""

import base64
import re
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import uuid4

import httpx
import pyotp
import pyrage
import pytest
from redis import Redis
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from core.db import connect, transaction
from core.keys import ConsoleKeys
from core.settings import Settings
from core.vocabulary import By
from ops.agencies import import_agencies
from ops.embedded import binaries
from ops.embedded.servers import EmbeddedServers
from ops.on_call import add as add_on_call
from ops.receiving import set_way
from ops.staff import NewStaff, add_staff
from tests.conftest import deploy
from tests.core.cybertipline.samples import a_report
from tests.factories import KnownPartner, a_partner, a_sealed_report, post
from tests.intake.cybertipline.operator import at_the_door
from tests.intake.doors import Server
from tests.intake.operator import Operator, Reporter, an_operator, unsigned
from tests.intake.test_xarf_door import MATERIAL
from tests.processes import receipt_on, running, send_report, site, token_on, with_free_ports

KNOWN = "canary-that-is-in-the-open"
"""Written where the search must find it: a search that finds nothing anywhere proves nothing."""

WITHIN_A_MINUTE = 240
OTHERS = ("example-silent", "example-form")
FIELDS = (
    *(
        "what",
        "link",
        "email",
        "account",
        "suspect",
        "safe",
        "unknown",
        "agent",
        "query",
        "refused",
        "unstored",
        "added",
    ),
    *("half way", "deleted"),
    *("chat", "account in the app", "message", "half a chat", "unsigned", "token"),
    *("answer", "reason", "login", "password"),
    *("partner what", "partner handle", "partner message", "partner key", "partner unknown", "partner unread"),
    *("partner query", "xarf page", "xarf evidence", "wrong secret"),
    *(
        "tip text",
        "tip account",
        "tip file",
        "tip file name",
        "tip notes",
        "tip retracted",
        "tip refused",
        "tip unread",
    ),
    "tip password",
    *("note", "why", "contact", "interface", "illegal"),
)


def a_canary() -> str:
    return f"canary{secrets.token_hex(12)}"


def disguises(word: str) -> Iterator[bytes]:
    """The word as text, UTF-16, URL-encoded, hexadecimal and base64 at each of its three alignments."""
    plain = word.encode()
    yield from (plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode())
    yield "".join(f"%{byte:02X}" for byte in plain).encode()
    for shift in range(3):
        yield base64.b64encode(b"\x00" * shift + plain)[4:-4]


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mapping[str, str], bytes]]:
    """The canaries by name, and all that a deployment wrote while they passed through it."""
    var = tmp_path_factory.mktemp("canary")
    with EmbeddedServers(var) as servers:
        bare = Settings(var=str(var), database_url=servers.database_url, redis_url=servers.redis_url)
        settings = with_free_ports(deploy(bare))
        canaries = live(settings, servers)
        memory = b"".join(_everything_in(Redis.from_url(servers.redis_url)))
        dump = _dump(servers)
        files = b"".join(path.read_bytes() for path in sorted(var.rglob("*")) if path.is_file())
        yield canaries, files + memory + dump


def live(settings: Settings, servers: EmbeddedServers) -> Mapping[str, str]:
    """A day in short: reports in, trouble on the way, a case read and ended, wrong log-ins."""
    canaries = {name: a_canary() for name in FIELDS}
    staff = _somebody(settings)
    owner = create_engine(str(settings.database_url).replace("postgresql://", "postgresql+psycopg://"))
    operator = an_operator(settings, owner)
    owner.dispose()
    to = _others(settings, canaries)
    with running(settings, "intake", "worker-1", "console") as children, site(settings) as visitor:
        receipt = _report(visitor, canaries)
        _report_from_an_app(visitor, operator, canaries)
        secret = _report_as_partner(settings, canaries)
        post(settings, [replace(a_sealed_report(settings), wrapped_key=b"\x01" * 1237)])
        children["worker-1"].kill()
        children["worker-1"].start()
        _work(settings, staff, canaries, to)
        _come_back(visitor, receipt, canaries)
        servers.kill_postgres()
        send_report_unstored(visitor, canaries["unstored"])
        servers.restart_postgres()
        _mark(servers)
    return canaries | {"api key": secret, "receipt": receipt, "receipt as one word": receipt.replace("-", "")}


def _report(visitor: httpx.Client, canaries: Mapping[str, str]) -> str:
    """The receipt."""
    fields = {name: canaries[name] for name in ("what", "email", "account", "suspect", "safe", "unknown")}
    fields |= {"link": f"https://example.com/{canaries['link']}", "country": "IT", "danger": "yes"}
    visitor.headers["User-Agent"] = canaries["agent"]
    sent = send_report(visitor, **fields)
    assert sent.status_code == 200
    for name, go in (("half way", ""), ("deleted", "delete-now")):
        assert send_report(visitor, what=canaries[name], go="end").status_code == 200
        assert send_report(visitor, what=canaries[name], go=go).status_code == 200
    assert send_report(visitor, what=canaries["refused"], country="no such country").status_code == 422
    visitor.get("/en/report", params={"q": canaries["query"]})
    visitor.get(f"/en/{canaries['query']}")
    return receipt_on(sent.text)


def _report_from_an_app(visitor: httpx.Client, operator: Operator, canaries: Mapping[str, str]) -> None:
    """One sent, one left half way, one with a token of a stranger."""
    added = {
        "conversation_id": canaries["chat"],
        "reported": {"handle": canaries["account in the app"]},
        "messages": [{"text": canaries["message"]}],
    }
    tokens = (
        operator.token(ctx=added, jti=canaries["token"]),
        operator.token(ctx={"conversation_id": canaries["half a chat"]}),
        unsigned(operator.claims | {"ctx": {"conversation_id": canaries["unsigned"]}}),
    )
    for token, end in zip(tokens, ("send", "leave", "send"), strict=True):
        reporter = Reporter.in_frame(visitor, operator.partner.code)
        reporter.goes_to("check", jwt=token, what="An adult asked me to keep a secret.")
        if end == "send":
            assert reporter.goes_on(go="send").status_code == 200


def _report_as_partner(settings: Settings, canaries: Mapping[str, str]) -> str:
    """Through each of the doors that take JSON, rightly and wrongly; the API key."""
    engine = create_engine(str(settings.database_url).replace("postgresql://", "postgresql+psycopg://"))
    partner = a_partner(settings, engine)
    engine.dispose()
    with httpx.Client(timeout=15) as client:
        server = Server(settings.address, partner, client)
        told = {
            "what": canaries["partner what"],
            "accounts": [{"handle": canaries["partner handle"]}],
            "conversation": {"messages": [{"text": canaries["partner message"]}]},
        }
        assert server.report(told, key=canaries["partner key"]).status_code == 201
        assert server.report(told | {canaries["partner unknown"]: 1}).status_code == 422
        assert server.report(f'{{"what": "{canaries["partner unread"]}'.encode()).status_code == 400
        assert server.post(f"/api/v1/reports?q={canaries['partner query']}", b"{}").status_code == 400
        wrong = server.report(told, authorization=f"Bearer {canaries['wrong secret']}")
        assert wrong.status_code == 401
        evidence = base64.b64encode(canaries["xarf evidence"].encode()).decode()
        item = {"content_type": "text/plain", "payload": evidence}
        page = f"https://pages.example/{canaries['xarf page']}"
        assert server.xarf(MATERIAL | {"url": page, "evidence": [item]}).status_code == 201
    _report_as_to_ncmec(settings, partner, canaries)
    return partner.api_key


def _report_as_to_ncmec(settings: Settings, partner: KnownPartner, canaries: Mapping[str, str]) -> None:
    """Open, add a file, finish; open and retract; and wrongly."""
    user = f"<personOrUserReported><espIdentifier>{canaries['tip account']}</espIdentifier></personOrUserReported>"
    with at_the_door(settings, partner) as operator:
        text = f"<additionalInfo>{canaries['tip text']}</additionalInfo>"
        report = operator.submit(a_report(after=user + text)).report
        file = operator.upload(report, canaries["tip file"].encode(), canaries["tip file name"]).file
        assert operator.fileinfo(report, file, f"<additionalInfo>{canaries['tip notes']}</additionalInfo>").code == 0
        assert operator.finish(report).files == (file,)
        gone = operator.submit(a_report(after=user.replace(canaries["tip account"], canaries["tip retracted"]))).report
        assert operator.retract(gone).code == 0
        assert operator.submit(a_report(after=f"<{canaries['tip refused']}/>")).code == 4100
        assert operator.submit(f"<report>{canaries['tip unread']}".encode()).code == 4110
    with at_the_door(settings, partner, canaries["tip password"]) as stranger:
        assert stranger.ask("/status").code == 2000


def _come_back(visitor: httpx.Client, receipt: str, canaries: Mapping[str, str]) -> None:
    """Read the answer and add something."""
    opened = visitor.post("/en/follow-up", data={"code": receipt})
    assert canaries["answer"] in opened.text
    added = {"token": token_on(opened.text), "code": receipt, "what": canaries["added"]}
    assert "We have what you added" in visitor.post("/en/follow-up", data=added).text


def send_report_unstored(visitor: httpx.Client, what: str) -> None:
    assert send_report(visitor, what=what).status_code == 503


def _others(settings: Settings, canaries: Mapping[str, str]) -> str:
    """Somebody on call, an agency with a password, and one that does not answer: its number."""
    engine, keys = connect(settings.database_url or ""), ConsoleKeys.read(settings.keys_dir)
    rows = [{"code": code, "name": code, "kind": "police", "country": "FR", "source": "a test"} for code in OTHERS]
    closed = {"url": "https://127.0.0.1:9/", "key": str(pyrage.x25519.Identity.generate().to_public())}
    form = {"url": "https://127.0.0.1:9/", "user": "hotline"}
    with transaction(engine) as session:
        import_agencies(session, rows)
        set_way(session, keys, OTHERS[1], "cybertipline", form, canaries["interface"])
        to = str(set_way(session, keys, OTHERS[0], "webhook", closed, "").id)
        add_on_call(session, keys.courier, "Ada", By.EMAIL, f"{canaries['contact']}@staff.example")
    engine.dispose()
    return to


def _refer(console: httpx.Client, case: str, to: str, canaries: Mapping[str, str]) -> None:
    page = console.get(f"{case}/refer").text
    [id] = re.findall(r'name="referral_id" value="([^"]+)"', page)
    words = {"note": canaries["note"], "reason": canaries["why"], "with_contact": "yes"}
    referred = console.post(f"{case}/refer", data={"token": token_on(page), "referral_id": id, "to": to, **words})
    assert OTHERS[0] in referred.text


def _ask_removal(console: httpx.Client, case: str, canaries: Mapping[str, str]) -> None:
    """Of the link that was reported."""
    page = console.get(f"{case}/takedown").text
    assert canaries["link"] in page
    form = dict(re.findall(r'name="(link-\d+)" value="([0-9a-f]{32})"', page))
    form |= {"provider": "new", "provider_name": "Small Host", "provider_to": "abuse@host.example"}
    form |= {"token": token_on(page), "offence": "material", "illegal_why": canaries["illegal"]}
    check = console.post(f"{case}/takedown", data=form).text
    fields = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', check))
    sent = console.post(f"{case}/takedown", data=fields | {"go": "send"}).text
    assert "Small Host" in sent
    for _ in range(WITHIN_A_MINUTE):  # the worker makes the notice, and has no server to give it to
        if "This way of sending is not set up here" in sent:
            return
        time.sleep(0.25)
        sent = console.get(case).text
    raise AssertionError("no notice was made")


def _work(settings: Settings, staff: NewStaff, canaries: Mapping[str, str], to: str) -> None:
    """Log in wrongly and rightly, open the case, answer, refer it, ask for a removal, end it."""
    origin = f"http://127.0.0.1:{settings.console_port}"
    with httpx.Client(base_url=origin, headers={"Origin": origin}, timeout=15, follow_redirects=True) as console:
        wrong = {"login": canaries["login"], "password": canaries["password"], "code": "000000"}
        console.post("/login", data={"token": token_on(console.get("/login").text), **wrong})
        code = pyotp.TOTP(staff.totp_secret).now()
        right = {"login": staff.login, "password": staff.password, "code": code}
        queue = console.post("/login", data={"token": token_on(console.get("/login").text), **right})
        case = console.get(_wait_for_case(console, queue.text)).text
        assert canaries["what"] in case and canaries["safe"] in case
        answer = {"token": token_on(case), "answer_id": str(uuid4()), "answer": canaries["answer"]}
        answered = console.post(f"{re.findall(r'/cases/[0-9a-f-]{36}', case)[0]}/answer", data=answer)
        assert canaries["answer"] in answered.text
        _refer(console, re.findall(r"/cases/[0-9a-f-]{36}", case)[0], to, canaries)
        _ask_removal(console, re.findall(r"/cases/[0-9a-f-]{36}", case)[0], canaries)
        ending = {"token": token_on(case), "seen": "1", "disposition": "acted_on", "reason": canaries["reason"]}
        ended = console.post(f"{re.findall(r'/cases/[0-9a-f-]{36}', case)[0]}/disposition", data=ending)
        assert canaries["reason"] in ended.text


def _wait_for_case(console: httpx.Client, queue: str) -> str:
    for _ in range(WITHIN_A_MINUTE):  # the worker was killed: its lease has to run out first
        if found := re.search(r"/cases/[0-9a-f-]{36}", queue):
            return found[0]
        time.sleep(0.25)
        queue = console.get("/").text
    raise AssertionError("no case in the queue")


def _somebody(settings: Settings) -> NewStaff:
    engine = create_engine(str(settings.database_url).replace("postgresql://", "postgresql+psycopg://"))
    with Session(engine) as session, session.begin():
        made = add_staff(session, ConsoleKeys.read(settings.keys_dir), "Ada Example", "analyst")
    engine.dispose()
    return made


def _mark(servers: EmbeddedServers) -> None:
    """Write the known word into a table and into Valkey, and flush both databases' words to disk."""
    engine = create_engine(servers.database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("COMMENT ON TABLE agencies IS '" + KNOWN + "'"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
    engine.dispose()
    Redis.from_url(servers.redis_url).set("known", KNOWN + "-in-valkey")


def _everything_in(redis: Redis) -> Iterator[bytes]:
    for key in redis.scan_iter():
        yield key + (redis.dump(key) or b"")


def _dump(servers: EmbeddedServers) -> bytes:
    program = binaries.postgres(None) / "pg_dump"
    return subprocess.run([program, servers.database_url], check=True, capture_output=True).stdout


@pytest.mark.timeout(180)
def test_nothing_anybody_wrote_is_in_the_clear_anywhere(trail: tuple[Mapping[str, str], bytes]) -> None:
    canaries, written = trail
    found = {name for name, word in canaries.items() for disguise in disguises(word) if disguise in written}
    assert found == set()


def test_the_search_finds_what_is_in_the_clear(trail: tuple[Mapping[str, str], bytes]) -> None:
    _, written = trail
    assert written.count(KNOWN.encode()) >= 2, "in the database's files and in its dump"
    assert f"{KNOWN}-in-valkey".encode() in written
