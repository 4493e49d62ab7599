"""The table of the form, element by element: where each lands and what comes back out. `docs/cybertipline.md` is it."""

from collections.abc import Iterator

from core.cybertipline.grammar import FILE_DETAILS, REPORT
from core.cybertipline.grammar.shapes import Element, Shape
from core.cybertipline.landing import IN_FILE, IN_REPORT, Place, places

AS_IT_CAME = "as it came"
OTHERWISE = {
    "/associatedAccount/@type": "as it came; `Other` when none was given, because NCMEC's schema wants one",
    "/associatedAccount/@accountType": "as `type`, the name NCMEC's schema has for it",
}
TAG = "as it came; `1` as `true`"
PROPERTIES = {"urgency": "details: urgency; the report's danger becomes *yes*"}
BESIDES = {
    "report/incidentSummary/incidentType": "details: note; its kind",
    "report/incidentSummary/reportAnnotations/sextortion": "details: note; the risk *threat*",
    "report/internetDetails/webPageIncident/url": "link (the first), details: urls",
    "report/victim/victimPerson/age": "accounts: note; details: age, as a band",
    "report/victim/victimPerson/dateOfBirth": "accounts: note; details: age, as a band",
    "report/victim/victimPerson/address/country": "accounts: note; details: child_country; the report's country",
    "report/victim/estimatedLocation/countryCode": "accounts: country; details: child_country; the report's country",
    "report/personOrUserReported/personOrUserReportedPerson/address/country": (
        "accounts: note; the report's country when the child's is not known"
    ),
    "report/personOrUserReported/estimatedLocation/countryCode": (
        "accounts: country; the report's country when the child's is not known"
    ),
    "report/batchedReport/@reason": "details: note; the report holds one file",
    "fileDetails/reportId": "the report it belongs to",
    "fileDetails/fileId": "the file it belongs to",
}
PLAIN = {"what": "what", "contact": "contact"}

HEAD = """# The CyberTipline form, element by element

The door at `/ispws` takes NCMEC's reports as they are. Each is kept whole and sealed, byte for byte, as the report's
*source*; so is what was said of each file. This table says where an element lands *besides*, in the fields that staff
read, that routing and ranking use, and what an XML written from the source has in its place. It is made from the code
(`core/cybertipline/table.py`), and a test keeps it so.

*accounts* are one for each `personOrUserReported`, `intendedRecipient`, `victim` and `associatedAccount`; *file* is one
for each upload, which also has its MD5, SHA-1 and SHA-256 and, if the extra `pdq` is installed and a small enough image
decodes, its PDQ. Comments and processing instructions stay in the source and are not written again.
"""


def table() -> str:
    """The whole document."""
    return "".join((HEAD, _section(REPORT, IN_REPORT, "details: "), _section(FILE_DETAILS, IN_FILE, "file: ")))


def _section(root: Element, fields: dict[str, str], whole: str) -> str:
    tags = {f"{root.name}{path}" for path in _tags(root.shape, "")}
    rows = (_row(place, tags) for place in places(root, fields, whole))
    return f"\n## {root.name}\n\n| element or attribute | lands in | comes back out |\n|---|---|---|\n{''.join(rows)}"


def _row(place: Place, tags: set[str]) -> str:
    return f"| `{place.path}` | {_landing(place)} | {_out(place, tags)} |\n"


def _landing(place: Place) -> str:
    field = place.field.partition(": ")[2]
    if place.path in BESIDES:
        return BESIDES[place.path]
    if field in PLAIN:
        return PLAIN[field]
    return PROPERTIES.get(field, place.field) or "holds others"


def _out(place: Place, tags: set[str]) -> str:
    if place.path in tags:
        return TAG
    return next((out for end, out in OTHERWISE.items() if place.path.endswith(end)), AS_IT_CAME)


def _tags(shape: Shape, path: str) -> Iterator[str]:
    """Paths of what can only be true."""
    for element in shape.known.values():
        below = f"{path}/{element.name}"
        if element.shape.text is not None and element.shape.text.fixed:
            yield below
        yield from _tags(element.shape, below)


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201  # the document
