"""Staying logged in, and not any longer."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from starlette.requests import Request
from starlette.responses import Response

from core.db import transaction
from core.models import Staff, StaffSession
from core.settings import Settings
from core.vocabulary import Act
from ops.staff import NewStaff
from tests.triage.analyst import Browser, NewBrowser, acts, stored
from triage.console import cookies

TO_LOGIN = (303, "/login")


def where(browser: Browser) -> tuple[int, str | None]:
    answer = browser.get("/")
    return answer.status_code, answer.headers.get("location")


def age(owner: Engine, **columns: timedelta) -> None:
    """Make every session older by these."""
    with transaction(owner) as session:
        session.execute(update(StaffSession).values({name: func.now() - by for name, by in columns.items()}))


def test_only_the_hash_of_a_session_is_stored(at_work: Browser, owner: Engine) -> None:
    token = at_work.client.cookies["session"]
    with transaction(owner) as session:
        assert list(session.scalars(select(StaffSession.token_hash))) == [hashlib.sha256(token.encode()).digest()]
    assert len(token) == 43


def test_a_session_nobody_uses_ends(at_work: Browser, owner: Engine, settings: Settings) -> None:
    age(owner, seen_at=timedelta(minutes=settings.session_minutes, seconds=-30))
    assert where(at_work) == (200, None)
    age(owner, seen_at=timedelta(minutes=settings.session_minutes, seconds=1))
    assert where(at_work) == TO_LOGIN


def test_a_session_in_use_ends_too(at_work: Browser, owner: Engine, settings: Settings) -> None:
    age(owner, started_at=timedelta(hours=settings.session_hours, seconds=1))
    assert where(at_work) == TO_LOGIN


def test_sessions_that_are_over_leave_the_table(
    at_work: Browser, new_browser: NewBrowser, ana: NewStaff, owner: Engine
) -> None:
    age(owner, started_at=timedelta(days=1))
    new_browser().log_in(ana, step=1)
    with transaction(owner) as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 1


def test_logging_in_again_ends_the_session_one_came_with(at_work: Browser, ana: NewStaff) -> None:
    earlier = at_work.client.cookies["session"]
    assert at_work.log_in(ana, step=1).status_code == 303
    at_work.client.cookies.set("session", earlier)
    assert where(at_work) == TO_LOGIN


def test_somebody_who_is_disabled_is_out_at_once(at_work: Browser, ana: NewStaff, owner: Engine) -> None:
    with transaction(owner) as session:
        session.execute(update(Staff).where(Staff.login == ana.login).values(disabled_at=func.now()))
    assert where(at_work) == TO_LOGIN


@pytest.mark.parametrize("token", ["", "x", "\u00ff", "a" * 8000])
def test_a_cookie_that_was_never_given_opens_nothing(browser: Browser, token: str) -> None:
    answer = browser.client.get("/", headers=[(b"cookie", b"session=" + token.encode("latin-1"))])
    assert (answer.status_code, answer.headers["location"]) == TO_LOGIN


def test_logging_out_ends_the_session_and_has_the_browser_forget(
    at_work: Browser, ana: NewStaff, owner: Engine
) -> None:
    token = at_work.client.cookies["session"]
    answer = at_work.post("/logout", {"token": at_work.token()})
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "session" not in at_work.client.cookies
    at_work.client.cookies.set("session", token)
    assert where(at_work) == TO_LOGIN
    assert [entry.staff_id for entry in acts(owner, Act.LOGGED_OUT)] == [stored(owner, ana).id]
    assert "You are logged out" in at_work.get(answer.headers["location"]).text


def test_logging_out_here_leaves_another_browser_alone(
    at_work: Browser, new_browser: NewBrowser, ana: NewStaff
) -> None:
    other = new_browser()
    other.log_in(ana, step=1)
    at_work.post("/logout", {"token": at_work.token()})
    assert where(other) == (200, None)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_site_cannot_log_anybody_out(at_work: Browser, site: str) -> None:
    answer = at_work.post("/logout", {"token": at_work.token()}, {"sec-fetch-site": site})
    assert answer.status_code == 403
    assert where(at_work) == (200, None)


def test_a_browser_that_only_names_an_origin_must_name_ours(at_work: Browser) -> None:
    fields = {"token": at_work.token()}
    for headers in ({"origin": "null"}, {"origin": at_work.address.replace("http:", "https:")}):
        assert at_work.post("/logout", fields, headers).status_code == 403
    assert at_work.post("/logout", fields, {"origin": at_work.address}).status_code == 303


def test_a_client_that_says_nothing_of_where_it_was_still_needs_the_forms_token(at_work: Browser) -> None:
    assert at_work.post("/logout", {"token": "another"}, {}).status_code != 303
    assert at_work.post("/logout", {"token": at_work.token()}, {}).status_code == 303


def test_a_form_of_somebody_elses_session_logs_nobody_out(
    at_work: Browser, new_browser: NewBrowser, ana: NewStaff
) -> None:
    other = new_browser()
    other.log_in(ana, step=1)
    for token in ("", "0" * 64, other.token()):
        assert at_work.post("/logout", {"token": token}).status_code == 403
    assert where(at_work) == (200, None)


def test_with_https_the_cookies_are_bound_to_this_host_and_secure() -> None:
    answer = Response()
    cookies.give(answer, cookies.SESSION, "token", https=True)
    parts = answer.headers["set-cookie"].split("; ")
    assert parts[0] == "__Host-session=token"
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Secure"} == set(parts[1:])
    request = Request({"type": "http", "headers": [(b"cookie", b"session=plain")]})
    assert cookies.read(request, cookies.SESSION, https=True) is None
