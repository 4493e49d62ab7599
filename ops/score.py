"""`hotline reading`: how well triage reads reports, on a table of cases that anybody can add to."""

from collections import Counter

import click
import msgspec
from rich.console import Console
from rich.table import Table

from triage.reading.score import GOOD, Score, read_table, score


@click.group()
def reading() -> None:
    """How reports are read."""


@reading.command("score")
@click.option("--part", help="Only this part of the table: first, held back, or later.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def show_score(part: str | None, as_json: bool) -> None:
    """Precision and recall of identifiers by kind; exit status 1 when either is under 0.98."""
    cases = [case for case in read_table() if part in (None, case.part)]
    result = score(cases)
    if as_json:
        _print_json(result, len(cases))
    else:
        _print_table(result, len(cases))
    if not cases or min(result.precision(), result.recall()) < GOOD:
        raise SystemExit(1)


def _print_table(result: Score, cases: int) -> None:
    table = Table("kind", "right", "missed", "extra", "precision", "recall", title=f"{cases} cases")
    for kind in (*result.kinds, None):
        counts = [str(_count(counter, kind)) for counter in (result.right, result.missed, result.extra)]
        table.add_row(kind or "all", *counts, f"{result.precision(kind):.4f}", f"{result.recall(kind):.4f}")
    console = Console()
    console.print(table)
    for case, missed, extra in result.wrong:
        said = f"missed {', '.join(sorted(missed)) or 'nothing'}, found {', '.join(sorted(extra)) or 'no more'}"
        console.print(f"{case.text!r}: {said}", markup=False, highlight=False)


def _print_json(result: Score, cases: int) -> None:
    kinds = {kind: {"precision": result.precision(kind), "recall": result.recall(kind)} for kind in result.kinds}
    whole = {"cases": cases, "precision": result.precision(), "recall": result.recall(), "kinds": kinds}
    click.echo(msgspec.json.encode(whole).decode())


def _count(counter: Counter[str], kind: str | None) -> int:
    return counter.total() if kind is None else counter[kind]
