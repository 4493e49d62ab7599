"""The way of a form: from the first question to the receipt, each press of a button a page.

The pages are answers to POST at one address. What a button is called says what it does; without one it goes on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Self

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.countries import CODES
from core.errors import CannotStore, ExpiredToken, ForgedToken
from core.web.forms import read_form
from core.web.locale import Language
from core.web.responses import compressed_html, html
from intake.desk import Desk
from intake.gate import MustWait
from intake.site import refusals
from intake.site.journey.answers import Answers, find_problems, nothing_told, to_submission
from intake.site.journey.form import GO, NAMES, Form
from intake.site.journey.pages import JourneyPages, Note
from intake.site.journey.path import ASKS, LAST, PAGE_OF, page_after, page_before
from intake.site.pages import SitePages
from intake.site.problems import Problem
from intake.tokens import FormToken

AGAIN = {"retry-after": "5"}
CHANGE = "change-"


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: the form it is on, in which language, with a token that is ours, from where."""

    language: Language
    form: Form
    token: FormToken
    address: str

    def at(self, page: str) -> Self:
        """The same on another page, which is not one to come back from."""
        return replace(self, form=replace(self.form, page=page, changing=False))


Turn = Callable[["Journey", Press], Awaitable[Response]]


class Journey:
    """From a request to the next page; the desk saves what is on the way and receives what is sent."""

    def __init__(self, desk: Desk, site: SitePages) -> None:
        self.desk = desk
        self.site = site
        self.pages = JourneyPages(site, desk.keys.form, desk.settings.read_hours)

    def routes(self) -> list[BaseRoute]:
        return [Route("/{language}/report", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """The first question, or what a button of a page leads to."""
        language = self.site.language_of(request)
        if request.method == "POST":
            return await self._receive(request, language)
        country = request.query_params.get("country", "")
        form = Form(Answers(country=country if country in CODES else ""), self.desk.new_token())
        return compressed_html(request, self.pages.first(language, form))

    async def _receive(self, request: Request, language: Language) -> Response:
        sent = await read_form(request, NAMES, free_text="what")
        form, go = Form.from_fields(sent.fields), sent.fields.get(GO, "")
        if sent.trouble:
            return self._ask_again(language, form, [refusals.of_body(sent.trouble, language)])
        try:
            token = self.desk.read_token(form.token)
            if not form.is_signed(self.desk.keys.form):
                raise ForgedToken
        except (ForgedToken, ExpiredToken) as error:
            return self._ask_again(language, form, [refusals.of_token(error, language)])
        press = Press(language, form, token, request.client.host if request.client else "")
        if go.startswith(CHANGE):
            return self._change(press, go.removeprefix(CHANGE))
        turn = TURNS.get("send" if form.is_whole and not go else go, Journey._go_on)
        return await turn(self, press)

    async def _reread(self, press: Press) -> Response:
        """The same page in another language."""
        return self._show(press)

    async def _go_back(self, press: Press) -> Response:
        return self._show(press.at(LAST if press.form.changing else page_before(press.form.page, press.form.answers)))

    async def _ask_to_delete(self, press: Press) -> Response:
        return self._show(press.at("delete"))

    async def _keep(self, press: Press) -> Response:
        """Not deleted after all: on with the check of everything."""
        return self._show(press.at(LAST))

    async def _delete(self, press: Press) -> Response:
        try:
            await self.desk.withdraw(press.token)
        except CannotStore:
            return self._show(press.at("delete"), Note.NOT_DELETED)
        return html(self.pages.deleted(press.language))

    async def _go_on(self, press: Press) -> Response:
        page = LAST if press.form.changing else page_after(press.form.page, press.form.answers)
        return await self._save_and_show(press, page)

    async def _go_to_the_end(self, press: Press) -> Response:
        return await self._save_and_show(press, LAST)

    async def _save_and_show(self, press: Press, page: str) -> Response:
        if problems := find_problems(press.form.answers, press.language):
            return self._put_right(press, problems)
        note = await self._save(press) if ASKS[press.form.page] else Note.NONE
        following = press.at(page)
        return self._show(replace(following, form=replace(following.form, step=press.form.step + 1)), note)

    async def _save(self, press: Press) -> Note:
        crowded, submission = self.desk.gate.step(press.address), to_submission(press.form.answers, press.language)
        try:
            await self.desk.save(press.token, submission, press.form.step, crowded)
        except CannotStore:
            return Note.NOT_SAVED
        return Note.SAVED

    async def _send(self, press: Press) -> Response:
        """The receipt page is made before the commit, with all at hand, and shown after it."""
        if problems := find_problems(press.form.answers, press.language):
            return self._put_right(press, problems)
        if not press.form.answers.tells:
            return self._put_right(press, [nothing_told(press.language)])
        try:
            standing = self.desk.gate.admit(press.address, press.token, press.form.proof)
        except MustWait as busy:
            return self._show(press.at(LAST), wait=ceil(busy.seconds))
        submission = to_submission(press.form.answers, press.language)
        report, receipt = self.desk.seal(press.token, submission, standing=standing)
        page = self.pages.receipt(press.language, receipt, submission)
        try:
            await self.desk.store(report)
        except CannotStore:
            return self._show(press.at(LAST), Note.NOT_SENT)
        return html(page)

    def _show(self, press: Press, note: Note = Note.NONE, wait: int = 0) -> Response:
        """The page that the form is at; with what could not be stored, or must wait, it says so by its status too."""
        challenge = self.desk.gate.challenge(press.address, press.token) if press.form.page == LAST else ""
        page = self.pages.show(press.language, press.form, note=note, wait=wait, challenge=challenge)
        if wait:
            return html(page, 429, {"retry-after": str(wait)})
        return html(page, 503, AGAIN) if note.is_trouble else html(page)

    def _change(self, press: Press, page: str) -> Response:
        """From the check to one question, and straight back afterwards."""
        page = page if ASKS.get(page) else LAST
        return self._show(replace(press, form=replace(press.form, page=page, changing=page != LAST)))

    def _put_right(self, press: Press, problems: Sequence[Problem]) -> Response:
        """The page that asks what is wrong, with everything typed; from the check one comes straight back to it."""
        page = PAGE_OF[problems[0].field]
        here = [problem for problem in problems if PAGE_OF[problem.field] == page]
        form = replace(press.form, page=page, changing=press.form.changing or press.form.page == LAST)
        return html(self.pages.show(press.language, form, here), here[0].status)

    def _ask_again(self, language: Language, form: Form, problems: Sequence[Problem]) -> Response:
        """The page again with all that was typed and a new token; the first problem gives the status."""
        again = replace(form, token=self.desk.new_token())
        return html(self.pages.show(language, again, problems), problems[0].status)


TURNS: Mapping[str, Turn] = {
    "send": Journey._send,
    "back": Journey._go_back,
    "end": Journey._go_to_the_end,
    "reread": Journey._reread,
    "delete": Journey._ask_to_delete,
    "keep": Journey._keep,
    "delete-now": Journey._delete,
}
