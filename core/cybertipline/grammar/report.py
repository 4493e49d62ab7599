"""The report: what is sent to open one."""

from collections.abc import Iterator

from core.cybertipline.grammar.accounts import RECIPIENT, REPORTED_USER, VICTIM
from core.cybertipline.grammar.incidents import INTERNET_DETAILS
from core.cybertipline.grammar.kinds import FLAG, PAST_MOMENT, TAG, TEXT, URL, string
from core.cybertipline.grammar.people import CONTACT_PERSON, REPORTING_PERSON
from core.cybertipline.grammar.shapes import Attribute, Order, Shape, many, maybe, one
from core.cybertipline.grammar.words import BATCH_REASON, COUNTRY, INCIDENT_TYPE, REPORT_TAGS
from core.cybertipline.node import Node

PEOPLE = ("personOrUserReported", "intendedRecipient", "victim")
NOT_IN_A_BATCH = (
    ("incidentSummary", "escalateToHighPriority"),
    ("internetDetails",),
    ("lawEnforcement",),
    ("intendedRecipient",),
    ("victim",),
    ("additionalInfo",),
)


def is_batched(report: Node) -> bool:
    return report.has("batchedReport")


def one_reported(report: Node) -> str:
    """Several reported users are for a batch."""
    several = len(list(report.all("personOrUserReported"))) > 1
    return "only a batched report may have several personOrUserReported" if several and not is_batched(report) else ""


def fits_a_batch(report: Node) -> str:
    """A batch says what one file was and which accounts had it, and no more."""
    if not is_batched(report):
        return ""
    for path in NOT_IN_A_BATCH:
        if report.has(*path):
            return f"a batched report must not have {'/'.join(path)}"
    named = (child.name for user in report.all("personOrUserReported") for child in user.children)
    beyond = next((name for name in named if name != "espIdentifier"), None)
    return f"personOrUserReported of a batched report must not have {beyond}" if beyond else ""


def addresses_are_somebodys(report: Node) -> str:
    """Each address of an e-mail or newsgroup incident is also that of somebody in the report."""
    theirs = {_plain(email) for name in PEOPLE for person in report.all(name) for email in person.named("email")}
    strangers = [address for address in _incident_addresses(report) if _plain(address) not in theirs]
    return f"each emailAddress must also be an email of one of {', '.join(PEOPLE)}" if strangers else ""


def _incident_addresses(report: Node) -> Iterator[Node]:
    for kind in ("emailIncident", "newsgroupIncident"):
        yield from report.all("internetDetails", kind, "emailAddress")


def _plain(address: Node) -> str:
    return address.text.strip().casefold()


SUMMARY = Shape(
    "incidentSummary",
    (
        one("incidentType", INCIDENT_TYPE),
        maybe("platform", string(256)),
        maybe("escalateToHighPriority", string(3000, filled=True)),
        maybe(
            "reportAnnotations",
            Shape("reportAnnotations", tuple(maybe(name, TAG) for name in REPORT_TAGS), order=Order.ALL),
        ),
        one("incidentDateTime", PAST_MOMENT),
        maybe("incidentDateTimeDescription", string(3000)),
    ),
)
LAW_ENFORCEMENT = Shape(
    "lawEnforcement",
    (
        one("agencyName", string(255)),
        maybe("caseNumber", string(100)),
        maybe("officerContact", CONTACT_PERSON),
        maybe("reportedToLe", FLAG),
        maybe("servedLegalProcessDomestic", FLAG),
        maybe(
            "servedLegalProcessInternational",
            Shape("legalProcess", text=FLAG, attributes=(Attribute("fleaCountry", COUNTRY),)),
        ),
    ),
)
REPORTER = Shape(
    "reporter",
    (
        one("reportingPerson", REPORTING_PERSON),
        maybe("contactPerson", CONTACT_PERSON),
        maybe("companyTemplate", TEXT),
        maybe("termsOfService", TEXT),
        maybe("legalURL", URL),
    ),
)
REPORT = one(
    "report",
    Shape(
        "report",
        (
            maybe(
                "batchedReport", Shape("batchedReport", attributes=(Attribute("reason", BATCH_REASON, required=True),))
            ),
            one("incidentSummary", SUMMARY),
            many("internetDetails", INTERNET_DETAILS),
            maybe("lawEnforcement", LAW_ENFORCEMENT),
            one("reporter", REPORTER),
            many("personOrUserReported", REPORTED_USER),
            many("intendedRecipient", RECIPIENT),
            many("victim", VICTIM),
            maybe("additionalInfo", TEXT),
        ),
        rules=(one_reported, fits_a_batch, addresses_are_somebodys),
    ),
)
