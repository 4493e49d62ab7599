"""Logging in to the console."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, update

from core.db import connect, transaction
from core.models import Staff
from core.settings import Settings
from core.vocabulary import Act
from ops.staff import NewStaff
from tests.triage.analyst import SAME_ORIGIN, Browser, NewBrowser, acts, code_of, hire, stored, wrong_code_of
from triage.console.door import LEAST_SECONDS
from triage.console.login import TRIES, count_try

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def change(owner: Engine, person: NewStaff, **values: object) -> None:
    with transaction(owner) as session:
        session.execute(update(Staff).where(Staff.login == person.login).values(**values))


def without_the_typed_name(page: str) -> str:
    return re.sub(r'name="(login|token)" (.*?)value="[^"]*"', r'name="\1" \2', page)


def test_the_right_name_password_and_code_open_the_queue(browser: Browser, ana: NewStaff) -> None:
    answer = browser.log_in(ana)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = browser.get("/")
    assert page.status_code == 200
    assert "Ana Silva" in page.text


def test_every_refusal_looks_the_same(browser: Browser, ana: NewStaff, settings: Settings, owner: Engine) -> None:
    gone, locked = hire(owner, settings, "Gone Person"), hire(owner, settings, "Locked Person")
    change(owner, gone, disabled_at=func.now())
    change(owner, locked, failures=TRIES, locked_until=func.now() + timedelta(minutes=15))
    refusals = [
        browser.try_login(ana.login, "wrong", code_of(ana)),
        browser.try_login(ana.login, ana.password, wrong_code_of(ana)),
        browser.try_login(ana.login, ana.password, ""),
        browser.try_login("nobody-of-that-name", ana.password, code_of(ana)),
        browser.log_in(gone),
        browser.log_in(locked),
        browser.try_login("", "", ""),
    ]
    assert {answer.status_code for answer in refusals} == {403}
    assert len({without_the_typed_name(answer.text) for answer in refusals}) == 1
    assert len({tuple(name for name in answer.headers if name != "date") for answer in refusals}) == 1
    assert "session" not in browser.client.cookies


def test_no_refusal_is_faster_than_another(browser: Browser, ana: NewStaff) -> None:
    token = browser.token("/login")
    for login in (ana.login, "nobody"):
        started = time.monotonic()
        browser.post("/login", {"token": token, "login": login, "password": "x", "code": "1"})
        assert time.monotonic() - started >= LEAST_SECONDS


def test_a_refusal_never_sends_the_password_back(browser: Browser, ana: NewStaff) -> None:
    page = browser.try_login(ana.login, "my-secret-password", "000000").text
    assert ana.login in page
    assert "my-secret-password" not in page


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1} {2}"])
def test_a_code_may_be_spaced_as_apps_show_it(browser: Browser, ana: NewStaff, written: str) -> None:
    code = code_of(ana)
    assert browser.try_login(ana.login, ana.password, written.format(code, code[:3], code[3:])).status_code == 303


def test_a_name_in_capitals_and_a_code_in_arabic_digits_are_read(browser: Browser, ana: NewStaff) -> None:
    code = code_of(ana).translate(ARABIC_DIGITS)
    assert browser.try_login(f" {ana.login.upper()} ", ana.password, code).status_code == 303


def test_a_code_works_once(browser: Browser, ana: NewStaff) -> None:
    code = code_of(ana)
    assert browser.try_login(ana.login, ana.password, code).status_code == 303
    assert browser.try_login(ana.login, ana.password, code).status_code == 403


def test_a_code_older_than_the_last_one_used_is_refused(browser: Browser, ana: NewStaff) -> None:
    assert browser.log_in(ana, step=1).status_code == 303
    assert browser.log_in(ana, step=0).status_code == 403


def test_a_code_used_by_two_at_once_lets_one_in(new_browser: NewBrowser, ana: NewStaff) -> None:
    code, browsers = code_of(ana), [new_browser() for _ in range(6)]
    with ThreadPoolExecutor(6) as at_once:
        answers = list(at_once.map(lambda each: each.try_login(ana.login, ana.password, code).status_code, browsers))
    assert sorted(answers) == [303, 403, 403, 403, 403, 403]


def test_wrong_codes_sent_all_at_once_are_all_counted(new_browser: NewBrowser, ana: NewStaff, owner: Engine) -> None:
    wrong, browsers = wrong_code_of(ana), [new_browser() for _ in range(20)]
    with ThreadPoolExecutor(20) as at_once:
        answers = list(at_once.map(lambda each: each.try_login(ana.login, ana.password, wrong).status_code, browsers))
    assert answers == [403] * 20
    assert stored(owner, ana).failures == 20
    assert stored(owner, ana).locked_until is not None
    assert browsers[0].log_in(ana).status_code == 403


def test_no_more_tries_than_the_limit_are_looked_at_however_many_come_at_once(
    settings: Settings, ana: NewStaff, owner: Engine
) -> None:
    assert settings.console_database_url
    engine, together = connect(settings.console_database_url, pool=20), Barrier(20)

    def counted(_: int) -> bool:
        with transaction(engine) as session:
            session.connection()
            together.wait()
            return count_try(session, ana.login) is not None

    with ThreadPoolExecutor(20) as at_once:
        looked_at = list(at_once.map(counted, range(20)))
    engine.dispose()
    assert looked_at.count(True) == TRIES
    assert stored(owner, ana).failures == 20


def test_the_tenth_try_may_still_be_the_right_one(browser: Browser, ana: NewStaff, owner: Engine) -> None:
    change(owner, ana, failures=TRIES - 1)
    assert browser.log_in(ana).status_code == 303
    assert (stored(owner, ana).failures, stored(owner, ana).locked_until) == (0, None)


def test_the_tenth_wrong_try_closes_the_log_in_for_a_quarter_of_an_hour(
    browser: Browser, ana: NewStaff, owner: Engine
) -> None:
    change(owner, ana, failures=TRIES - 1)
    browser.try_login(ana.login, "wrong", "000000")
    until = stored(owner, ana).locked_until
    assert until
    assert timedelta(minutes=14) < until - stored(owner, ana).created_at < timedelta(minutes=16)
    assert browser.log_in(ana).status_code == 403
    change(owner, ana, locked_until=func.now() - timedelta(seconds=1))
    assert browser.try_login(ana.login, "wrong", "000000").status_code == 403
    assert (stored(owner, ana).failures, stored(owner, ana).locked_until) == (1, None)
    assert browser.log_in(ana).status_code == 303


def test_tries_at_a_closed_log_in_do_not_keep_it_closed(browser: Browser, ana: NewStaff, owner: Engine) -> None:
    change(owner, ana, failures=TRIES, locked_until=func.now() + timedelta(minutes=5))
    before = stored(owner, ana).locked_until
    browser.try_login(ana.login, "wrong", "000000")
    assert stored(owner, ana).locked_until == before


def test_logging_in_gives_a_new_session_whatever_cookie_came_in(
    browser: Browser, new_browser: NewBrowser, ana: NewStaff
) -> None:
    browser.client.cookies.set("session", "chosen-by-somebody-else")
    door = browser.get("/login").cookies["door"]
    answer = browser.log_in(ana)
    assert answer.cookies["session"] not in (door, "chosen-by-somebody-else")
    assert new_browser().log_in(ana, step=1).cookies["session"] != answer.cookies["session"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser, ana: NewStaff) -> None:
    given = browser.log_in(ana).headers.get_list("set-cookie")
    session = next(cookie for cookie in given if cookie.startswith("session="))
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(session.split("; "))
    assert not re.search("max-age|expires|secure|domain", session, re.IGNORECASE)


def test_a_log_in_sent_by_another_site_is_refused(browser: Browser, ana: NewStaff) -> None:
    fields = {"token": browser.token("/login"), "login": ana.login, "password": ana.password, "code": code_of(ana)}
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ):
        assert browser.post("/login", fields, headers).status_code == 403
    assert "session" not in browser.client.cookies
    assert browser.post("/login", fields, {"origin": browser.address}).status_code == 303


def test_a_log_in_form_made_for_another_browser_is_refused(
    browser: Browser, new_browser: NewBrowser, ana: NewStaff
) -> None:
    fields = {"login": ana.login, "password": ana.password, "code": code_of(ana)}
    token = new_browser().token("/login")
    assert browser.post("/login", fields | {"token": token}, SAME_ORIGIN).status_code == 403
    browser.get("/login")
    assert browser.post("/login", fields | {"token": token}, SAME_ORIGIN).status_code == 403
    assert browser.post("/login", fields | {"token": "\u00e9"}, SAME_ORIGIN).status_code == 403
    assert "session" not in browser.client.cookies


def test_a_log_in_is_in_the_audit_trail_and_a_refusal_is_not(browser: Browser, ana: NewStaff, owner: Engine) -> None:
    browser.try_login(ana.login, "wrong", "000000")
    assert acts(owner, Act.LOGGED_IN) == []
    browser.log_in(ana)
    assert [entry.staff_id for entry in acts(owner, Act.LOGGED_IN)] == [stored(owner, ana).id]


def test_nothing_stored_is_a_password_or_a_secret(ana: NewStaff, owner: Engine) -> None:
    person = stored(owner, ana)
    assert person.password_hash.startswith("$argon2id$")
    assert ana.totp_secret.encode() not in person.totp_secret
