"""`hotline simulate`: invented reports through the real doors, and how well triage did."""

from pathlib import Path

import click
import msgspec

from core.settings import Settings
from ops.bench.figure import keep, show
from ops.simulate.invent import fingerprint, invent
from ops.simulate.place import here, own
from ops.simulate.run import Run, run

MANY = 2_000
WORKERS = 2


@click.command()
@click.option("--reports", type=click.IntRange(1), default=MANY, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same reports.")
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="So many arrive a second; else all at once.")
@click.option("--workers", type=click.IntRange(1), default=WORKERS, show_default=True, help="Of its own deployment.")
@click.option("--here", "runs_here", is_flag=True, help="Post to what runs here. The invented reports stay there.")
@click.option("--keep", "kept", type=click.Path(path_type=Path), help="Write each report and what it became to a file.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON too.")
def simulate(
    reports: int, seed: int, rate: float | None, workers: int, runs_here: bool, kept: Path | None, as_json: bool
) -> None:
    """Post invented reports of known truth through the real doors, and score triage.

    In a deployment of its own that is gone afterwards, unless --here. Exit status 1 when a target is missed.
    """
    settings, made = Settings.from_environ(), invent(reports, seed)
    click.echo(f"{reports:,} reports of seed {seed}, fingerprint {fingerprint(made)}", err=True)
    with here(settings) if runs_here else own(workers) as place:
        result = run(place, made, rate)
    if kept:
        _write(kept, result)
    show(result.figures, "Simulation")
    path = settings.var_dir / "simulate.json"
    keep(result.figures, path)
    if as_json:
        click.echo(path.read_text())
    if any(figure.met is False for figure in result.figures):
        raise SystemExit(1)


def _write(path: Path, result: Run) -> None:
    """One report a line, with the truth and its case."""
    lines = zip(result.made, result.found.became, strict=True)
    path.write_bytes(b"".join(msgspec.json.encode({"report": one, "became": became}) + b"\n" for one, became in lines))
