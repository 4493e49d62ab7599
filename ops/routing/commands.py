"""`hotline routing`: check, try out, compare and publish rules. docs/routing.md tells how to write them."""

import json
from getpass import getuser
from pathlib import Path

import click

from core.errors import HotlineError
from core.keys import TriageKeys
from ops.routing import telling
from ops.routing.sources import deployment, live_text, read_facts, read_rules
from triage.routing import documents
from triage.routing.backtest import LAST, back_test
from triage.routing.book import read_book
from triage.routing.checking import check
from triage.routing.golden import check_golden
from triage.routing.matcher import Matcher
from triage.routing.names import read_names
from triage.routing.shadowing import compare
from triage.routing.why import FactsSeal

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
AUTHOR = click.option("--author", default=getuser, show_default="your account's name", help="Who changed the rules.")
FILE = click.argument("file", type=click.Path(path_type=Path))


class NoSuchVersion(HotlineError):
    """There is no such version."""


@click.group()
def routing() -> None:
    """The rules that say where reports go."""


@routing.command("check")
@FILE
@AS_JSON
def check_command(file: Path, as_json: bool) -> None:
    """Say what is wrong with the rules in FILE, line by line. Exit status 1 when something is."""
    rules = read_rules(file)
    with deployment() as (_, session):
        _, problems = check(rules, read_book(session), read_names(session))
    click.echo(json.dumps(telling.problems(problems)) if as_json else telling.check(file.name, problems))
    raise SystemExit(bool(problems))


@routing.command()
@click.argument("version", type=int, required=False)
@AS_JSON
def show(version: int | None, as_json: bool) -> None:
    """The versions there are, what the shadow would change, and what went wrong; with VERSION its text."""
    with deployment() as (_, session):
        versions = documents.list_documents(session)
        chosen = next((one for one in versions if one.version == version), None)
        if version is not None and chosen is None:
            raise NoSuchVersion(f"There is no version {version}; `hotline routing show` lists them.")
        shown = telling.versions(versions, compare(session)) if chosen is None else telling.version(chosen)
    click.echo(json.dumps(shown) if as_json else telling.show(shown), nl=chosen is None or as_json)


@routing.command("try")
@click.argument("facts", nargs=-1, required=True)
@click.option("--file", type=click.Path(path_type=Path), help="By these rules, not by the live ones.")
@AS_JSON
def try_command(facts: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    """Where a report with these FACTS would go, such as "country is IT" "age is under_13". Nothing is stored."""
    with deployment() as (_, session):
        report = read_facts(facts, read_names(session))
        document, book = documents.usable(session, read_rules(file) if file else live_text(session))
        decision = Matcher(document, book).decide(report)
    click.echo(json.dumps(telling.decision(decision)) if as_json else telling.tell_decision(decision))


@routing.command()
@FILE
@click.option("--last", type=click.IntRange(1), default=LAST, show_default=True, help="How many reports.")
@click.option("--cases", is_flag=True, help="List every case that would move.")
@AS_JSON
def backtest(file: Path, last: int, cases: bool, as_json: bool) -> None:
    """How many of the last reports would go elsewhere by the rules in FILE. Opens no report."""
    rules = read_rules(file)
    with deployment() as (settings, session):
        document, book = documents.usable(session, rules)
        live, _ = documents.usable(session, live_text(session))
        with FactsSeal.of(TriageKeys.read(settings.keys_dir).facts) as seal:
            tested = back_test(session, seal, Matcher(live, book), Matcher(document, book), last)
    click.echo(json.dumps(telling.tested(tested)) if as_json else telling.tell_tested(tested, cases))


@routing.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--end", is_flag=True, help="End what is in the shadow; it is a draft again.")
@AUTHOR
@AS_JSON
def shadow(file: Path | None, end: bool, author: str, as_json: bool) -> None:
    """Ask the rules in FILE beside the live ones from now on; where reports go does not change."""
    if (file is None) is not end:
        raise click.UsageError("Name a FILE, or give --end.")
    with deployment() as (_, session):
        if file is None:
            documents.end_shadow(session)
            click.echo(json.dumps({"shadow": None}) if as_json else "Nothing is in the shadow now.")
            return
        saved = telling.version(documents.shadow(session, read_rules(file), author))
    click.echo(json.dumps(saved) if as_json else f"Version {saved['version']} is in the shadow.")


@routing.command()
@FILE
@click.option("--accept", "accepted", multiple=True, metavar="NAME", help="Let the golden example NAME move.")
@AUTHOR
@AS_JSON
def publish(file: Path, accepted: tuple[str, ...], author: str, as_json: bool) -> None:
    """Make the rules in FILE the live ones; refused while an example of the golden set moves."""
    rules = read_rules(file)
    with deployment() as (_, session):
        saved = telling.version(documents.publish(session, rules, author, accepted))
    click.echo(json.dumps(saved) if as_json else f"Version {saved['version']} is live.")


@routing.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@AS_JSON
def golden(file: Path | None, as_json: bool) -> None:
    """Where every example goes by the live rules, or by those in FILE. Exit status 1 when one goes elsewhere."""
    with deployment() as (_, session):
        document, book = documents.usable(session, read_rules(file) if file else live_text(session))
        judged = check_golden(document, book)
    click.echo(json.dumps(telling.judged(judged)) if as_json else telling.tell_judged(judged))
    raise SystemExit(any(one.has_moved for one in judged))
