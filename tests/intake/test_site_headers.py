"""What every answer of the public site carries, whoever made it."""

import re
from collections.abc import Callable

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from intake import site
from tests.intake.visitor import Visitor


async def break_down(request: Request) -> Response:
    raise ValueError(request.url.path + " told secrets")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    made = Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))
    return Visitor(made.desk, site.create_app(made.desk, extra=[Route("/it/broken", break_down)]))


def stylesheet(visitor: Visitor) -> httpx.Response:
    found = re.search(r'"(/static/style[^"]+)"', visitor.get("/en/").text)
    assert found
    return visitor.get(found[1])


ANSWERS: dict[str, tuple[int, Callable[[Visitor], httpx.Response]]] = {
    "redirect": (303, lambda visitor: visitor.get("/")),
    "exit": (303, lambda visitor: visitor.get("/exit")),
    "section": (200, lambda visitor: visitor.get("/en/advice")),
    "landing": (200, lambda visitor: visitor.get("/en/")),
    "form": (200, lambda visitor: visitor.get("/ar/report")),
    "head": (200, lambda visitor: visitor.request("HEAD", "/en/report")),
    "receipt": (200, lambda visitor: visitor.send(what="Told")),
    "refused": (422, lambda visitor: visitor.send()),
    "not a form": (415, lambda visitor: visitor.request("POST", "/en/report", b"x")),
    "not found": (404, lambda visitor: visitor.get("/en/nowhere")),
    "wrong method": (405, lambda visitor: visitor.request("DELETE", "/en/report")),
    "broken": (500, lambda visitor: visitor.get("/it/broken")),
    "stylesheet": (200, stylesheet),
    "no such file": (404, lambda visitor: visitor.get("/static/style.000000000000.css")),
    "other host": (400, lambda visitor: visitor.get("/en/", host="other.example")),
}


@pytest.fixture(params=sorted(ANSWERS))
def answer(request: pytest.FixtureRequest, visitor: Visitor) -> httpx.Response:
    status, fetch = ANSWERS[request.param]
    response = fetch(visitor)
    assert response.status_code == status
    return response


def test_every_answer_forbids_what_we_do_not_use(answer: httpx.Response) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_every_answer_has_the_headers_of_a_careful_site(answer: httpx.Response) -> None:
    expected = {
        "strict-transport-security": "max-age=63072000; includeSubDomains",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    assert expected.items() <= dict(answer.headers).items()
    allowed = re.findall(r"=(?!\(\))", answer.headers["permissions-policy"])
    assert allowed == []
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(answer.headers["permissions-policy"].split(", "))


def test_no_answer_sets_a_cookie_or_names_the_server(answer: httpx.Response) -> None:
    assert not {"set-cookie", "server", "x-powered-by"} & set(answer.headers)


def test_no_header_comes_twice(answer: httpx.Response) -> None:
    names = [name for name, _ in answer.headers.multi_items()]
    assert len(names) == len(set(names))


def test_only_static_files_may_be_kept(visitor: Visitor) -> None:
    for name, (_, fetch) in ANSWERS.items():
        kept = fetch(visitor).headers["cache-control"]
        assert kept == ("public, max-age=31536000, immutable" if name == "stylesheet" else "no-store")


def test_answers_to_a_post_are_never_compressed(visitor: Visitor) -> None:
    for fields in ({"what": "Told"}, {}):
        assert "content-encoding" not in visitor.send(**fields).headers
    assert visitor.get("/en/report", accept_encoding="identity").headers.get("content-encoding") is None


def test_with_https_everything_is_asked_for_over_it(tmp_path_factory: pytest.TempPathFactory, visitor: Visitor) -> None:
    secure = Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"), https=True)
    assert secure.get("/en/").headers["content-security-policy"].endswith("; upgrade-insecure-requests")
    assert "upgrade" not in visitor.get("/en/").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("site.example", 200),
        ("SITE.example:8000", 200),
        ("site.example.", 200),
        ("site.example.other.example", 400),
        ("[::1]:8000", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered_to(visitor: Visitor, host: str, status: int) -> None:
    assert visitor.get("/en/", host=host).status_code == status


def test_the_error_page_is_in_the_language_of_the_address_and_says_nothing_of_the_error(visitor: Visitor) -> None:
    answer = visitor.get("/it/broken", accept_language="ar")
    assert '<html lang="it"' in answer.text
    assert "Non è colpa tua." in answer.text
    assert not re.search("secret|ValueError|Traceback|broken", answer.text)


def test_a_wrong_method_is_told_which_ones_are_right(visitor: Visitor) -> None:
    allowed = visitor.request("PUT", "/en/report").headers["allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST"}
