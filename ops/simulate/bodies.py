"""What goes through each door, as whoever stands before it would write it."""

import json
from uuid import UUID
from xml.sax.saxutils import escape

from core.vocabulary import Danger
from ops.simulate.invented import Told

HAPPENED = "2026-11-20T17:03:00Z"
DESK = {"org": "Northwind Hosting", "contact": "abuse@northwind.example", "domain": "northwind.example"}
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def fields(told: Told) -> dict[str, str]:
    """The site's form, by its names; what is empty is left out."""
    said = {
        "danger": "" if told.danger is Danger.UNSAID else told.danger.value,
        "country": told.country,
        "about": told.about or "",
        "age": told.age or "",
        "kind": told.kind or "",
        "what": told.what,
        "link": told.link,
        "account": told.account,
        "email": told.contact,
        **{risk.value: "yes" for risk in told.risks},
    }
    return {name: str(value) for name, value in said.items() if value}


def json_report(told: Told) -> bytes:
    """As an operator's server sends it."""
    report: dict[str, object] = {"what": told.what, "language": told.language, "happened_at": HAPPENED}
    if told.danger is not Danger.UNSAID:
        report["danger"] = told.danger
    if told.country:
        report["child"] = {"country": told.country}
    if told.about:
        report["reporter"] = {"about": told.about}
    if told.suspect:
        report["service"] = told.service
        report["accounts"] = [{"id": told.suspect, "handle": told.suspect, "service": told.service}]
    if told.link:
        report["urls"] = [told.link]
    if told.file:
        report["files"] = [{"hashes": {"sha256": told.file}}]
    return json.dumps(report).encode()


def xarf_report(told: Told, id: UUID) -> bytes:
    """As an abuse desk sends it."""
    report = {
        "xarf_version": "4.2.0",
        "report_id": str(id),
        "timestamp": HAPPENED,
        "reporter": DESK,
        "sender": DESK,
        "source_identifier": "192.0.2.7",
        "category": "content",
        "type": "csem",
        "exploitation_type": "grooming",
        "detection_method": "user_report",
        "platform": "messaging_app",
        "url": told.link,
        "description": told.what,
    }
    return json.dumps(report).encode()


def cybertipline_report(told: Told) -> bytes:
    """As an operator that files with NCMEC sends it."""
    urgent = "<escalateToHighPriority>They are to meet today.</escalateToHighPriority>"
    where = f"<address><country>{told.country}</country></address>" if told.country else ""
    return (
        f"{XML_DECLARATION}<report><incidentSummary>"
        "<incidentType>Online Enticement of Children for Sexual Acts</incidentType>"
        f"{urgent if told.danger is Danger.YES else ''}<incidentDateTime>{HAPPENED}</incidentDateTime>"
        f"</incidentSummary><internetDetails><chatImIncident><chatClient>{told.service}</chatClient>"
        f"<content>{escape(told.what)}</content></chatImIncident></internetDetails><reporter><reportingPerson><email>desk@messenger.example</email>"
        f"</reportingPerson></reporter><personOrUserReported><espIdentifier>{told.suspect}</espIdentifier>"
        f"<espService>{told.service}</espService><screenName>{told.suspect}</screenName></personOrUserReported>"
        f"<victim><victimPerson>{where}<age>13</age></victimPerson></victim></report>"
    ).encode()
