"""The last resort: a page for the reader, one line for the operator, nothing told to either."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from core.settings import Settings
from core.web.edge import the_edge
from core.web.errors import ErrorPages
from core.web.headers import Policy
from core.web.templates import Pages

SECRET = "what a child told"


async def break_down(request: Request) -> Response:
    raise ValueError(SECRET)


async def refuse(request: Request) -> Response:
    raise HTTPException(int(request.path_params["status"]), SECRET, {"retry-after": "7"})


async def begin_and_break(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        raise ValueError(SECRET)

    return StreamingResponse(pieces())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    face = tmp_path_factory.mktemp("face")
    pages = Pages(face, name="A face")
    return Starlette(
        routes=[Route("/broken", break_down), Route("/half", begin_and_break), Route("/{status:int}", refuse)],
        middleware=the_edge(Settings(hosts="face.example"), pages, Policy.console()),
        exception_handlers=ErrorPages(pages).handlers(),
    )


def get(app: Starlette, path: str, language: str = "en") -> httpx.Response:
    async def fetch() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://face.example") as client:
            return await client.get(path, headers={"accept-language": language})

    return asyncio.run(fetch())


def test_an_unexpected_error_is_logged_by_class_and_place_only(app: Starlette) -> None:
    with capture_logs() as logs:
        answer = get(app, "/broken", "it")
    assert answer.status_code == 500
    assert "Qualcosa da noi non ha funzionato" in answer.text
    [line] = logs
    assert line["event"] == "unexpected_error"
    assert line["error"].startswith("ValueError at test_web_errors.py:")
    assert SECRET not in f"{logs} {answer.text}"


def test_an_error_in_the_middle_of_an_answer_is_logged_too(app: Starlette) -> None:
    with capture_logs() as logs, pytest.raises(AssertionError):  # httpx's word for an answer without its end
        get(app, "/half")
    assert [line["event"] for line in logs] == ["unexpected_error"]
    assert SECRET not in str(logs)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 502, 503])
def test_a_refusal_is_a_page_that_tells_no_more_than_its_status(app: Starlette, status: int) -> None:
    answer = get(app, f"/{status}", "ar")
    assert answer.status_code == status
    assert answer.headers["retry-after"] == "7"
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert SECRET not in answer.text


def test_scripts_of_the_console_need_a_fresh_nonce(app: Starlette) -> None:
    policies = [get(app, "/404").headers["content-security-policy"] for _ in range(2)]
    assert policies[0] != policies[1]
    assert all("script-src 'nonce-" in policy and "unsafe" not in policy for policy in policies)
    assert get(app, "/404").headers["cross-origin-embedder-policy"] == "require-corp"


def test_a_face_of_its_own_folder_needs_no_templates(app: Starlette) -> None:
    assert "<h1" in get(app, "/404").text
    assert Path(__file__).name not in get(app, "/broken").text
