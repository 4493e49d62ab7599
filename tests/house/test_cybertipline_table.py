"""The table of the form is what the code does: every element is in it, lands where it says, and comes back out."""

import re
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest

from core.cybertipline.grammar import REPORT
from core.cybertipline.landing import IN_ACCOUNT, IN_FILE, IN_REPORT
from core.cybertipline.node import Node
from core.cybertipline.table import BESIDES, table
from core.cybertipline.writing import write
from core.details import Details
from core.settings import ROOT
from intake.partners.cybertipline.conversion import file_of, submission_of
from tests.core.cybertipline.samples import maximal_batch, maximal_file, maximal_report
from tests.core.cybertipline.test_grammar import paths_of_ours

DOCUMENT = ROOT / "docs/cybertipline.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = {path: (lands, out) for path, lands, out in ROW.findall(table())}
MARK = "mark{0}mark"


def test_the_document_is_made_from_the_code() -> None:
    """To write it again: .venv/bin/python -m core.cybertipline.table > docs/cybertipline.md"""
    assert DOCUMENT.read_text(encoding="utf-8") == table()


def test_every_element_and_attribute_has_a_row() -> None:
    wanted = {path for path in paths_of_ours() if path.partition("/")[0] in ("report", "fileDetails") and "/" in path}
    assert wanted - ROWS.keys() == set()
    assert {path for path in ROWS.keys() - wanted if not path.endswith("/@accountType")} == set()


def test_a_landing_that_is_told_in_more_words_is_one_of_the_form() -> None:
    assert BESIDES.keys() <= ROWS.keys()


@pytest.mark.parametrize("document", [maximal_report(), maximal_batch()], ids=["report", "batch"])
def test_every_text_lands_where_the_table_says(document: Node) -> None:
    """Each element that holds free text is given a mark of its own; the mark is then in the field of its row."""
    marks = marked(document)
    told = submission_of(document, write(document, REPORT), uuid4(), 17)
    whole = {"what": told.what, "contact": told.contact}
    assert [path for path, mark in marks if mark not in read(path, whole, told.details)] == []


def test_every_text_of_a_file_lands_where_the_table_says() -> None:
    document = maximal_file()
    marks = marked(document)
    file = file_of(document)
    assert [path for path, mark in marks if mark not in read(path, {}, Details(files=(file,)))] == []


def read(path: str, whole: Mapping[str, str], details: Details) -> str:
    """What stands in the field that a row names first."""
    where, _, field = ROWS[path][0].partition(";")[0].partition(": ")
    if where in whole:
        return whole[where]
    rows = {"details": (details,), "accounts": details.accounts, "file": details.files}[where]
    return "\n".join(str(getattr(row, field)) for row in rows)


def marked(root: Node) -> list[tuple[str, str]]:
    """The path of each leaf whose text is free, and the mark it has instead of its text."""
    marks = []
    for number, (path, leaf) in enumerate(leaves(root, root.name)):
        if leaf.text.startswith(("It's", " with")):
            leaf.text = MARK.format(number)
            marks.append((path, leaf.text))
    assert len(marks) > 1
    return marks


def leaves(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    if not node.children:
        yield path, node
    for child in node.children:
        yield from leaves(child, f"{path}/{child.name}")


@pytest.mark.parametrize("fields", [IN_REPORT, IN_ACCOUNT, IN_FILE], ids=["report", "account", "file"])
def test_no_field_is_for_an_element_that_is_not_in_the_form(fields: dict[str, str]) -> None:
    for path in fields:
        end = re.sub(r"^person/", r"\\w+Person/", path)
        assert [row for row in ROWS if re.search(rf"/{end}$", row)], path
