"""Static files: named by their content, small, and nothing else is served."""

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from core.web.assets import Assets


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one/b.css").write_text("b{}")
    (tmp_path / "one/a.css").write_text("a{}")
    (tmp_path / "two/a.css").write_text("c{}")
    (tmp_path / "two/icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return Assets([tmp_path / "one", tmp_path / "two"])


def get(assets: Assets, path: str, encoding: str = "gzip") -> httpx.Response:
    async def fetch() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=assets.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://face.example") as client:
            return await client.get(path, headers={"accept-encoding": encoding})

    return asyncio.run(fetch())


def test_stylesheets_are_one_in_the_order_of_folders_and_names(assets: Assets) -> None:
    assert get(assets, assets.url("style.css")).text == "a{}\nb{}\nc{}"


def test_a_file_has_its_type_and_may_be_kept_for_ever(assets: Assets) -> None:
    answer = get(assets, assets.url("icon.svg"))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("encoding", "coded"), [("gzip, br", "gzip"), ("identity", None)])
def test_a_file_is_compressed_for_who_can_read_that(assets: Assets, encoding: str, coded: str | None) -> None:
    answer = get(assets, assets.url("style.css"), encoding)
    assert answer.headers.get("content-encoding") == coded
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.text == "a{}\nb{}\nc{}"
    assert len(gzip.compress(answer.content)) > 0


@pytest.mark.parametrize("path", ["/static/style.css", "/static/../secret.txt", "/static/%2e%2e%2fsecret.txt"])
def test_nothing_else_is_served(assets: Assets, path: str) -> None:
    assert get(assets, path).status_code == 404


def test_an_unknown_file_is_found_out_when_the_page_is_made(assets: Assets) -> None:
    with pytest.raises(KeyError):
        assets.url("missing.css")
