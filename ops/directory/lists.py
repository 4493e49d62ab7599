"""A list of agencies, as a file has it: every row checked before one is used."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from core.errors import HotlineError
from ops.directory.fields import FIELDS, NEEDED, Row, clean
from ops.directory.values import WrongValue

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE = 80
MOST_TOLD = 20


class NotADirectory(HotlineError):
    """A directory is a list of rows with code, country, name, kind and source: JSON, or CSV with a line of names."""


def read_rows(rows: Sequence[object], taken: Collection[str] = ()) -> dict[str, Row]:
    """By code; none of them may be `taken`. Raises NotADirectory, a line for each row that is wrong."""
    read, problems = dict[str, Row](), list[str]()
    for number, given in enumerate(rows, start=1):
        try:
            code, row = _read(given)
            if code in read or code in taken:
                raise WrongValue("code: it is here twice." if code in read else "code: this is our own.")
            read[code] = row
        except WrongValue as wrong:
            problems.append(f"Row {number}{_named(given)}: {wrong}")
    if problems:
        raise NotADirectory("\n".join(_few(problems)))
    return read


def _read(given: object) -> tuple[str, Row]:
    if not isinstance(given, Mapping):
        raise WrongValue("This is no row of names and values.")
    code = given.get("code")
    if not isinstance(code, str) or not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise WrongValue(f"code: it looks like it-some-agency, and has {LONGEST_CODE} characters at most.")
    if missing := [name for name in (*NEEDED, "country") if name not in given]:
        raise WrongValue(f"{missing[0]}: this must be there.")
    fields = {str(name): value for name, value in given.items() if name != "code"}
    cleaned = {
        name: clean(name, fields[name]) for name in (*FIELDS, *(fields.keys() - FIELDS.keys())) if name in fields
    }
    return code, {name: value for name, value in cleaned.items() if value is not None}


def _named(given: object) -> str:
    code = given.get("code") if isinstance(given, Mapping) else None
    return f" ({code})" if isinstance(code, str) and CODE.fullmatch(code) else ""


def _few(problems: Sequence[str]) -> Iterator[str]:
    yield from problems[:MOST_TOLD]
    if len(problems) > MOST_TOLD:
        yield f"And {len(problems) - MOST_TOLD} more."
