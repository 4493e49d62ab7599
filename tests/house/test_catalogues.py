"""Every language is complete, and says with the same placeholders and tags what the source says."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from core.web.locale import CATALOGUE, LOCALES, SOURCE
from ops import messages

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
TAG = re.compile(r"<[^>]+>")
CATALOGUES = sorted(LOCALES.glob(f"*/{CATALOGUE}"))
TRANSLATED = [path for path in CATALOGUES if path.parent.parent.name != SOURCE]


def name(path: Path) -> str:
    return path.parent.parent.name


def read(path: Path) -> Catalog:
    return read_po(BytesIO(path.read_bytes()), locale=name(path), abort_invalid=True)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def sources(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]


def said(path: Path) -> list[Message]:
    return [message for message in read(path) if message.id]


@pytest.fixture(scope="module")
def wanted() -> set[tuple[object, str | None]]:
    return {(message.id, message.context) for message in messages.extract() if message.id}


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_a_catalogue_has_the_messages_of_the_code_and_no_others(
    path: Path, wanted: set[tuple[object, str | None]]
) -> None:
    there = {(message.id, message.context) for message in said(path)}
    assert (wanted - there, there - wanted) == (set(), set())


def test_refreshing_changes_nothing(tmp_path: Path) -> None:
    for path in CATALOGUES:
        copy = tmp_path / name(path) / CATALOGUE
        copy.parent.mkdir(parents=True)
        copy.write_bytes(path.read_bytes())
    assert messages.refresh(tmp_path) == []


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_no_message_is_empty_or_guessed(path: Path) -> None:
    assert [message.id for message in said(path) if message.fuzzy or not all(texts(message))] == []


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_placeholders_are_those_of_the_source(path: Path) -> None:
    for message in said(path):
        wanted = Counter(PLACEHOLDER.findall(sources(message)[-1]))
        assert [Counter(PLACEHOLDER.findall(text)) for text in texts(message)] == [wanted] * len(texts(message))


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_a_translation_brings_no_tags_of_its_own(path: Path) -> None:
    for message in said(path):
        allowed = Counter(TAG.findall(sources(message)[-1]))
        for text in texts(message):
            assert Counter(TAG.findall(text)) <= allowed
            assert "<" not in TAG.sub("", text)


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
def test_plurals_have_as_many_forms_as_the_language(path: Path) -> None:
    catalogue, plural = read(path), get_plural(Locale.parse(name(path)))
    assert (catalogue.num_plurals, catalogue.plural_expr) == (plural.num_plurals, plural.plural_expr)
    for message in said(path):
        if message.pluralizable:
            assert len(texts(message)) == plural.num_plurals


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_a_draft_says_that_nobody_reviewed_it(path: Path) -> None:
    header = read(path).header_comment
    assert "Reviewed by:" in header
    assert re.search(r"Reviewed by: *\S", header) or "not yet reviewed by a person" in header


@pytest.mark.parametrize("path", TRANSLATED, ids=name)
def test_typewriter_quotes_are_not_used_for_quoting(path: Path) -> None:
    assert not [text for message in said(path) for text in texts(message) if '"' in text]
