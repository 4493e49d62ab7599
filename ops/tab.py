"""`hotline tab`: what a partner puts into its pages."""

import json

import click

from core.settings import Settings
from intake.tab.files import TabFiles

NOTHING = "There is no tab here: the folder widget/ is missing."


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def tab(as_json: bool) -> None:
    """Print the addresses of the tab's script, and the integrity of this version."""
    files, address = TabFiles.read(), Settings.from_environ().address
    if not files.version:
        raise click.ClickException(NOTHING)
    exact = f"{address}/embed/{files.version}/tab.js"
    facts = {"version": files.version, "newest": f"{address}/embed/v1/tab.js", "exact": exact}
    facts["integrity"] = files.integrity
    if as_json:
        click.echo(json.dumps(facts))
        return
    click.echo(f'Always the newest:\n  <script type="module" src="{facts["newest"]}"></script>')
    click.echo(f"Version {files.version} and no other:")
    click.echo(f'  <script type="module" src="{exact}" integrity="{files.integrity}" crossorigin="anonymous"></script>')
