"""From an XARF report of version 4 to what everybody else here calls one."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from core.accounts import Account, File, Sighting
from core.details import Details
from core.vocabulary import Age, Channel, Danger, Kind, Risk
from intake.partners.completeness import measured
from intake.submission import Submission

Xarf = Mapping[str, Any]
UNDER_13 = frozenset({"infant", "toddler", "prepubescent"})
URLS = ("screenshot_url",)
ELSEWHERE = frozenset({"description", "url", "timestamp", "report_id", "source_identifier", "source_port", *URLS})
MOST = 2_000


def to_submission(report: Xarf, hashes: Mapping[str, Mapping[str, str]], partner: UUID, source: str) -> Submission:
    """`hashes` are those of the evidence that was dropped, by what stands in its place."""
    submission = Submission(
        language="en",
        country=None,
        danger=Danger.UNSAID,
        what=str(report.get("description") or ""),
        link=str(report["url"])[:MOST],
        contact=_contact(report),
        channel=Channel.XARF,
        details=_details(report, hashes),
        partner=partner,
        source=source,
    )
    return measured(submission)


def _details(report: Xarf, hashes: Mapping[str, Mapping[str, str]]) -> Details:
    exploitation = report.get("exploitation_type")
    return Details(
        kind=Kind.PAGE if report["type"] == "csam" else Kind.CONTACT,
        age=Age.UNDER_13 if report.get("victim_age_range") in UNDER_13 else None,
        risks=(Risk.THREAT,) if exploitation == "sextortion" else (),
        service=str(report.get("platform") or ""),
        happened=str(report["timestamp"]),
        reference="" if "legacy_version" in report else str(report["report_id"]),  # version 3 has no ids
        accounts=tuple(_accounts(report)),
        urls=tuple(str(report[name]) for name in URLS if report.get(name)),
        files=tuple(_files(report, hashes)),
        note="\n".join(_other_facts(report)),
    )


def _accounts(report: Xarf) -> Iterator[Account]:
    """Who did it, and where it came from: a source may be an address, a domain or an account."""
    known = report.get("perpetrator_indicators") or {}
    source, at = str(report["source_identifier"]), str(report["timestamp"])
    if known:
        seen = tuple(Sighting(str(ip)) for ip in known.get("ip_addresses", ()))
        note = str(known.get("pattern_of_behavior") or "")
        yield Account(id=str(known.get("account_id") or ""), seen=seen, note=note)
    if _is_address(source):
        yield Account(seen=(Sighting(source, at, report.get("source_port"), "source"),))
    else:
        yield Account(handle=source)


def _files(report: Xarf, hashes: Mapping[str, Mapping[str, str]]) -> Iterator[File]:
    if told := report.get("hash_values"):
        yield File({str(name): str(value) for name, value in told.items()}, media_type=report.get("media_type", ""))
    for item in report.get("evidence") or ():
        algorithm, _, value = str(item.get("hash", "")).partition(":")
        given = {algorithm: value} if value else {}
        mine = hashes.get(item["payload"], {})
        yield File({**given, **mine}, media_type=str(item["content_type"]), note=str(item.get("description") or ""))


def _other_facts(report: Xarf) -> Iterator[str]:
    """Everything else that is one word or a list of them, by its own name."""
    for name, value in report.items():
        words = value if isinstance(value, list) else [value]
        if name not in ELSEWHERE and all(isinstance(word, (str, int, float, bool)) for word in words):
            yield f"{name}: {', '.join(map(str, words))}"


def _contact(report: Xarf) -> str:
    who = report["reporter"]
    return "\n".join(str(who[name]) for name in ("contact", "org") if who.get(name))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
