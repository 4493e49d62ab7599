"""The command line. A command is imported when it is used, so that each starts fast."""

import os
import signal
import sys
from importlib import import_module

import click

from core.errors import HotlineError
from core.settings import Settings

ELSEWHERE = {
    "agency": "ops.directory.commands:agency",
    "bench": "ops.bench.run:bench",
    "messages": "ops.messages:messages",
    "oncall": "ops.on_call:oncall",
    "partner": "ops.partners.commands:partner",
    "provider": "ops.providers:provider",
    "reading": "ops.score:reading",
    "reading-age": "ops.reading:reading_age",
    "routing": "ops.routing.commands:routing",
    "simulate": "ops.simulate.command:simulate",
    "staff": "ops.staff:staff",
    "tab": "ops.tab:tab",
}
"""Commands in files of their own: `"staff": "ops.staff:staff"`."""


class Lazy(click.Group):
    """A group that knows the commands of ELSEWHERE by name only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = ELSEWHERE[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Lazy)
@click.version_option(package_name="openhotline")
def hotline() -> None:
    """OpenHotline. Settings are environment variables HOTLINE_*; docs/settings.md lists them."""


@hotline.command()
@click.option("--demo/--no-demo", default=False, help="Fill an empty database with made-up data and print the log-ins.")
@click.option("--with-parent", is_flag=True, help="Stop when the process that started this one ends.")
def up(demo: bool, with_parent: bool) -> None:
    """Run everything on this machine until Ctrl-C; the data stays."""
    from ops.processes.launch import die_with
    from ops.up import up as serve_all

    if with_parent:
        die_with(os.getppid(), signal.SIGTERM)
    serve_all(Settings.from_environ(), demo=demo)


@hotline.command()
def migrate() -> None:
    """Make missing keys, roles and tables. Safe to repeat."""
    from ops.addresses import with_addresses
    from ops.migrate import migrate as bring_up_to_date

    bring_up_to_date(with_addresses(Settings.from_environ()))


@hotline.command()
def intake() -> None:
    """Serve the public site."""
    _serve("intake", "intake.asgi")


@hotline.command()
def console() -> None:
    """Serve the console for staff."""
    _serve("console", "triage.console.asgi")


@hotline.command()
def worker() -> None:
    """Work reports into cases."""
    _serve("triage", "triage.worker")


@hotline.command()
def messenger() -> None:
    """Serve the demo messenger, which has the tab in it."""
    import_module("ops.messenger.app").serve(Settings.from_environ())


def _serve(process: str, module: str) -> None:
    """Serve as one process: its own URLs if they are set, else those of what is running here."""
    settings = Settings.from_environ()
    if not (getattr(settings, f"{process}_database_url") and settings.redis_url):
        from ops.addresses import child_settings, with_addresses

        settings = child_settings(with_addresses(settings), process)
    import_module(module).serve(settings)


def main() -> None:
    """Run a command; what can be explained is one line, exit status 1."""
    try:
        hotline()
    except (HotlineError, PermissionError) as error:
        click.echo(f"hotline: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
