"""The demo messenger's pages and its four small questions: what was said, say this, start again, sign this."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.settings import Settings
from core.web.assets import Assets
from core.web.headers import Policy, SecureHeaders
from core.web.hosts import KnownHost
from core.web.serving import serve_app
from ops.messenger.chat import LONGEST, MOST, PEOPLE, Chat
from ops.messenger.partner import CODE, KEY
from ops.messenger.signing import sign_context, signing_key
from ops.messenger.words import LANGUAGES, WORDS

HERE = Path(__file__).parent
MOST_BYTES = 20_000
Person = Literal["robin", "alex"]
T = TypeVar("T")


class Saying(msgspec.Struct, frozen=True):
    """Somebody writes."""

    sender: Person
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]


class Asking(msgspec.Struct, frozen=True):
    """Somebody wants to report, with these messages."""

    reporter: Person
    messages: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST)] = ()


class Again(msgspec.Struct, frozen=True):
    """From the beginning, in this language."""

    language: str = "en"


def content_policy(hotline: str) -> Policy:
    """What an operator's page must allow: the hotline's script, and its frame."""
    return Policy(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; "
        f"script-src 'self' {hotline}; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src {hotline}"
    )


class Messenger:
    """One chat for whoever comes by."""

    def __init__(self, settings: Settings) -> None:
        self.hotline = settings.address
        self.chat = Chat.opened()
        self._key = signing_key(settings.var_dir / KEY)
        self._assets = Assets([HERE / "static"])
        self._pages = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    def app(self, settings: Settings) -> Starlette:
        routes = [
            Route("/", self.show),
            Route("/messages", self.tell),
            Route("/messages", self.say, methods=["POST"]),
            Route("/again", self.start_again, methods=["POST"]),
            Route("/context", self.sign, methods=["POST"]),
            Route("/readyz", self.readyz),
            *self._assets.routes(),
        ]
        edge = [
            Middleware(SecureHeaders, content_policy(self.hotline), settings.https),
            Middleware(KnownHost, settings.host_names),
        ]
        return Starlette(routes=routes, middleware=edge)

    async def show(self, request: Request) -> Response:
        wanted = request.query_params.get("lang", "en")
        language = wanted if wanted in LANGUAGES else "en"
        page = self._pages.get_template("chat.html").render(
            language=language,
            languages=LANGUAGES,
            words=WORDS[language],
            people=PEOPLE,
            hotline=self.hotline,
            partner=CODE,
            asset=self._assets.url,
            longest=LONGEST,
        )
        return HTMLResponse(page)

    async def tell(self, request: Request) -> Response:
        """What was said after the number `after`, and in which chat."""
        typed = request.query_params.get("after", "")
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
        return JSONResponse({"chat": self.chat.id, "said": [asdict(said) for said in self.chat.after(number)]})

    async def say(self, request: Request) -> Response:
        saying = await _read(request, Saying)
        return JSONResponse(asdict(self.chat.say(saying.sender, saying.text)))

    async def start_again(self, request: Request) -> Response:
        self.chat = Chat.opened((await _read(request, Again)).language)
        return JSONResponse({"chat": self.chat.id})

    async def sign(self, request: Request) -> Response:
        """A token for one report. A real messenger asks first who is logged in."""
        asking = await _read(request, Asking)
        picked = self.chat.picked(asking.messages)
        return JSONResponse({"jwt": sign_context(self._key, CODE, self.hotline, self.chat, asking.reporter, picked)})

    async def readyz(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")


async def _read(request: Request, kind: type[T]) -> T:
    """A body of ours. JSON, so that no other site's form can send one. Raises HTTPException."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415)
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError:
        raise HTTPException(422) from None


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    serve_app(Messenger(settings).app(settings), settings.bind, settings.demo_port)
