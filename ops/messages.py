"""Message catalogues: what the pages say, taken from templates and code into `locales/`."""

from io import BytesIO
from pathlib import Path

import click
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from core.errors import HotlineError
from core.settings import ROOT
from core.web.locale import CATALOGUE, LOCALES

FOLDERS = ("core", "intake", "triage")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
WIDTH = 110


DRAFT = """\
# Draft translation, not yet reviewed by a person.
# Whoever reviews it writes their name here, and the note at the foot of the pages goes away.
# Reviewed by:"""


class NoSuchLanguage(HotlineError):
    """CLDR does not know a language of that name."""


class LanguageIsThere(HotlineError):
    """There is a catalogue for it already."""


@click.command()
@click.option("--add", metavar="CODE", help="Start the catalogue of a language, such as fr or zh-Hans.")
def messages(add: str | None) -> None:
    """Bring the message catalogues up to date with the source; new messages come in empty."""
    if add:
        start(add)
    changed = refresh()
    click.echo("\n".join(str(path.relative_to(ROOT)) for path in changed) or "Nothing has changed.")


def refresh(locales: Path = LOCALES) -> list[Path]:
    """Bring every catalogue up to date with the code; the files that changed.

    New messages come in empty and nothing is guessed; messages that are gone leave.
    """
    template = extract()
    return [path for path in sorted(locales.glob(f"*/{CATALOGUE}")) if _update(path, template)]


def start(code: str, locales: Path = LOCALES) -> Path:
    """The first, empty catalogue of a language. Raises NoSuchLanguage, LanguageIsThere."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise NoSuchLanguage(f"{code} is no language that CLDR knows; try one like fr or zh-Hans.") from None
    path = locales / str(locale) / CATALOGUE
    if path.exists():
        raise LanguageIsThere(f"{path.parent.parent.name} is in locales/ already.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_written(_empty(locale)))
    return path


def extract() -> Catalog:
    """Every message of the code and the templates, with the files it is in."""
    template = Catalog(project="OpenHotline", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS)
        for path, _, message, comments, context in found:
            template.add(message, None, [(f"{folder}/{path}", 0)], auto_comments=comments, context=context)
    return template


def _empty(locale: Locale) -> Catalog:
    nobody = dict.fromkeys(("msgid_bugs_address", "last_translator"), "none")
    team = {"language_team": str(locale)}
    return Catalog(locale, project="OpenHotline", version="1", header_comment=DRAFT, fuzzy=False, **nobody, **team)


def _update(path: Path, template: Catalog) -> bool:
    before = path.read_bytes()
    catalogue = read_po(BytesIO(before), locale=Locale.parse(path.parent.parent.name), abort_invalid=True)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    path.write_bytes(_written(catalogue))
    return path.read_bytes() != before


def _written(catalogue: Catalog) -> bytes:
    output = BytesIO()
    write_po(output, catalogue, width=WIDTH, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
    return output.getvalue()
