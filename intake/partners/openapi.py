"""The description of the doors (OpenAPI 3.1): its schemas are made from the types that are decoded, so both are one."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from core.settings import Settings
from intake.partners import problems
from intake.partners.problems import PROBLEM, Problem, Reason
from intake.partners.retries import LONGEST
from intake.partners.wire import Accepted, Batch, Outcomes, Report

Object = Mapping[str, Any]
JSON = "application/json"
TYPES = (Report, Batch, Accepted, Outcomes, Problem)
AT_ANY_DOOR = (
    *(problems.NO_CREDENTIALS, problems.BAD_SIGNATURE, problems.QUARANTINED, problems.NOT_JSON_TYPE),
    *(problems.TOO_LARGE, problems.TOO_SLOW, problems.MALFORMED, problems.TOO_DEEP, problems.INVALID),
    *(problems.NOT_STORED, problems.UNEXPECTED),
)
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A key of your own for this report. Sent again with the same report it is answered the same.",
    "schema": {"type": "string", "pattern": f"^[!#-~]{{1,{LONGEST}}}$"},
}


def document(settings: Settings) -> bytes:
    """The description of this deployment's doors, as JSON."""
    [*_], components = msgspec.json.schema_components(TYPES, ref_template="#/components/schemas/{name}")
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": f"{settings.name}: reports from partners",
                "version": "1",
                "description": "Send reports; nothing can be read back. Errors are problem documents (RFC 9457).",
            },
            "servers": [{"url": settings.address}],
            "security": [{"key": []}],
            "paths": _paths(),
            "components": {
                "schemas": components,
                "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _paths() -> Object:
    one = (*AT_ANY_DOOR, problems.NO_KEY, problems.KEY_USED, problems.OVER_QUOTA)
    xarf = (*AT_ANY_DOOR, problems.KEY_USED, problems.OVER_QUOTA, problems.NOT_ACCEPTED)
    return {
        "/api/v1/reports": _post("takeReport", "Send one report", _ref("Report"), "Accepted", "201", one, [KEY]),
        "/api/v1/reports/batch": _post(
            "takeBatch", "Send up to a hundred", _ref("Batch"), "Outcomes", "200", AT_ANY_DOOR
        ),
        "/api/v1/xarf": _post("takeXarf", "Send one XARF report", XARF, "Accepted", "201", xarf),
    }


def _post(
    name: str,
    summary: str,
    body: Object,
    answer: str,
    status: str,
    reasons: Sequence[Reason],
    parameters: Sequence[Object] = (),
) -> Object:
    taken = {"description": "Stored.", "content": {JSON: {"schema": _ref(answer)}}}
    operation = {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "responses": {status: taken, **_refusals(reasons)},
    }
    return {"post": operation}


def _refusals(reasons: Sequence[Reason]) -> Object:
    """One response for each status, with the reasons for it."""
    statuses = sorted({reason.status for reason in reasons})
    return {
        str(status): {
            "description": "; ".join(reason.title for reason in reasons if reason.status == status) + ".",
            "content": {PROBLEM: {"schema": _ref("Problem")}},
        }
        for status in statuses
    }


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


XARF: Object = {
    "type": "object",
    "description": "A report as https://xarf.org describes it: content/csam or content/csem of version 4.",
}
