"""A referral as its recipient reads it: a JSON document, the same in plain words, and both sealed by age."""

from collections.abc import Iterator

import msgspec
import pyrage

from core.details import Details
from triage.referrals.letters import Referred, ReportTold, TakedownTold


def sealed(text: bytes, key: str) -> bytes:
    """Encrypted to one age recipient (X25519, ChaCha20-Poly1305): `age -d -i key.txt` opens it."""
    encrypted: bytes = pyrage.encrypt(text, [pyrage.x25519.Recipient.from_str(key)])
    return encrypted


def as_json(letter: Referred | TakedownTold) -> bytes:
    return msgspec.json.format(msgspec.json.encode(letter), indent=2)


def as_text(referred: Referred) -> bytes:
    """In English, one fact a line; links are made harmless."""
    return ("\n".join(_lines(referred)) + "\n").encode()


def _lines(referred: Referred) -> Iterator[str]:
    yield f"Referral of case {referred.case} from {referred.sender} to {referred.recipient}"
    yield f"Referral: {referred.id}"
    yield f"Made: {referred.made_at.isoformat(timespec='seconds')}"
    yield f"Priority: {referred.priority} (1 is at once, 5 is lowest)"
    yield f"Danger now: {referred.danger}"
    yield f"Country: {referred.country or 'not said'}"
    yield f"Reports in the case: {referred.count}, of which {len(referred.reports)} are here"
    if referred.note:
        yield from ("", "Note from whoever refers it:", referred.note)
    for number, report in enumerate(referred.reports, 1):
        yield ""
        yield from _report(number, report)


def _report(number: int, report: ReportTold) -> Iterator[str]:
    yield f"--- Report {number}, received {report.received_at.isoformat(timespec='seconds')}, in {report.language} ---"
    if report.partner:
        yield f"Sent by: {report.partner}"
    yield from ("What happened:", report.what or "nothing was written")
    if report.link:
        yield f"Link or name: {defanged(report.link)}"
    yield from _details(report.details)
    if report.contact:
        yield "How to reach the reporter. Somebody else may see their phone or messages: say nothing of the report"
        yield f"until you know who answers. {report.contact}"


def _details(details: Details) -> Iterator[str]:
    """Every fact that was told, by its name in the JSON document."""
    facts = msgspec.to_builtins(details)
    for name, value in facts.items():
        if name not in ("told", "missing"):
            yield f"{name}: {value if isinstance(value, str) else msgspec.json.encode(value).decode()}"


def defanged(link: str) -> str:
    """A link that no program follows: `hxxps[:]//a[.]example`."""
    spoilt = link.replace("http", "hxxp").replace("HTTP", "HXXP")
    return spoilt.replace("://", "[:]//").replace(".", "[.]")
