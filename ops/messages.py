"""Message catalogues: what the pages say, taken from templates and code into `locales/`."""

from io import BytesIO
from pathlib import Path

import click
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from core.settings import ROOT
from core.web.locale import CATALOGUE, LOCALES

FOLDERS = ("core", "intake", "triage")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
WIDTH = 110


@click.command()
def messages() -> None:
    """Bring the message catalogues up to date with the source; new messages come in empty."""
    changed = refresh()
    click.echo("\n".join(str(path.relative_to(ROOT)) for path in changed) or "Nothing has changed.")


def refresh(locales: Path = LOCALES) -> list[Path]:
    """Bring every catalogue up to date with the code; the files that changed.

    New messages come in empty and nothing is guessed; messages that are gone leave.
    """
    template = extract()
    return [path for path in sorted(locales.glob(f"*/{CATALOGUE}")) if _update(path, template)]


def extract() -> Catalog:
    """Every message of the code and the templates, with the files it is in."""
    template = Catalog(project="OpenHotline", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS)
        for path, _, message, comments, context in found:
            template.add(message, None, [(f"{folder}/{path}", 0)], auto_comments=comments, context=context)
    return template


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
