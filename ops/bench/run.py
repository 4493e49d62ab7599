"""All the benchmarks, one after the other."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from core.settings import Settings
from ops.bench import (
    accept,
    backlog,
    cybertipline,
    doors,
    flood,
    footprint,
    idle,
    memory,
    page,
    queue,
    reading,
    routing,
    tab,
)
from ops.bench.deployment import Deployment
from ops.bench.figure import Figure, keep, show

ON_A_DEPLOYMENT: Mapping[str, Callable[[Deployment], Iterator[Figure]]] = {
    "accept": accept.measure,
    "doors": doors.measure,
    "idle": idle.measure,
    "backlog": backlog.measure,
    "clones": backlog.measure_clones,
    "page": page.measure,
    "flood": flood.measure,
    "cybertipline": cybertipline.measure,
    "tab": tab.measure,
    "routing": routing.measure,
    "queue": queue.measure,
    "memory": memory.measure,
}
FROM_NOTHING: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "footprint": footprint.measure,
    "reading": reading.measure,
}
NAMES = (*ON_A_DEPLOYMENT, *FROM_NOTHING)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON too.")
def bench(names: tuple[str, ...], as_json: bool) -> None:
    """Measure NAMES, or everything: a table, and var/bench.json. Uses servers of its own."""
    path = Settings.from_environ().var_dir / "bench.json"
    measure(names, path, lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(path.read_text())


def measure(names: tuple[str, ...], path: Path, say: Callable[[str], None]) -> list[Figure]:
    """Measure what is named (all when nothing is), print the table and keep it as JSON at `path`."""
    figures: list[Figure] = []
    wanted = names or NAMES
    for name in wanted:
        say(f"measuring: {name}")
        if name in FROM_NOTHING:
            figures += FROM_NOTHING[name]()
            continue
        with Deployment.temporary() as deployment:
            figures += ON_A_DEPLOYMENT[name](deployment)
    show(figures)
    keep(figures, path)
    return figures
