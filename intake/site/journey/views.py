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
from core.web.forms import Sent, read_form
from core.web.locale import Language
from core.web.responses import compressed_html, html
from intake.desk import Desk
from intake.gate import MustWait
from intake.site import refusals
from intake.site.journey import added
from intake.site.journey.added import Added
from intake.site.journey.answers import Answers, find_problems, in_place, nothing_told, to_submission
from intake.site.journey.form import GO, NAMES, Form
from intake.site.journey.pages import SHOWING, JourneyPages, Note
from intake.site.journey.path import ASKS, EARLY, LAST, PAGE_OF, page_after, page_before
from intake.site.journey.place import SITE, Place
from intake.site.pages import SitePages
from intake.site.problems import Problem
from intake.submission import Submission
from intake.tokens import FormToken

UNSAID = Answers()
AGAIN = {"retry-after": "5"}
CHANGE = "change-"
DROP = "drop-"


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: where, the form it is on, in which language, with a token that is ours, from where."""

    place: Place
    language: Language
    form: Form
    token: FormToken
    address: str

    def at(self, page: str) -> Self:
        """The same on another page, which is not one to come back from."""
        return replace(self, form=replace(self.form, page=page, changing=False))

    def towards(self, page: str) -> Self:
        """At that page, or first at what an app adds, if it was not shown yet and nobody is in a hurry."""
        if self.form.added and not self.form.added.is_shown and page not in EARLY:
            return self.aside(page)
        return self.at(page)

    def aside(self, page: str) -> Self:
        """At what an app adds, on the way to a page."""
        if self.form.added is None:
            return self.at(page)
        return replace(self, form=self.form.with_added(self.form.added.before(page))).at(added.PAGE)

    @property
    def submission(self) -> Submission:
        """What was told. What an app adds is of it once the reporter has seen it."""
        told = to_submission(self.form.answers, self.language)
        shown = self.form.added if self.form.added and self.form.added.is_shown else None
        return in_place(told, self.place, shown)


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
            sent = await read_form(request, NAMES, free_text="what")
            return await self.receive(sent, language, SITE, address_of(request))
        country = request.query_params.get("country", "")
        answers = Answers(country=country if country in CODES else "")
        return compressed_html(request, self.begin(language, SITE, answers))

    def begin(self, language: Language, place: Place, answers: Answers = UNSAID, given: Added | None = None) -> bytes:
        """The first page."""
        form = Form(answers, self.desk.new_token(), partner=place.code)
        return self.pages.first(language, form.with_added(given) if given else form, place)

    def is_on_the_way(self, sent: Sent, place: Place) -> bool:
        """Whether what was sent is a page that was given out there, with everything it carried."""
        form = Form.from_fields(sent.fields, place.code)
        try:
            self.desk.read_token(form.token)
        except (ForgedToken, ExpiredToken):
            return False
        return not form.is_whole and form.is_signed(self.desk.keys.form)

    async def receive(
        self, sent: Sent, language: Language, place: Place, address: str, given: Added | None = None
    ) -> Response:
        """What a button leads to. `given` is what an app adds, when it came with this press."""
        form, go = Form.from_fields(sent.fields, place.code), sent.fields.get(GO, "")
        if sent.trouble:
            return self._ask_again(language, form, place, [refusals.of_body(sent.trouble, language)])
        try:
            token = self.desk.read_token(form.token)
            if not form.is_signed(self.desk.keys.form):
                raise ForgedToken
        except (ForgedToken, ExpiredToken) as error:
            return self._ask_again(language, form, place, [refusals.of_token(error, language)])
        if given and not form.context:
            form = form.with_added(given)
        return await self._turn(Press(place, language, form, token, address), go)

    async def _turn(self, press: Press, go: str) -> Response:
        if go.startswith(CHANGE):
            return self._change(press, go.removeprefix(CHANGE))
        if go.startswith(DROP):
            return self._drop(press, go.removeprefix(DROP))
        turn = TURNS.get("send" if press.form.is_whole and not go else go, Journey._go_on)
        return await turn(self, press)

    async def _reread(self, press: Press) -> Response:
        """The same page in another language."""
        return self._show(press)

    async def _go_back(self, press: Press) -> Response:
        return self._show(press.at(LAST if press.form.changing else page_before(press.form.goal, press.form.answers)))

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
        return html(self.pages.deleted(press.language, press.place))

    async def _go_on(self, press: Press) -> Response:
        goal = press.form.goal if press.form.page == added.PAGE else page_after(press.form.page, press.form.answers)
        return await self._save_and_show(press, LAST if press.form.changing else goal)

    async def _go_to_the_end(self, press: Press) -> Response:
        return await self._save_and_show(press, LAST)

    async def _save_and_show(self, press: Press, page: str) -> Response:
        if problems := find_problems(press.form.answers, press.language):
            return self._put_right(press, problems)
        note = await self._save(press) if ASKS[press.form.page] or press.form.page == added.PAGE else Note.NONE
        following = press.towards(page)
        return self._show(replace(following, form=replace(following.form, step=press.form.step + 1)), note)

    async def _save(self, press: Press) -> Note:
        crowded = self.desk.gate.step(press.address)
        try:
            await self.desk.save(press.token, press.submission, press.form.step, crowded)
        except CannotStore:
            return Note.NOT_SAVED
        return Note.SAVED

    async def _send(self, press: Press) -> Response:
        """The receipt page is made before the commit, with all at hand, and shown after it."""
        if problems := find_problems(press.form.answers, press.language):
            return self._put_right(press, problems)
        if not press.form.tells:
            return self._put_right(press, [nothing_told(press.language)])
        if press.form.added and not press.form.added.is_shown:
            return self._show(press.aside(LAST))
        try:
            standing = self.desk.gate.admit(press.address, press.token, press.form.proof)
        except MustWait as busy:
            return self._show(press.at(LAST), wait=ceil(busy.seconds))
        submission = press.submission
        report, receipt = self.desk.seal(press.token, submission, standing=standing)
        page = self.pages.receipt(press.language, receipt, submission, press.place)
        try:
            await self.desk.store(report)
        except CannotStore:
            return self._show(press.at(LAST), Note.NOT_SENT)
        return html(page)

    def _show(self, press: Press, note: Note = Note.NONE, wait: int = 0) -> Response:
        """The page that the form is at; with what could not be stored, or must wait, it says so by its status too."""
        form, challenge = press.form, ""
        if form.page == LAST:
            challenge = self.desk.gate.challenge(press.address, press.token)
        if form.added and form.page in SHOWING:
            form = form.with_added(form.added.shown())
        page = self.pages.show(press.language, form, press.place, note=note, wait=wait, challenge=challenge)
        if wait:
            return html(page, 429, {"retry-after": str(wait)})
        return html(page, 503, AGAIN) if note.is_trouble else html(page)

    def _change(self, press: Press, page: str) -> Response:
        """From the check to one question, or to what an app adds, and straight back afterwards."""
        if page == added.PAGE:
            return self._show(press.aside(LAST))
        page = page if ASKS.get(page) else LAST
        return self._show(replace(press, form=replace(press.form, page=page, changing=page != LAST)))

    def _drop(self, press: Press, part: str) -> Response:
        """Take out of what an app adds, and look at the rest."""
        if press.form.added:
            press = replace(press, form=press.form.with_added(press.form.added.without(part)))
        return self._show(press)

    def _put_right(self, press: Press, problems: Sequence[Problem]) -> Response:
        """The page that asks what is wrong, with everything typed; from the check one comes straight back to it."""
        page = PAGE_OF[problems[0].field]
        here = [problem for problem in problems if PAGE_OF[problem.field] == page]
        form = replace(press.form, page=page, changing=press.form.changing or press.form.page == LAST)
        return html(self.pages.show(press.language, form, press.place, here), here[0].status)

    def _ask_again(self, language: Language, form: Form, place: Place, problems: Sequence[Problem]) -> Response:
        """The page again with all that was typed and a new token; the first problem gives the status.

        What an app adds stays only if it is surely what we gave: the reporter cannot tell whether an app signed it.
        """
        context = form.context if form.is_signed(self.desk.keys.form) else ""
        again = replace(form, token=self.desk.new_token(), context=context)
        return html(self.pages.show(language, again, place, problems), problems[0].status)


def address_of(request: Request) -> str:
    """Where it comes from, as the proxies say that are believed."""
    return request.client.host if request.client else ""


TURNS: Mapping[str, Turn] = {
    "send": Journey._send,
    "back": Journey._go_back,
    "end": Journey._go_to_the_end,
    "reread": Journey._reread,
    "delete": Journey._ask_to_delete,
    "keep": Journey._keep,
    "delete-now": Journey._delete,
}
