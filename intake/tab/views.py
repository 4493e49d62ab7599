"""The journey in an app: in the frame its tab opens, and at a page that a native one opens.

A partner that is quarantined, one that is not known and none at all get the same empty frame. A report that was begun
before is taken to its end all the same, whatever became of the partner, and where nobody can look.
"""

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.receipts import derived
from core.vocabulary import Doubt
from core.web.forms import Sent, read_form
from core.web.headers import Policy
from core.web.locale import Language, negotiate
from core.web.responses import compressed_html, html
from intake.desk import Desk
from intake.partners.known import Partner, PartnersDown
from intake.site.journey.added import Added
from intake.site.journey.form import NAMES
from intake.site.journey.place import SITE, App, Place, framed, opened
from intake.site.journey.views import Journey, address_of
from intake.site.pages import SitePages
from intake.tab.token import Signer, doubtful, read_token

JWT = "jwt"
EMPTY = b'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>OpenHotline</title>\n'
ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]+")
ANYWHERE = {"cross-origin-resource-policy": "cross-origin", "cross-origin-embedder-policy": "require-corp"}
"""So that pages which are isolated from others may frame it too."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever a code names; doubtful when nobody can look just now."""

    code: str
    partner: Partner | None = None
    is_doubtful: bool = False

    @property
    def is_welcome(self) -> bool:
        return self.partner is not None and not self.partner.quarantined

    @property
    def app(self) -> App:
        if self.partner is None:
            return App(None, self.code, self.code, is_trusted=False)
        origins = [origin for origin in self.partner.origins if ORIGIN.fullmatch(origin)]
        return App(
            self.partner.id,
            self.partner.code,
            self.partner.name,
            origins,
            self.partner.tells_submitted,
            is_trusted=self.is_welcome,
        )


class Tab:
    """From an app to a page of the journey."""

    def __init__(self, desk: Desk, site: SitePages) -> None:
        self.desk = desk
        self.site = site
        self.journey = Journey(desk, site)
        self._secret = derived(desk.keys.form, b"context", b"")

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/embed/v1/frame", self.frame, methods=["GET", "POST"]),
            Route("/p/{partner}", self.arrive, methods=["GET", "POST"]),
            Route("/{language}/p/{partner}", self.open, methods=["GET", "POST"]),
        ]

    async def frame(self, request: Request) -> Response:
        """The journey in a frame of that partner's pages and of no others."""
        guest, language = await self._guest(request.query_params.get("partner", "")), self._wanted(request)
        place = framed(guest.app)
        if request.method != "POST":
            if not guest.is_welcome:
                return html(EMPTY, 404)
            return self._in_frame(compressed_html(request, self.journey.begin(language, place)), guest)
        sent = await read_form(request, (*NAMES, JWT), free_text="what")
        if not self._is_heard(guest, sent, place):
            return html(EMPTY, 404)
        given = self._given(sent, guest)
        return self._in_frame(await self.journey.receive(sent, language, place, address_of(request), given), guest)

    async def arrive(self, request: Request) -> Response:
        """From an app's own button: on in the reader's language, with what the app adds, if it posts that."""
        language = self.site.pages.language_of(request.scope)
        if request.method != "POST":
            path = f"/{language.code}/p/{request.path_params['partner']}"
            return RedirectResponse(path, 303, {"vary": "accept-language"})
        return await self._receive(request, language)

    async def open(self, request: Request) -> Response:
        """The journey at an address of its own."""
        language = self.site.language_of(request)
        if request.method == "POST":
            return await self._receive(request, language)
        guest = await self._guest(request.path_params["partner"])
        if not guest.is_welcome:
            return _to_the_site(language)
        return compressed_html(request, self.journey.begin(language, opened(guest.app)))

    async def _receive(self, request: Request, language: Language) -> Response:
        """A form of the journey; or, without one, the token an app posts to begin with."""
        guest = await self._guest(request.path_params["partner"])
        sent = await read_form(request, (*NAMES, JWT), free_text="what")
        place, given = opened(guest.app), self._given(sent, guest)
        if not sent.fields.keys() - {JWT} and not sent.trouble:
            return (
                html(self.journey.begin(language, place, given=given)) if guest.is_welcome else _to_the_site(language)
            )
        if not self._is_heard(guest, sent, place):
            place, given = SITE, None
        return await self.journey.receive(sent, language, place, address_of(request), given)

    async def _guest(self, code: str) -> Guest:
        try:
            return Guest(code, await self.desk.partners.by_code(code) if code else None)
        except PartnersDown:
            return Guest(code, is_doubtful=True)

    def _is_heard(self, guest: Guest, sent: Sent, place: Place) -> bool:
        """Whether this form goes on there: while nobody can look, what somebody wrote must not be lost."""
        return guest.is_welcome or guest.is_doubtful or self.journey.is_on_the_way(sent, place)

    def _given(self, sent: Sent, guest: Guest) -> Added | None:
        """What an app adds, if it sent a token; one that we do not trust just now proves nothing."""
        token = sent.fields.get(JWT, "").strip()
        if not token:
            return None
        if guest.partner is None or guest.partner.quarantined:
            return doubtful(token, Doubt.SUSPENDED)
        signer = Signer(guest.partner.id, guest.partner.code, guest.partner.keys)
        return read_token(token, signer, self.desk.settings.address, self._secret)

    def _wanted(self, request: Request) -> Language:
        """The language the page around it speaks, or else the one the browser asks for."""
        wishes = [request.query_params.get("lang", ""), request.headers.get("accept-language", "")]
        return negotiate(", ".join(filter(None, wishes)), self.site.pages.languages)

    def _in_frame(self, answer: Response, guest: Guest) -> Response:
        policy = Policy.public().framed_by(guest.app.origins)
        answer.headers["content-security-policy"] = policy.written(self.desk.settings.https)
        answer.headers.update(ANYWHERE)
        return answer


def _to_the_site(language: Language) -> Response:
    """Whoever comes from nowhere we know can still report."""
    return RedirectResponse(f"/{language.code}/report", 303)
