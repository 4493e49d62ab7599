"""Pages: one Jinja environment for each language, the shared templates under each face's own."""

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.types import Scope

from core.web.assets import Assets
from core.web.locale import Language, Languages, negotiate, read_languages
from core.web.translate import TranslateEarly

SHARED = Path(__file__).parent


class QuickEnvironment(Environment):
    """Its templates share its globals: nothing is looked up through a chain (measured: 60 us a page)."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals


class Pages:
    """Every page of one face, in every language.

    `face` is a folder with `templates/` and `static/`; they come before and after the shared ones.
    `shared` values are known to every template, beside `language`, `languages` and `asset(name)`.
    """

    def __init__(self, face: Path, languages: Languages | None = None, **shared: object) -> None:
        self.languages = languages or read_languages()
        self.assets = Assets([SHARED / "static", face / "static"])
        self._environments = {code: self._speaking(language, face) for code, language in self.languages.items()}
        for environment in self._environments.values():
            environment.globals.update(shared, languages=tuple(self.languages.values()), asset=self.assets.url)

    def render(self, language: Language, template: str, /, **values: object) -> bytes:
        """The page as UTF-8. A name the template asks for and nobody gave is an error."""
        return self._environments[language.code].get_template(template).render(values).encode()

    def macro(self, language: Language, template: str, name: str, *values: object) -> Markup:
        """What one macro of a template renders."""
        macro: Callable[..., Markup] = getattr(self._environments[language.code].get_template(template).module, name)
        return macro(*values)

    def language_of(self, scope: Scope) -> Language:
        """The language a path names, or else the one the browser asks for."""
        named = scope["path"].lstrip("/").partition("/")[0]
        headers = dict(scope["headers"])
        wishes = headers.get(b"accept-language", b"").decode("latin-1")
        return self.languages.get(named) or negotiate(wishes, self.languages)

    def _speaking(self, language: Language, face: Path) -> Environment:
        environment = QuickEnvironment(
            loader=FileSystemLoader([face / "templates", SHARED / "templates"]),
            extensions=[TranslateEarly],
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.extend(translations=language.translations)
        environment.install_gettext_translations(language.translations, newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(language=language, _=language.gettext)
        return environment
