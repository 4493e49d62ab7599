"""Where somebody reports: on the site itself, in an app's tab, or at a page that an app opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from core.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class App:
    """The operator of that app. One that is not known just now has no `id`; what it signs counts while we trust it."""

    id: UUID | None
    code: str
    name: str
    origins: Sequence[str] = ()
    tells_submitted: bool = False
    is_trusted: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """The address of the journey there, with a language's code to fill in, and the layout of its pages."""

    address: str
    layout: str = "layout.html"
    app: App | None = None
    is_framed: bool = False

    def at(self, language: str) -> str:
        return self.address.format(language=language)

    @property
    def code(self) -> str:
        return self.app.code if self.app else ""

    @property
    def channel(self) -> Channel:
        return Channel.TAB if self.app else Channel.SITE


SITE = Place("/{language}/report")


def framed(app: App) -> Place:
    """In the tab."""
    return Place(f"/embed/v1/frame?partner={quote(app.code)}&lang={{language}}", "tab/layout.html", app, is_framed=True)


def opened(app: App) -> Place:
    """By an app, as a page of its own."""
    return Place(f"/{{language}}/p/{quote(app.code)}", "tab/layout.html", app)
