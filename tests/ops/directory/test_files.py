"""A directory as a file, and back: nothing is lost, and no spreadsheet takes a cell for a formula."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory import AGENCIES
from ops.directory.fields import Row
from ops.directory.files import read_file, to_csv, to_json
from ops.directory.lists import NotADirectory, read_rows

WORDS = st.text(alphabet="a=+-@'\"＝;, Ω\\", min_size=1, max_size=6).filter(lambda text: text == text.strip())
ROW: Row = {"country": "IT", "name": "A line", "kind": "hotline", "source": "a test"}


def test_the_sourced_list_goes_through_both_forms_unchanged(tmp_path: Path) -> None:
    rows = read_rows(read_file(AGENCIES))
    for name, written in (("a.json", to_json(rows.items())), ("a.csv", to_csv(rows.items()))):
        (tmp_path / name).write_text(written, encoding="utf-8", newline="")
        assert read_rows(read_file(tmp_path / name)) == rows


@given(name=WORDS, note=WORDS, phone=WORDS)
def test_any_text_goes_through_a_sheet_unchanged_and_begins_no_formula(name: str, note: str, phone: str) -> None:
    row = ROW | {"name": name, "note": note, "phone": f"{phone}1", "way": {"by": "signpost", "tell": note}}
    written = to_csv([("it-line", row)])
    _, cells = csv.reader(io.StringIO(written, newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r")) for cell in cells)
    assert read_rows(_through_a_file(written))["it-line"] == row


def _through_a_file(written: str) -> list[object]:
    class InMemory(type(Path())):  # type: ignore[misc]  # a path whose text is at hand
        def read_text(self, encoding: str | None = None, errors: str | None = None, newline: str | None = None) -> str:
            return written

    return list(read_file(InMemory("sheet.csv")))


def test_a_number_that_begins_with_a_plus_is_a_number_again(tmp_path: Path) -> None:
    written = to_csv([("it-line", ROW | {"phone": "+44 1632 960 001"})])
    assert '"\'+44 1632 960 001"' in written
    (tmp_path / "a.csv").write_text(written, encoding="utf-8", newline="")
    assert read_rows(read_file(tmp_path / "a.csv"))["it-line"]["phone"] == "+44 1632 960 001"


def test_a_sheet_saved_elsewhere_is_read(tmp_path: Path) -> None:
    """With a mark at its beginning, semicolons, columns in another order, lines without anything, and short ones."""
    sheet = tmp_path / "SHEET.CSV"
    sheet.write_text(
        "\ufeffname;code;kind;country;source;anonymous\r\n't Huis;nl-huis;helpline;NL;a test;yes\r\n;;;\r\n", newline=""
    )
    [row] = read_rows(read_file(sheet)).items()
    assert row == (
        "nl-huis",
        {"name": "'t Huis", "kind": "helpline", "country": "NL", "source": "a test", "anonymous": True},
    )


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("a.json", "{", "a.json cannot be read"),
        ("a.json", '{"code": "it-line"}', "A directory is a list"),
        ("a.json", "[" * 100_000, "a.json cannot be read"),
        ("a.csv", "code,name\na,b,c\n", "Row 1: it has more cells"),
        ("a.csv", "code,colour\na,b\n", "Row 1: There is no field 'colour'."),
        ("a.csv", f'code,name\na,"{"b" * 1_000_001}"\n', "a.csv cannot be read"),
    ],
)
def test_what_is_no_directory_is_told_in_one_line(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(NotADirectory, match=r"^[^\n]+$") as refused:
        read_rows(read_file(tmp_path / name))
    assert complaint in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotADirectory, match=r"nothing\.csv cannot be read"):
        read_file(tmp_path / "nothing.csv")


def test_json_is_written_as_the_sourced_list_is() -> None:
    [row] = json.loads(to_json([("world-line", {"name": "A", "kind": "police", "source": "a test"})]))
    assert list(row.items()) == [
        ("code", "world-line"),
        ("country", None),
        ("name", "A"),
        ("kind", "police"),
        ("source", "a test"),
    ]
