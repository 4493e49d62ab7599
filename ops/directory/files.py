"""A directory as a file: JSON, one row an object, or CSV for spreadsheets, one row a line.

A spreadsheet takes a cell that begins with `=` and some others for a formula, and does what it says. Such a cell is
written with an apostrophe before it, and read without.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ops.directory.fields import FIELDS, Row, from_text, to_text
from ops.directory.lists import NotADirectory
from ops.directory.values import WrongValue

HEAD = ("code", *FIELDS)
FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
csv.field_size_limit(1_000_000)

Coded = tuple[str, Row]


def read_file(path: Path) -> Sequence[Mapping[str, object]]:
    """The rows as they stand there, `.csv` or JSON; not yet checked. Raises NotADirectory."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = list(_from_csv(text)) if path.suffix.lower() == ".csv" else json.loads(text)
    except (OSError, ValueError, csv.Error, RecursionError):
        raise NotADirectory(f"{path.name} cannot be read. {NotADirectory.__doc__}") from None
    if not isinstance(rows, list):
        raise NotADirectory
    return rows


def to_json(rows: Iterable[Coded]) -> str:
    """As `data/agencies.json` is written."""
    listed = [
        {"code": code} | {name: row.get(name) for name in FIELDS if name in (*row, "country")} for code, row in rows
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2) + "\n"


def to_csv(rows: Iterable[Coded]) -> str:
    out = io.StringIO(newline="")
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL)
    sheet.writerow(HEAD)
    sheet.writerows([_tame(cell) for cell in (code, *_cells(row))] for code, row in rows)
    return out.getvalue()


def _cells(row: Row) -> Iterator[str]:
    return (to_text(name, row.get(name)) for name in FIELDS)


def _from_csv(text: str) -> Iterator[dict[str, object]]:
    """A spreadsheet may have put semicolons where commas were."""
    first = text.partition("\n")[0]
    sheet = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    head = [name.strip() for name in next(sheet, [])]
    for number, cells in enumerate((cells for cells in sheet if any(cells)), start=1):
        if len(cells) > len(head):
            raise NotADirectory(f"Row {number}: it has more cells than there are names in the first line.")
        yield dict(_read(number, name, _untamed(cell)) for name, cell in zip(head, cells, strict=False))


def _read(number: int, name: str, cell: str) -> tuple[str, object]:
    try:
        return name, cell.strip() if name == "code" else from_text(name, cell)
    except WrongValue as wrong:
        raise NotADirectory(f"Row {number}: {wrong}") from None


def _tame(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _untamed(cell: str) -> str:
    return cell.removeprefix("'") if FORMULA.match(cell) else cell
