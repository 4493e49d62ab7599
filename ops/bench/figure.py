"""A measured figure, and how figures are shown and kept."""

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table


class Figure(msgspec.Struct, frozen=True):
    """A value beside the limit it is judged against. `ratio` is value / limit where both are of one unit."""

    name: str
    value: float
    unit: str
    limit: str
    ratio: float | None
    target: str
    met: bool | None


def at_most(name: str, value: float, unit: str, most: float) -> Figure:
    """A figure that must stay at or below a bound."""
    ratio = _short(value / most) if most else None
    return Figure(name, _short(value), unit, f"{most:g} {unit}", ratio, f"<= {most:g} {unit}", value <= most)


def beside(name: str, value: float, unit: str, limit: float, least: float) -> Figure:
    """A rate that must reach a share of another rate of this run."""
    ratio = value / limit
    return Figure(
        name, _short(value), unit, f"{limit:,.0f} {unit}", _short(ratio), f">= {least:g} of it", ratio >= least
    )


def at_least(name: str, value: float, unit: str, least: float) -> Figure:
    """A rate with a bound of its own."""
    return Figure(
        name, _short(value), unit, f"{least:g} {unit}", _short(value / least), f">= {least:g} {unit}", value >= least
    )


def shown(name: str, value: float, unit: str, limit: float | None = None) -> Figure:
    """A figure for comparison only."""
    beside_it = f"{limit:,.0f} {unit}" if limit else ""
    return Figure(name, _short(value), unit, beside_it, _short(value / limit) if limit else None, "shown", None)


def show(figures: Sequence[Figure], title: str = "Benchmarks") -> None:
    """Print the table."""
    table = Table(title=title)
    for heading in ("figure", "value", "beside", "ratio", "target", "met"):
        table.add_column(heading, justify="left" if heading in ("figure", "target") else "right")
    for figure in figures:
        met = {True: "yes", False: "NO", None: ""}[figure.met]
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.name, f"{figure.value:,g} {figure.unit}", figure.limit, ratio, figure.target, met)
    Console(width=150).print(table)


def keep(figures: Sequence[Figure], path: Path) -> None:
    """Write them as a JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(msgspec.to_builtins(figures), indent=1) + "\n")


def keep_too(figures: Sequence[Figure], path: Path) -> None:
    """Add them to the list that is there, in place of older ones of their names."""
    names = {figure.name for figure in figures}
    there = msgspec.json.decode(path.read_bytes(), type=list[Figure]) if path.exists() else []
    keep([*(figure for figure in there if figure.name not in names), *figures], path)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
