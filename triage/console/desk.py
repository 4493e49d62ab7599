"""The desk: everything a page of the console may use."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from core.db import transaction
from core.keys import ConsoleKeys
from core.settings import Settings
from core.web.locale import Language
from core.web.responses import html
from core.web.templates import Pages
from triage.cases.person import Person
from triage.console.visit import Visit
from triage.console.wording import Wording

FACE = Path(__file__).parent
HASHES_AT_ONCE = 2


@dataclass(frozen=True)
class Desk:
    """`hashing` caps what log-ins may cost: each takes 64 MiB while it is looked at."""

    settings: Settings
    keys: ConsoleKeys = field(repr=False)
    engine: Engine
    pages: Pages
    hashing: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(HASHES_AT_ONCE))

    def transaction(self, person: Person) -> AbstractContextManager[Session]:
        """One transaction that sees this person's agency only."""
        return transaction(self.engine, person.agency)

    def language(self, request: Request) -> Language:
        return self.pages.language_of(request.scope)

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """A page in the reader's language, with the visit it is for, if it is for one."""
        language = self.language(request)
        always = {"visit": Visit.of(request), "status": status, "words": Wording(language)}
        return html(self.pages.render(language, template, **always, **values), status)


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk
