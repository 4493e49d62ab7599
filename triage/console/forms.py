"""Forms of the console: from our own pages only, made for this very visit, and no typed word is lost."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.web.forms import Sent, read_form
from triage.console.visit import Visit, is_form_token

TOKEN = "token"  # noqa: S105 - a field's name
WORDS = ("reason", "answer", "note", "merge_why", "split_why", "undo_why", "illegal_why")
Fields = Mapping[str, str]
Endpoint = Callable[[Request], Awaitable[Response]]


class StaleForm(Exception):
    """A form of another session; `words` is what was written on it."""

    def __init__(self, words: str) -> None:
        self.words = words


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the id it links to, and the words."""

    field: str
    message: str


def is_same_origin(request: Request, https: bool) -> bool:
    """Whether a page of ours sent this. Browsers say so themselves; older ones name where they were.

    What says neither is no browser that another site could steer; the form's own token still has to be right.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    ours = f"{'https' if https else 'http'}://{request.headers.get('host', '')}"
    return request.headers.get("origin", ours) == ours


def with_form(*names: str) -> Callable[[Callable[[Request, Fields], Response]], Endpoint]:
    """Read these fields of a form made for this visit, then call the view on a thread.

    Raises StaleForm, and HTTPException for what is no form.
    """

    def decorate(view: Callable[[Request, Fields], Response]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            fields = await fields_of(request, *names)
            visit = Visit.of(request)
            if not is_form_token(visit.token if visit else None, fields.get(TOKEN, "")):
                raise StaleForm(_words(fields))
            return await run_in_threadpool(view, request, fields)

        return endpoint

    return decorate


async def fields_of(request: Request, *names: str) -> Fields:
    """The fields that are there. Raises HTTPException for a body that is no form."""
    sent = await _read(request, *names)
    if sent.trouble:
        raise HTTPException(sent.trouble)
    return sent.fields


async def typed_words(request: Request) -> str:
    """What somebody wrote on a form that cannot be taken."""
    return _words((await _read(request)).fields).strip()


def _words(fields: Fields) -> str:
    return next((fields[name] for name in WORDS if fields.get(name)), "")


async def _read(request: Request, *names: str) -> Sent:
    return await read_form(request, (TOKEN, *WORDS, *names), free_text="")
