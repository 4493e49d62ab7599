"""The journey in an app: who may frame it, what it adds, and that a report arrives whatever becomes of a token."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import httpx
import msgspec
import pytest
from sqlalchemy import Engine, select, text
from starlette.routing import Route

from core.context import Context
from core.db import transaction
from core.details import Details
from core.keys import TriageKeys
from core.models import Draft, Report
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Channel, ContextState, Doubt
from core.web.locale import read_languages
from intake.asgi import create_app
from intake.partners.known import SECONDS
from ops.partners import book
from tests.intake.operator import ORIGIN, Operator, Reporter, an_operator, unsigned
from tests.intake.visitor import Page
from tests.processes import RECEIPT, running, site, with_free_ports
from triage.partials import Partials

MANY = {"busy_address": 10**9, "busy_all": 10**9, "flood_address": 10**9, "flood_all": 10**9}


@pytest.fixture(scope="module")
def serving(deployment: Settings) -> Iterator[Settings]:
    """The public process over HTTP; it remembers a partner for seconds, so each test has one of its own."""
    settings = msgspec.structs.replace(with_free_ports(deployment), **MANY)
    with running(settings, "intake"):
        yield settings


@pytest.fixture
def client(serving: Settings, settings: Settings) -> Iterator[httpx.Client]:
    with site(serving) as opened:
        yield opened


@pytest.fixture
def operator(serving: Settings, settings: Settings, owner: Engine) -> Operator:
    return an_operator(serving, owner)


@pytest.fixture
def reporter(client: httpx.Client, operator: Operator) -> Reporter:
    return Reporter.in_frame(client, operator.partner.code)


def reports(owner: Engine) -> Sequence[Report]:
    with transaction(owner) as session:
        return session.scalars(select(Report).order_by(Report.received_at)).all()


def details(settings: Settings, row: Report | Draft) -> Details:
    place = Row("reports", row.id)
    assert row.wrapped_key and row.details
    with TriageKeys.read(settings.keys_dir).reports.unwrap(place, row.wrapped_key) as key:
        return Details.from_text(key.open(place, "details", row.details))


def context(settings: Settings, row: Report | Draft) -> Context:
    found = details(settings, row).context
    assert found
    return found


def policy(answer: httpx.Response) -> dict[str, str]:
    parts = answer.headers["content-security-policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


def quarantine(owner: Engine, operator: Operator) -> None:
    """And wait until nobody remembers how it was."""
    with transaction(owner) as session:
        book.set_quarantine(session, book.find_partner(session, operator.partner.code), True)
    time.sleep(SECONDS + 0.2)


# who may frame it


def test_the_frame_is_for_that_partners_origins_exactly(client: httpx.Client, serving: Settings, owner: Engine) -> None:
    origins = ["https://a.example", "http://127.0.0.1:8002", "https://b.example:8443"]
    operator = an_operator(serving, owner, origins=origins)
    answer = Reporter.in_frame(client, operator.partner.code).answer
    assert answer.status_code == 200
    assert set(policy(answer)["frame-ancestors"].split()) == set(origins)
    assert policy(answer)["script-src"] == "'self'" and policy(answer)["default-src"] == "'none'"
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert not {"set-cookie", "etag"} & set(answer.headers)


def test_every_answer_in_the_frame_can_be_framed_there(reporter: Reporter) -> None:
    for fields in ({}, {"country": "no such country"}, {"token": "forged"}, {"go": "delete"}, {"go": "delete-now"}):
        assert policy(reporter.goes_on(**fields))["frame-ancestors"] == ORIGIN


def test_unknown_quarantined_and_no_partner_get_the_same_empty_page(
    client: httpx.Client, operator: Operator, owner: Engine
) -> None:
    quarantine(owner, operator)
    asked = [
        "?partner=nobody",
        f"?partner={operator.partner.code}&lang=ar",
        "",
        "?partner=",
        "?partner=%00",
        "?lang=de",
    ]
    asked += [f"?partner={'x' * 5_000}", "?partner=a;b%0d%0aX: y", f"?partner={operator.partner.code.upper()}"]
    answers = [client.get(f"/embed/v1/frame{query}") for query in asked]
    answers += [client.post(f"/embed/v1/frame{query}", data={"what": "Told", "jwt": "x"}) for query in asked]
    seen = {(a.status_code, a.content, tuple(sorted(_still(a.headers).items()))) for a in answers}
    assert len(seen) == 1
    assert policy(answers[0])["frame-ancestors"] == "'none'"
    assert len(answers[0].content) < 150


def _still(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}


def test_no_other_page_can_be_framed_by_anybody(client: httpx.Client, serving: Settings, operator: Operator) -> None:
    """From the table of routes: what is added one day is asked too."""
    known = {"language": "en", "partner": operator.partner.code}
    routes = [route.path for route in create_app(serving).routes if isinstance(route, Route)]
    paths = {re.sub(r"{(\w+)(:\w+)?}", lambda found: known.get(str(found[1]), "x"), path) for path in routes}
    assert {"/embed/v1/frame", "/embed/v1/tab.js", "/en/report", f"/en/p/{operator.partner.code}"} <= paths
    for path in paths - {"/embed/v1/frame"}:
        for answer in (client.get(path), client.post(path, data={})):
            assert policy(answer)["frame-ancestors"] == "'none'", path


# the journey


def test_it_is_the_sites_own_journey_in_every_language(client: httpx.Client, operator: Operator) -> None:
    for language in read_languages().values():
        reporter = Reporter.in_frame(client, operator.partner.code, language.code)
        on_site = Page(client.get(f"/{language.code}/report").text)
        assert reporter.page.all("html", lang=language.code, dir=language.direction)
        heading = re.compile(r"<h1.*?</h1>", re.DOTALL)
        shown, wanted = (
            heading.search(reporter.answer.text),
            heading.search(client.get(f"/{language.code}/report").text),
        )
        assert shown and wanted and shown[0] == wanted[0]
        assert reporter.page.all("input", type="radio") == on_site.all("input", type="radio")


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("pt-BR", "de", "pt"),
        ("zh-CN", "de", "zh-Hans"),
        ("tlh", "de", "de"),
        ("", "ar;q=0.5, xx", "ar"),
        ("x" * 500, "uk", "uk"),
        ("", "", "en"),
    ],
)
def test_the_language_is_the_hosts_or_else_the_browsers(
    client: httpx.Client, operator: Operator, asked: str, accepted: str, spoken: str
) -> None:
    address = f"/embed/v1/frame?partner={operator.partner.code}&lang={asked}"
    answer = client.get(address, headers={"accept-language": accepted})
    assert Page(answer.text).all("html", lang=spoken)


def test_from_the_first_page_to_the_receipt(reporter: Reporter, operator: Operator, owner: Engine) -> None:
    sent = reporter.sends(danger="no", about="me", what="An adult asked me to keep a secret.")
    assert sent.status_code == 200 and RECEIPT.search(sent.text)
    [report] = reports(owner)
    assert (report.channel, report.partner_id) == (Channel.TAB, operator.partner.id)
    assert report.context_state is ContextState.UNVERIFIED, "nothing was signed"


def test_on_no_page_is_there_a_way_out_of_the_frame_but_in_a_window_of_its_own(
    reporter: Reporter, client: httpx.Client
) -> None:
    seen = [reporter.answer]
    answers = {"danger": "yes", "country": "IT", "about": "me", "what": "Told"}
    for page in ("numbers", "about", "contact", "check"):
        reporter.goes_to(page, **answers)
        seen.append(reporter.answer)
    seen.append(reporter.goes_on(go="send"))
    links = [link for answer in seen for link in Page(answer.text).all("a")]
    inside = ("#", "/exit", "tel:")
    assert all(link["href"].startswith(inside) or link["target"] == "_blank" for link in links)
    [follow_up] = [link for link in links if link["href"] == "/en/follow-up"]
    assert (follow_up["target"], follow_up["rel"]) == ("_blank", "noreferrer")


def test_the_same_form_sent_again_gives_the_same_receipt_and_no_second_report(
    reporter: Reporter, operator: Operator, owner: Engine
) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("check", what="Told")
    check = reporter.answer
    first = reporter.goes_on(go="send")
    reporter.answer = check
    again = reporter.goes_on(go="send")
    assert RECEIPT.findall(first.text) == RECEIPT.findall(again.text) != []
    [report] = reports(owner)
    assert report.context_state is ContextState.VERIFIED


def test_it_can_be_deleted_on_the_way(reporter: Reporter, owner: Engine) -> None:
    reporter.goes_to("risk", what="Told")
    reporter.goes_on(go="delete")
    assert "It is deleted" in reporter.goes_on(go="delete-now").text
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM withdrawals")) == 1


def test_a_form_of_one_place_is_worth_nothing_in_another(
    client: httpx.Client, serving: Settings, owner: Engine, operator: Operator
) -> None:
    other = an_operator(serving, owner)
    given = Reporter.in_frame(client, operator.partner.code)
    given.goes_to("risk", what="Told")
    elsewhere = (f"/embed/v1/frame?partner={other.partner.code}", "/en/report", f"/en/p/{other.partner.code}")
    for address in elsewhere:
        answer = Reporter(client, address, given.answer).goes_on()
        assert answer.status_code == 400 and Page(answer.text).typed("what") == "Told"


# what an app adds


def test_the_reporter_sees_every_item_before_anything_of_it_is_kept(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings
) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("context", country="IT", danger="yes")
    with transaction(owner) as session:
        drafts = session.scalars(select(Draft)).all()
    assert drafts and all(details(settings, draft).context is None for draft in drafts)
    for shown in ("Northwind Chat", "@alex", "user-81", "contact", "conversation-7", "m-2", "Keep this a secret."):
        assert shown in reporter.answer.text
    assert len([b for b in reporter.page.all("button", name="go") if b["value"].startswith("drop-")]) == 6
    reporter.goes_to("check", what="Told")
    assert "Keep this a secret." in reporter.answer.text


def test_what_stays_in_arrives_sealed_and_verified(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings
) -> None:
    reporter.sends(jwt=operator.token(), what="Told")
    [report] = reports(owner)
    kept = context(settings, report)
    assert report.context_state is ContextState.VERIFIED and report.context_id is None
    assert (kept.handle, kept.messages[0].text, kept.doubt, kept.is_cut) == (
        "@alex",
        "Keep this a secret.",
        None,
        False,
    )


@pytest.mark.parametrize(
    ("part", "left_out"),
    [
        ("service", ["service"]),
        ("account", ["account", "handle", "role"]),
        ("conversation", ["conversation"]),
        ("message-0", ["messages"]),
        ("number-0", ["message_ids"]),
    ],
)
def test_each_item_can_be_taken_out(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings, part: str, left_out: list[str]
) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("context")
    reporter.goes_on(go=f"drop-{part}")
    assert reporter.at == "context"
    reporter.sends(what="Told")
    [report] = reports(owner)
    kept = context(settings, report)
    facts = ("service", "account", "handle", "role", "conversation", "message_ids", "messages")
    assert [name for name in facts if not getattr(kept, name)] == [name for name in facts if name in left_out]
    assert kept.is_cut and report.context_state is ContextState.VERIFIED


def test_all_of_it_can_be_taken_out_also_from_the_last_page(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings
) -> None:
    token = operator.token()
    reporter.goes_to("check", what="Told", jwt=token)
    reporter.goes_on(go="change-context")
    assert reporter.at == "context"
    reporter.goes_on(go="drop-all")
    assert "Nothing from" in reporter.answer.text
    reporter.goes_on()
    assert reporter.at == "check" and "Keep this a secret." not in reporter.answer.text
    reporter.goes_on(go="send")
    [report] = reports(owner)
    assert details(settings, report).context is None
    assert report.context_state is ContextState.UNVERIFIED
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM contexts")) == 0, "what adds nothing is not used up"


@pytest.mark.parametrize("part", ["message-1", "message--1", "message-x", "number-99999", "nothing", "", "ALL"])
def test_what_is_no_item_takes_nothing_out(reporter: Reporter, operator: Operator, part: str) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("context")
    before = reporter.page.carried["context"]
    reporter.goes_on(go=f"drop-{part}")
    assert reporter.page.carried["context"] == before


def test_what_travels_cannot_be_changed_on_the_way(reporter: Reporter, operator: Operator, owner: Engine) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("check", what="Told")
    carried = reporter.page.carried["context"]
    answer = reporter.goes_on(go="send", context=carried.replace("Keep this a secret.", "Something else."))
    assert answer.status_code == 400 and "Something else." not in answer.text
    assert not RECEIPT.search(answer.text) and reports(owner) == []
    assert RECEIPT.search(reporter.goes_on(go="send").text)


def test_a_second_token_does_not_replace_what_was_shown(reporter: Reporter, operator: Operator) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("context")
    reporter.goes_on(jwt=operator.token(ctx={"service": "Another one"}))
    reporter.goes_to("check", what="Told")
    assert "Another one" not in reporter.answer.text and "conversation-7" in reporter.answer.text


def test_a_token_that_comes_late_is_shown_before_it_counts(reporter: Reporter, operator: Operator) -> None:
    reporter.goes_to("contact", what="Told")
    reporter.goes_on(jwt=operator.token())
    assert reporter.at == "context"
    reporter.goes_on(go="back")
    assert reporter.at == "contact"
    reporter.goes_on()
    assert reporter.at == "check" and "conversation-7" in reporter.answer.text


def test_a_form_with_every_answer_at_once_shows_first_what_an_app_adds(
    client: httpx.Client, reporter: Reporter, operator: Operator, owner: Engine
) -> None:
    fields = {"token": reporter.page.carried["token"], "what": "Told", "jwt": operator.token()}
    reporter.answer = client.post(reporter.address, data=fields)
    assert reporter.at == "context" and reports(owner) == []
    reporter.goes_on()
    assert reporter.at == "check"
    reporter.goes_on(go="send")
    assert [report.context_state for report in reports(owner)] == [ContextState.VERIFIED]


def test_whoever_adds_the_messages_needs_to_type_nothing(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings
) -> None:
    sent = reporter.sends(jwt=operator.token())
    assert sent.status_code == 200 and RECEIPT.search(sent.text)
    [report] = reports(owner)
    assert details(settings, report).told, "it is not read last, as what tells nothing is"


def test_whoever_takes_everything_out_and_types_nothing_is_asked_for_a_word(
    reporter: Reporter, operator: Operator
) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("context")
    reporter.goes_on(go="drop-all")
    assert reporter.sends().status_code == 422 and reporter.at == "what"


BAD: dict[str, Callable[[Operator], str]] = {
    "expired": lambda operator: operator.token(iat=int(time.time()) - 900, exp=int(time.time()) - 300),
    "for somebody else": lambda operator: operator.token(aud="https://other.example"),
    "unsigned": lambda operator: unsigned(operator.claims),
    "by another key": lambda operator: operator.token(operator.p256, "ES256", "ed").replace("a", "b"),
    "no token at all": lambda operator: "words",
    "huge": lambda operator: "x" * 200_000,
}


@pytest.mark.parametrize("why", sorted(BAD))
def test_with_a_bad_token_the_report_goes_through_and_staff_know(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings, why: str
) -> None:
    sent = reporter.sends(jwt=BAD[why](operator), what="Told")
    assert sent.status_code == 200 and RECEIPT.search(sent.text)
    [report] = reports(owner)
    assert (report.context_state, report.partner_id) == (ContextState.UNVERIFIED, operator.partner.id)
    assert context(settings, report).doubt is not None


def test_a_token_counts_for_one_receipt_and_the_second_report_is_taken_all_the_same(
    client: httpx.Client, operator: Operator, owner: Engine, settings: Settings
) -> None:
    token = operator.token()
    for _ in range(3):
        assert Reporter.in_frame(client, operator.partner.code).sends(jwt=token, what="Told").status_code == 200
    states = [report.context_state for report in reports(owner)]
    assert states == [ContextState.VERIFIED, ContextState.UNVERIFIED, ContextState.UNVERIFIED]
    assert {context(settings, report).handle for report in reports(owner)} == {"@alex"}


def test_a_line_added_and_sent_again_is_no_second_use(reporter: Reporter, operator: Operator, owner: Engine) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("check", what="Told")
    check = reporter.answer
    reporter.goes_on(go="send")
    reporter.answer = check
    reporter.goes_on(go="change-what")
    reporter.goes_on(what="Told, and more")
    reporter.goes_on(go="send")
    assert [report.context_state for report in reports(owner)] == [ContextState.VERIFIED] * 2


def test_what_was_shown_stays_verified_when_the_ten_minutes_are_over(
    reporter: Reporter, operator: Operator, owner: Engine
) -> None:
    reporter.goes_on(jwt=operator.token(exp=int(time.time()) + 2))
    time.sleep(2.5)
    reporter.sends(what="Told")
    assert [report.context_state for report in reports(owner)] == [ContextState.VERIFIED]


def test_a_partner_shut_out_half_way_loses_nobodys_report_but_its_word(
    client: httpx.Client, operator: Operator, owner: Engine, settings: Settings
) -> None:
    reporter, late = (Reporter.in_frame(client, operator.partner.code) for _ in range(2))
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("risk", what="Told")
    late.goes_to("risk", what="Told late")
    quarantine(owner, operator)
    late.goes_on(jwt=operator.token())
    for one in (reporter, late):
        assert one.sends().status_code == 200
        assert policy(one.answer)["frame-ancestors"] == ORIGIN
        assert RECEIPT.search(one.answer.text)
    for report in reports(owner):
        assert (report.context_state, report.partner_id) == (ContextState.UNVERIFIED, operator.partner.id)
        assert context(settings, report).doubt is Doubt.SUSPENDED


def test_half_a_report_keeps_its_partner_and_what_the_app_added(
    reporter: Reporter, operator: Operator, owner: Engine, settings: Settings, triage_engine: Engine
) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("risk", what="An adult asked me to keep a secret.")
    Partials(triage_engine, timedelta(0), timedelta(0), timedelta(hours=1)).arrive()
    [half] = reports(owner)
    assert (half.partial, half.channel, half.partner_id) == (True, Channel.TAB, operator.partner.id)
    assert (half.context_state, half.context_id) == (ContextState.VERIFIED, None)
    assert context(settings, half).handle == "@alex"
    reporter.sends()
    assert [report.context_state for report in reports(owner)] == [ContextState.VERIFIED] * 2


# a page that a native app opens


def test_a_native_app_opens_a_page_that_names_it(client: httpx.Client, operator: Operator) -> None:
    sent_on = client.get(f"/p/{operator.partner.code}", headers={"accept-language": "ar"})
    assert (sent_on.status_code, sent_on.headers["location"]) == (303, f"/ar/p/{operator.partner.code}")
    page = Page(client.get(sent_on.headers["location"]).text)
    assert operator.partner.name in page.text and page.all("html", lang="ar", dir="rtl")
    assert page.all("a", href=f"/en/p/{operator.partner.code}")


def test_a_native_app_posts_its_token_and_no_address_has_it(
    client: httpx.Client, operator: Operator, owner: Engine, settings: Settings
) -> None:
    for address in (f"/p/{operator.partner.code}", f"/en/p/{operator.partner.code}"):
        token = operator.token()
        reporter = Reporter(client, f"/en/p/{operator.partner.code}", client.post(address, data={"jwt": token}))
        assert (reporter.answer.status_code, reporter.at) == (200, "danger")
        assert token not in reporter.answer.text
        reporter.goes_to("context")
        assert "conversation-7" in reporter.answer.text
        assert RECEIPT.search(reporter.sends(what="Told").text)
    assert [report.context_state for report in reports(owner)] == [ContextState.VERIFIED] * 2
    assert {report.channel for report in reports(owner)} == {Channel.TAB}


def test_a_token_in_an_address_is_not_read(client: httpx.Client, operator: Operator) -> None:
    for path in (f"/en/p/{operator.partner.code}?", f"/embed/v1/frame?partner={operator.partner.code}&"):
        assert not Page(client.get(f"{path}jwt={operator.token()}").text).all("input", name="context")


def test_whoever_comes_from_an_unknown_app_can_report_on_the_site(
    client: httpx.Client, operator: Operator, owner: Engine
) -> None:
    quarantine(owner, operator)
    for code in ("nobody", operator.partner.code):
        for answer in (client.get(f"/it/p/{code}"), client.post(f"/it/p/{code}", data={"jwt": operator.token()})):
            assert (answer.status_code, answer.headers["location"]) == (303, "/it/report")
        typed = client.post(f"/it/p/{code}", data={"page": "what", "what": "Told"})
        assert (typed.status_code, Page(typed.text).typed("what")) == (400, "Told")
        assert Page(typed.text).all("form", action="/it/report#problem")


# when many come, and when things are down


def test_in_a_crowd_the_frame_asks_for_the_same_proof_as_the_site(
    deployment: Settings, settings: Settings, owner: Engine
) -> None:
    crowded = msgspec.structs.replace(with_free_ports(deployment), busy_address=1, busy_all=1)
    with running(crowded, "intake"), site(crowded) as client:
        operator = an_operator(crowded, owner)
        for _ in range(2):
            Reporter.in_frame(client, operator.partner.code).sends(what="Told")
        reporter = Reporter.in_frame(client, operator.partner.code)
        reporter.goes_to("check", what="Told")
        [field] = reporter.page.all("input", name="proof")
        assert "challenge" in field["data-challenge"] and field["data-solver"].startswith("/static/")
        assert RECEIPT.search(reporter.goes_on(go="send").text), "without one it is taken too"


def test_when_it_cannot_be_stored_the_frame_says_so_and_keeps_everything(
    client: httpx.Client, reporter: Reporter, operator: Operator, owner: Engine
) -> None:
    reporter.goes_on(jwt=operator.token())
    reporter.goes_to("check", what="Told")
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE reports RENAME TO reports_elsewhere"))
    try:
        answer = reporter.goes_on(go="send")
        assert answer.status_code == 503 and not RECEIPT.search(answer.text)
        assert reporter.page.typed("what") == "Told" and "conversation-7" in answer.text
    finally:
        with owner.begin() as connection:
            connection.execute(text("ALTER TABLE reports_elsewhere RENAME TO reports"))
    assert RECEIPT.search(reporter.goes_on(go="send").text)
    assert [report.context_state for report in reports(owner)] == [ContextState.VERIFIED]
