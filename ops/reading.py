"""How old somebody must be to read what children read, in English.

The Automated Readability Index (Smith and Senter, AMRL-TR-66-220, 1967): 4.71 letters per word + 0.5 words per
sentence - 21.43, rounded up, is a school year; children in school year n are n + 5 years old when it begins.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

import click
from babel.messages.catalog import Message
from rich.console import Console
from rich.table import Table

from core.web.locale import SOURCE, read_languages
from intake.site.sections import read_sections
from ops.messages import extract

OLDEST = 9
LONGEST = 20
TEMPLATES = "intake/site/templates"
CHILDRENS = {
    "landing": [f"{TEMPLATES}/{page}.html" for page in ("landing", "layout", "components/country")],
    "questions": [
        "intake/site/journey/voices/child.py",
        *(
            f"{TEMPLATES}/journey/{page}.html"
            for page in ("layout", "question", "numbers", "check", "delete", "deleted")
        ),
        f"{TEMPLATES}/components/ways.html",
    ],
    "receipt": [f"{TEMPLATES}/journey/{page}.html" for page in ("receipt", "tonight-child")],
    "coming back": [f"{TEMPLATES}/follow-up.html", "intake/site/follow_up.py"],
    "what is wrong": ["intake/site/journey/answers.py", "intake/site/refusals.py"],
}
CHILDRENS_SECTIONS = ("young-people", "leaving")
_TAG = re.compile(r"<[^>]+>")
_BLOCK = re.compile(r"</(?:p|li|h\d)>")
_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_PLACEHOLDER = re.compile(r"%\(\w+\)s")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text asks of its reader."""

    name: str
    index: float
    longest: str

    @property
    def age(self) -> int:
        return max(1, math.ceil(self.index)) + 5

    @property
    def is_for_children(self) -> bool:
        return self.age <= OLDEST and words_in(self.longest) <= LONGEST


@click.command("reading-age")
def reading_age() -> None:
    """The reading age of the English text for children; exit status 1 when it is too high."""
    readings = list(read_childrens_text())
    Console().print(_table(readings))
    if not all(reading.is_for_children for reading in readings):
        raise SystemExit(1)


def read_childrens_text() -> Iterator[Reading]:
    """One reading for each section that is for young people and one for each part of the way of a report."""
    sections = read_sections(read_languages())[SOURCE]
    for section in (sections[name] for name in CHILDRENS_SECTIONS):
        yield read(section.name, text_of(section.body))
    messages = list(extract())
    for name, places in CHILDRENS.items():
        said = [_words(message) for message in messages if {place for place, _ in message.locations} & set(places)]
        yield read(name, "\n".join(said))


def text_of(body: str) -> str:
    """The words of a page; what ends a line is the end of a paragraph or an item, not where its source was wrapped."""
    return unescape(_TAG.sub("", _BLOCK.sub("\n", body.replace("\n", " "))))


def _words(message: Message) -> str:
    """What a message says; of two plurals the longer one."""
    words = str(message.id if isinstance(message.id, str) else message.id[-1])
    return _PLACEHOLDER.sub("name", words)


def read(name: str, text: str) -> Reading:
    """The reading of a text; every line ends a sentence."""
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if _WORD.search(sentence)]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    letters = sum(character.isalnum() for word in words for character in word)
    index = 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43
    return Reading(name, index, max(sentences, key=words_in))


def words_in(sentence: str) -> int:
    return len(_WORD.findall(sentence))


def _table(readings: Sequence[Reading]) -> Table:
    table = Table("text", "ARI", "reading age", f"longest sentence (<= {LONGEST} words)", "met", title="Reading age")
    for reading in readings:
        longest = f"{words_in(reading.longest)}: {reading.longest}"
        met = "yes" if reading.is_for_children else "NO"
        table.add_row(reading.name, f"{reading.index:.1f}", f"{reading.age} (<= {OLDEST})", longest, met)
    return table
