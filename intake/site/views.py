"""The public routes: HTML only, no script, no cookie, no redirect that carries anything."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.countries import CODES
from core.errors import CannotStore, ExpiredToken, ForgedToken
from core.web.forms import read_form
from core.web.locale import Language
from core.web.responses import compressed_html, html
from intake.desk import Desk
from intake.site import refusals, sections
from intake.site.form import FIELDS, Answers, Problem, find_problems, to_submission
from intake.site.pages import SitePages
from intake.tokens import FormToken

FORGET = {"clear-site-data": '"cache", "storage"'}
AGAIN = {"retry-after": "5"}
REREAD = "reread"  # a button that asks for the page in another language


class Site:
    """From a request to a page; the desk receives what the form collects."""

    def __init__(self, desk: Desk, pages: SitePages) -> None:
        self.desk = desk
        self.site = pages
        self.pages = pages.pages

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.choose_language),
            Route("/{language}/", self.land),
            Route("/exit", self.leave),
            Route("/{language}/report", self.report, methods=["GET", "POST"]),
            Route("/{language}/agencies", self.agencies),
            Route("/{language}/sitemap", self.map),
            *(Route(f"/{{language}}/{name}", self.section) for name in sections.NAMES),
            *self.pages.assets.routes(),
        ]

    async def choose_language(self, request: Request) -> Response:
        language = self.pages.language_of(request.scope)
        return Response(status_code=303, headers={"location": f"/{language.code}/", "vary": "accept-language"})

    async def land(self, request: Request) -> Response:
        return compressed_html(request, self.site.landing(self.site.language_of(request)))

    async def section(self, request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return compressed_html(request, self.site.section(self.site.language_of(request), name))

    async def map(self, request: Request) -> Response:
        return compressed_html(request, self.site.sitemap(self.site.language_of(request)))

    async def agencies(self, request: Request) -> Response:
        code = request.query_params.get("country", "")
        return compressed_html(request, self.site.agencies(self.site.language_of(request), code))

    async def leave(self, request: Request) -> Response:
        """Away at once; the browser is asked to forget what it may have kept."""
        return Response(status_code=303, headers={"location": self.desk.settings.exit_url, **FORGET})

    async def report(self, request: Request) -> Response:
        """The empty form, or what became of a filled one."""
        language = self.site.language_of(request)
        if request.method == "POST":
            return await self._receive(request, language)
        token = self.desk.new_token()
        if request.query_params.get("country") in CODES:
            answers = Answers(country=request.query_params["country"], token=token)
            return compressed_html(request, self.site.form(language, answers))
        return compressed_html(request, self.site.empty_form(language, token))

    async def _receive(self, request: Request, language: Language) -> Response:
        sent = await read_form(request, (*FIELDS, REREAD), free_text="what")
        answers = Answers.from_fields(sent.fields)
        if sent.trouble:
            return self._ask_again(language, answers, [refusals.of_body(sent.trouble, language)])
        if REREAD in sent.fields:
            return html(self.site.form(language, answers))
        problems = find_problems(answers, language)
        try:
            token = self.desk.read_token(answers.token)
        except (ForgedToken, ExpiredToken) as error:
            return self._ask_again(language, answers, [refusals.of_token(error, language), *problems])
        if problems:
            return self._ask_again(language, answers, problems)
        return await self._store(language, answers, token)

    async def _store(self, language: Language, answers: Answers, token: FormToken) -> Response:
        """The receipt page is made before the commit, with all at hand, and shown after it."""
        submission = to_submission(answers, language)
        report, receipt = self.desk.seal(token, submission)
        page = self.site.receipt(language, receipt, submission)
        try:
            await self.desk.store(report)
        except CannotStore:
            return html(self.site.form_not_stored(language, answers), 503, AGAIN)
        return html(page)

    def _ask_again(self, language: Language, answers: Answers, problems: Sequence[Problem]) -> Response:
        """The page again with all that was typed and a new token; the first problem gives the status."""
        again = replace(answers, token=self.desk.new_token())
        return html(self.site.form(language, again, problems), problems[0].status)
