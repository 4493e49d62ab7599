"""The demo messenger: what an operator's server does, small enough to read, and strict about what its page may load."""

import asyncio
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import Engine, select
from starlette.applications import Starlette

from core.db import transaction
from core.models import Partner
from core.settings import Settings
from intake.tab.token import Signer, read_token
from ops.messenger.app import Messenger
from ops.messenger.chat import LONGEST, MOST, Chat
from ops.messenger.partner import CODE, KEY, let_in
from ops.messenger.signing import public_keys, signing_key
from ops.up import messenger

HERE = Settings(public_url="https://hotline.example")


class Client:
    """A browser at the messenger."""

    def __init__(self, folder: Path) -> None:
        self.settings = msgspec.structs.replace(HERE, var=str(folder))
        self.app: Starlette = Messenger(self.settings).app(self.settings)

    def __call__(self, method: str, path: str, **sent: object) -> httpx.Response:
        async def fetch() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1:8002"
            ) as client:
                return await client.request(method, path, **sent)  # type: ignore[arg-type]  # httpx names them all

        return asyncio.run(fetch())

    @property
    def said(self) -> list[dict[str, object]]:
        said: list[dict[str, object]] = self("GET", "/messages").json()["said"]
        return said


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def test_what_one_writes_both_see(client: Client) -> None:
    before = client.said
    client("POST", "/messages", json={"sender": "robin", "text": " Hello "})
    assert [(said["sender"], said["text"]) for said in client.said[len(before) :]] == [("robin", "Hello")]
    last = client.said[-1]["number"]
    assert client("GET", f"/messages?after={last}").json()["said"] == []
    client("POST", "/again", json={"language": "ar"})
    assert [said["sender"] for said in client.said] == [said["sender"] for said in before]
    assert client.said[0]["text"] != before[0]["text"]


def test_what_it_signs_is_believed_and_says_only_what_was_picked(client: Client) -> None:
    picked = client.said[4]
    answer = client("POST", "/context", json={"reporter": "robin", "messages": [picked["id"], "of another chat"]})
    keys = public_keys(signing_key(client.settings.var_dir / KEY))["keys"]
    assert isinstance(keys, list)
    added = read_token(answer.json()["jwt"], Signer(uuid4(), CODE, keys), "https://hotline.example", bytes(32))
    assert added.is_verified
    assert (added.context.handle, added.context.service) == ("@alex", "Demo messenger")
    assert [message.text for message in added.context.messages] == [picked["text"]]


def test_its_page_may_load_itself_and_the_hotline_and_nothing_else(client: Client) -> None:
    answer = client("GET", "/?lang=ar")
    policy = dict(p.strip().partition(" ")[::2] for p in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' https://hotline.example"
    assert policy["frame-src"] == "https://hotline.example"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert answer.text.count('<report-abuse partner="demo-messenger"') == 2


@pytest.mark.parametrize(
    ("path", "sent", "status"),
    [
        ("/messages", {"data": {"sender": "robin", "text": "x"}}, 415),
        ("/messages", {"json": {"sender": "mallory", "text": "x"}}, 422),
        ("/messages", {"json": {"sender": "robin", "text": "x" * (LONGEST + 1)}}, 422),
        ("/messages", {"json": {"sender": "robin"}}, 422),
        ("/context", {"json": []}, 422),
        ("/messages", {"content": b"x" * 30_000, "headers": {"content-type": "application/json"}}, 413),
        ("/messages", {"json": {}, "headers": {"host": "other.example"}}, 400),
    ],
)
def test_what_is_not_from_its_own_page_is_refused(
    client: Client, path: str, sent: dict[str, object], status: int
) -> None:
    assert client("POST", path, **sent).status_code == status


def test_it_remembers_so_many_messages_and_no_more() -> None:
    chat = Chat.opened()
    for number in range(MOST + 50):
        chat.say("robin", str(number))
    assert len(chat.said) == MOST and chat.said[-1].text == str(MOST + 49)


def test_it_is_made_a_partner_once_and_follows_its_port(settings: Settings, owner: Engine, tmp_path: Path) -> None:
    mine = msgspec.structs.replace(settings, var=str(tmp_path))
    for port in (8002, 9002):
        with transaction(owner) as session:
            let_in(session, msgspec.structs.replace(mine, demo_port=port))
    with transaction(owner) as session:
        [partner] = session.scalars(select(Partner)).all()
        assert partner.origins == ["http://127.0.0.1:9002", "http://localhost:9002"]
        assert partner.jwks == public_keys(signing_key(tmp_path / KEY))


def test_it_is_told_nothing_that_opens_anything_of_the_hotline(settings: Settings) -> None:
    environ = messenger(settings).environ or {}
    told = {name: value for name, value in environ.items() if name.startswith("HOTLINE_")}
    assert not [name for name in told if name.endswith(("DATABASE_URL", "REDIS_URL"))]
    assert "hotline_intake" not in "".join(told.values())
