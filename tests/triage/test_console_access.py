"""Who may call what in the console, and what every answer carries."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from core.db import connect
from core.keys import ConsoleKeys
from core.settings import Settings
from core.vocabulary import Role
from ops.staff import NewStaff
from tests.triage.analyst import SAME_ORIGIN, Browser, NewBrowser, hire, serving
from triage.console.access import ACCESS, EVERYBODY, LEADS, SAFE, may
from triage.console.asgi import create_app
from triage.console.walls import refuse_to_bypass

UNSAFE_STAFF = sorted(
    path for (method, path), allowed in ACCESS.items() if method not in SAFE and allowed is not EVERYBODY
)


@pytest.fixture
def app(settings: Settings, console_engine: Engine) -> Starlette:
    return create_app(settings, ConsoleKeys.read(settings.keys_dir), console_engine)


def routes(app: Starlette) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        assert isinstance(route, Route)
        yield from ((method, route.path) for method in (route.methods or set()) - {"HEAD"})


def written_out(path: str) -> str:
    return re.sub(r"{\w+:uuid}", lambda _: str(uuid4()), path).replace("{name}", "none.css")


def test_every_route_says_who_may_call_it_and_every_line_of_the_table_is_a_route(app: Starlette) -> None:
    assert sorted(routes(app)) == sorted(ACCESS)


def test_a_route_that_is_not_in_the_table_is_refused(app: Starlette, ana: NewStaff) -> None:
    async def forgotten(request: Request) -> PlainTextResponse:
        return PlainTextResponse("secret")

    app.router.routes.append(Route("/forgotten", forgotten))
    app.router.routes.append(Mount("/mounted", routes=[Route("/forgotten", forgotten)]))
    with serving(app) as address, Browser(address) as browser:
        for _ in range(2):
            for path in ("/forgotten", "/mounted/forgotten"):
                answer = browser.get(path)
                assert answer.status_code == 403
                assert "secret" not in answer.text
            browser.log_in(ana)


def test_nobody_who_is_not_logged_in_comes_past_the_table(browser: Browser) -> None:
    for (method, path), allowed in ACCESS.items():
        answer = browser.client.request(method, written_out(path), headers=SAME_ORIGIN)
        if allowed is EVERYBODY:
            assert answer.headers.get("location") is None
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_head_is_kept_out_as_get_is(browser: Browser) -> None:
    assert browser.client.head("/").status_code == 303


def test_a_role_that_is_not_in_the_table_is_refused(new_browser: NewBrowser, settings: Settings, owner: Engine) -> None:
    for role in Role:
        browser = new_browser()
        browser.log_in(hire(owner, settings, f"Some {role}", role))
        answer = browser.post(f"/quarantine/{uuid4()}/release", {"token": browser.token()})
        assert answer.status_code == (404 if may(role, LEADS) else 403)


@pytest.mark.parametrize("path", UNSAFE_STAFF)
def test_no_act_is_done_for_another_site_or_without_the_forms_token(
    path: str, new_browser: NewBrowser, settings: Settings, owner: Engine
) -> None:
    browser, url = new_browser(), written_out(path)
    browser.log_in(hire(owner, settings, "Sam Okoro", "supervisor"))
    token = browser.token()
    assert browser.post(url, {"token": token}, {"sec-fetch-site": "cross-site"}).status_code == 403
    assert browser.post(url, {"token": token}, {"origin": "https://evil.example"}).status_code == 403
    assert browser.post(url, {"reason": ""}).status_code == 403
    assert browser.post(url, {"token": token[::-1]}).status_code == 403
    assert browser.post(url, {"token": token}).status_code != 403


def test_what_was_written_while_the_session_ended_is_given_back(at_work: Browser) -> None:
    at_work.client.cookies.clear()
    answer = at_work.post(f"/cases/{uuid4()}/disposition", {"reason": "A long <b>reason</b>.", "token": "x"})
    assert answer.status_code == 403
    assert "A long &lt;b&gt;reason&lt;/b&gt;." in answer.text


def test_what_was_written_in_an_earlier_session_is_given_back(at_work: Browser) -> None:
    answer = at_work.post(f"/cases/{uuid4()}/disposition", {"reason": "A long reason.", "token": "0" * 64})
    assert answer.status_code == 403
    assert "A long reason." in answer.text


def test_a_body_that_is_no_form_is_refused(at_work: Browser) -> None:
    answer = at_work.client.post("/logout", json={"token": at_work.token()}, headers=SAME_ORIGIN)
    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/login", "/", "/nothing", "/livez", "/cases/not-an-id", "/login?left"])
def test_every_answer_forbids_scripts_frames_and_keeping(at_work: Browser, path: str) -> None:
    headers = at_work.get(path).headers
    rules = dict(rule.strip().partition(" ")[::2] for rule in headers["content-security-policy"].split(";"))
    assert rules["default-src"] == rules["script-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["style-src"] == rules["img-src"] == rules["form-action"] == "'self'"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_a_stylesheet_named_by_its_content_may_be_kept(browser: Browser) -> None:
    page = browser.get("/login").text
    sheet = page.partition('href="/static/')[2].partition('"')[0]
    answer = browser.get(f"/static/{sheet}")
    assert "immutable" in answer.headers["cache-control"]
    assert ".oh-table" in answer.text


def test_a_method_no_page_has_is_answered_so(at_work: Browser) -> None:
    assert at_work.client.delete("/", headers=SAME_ORIGIN).status_code == 405
    assert at_work.get("/logout").status_code == 405


def test_a_console_whose_role_nothing_binds_is_not_ready(settings: Settings) -> None:
    assert settings.database_url
    engine = connect(settings.database_url, pool=1)
    event.listen(engine, "connect", refuse_to_bypass)
    with (
        serving(create_app(settings, ConsoleKeys.read(settings.keys_dir), engine)) as address,
        Browser(address) as browser,
    ):
        assert browser.get("/livez").status_code == 200
        assert browser.get("/readyz").status_code == 503


def test_a_console_without_its_database_says_so(settings: Settings) -> None:
    engine = connect("postgresql://hotline_console@127.0.0.1:1/none", pool=1)
    with (
        serving(create_app(settings, ConsoleKeys.read(settings.keys_dir), engine)) as address,
        Browser(address) as browser,
    ):
        browser.client.cookies.set("session", "something")
        for path in ("/readyz", "/", f"/cases/{uuid4()}"):
            answer = browser.get(path)
            assert answer.status_code == 503
            assert "127.0.0.1" not in answer.text
        assert browser.get("/login").status_code == 200


def test_the_process_says_that_it_lives_and_is_ready(browser: Browser) -> None:
    assert browser.get("/livez").text == "ok\n"
    assert (browser.get("/readyz").status_code, browser.get("/readyz").text) == (200, "ok\n")
