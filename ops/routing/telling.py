"""What `hotline routing` prints: facts for machines, sentences for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.models import RoutingDocument
from triage.routing.backtest import BackTest, ordered
from triage.routing.decision import Decision
from triage.routing.document import Problem
from triage.routing.golden import Judged
from triage.routing.shadowing import Comparison

Shown = dict[str, Any]


def problems(found: Sequence[Problem]) -> Shown:
    listed = [{"line": one.line, "problem": one.what, "fix": one.fix} for one in found]
    return {"valid": not found, "problems": listed}


def check(name: str, found: Sequence[Problem]) -> str:
    return "\n".join(f"{name}, {one}" for one in found) or f"{name}: nothing is wrong with these rules."


def version(document: RoutingDocument) -> Shown:
    moments = {name: getattr(document, name) for name in ("created_at", "shadowed_at", "published_at", "retired_at")}
    return {
        "version": document.version,
        "state": document.state.value,
        "author": document.author,
        "sha256": document.hash.hex(),
        **{name: at.isoformat() if at else None for name, at in moments.items()},
        "text": document.text,
    }


def versions(documents: Sequence[RoutingDocument], compared: Comparison) -> Shown:
    """Every version without its text."""
    listed = [{name: value for name, value in version(one).items() if name != "text"} for one in documents]
    moves = [{"from": origin, "to": target, "cases": count} for (origin, target), count in compared.moves.items()]
    shadow = {"compared": compared.cases, "elsewhere": sum(compared.moves.values()), "moves": moves}
    return {"versions": listed, "shadow": shadow, "trouble": dict(compared.trouble)}


def show(shown: Shown) -> str:
    """A version's text as it is, or the list of all."""
    return str(shown["text"]) if "text" in shown else "\n".join(_listed(shown))


def _listed(shown: Shown) -> Iterator[str]:
    for one in shown["versions"]:
        yield f"{one['version']:>6}  {one['state']:<8} {one['created_at'][:16]}  {one['sha256'][:12]}  {one['author']}"
    shadow = shown["shadow"]
    if shadow["compared"]:
        yield f"The shadow was asked for {shadow['compared']} cases; {shadow['elsewhere']} would have gone elsewhere."
    for move in shadow["moves"]:
        yield f"{move['cases']:>6}  from {move['from']} to {move['to']}"
    for trouble, count in shown["trouble"].items():
        yield f"ALARM: {count} cases could not be routed as the rules say ({trouble})."


def decision(made: Decision) -> Shown:
    others = [{"agency": one.agency, "country": one.country, "ground": one.ground.value} for one in made.others]
    facts = {name: getattr(made, name) for name in ("agency", "rule", "line", "queue", "floor")}
    return {**facts, "notify": list(made.notify), "others": others, "refers": list(made.refers)}


def tell_decision(made: Decision) -> str:
    told = [f"{made.agency}, by {made.rule!r} (line {made.line})"]
    told += [f"queue: {made.queue}"] * bool(made.queue) + [f"priority at least: {made.floor}"] * bool(made.floor)
    told += [f"notify: {', '.join(made.notify)}"] * bool(made.notify)
    told += [f"referred to: {', '.join(made.refers)}"] * bool(made.refers)
    told += [f"also concerns {one.agency or 'nobody known'} ({one.country}, {one.ground})" for one in made.others]
    return "\n".join(told)


def tested(result: BackTest) -> Shown:
    moves = [
        {"from": move.origin, "to": move.target, "rule": move.rule, "line": move.line, "reports": count, "cases": cases}
        for move, count, cases in ordered(result)
    ]
    rules = [
        {"rule": rule, "line": line, "reports": count}
        for (rule, line), count in sorted(result.rules.items(), key=_line)
    ]
    facts = {"reports": result.reports, "moved": result.moved, "without_facts": result.plain}
    return {**facts, "moves": moves, "rules": rules}


def tell_tested(result: BackTest, with_cases: bool) -> str:
    lines = [f"Of the last {result.reports:,} reports {result.moved:,} would move."]
    lines += [f"{count:>8,}  from {origin} to {target}" for (origin, target), count in result.between().items()]
    if result.plain:
        lines.append(f"{result.plain:,} have no stored facts and were judged by country, language, channel and danger.")
    for move, count, cases in ordered(result):
        lines.append(f"by {move.rule!r} (line {move.line}), from {move.origin} to {move.target}: {count:,}")
        lines += [f"    {reference}" for reference in cases if with_cases]
    return "\n".join(lines)


def judged(found: Sequence[Judged]) -> list[Mapping[str, Any]]:
    return [
        {"example": one.name, "line": one.line, "must_reach": one.wanted, "goes_to": one.goes_to, "by": one.rule}
        for one in found
    ]


def tell_judged(found: Sequence[Judged]) -> str:
    return "\n".join(str(one) if one.has_moved else f"{one.name}: {one.goes_to}" for one in found) or "No examples."


def _line(counted: tuple[tuple[str, int], int]) -> int:
    return counted[0][1]
