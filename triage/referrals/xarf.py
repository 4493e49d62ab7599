"""By XARF v4 to an abuse desk: the links that were reported, and nothing of what anybody wrote or who wrote it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import msgspec
import xarf

from core.settings import Settings
from core.vocabulary import Kind, Risk, Trouble
from triage.referrals.email import Post
from triage.referrals.letters import Referred, ReportTold
from triage.referrals.outcome import Failed, Outcome, Parcel
from triage.referrals.reading import sealed
from triage.referrals.ways import Xarf

MOST_LINKS = 50
BODY = """XARF v4 reports from {sender} are attached, one file for each address.

Number of this message: {id}
If it comes twice, it is the same: the number tells.
"""


@dataclass(frozen=True)
class AbuseDesk:
    """One message for one referral; each link in it is one XARF report with an id that stays."""

    post: Post
    settings: Settings = field(repr=False)

    def deliver(self, parcel: Parcel) -> Outcome:
        assert isinstance(parcel.way, Xarf)
        if not isinstance(parcel.letter, Referred) or not (found := list(links(parcel.letter))):
            return Failed(Trouble.DOES_NOT_FIT, for_good=True)  # there is no link to tell of
        if not self.post.is_set:
            return Failed(Trouble.NOT_SET)
        made = [self.report(parcel.id, told, link) for told, link in found[:MOST_LINKS]]
        reports = [report for report in made if report]
        if not reports:
            return Failed(Trouble.DOES_NOT_FIT, for_good=True)
        return self.post.send(parcel.way.to, self._message(parcel.id, parcel.way, parcel.letter.case, reports))

    def report(self, delivery: UUID, told: ReportTold, link: str) -> bytes | None:
        """One XARF document, or None when it would be none. The same delivery and link give the same id."""
        contact = {"org": self.settings.name[:200], "contact": self.post.sender, "domain": self.post.domain}
        made = {
            "xarf_version": xarf.SPEC_VERSION,
            "report_id": str(uuid5(delivery, link)),
            "timestamp": told.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "reporter": contact,
            "sender": contact,
            "source_identifier": urlsplit(link).hostname,
            "category": "content",
            "url": link,
            "evidence_source": "user_report",
            **_kind(told),
        }
        if xarf.parse(made).errors:
            return None
        return msgspec.json.format(msgspec.json.encode(made), indent=2)

    def _message(self, id: UUID, way: Xarf, case: str, reports: list[bytes]) -> EmailMessage:
        message = self.post.envelope(
            id, way.to, f"{self.post.name}: abuse report {case}", BODY.format(sender=self.post.name, id=id)
        )
        for number, report in enumerate(reports, 1):
            name, kind = f"xarf-{number}.json", "json"
            if way.key:
                report, name, kind = sealed(report, way.key), f"{name}.age", "octet-stream"
            message.add_attachment(report, "application", kind, filename=name)
        return message


def links(letter: Referred) -> Iterator[tuple[ReportTold, str]]:
    """Every web address of the referral once, with the first report it is in."""
    seen: set[str] = set()
    for told in letter.reports:
        for link in (told.link, *told.details.urls, *(file.url for file in told.details.files)):
            if link not in seen and _is_web(link):
                seen.add(link)
                yield told, link


def _kind(told: ReportTold) -> dict[str, str]:
    """What the report says it is; nobody here has looked at it."""
    if told.details.kind in (Kind.PICTURES, Kind.PAGE, None):
        return {"type": "csam", "classification": "baseline", "detection_method": "user_report"}
    threatened = Risk.THREAT in told.details.risks
    return {
        "type": "csem",
        "exploitation_type": "sextortion" if threatened else "solicitation",
        "detection_method": "user_report",
    }


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
