"""Coming back: the bearer of a receipt reads what was written to them; nobody else does, intake included."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.directory import Directory
from core.errors import CannotOpen
from core.ids import uuid7
from core.keys import IntakeKeys
from core.receipts import open_answer, receipt_hash
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import CaseState, Channel, Disposition
from intake import mailbox, site
from intake.desk import Desk
from intake.gate import Gate
from intake.letterbox import Letterbox
from intake.mailbox import Letters, Mailbox, MailboxDown
from intake.partners.known import Partners
from intake.partners.retries import retry_of
from intake.slots import Post
from intake.submission import seal, seal_for_partner
from tests.factories import a_drain, a_partner, a_submission, a_token, post
from tests.intake.visitor import FORM, Page, Visitor
from tests.triage.analyst import cases_of, hire, person_of
from triage.cases.answering import answer_reporter
from triage.cases.disposition import record_disposition

ANSWER = "Thank you. Do you know the name of the game?"
SAME = "He is called moon_fox77 on Northwind Chat, see https://room.example/moon"
WRONG = "0000-0000-0000-0000-0000"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "SLOWNESS", 0.05)


def a_report(settings: Settings, what: str = "He asks for a secret.") -> str:
    """Its receipt, once it is stored."""
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        sealed, receipt = seal(keys, wrapping, a_token(), a_submission(what=what))
    post(settings, [sealed])
    return receipt


def answer(settings: Settings, owner: Engine, console_engine: Engine, words: str = ANSWER) -> UUID:
    """From somebody at work on the only case."""
    person = person_of(owner, hire(owner, settings))
    with transaction(console_engine, person.agency) as session:
        answer_reporter(session, person, cases_of(owner)[0].id, made := uuid7(), words)
    return made


def close(owner: Engine, settings: Settings, console_engine: Engine) -> None:
    """By somebody at work on the only case."""
    person = person_of(owner, hire(owner, settings))
    with transaction(console_engine, person.agency) as session:
        record_disposition(session, person, cases_of(owner)[0].id, Disposition.ACTED_ON, "It was passed on.")


def look(settings: Settings, receipt: str, days: int = 180) -> Letters | None:
    assert settings.intake_database_url
    key = IntakeKeys.read(settings.keys_dir).receipt
    return asyncio.run(Mailbox(settings.intake_database_url, days).open(receipt_hash(key, receipt), receipt))


def test_a_receipt_tells_how_far_the_work_is(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    receipt = a_report(settings)
    assert look(settings, receipt) == Letters("received", [])
    a_drain(settings, triage_engine)()
    assert look(settings, receipt.lower().replace("-", " ")) == Letters("open", [])
    close(owner, settings, console_engine)
    assert look(settings, receipt) == Letters("closed", [])


def test_nobody_sees_by_their_receipt_that_somebody_else_reported_the_same(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    first = a_report(settings, SAME)
    a_drain(settings, triage_engine)()
    close(owner, settings, console_engine)
    second = a_report(settings, SAME)
    a_drain(settings, triage_engine)()
    [case] = cases_of(owner)
    assert (case.report_count, case.state) == (2, CaseState.OPEN)
    assert look(settings, first) == Letters("closed", [])
    assert look(settings, second) == Letters("open", [])
    close(owner, settings, console_engine)
    assert look(settings, second) == Letters("closed", [])


def test_telling_more_opens_ones_own_again(
    visitor: Visitor, settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    receipt = a_report(settings)
    a_drain(settings, triage_engine)()
    close(owner, settings, console_engine)
    come_back(visitor, code=receipt, what="He+wrote+again")
    a_drain(settings, triage_engine)()
    assert look(settings, receipt) == Letters("open", [])


def test_what_a_partner_sent_tells_it_nothing_but_what_staff_wrote(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    keys = IntakeKeys.read(settings.keys_dir)
    partner = a_partner(settings, owner).id
    retry = retry_of(keys.partner, partner, Channel.API, "one", b"")
    with Wrapping(keys.report) as wrapping:
        sent = replace(a_submission(), partner=partner, channel=Channel.API)
        report, receipt = seal_for_partner(keys, wrapping, retry, sent)
    post(settings, [report])
    a_drain(settings, triage_engine)()
    assert look(settings, receipt) == Letters("received", [])
    answer(settings, owner, console_engine)
    close(owner, settings, console_engine)
    found = look(settings, receipt)
    assert found and (found.state, len(found.letters)) == ("received", 1)


def test_an_answer_opens_with_the_receipt_and_with_nothing_else(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    receipt = a_report(settings)
    a_drain(settings, triage_engine)()
    answer(settings, owner, console_engine)
    other = a_report(settings)
    found = look(settings, receipt)
    assert found and [letter.words for letter in found.letters] == [ANSWER]
    assert look(settings, other) == Letters("received", [])
    with owner.connect() as connection:
        sealed: bytes = connection.execute(text("SELECT for_reporter FROM answers")).scalar_one()
    assert ANSWER.encode() not in sealed
    assert open_answer(receipt, sealed) == ANSWER
    with pytest.raises(CannotOpen):
        open_answer(other, sealed)


def test_the_same_answer_sent_twice_is_there_once(
    settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    receipt = a_report(settings)
    a_drain(settings, triage_engine)()
    person, case, once = person_of(owner, hire(owner, settings)), cases_of(owner)[0].id, uuid7()
    for _ in range(2):
        with transaction(console_engine, person.agency) as session:
            answer_reporter(session, person, case, once, ANSWER)
    found = look(settings, receipt)
    assert found and len(found.letters) == 1


@pytest.mark.parametrize("typed", [WRONG, "", "x", "' OR true --", "A" * 10_000, "\x00"])
def test_whatever_is_no_receipt_opens_nothing(settings: Settings, typed: str) -> None:
    a_report(settings)
    assert look(settings, typed) is None


def test_a_receipt_expires(settings: Settings, owner: Engine) -> None:
    receipt = a_report(settings)
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET received_at = now() - interval '31 days'"))
    assert look(settings, receipt, days=30) is None
    assert look(settings, receipt, days=32)


def test_intake_reads_mailboxes_by_hash_and_no_table(settings: Settings, as_intake: psycopg.Connection) -> None:
    a_report(settings)
    for table in ("answers", "reports", "cases"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            as_intake.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # names of our own
    assert as_intake.execute("SELECT * FROM mailbox(NULL, 180)").fetchall() == []


def test_known_and_unknown_receipts_take_as_long(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "SLOWNESS", 0.4)
    for receipt in (a_report(settings), WRONG):
        started = time.monotonic()
        look(settings, receipt)
        assert time.monotonic() - started >= 0.4


def test_a_crowd_is_asked_to_come_back_and_nobody_is_forgotten_in_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "WAITING", 4)
    assert settings.intake_database_url
    box = Mailbox(settings.intake_database_url, 180)

    async def crowd() -> list[Letters | BaseException | None]:
        first = await asyncio.gather(*(box.open(b"x" * 32, WRONG) for _ in range(10)), return_exceptions=True)
        return [*first, await box.open(b"x" * 32, WRONG)]

    came = asyncio.run(crowd())
    assert sum(isinstance(found, MailboxDown) for found in came) == 6
    assert came[-1] is None


@pytest.fixture
def visitor(settings: Settings) -> Visitor:
    """At the public site, with the real database behind it."""
    assert settings.intake_database_url
    url, keys = settings.intake_database_url, IntakeKeys.read(settings.keys_dir)

    class Posting(Letterbox):
        """Opened for each report: every request here has a loop of its own."""

        async def post(self, post: Post) -> str:
            box = Letterbox(url, stored=lambda: None)
            await box.open()
            try:
                return await box.post(post)
            finally:
                await box.close()

    gate, mailbox = Gate.of(settings, keys.form), Mailbox(url, settings.receipt_days)
    desk = Desk(
        settings, keys, Directory.read(), Posting(url, lambda: None), mailbox, gate, Partners(url, keys.partner)
    )
    return Visitor(desk, site.create_app(desk))  # type: ignore[arg-type]


def come_back(visitor: Visitor, **fields: str) -> Page:
    token = Page(visitor.get("/en/follow-up", host="127.0.0.1").text).typed("token")
    body = "&".join(f"{name}={value}" for name, value in ({"token": token} | fields).items()).encode()
    answer = visitor.request("POST", "/en/follow-up", body, content_type=FORM, host="127.0.0.1")
    page = Page(answer.text)
    page.elements.append(("status", {"code": str(answer.status_code)}))
    return page


def test_somebody_comes_back_reads_and_tells_more_which_joins_their_case(
    visitor: Visitor, settings: Settings, owner: Engine, triage_engine: Engine, console_engine: Engine
) -> None:
    receipt = a_report(settings)
    a_drain(settings, triage_engine)()
    answer(settings, owner, console_engine, "We ask:\n<b>which game?</b>")
    page = come_back(visitor, code=receipt)
    assert "We ask:\n<b>which game?</b>" in page.text
    assert page.typed("code") == receipt
    added = come_back(visitor, code=receipt, what="It+is+called+Blocks")
    assert "We have what you added" in added.text
    a_drain(settings, triage_engine)()
    [case] = cases_of(owner)
    assert case.report_count == 2


def test_wrong_codes_all_look_alike_and_keep_what_was_written(visitor: Visitor, settings: Settings) -> None:
    a_report(settings)
    pages = [come_back(visitor, code=code, what="Kept") for code in (WRONG, "1", "ZZZZ")]
    for page in pages:
        assert page.all("status", code="422")
        assert "We find nothing for this code" in page.text
        assert page.typed("what") == "Kept"


def test_with_the_database_gone_nothing_typed_is_lost(tmp_path: Path) -> None:
    visitor = Visitor.at_a_new_site(tmp_path)
    body = f"code={WRONG}&what=Kept".encode()
    answer = visitor.request("POST", "/en/follow-up", body, content_type=FORM)
    page = Page(answer.text)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert (page.typed("code"), page.typed("what")) == (WRONG, "Kept")
