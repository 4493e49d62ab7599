"""Reading XARF through the `xarf` package: version 4 as it is, version 3 by its converter.

The package brings pydantic and jsonschema, 29 MB, so it is imported with the first XARF report and not before.
"""

import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intake.partners import problems
from intake.partners.problems import Flaw, Problem

Xarf = dict[str, Any]
ACCEPTED = (("content", "csam"), ("content", "csem"))
TAKES = "Only content/csam and content/csem are taken."
CHILD_ABUSE = "ChildAbuse"  # what version 3 calls it; the package's table of types does not know it
LIKE_IT = "Phishing"  # also about a page, and known
OF_VERSION_4_ONLY = {"classification", "detection_method"}  # version 3 has no words for these
MOST_FLAWS = 20
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Read:
    """A report of version 4, and what its sender should know. `is_old` when it came as version 3."""

    report: Xarf
    warnings: tuple[str, ...] = ()
    is_old: bool = False


def read(value: Mapping[str, Any]) -> Read | Problem:
    """One report that this door takes. Costs milliseconds: not for the event loop."""
    import xarf

    is_old = xarf.is_v3_report(dict(value))
    found = _from_version_3(value) if is_old else Read(dict(value))
    if isinstance(found, Problem):
        return found
    if (found.report.get("category"), found.report.get("type")) not in ACCEPTED:
        return problems.NOT_ACCEPTED(TAKES, [Flaw("/type", TAKES)])
    errors = xarf.parse(found.report).errors
    flaws = [Flaw(_pointer(error.field), error.message[:500]) for error in errors if not _is_of_4_only(found, error)]
    return problems.INVALID(errors=flaws[:MOST_FLAWS]) if flaws else found


def _from_version_3(value: Mapping[str, Any]) -> Read | Problem:
    """Converted. Its `ChildAbuse` is csam here; a classification is not made up."""
    import xarf
    from xarf.exceptions import XARFParseError

    told = value.get("Report")
    if not isinstance(told, dict) or told.get("ReportType") != CHILD_ABUSE:
        return problems.NOT_ACCEPTED(f"{TAKES} Of version 3: {CHILD_ABUSE}.", [Flaw("/Report/ReportType", TAKES)])
    page = {"Url": told["SourceUrl"]} if "SourceUrl" in told else {}
    said: list[str] = []
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = xarf.convert_v3_to_v4(dict(value) | {"Report": page | told | {"ReportType": LIKE_IT}}, said)
    except (XARFParseError, AttributeError, TypeError, ValueError):
        return problems.INVALID("It does not convert to version 4: a needed field is missing or of another kind.")
    return Read(_without_inventions(report), (xarf.get_v3_deprecation_warning(), *said), is_old=True)


def _without_inventions(report: Xarf) -> Xarf:
    """The converter hashes what stands where evidence stood."""
    evidence = [
        {name: value for name, value in item.items() if name not in ("hash", "size")}
        for item in report.get("evidence", ())
    ]
    return report | {"type": "csam"} | ({"evidence": evidence} if evidence else {})


def _is_of_4_only(found: Read, error: Any) -> bool:
    return found.is_old and any(repr(name) in error.message for name in OF_VERSION_4_ONLY)


def _pointer(where: str) -> str:
    return "".join(f"/{step}" for step in where.replace("[", ".").replace("]", "").split(".") if step)
