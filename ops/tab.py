"""`hotline tab`: what a partner puts into its pages."""

import json

import click

from core.settings import Settings
from intake.tab.files import TabFiles

NOTHING = "There is no tab here: the folder widget/ is missing."


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def tab(as_json: bool) -> None:
    """Print the addresses of the tab's script, and the integrity of each release."""
    files, address = TabFiles.read(), Settings.from_environ().address
    if not files.releases:
        raise click.ClickException(NOTHING)
    exact = {version: f"{address}/embed/{version}/tab.js" for version in files.releases}
    facts = {
        "version": files.version,
        "newest": f"{address}/embed/v1/tab.js",
        "exact": exact[files.version],
        "integrity": files.releases[files.version].integrity,
    }
    if as_json:
        click.echo(json.dumps(facts))
        return
    click.echo(f'Always the newest:\n  <script type="module" src="{facts["newest"]}"></script>')
    for version, script in files.releases.items():
        click.echo(f"Version {version} and no other:")
        pinned = f'integrity="{script.integrity}" crossorigin="anonymous"'
        click.echo(f'  <script type="module" src="{exact[version]}" {pinned}></script>')
