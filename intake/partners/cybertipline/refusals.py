"""From a refusal to its answer."""

from starlette.requests import Request
from starlette.responses import Response

from intake.partners.cybertipline.answers import Code, answer
from intake.partners.cybertipline.bodies import Refusal
from intake.partners.cybertipline.posts import MORE, QUARANTINED, REFUSED

MAY_NOT = {"submit": Code.MAY_NOT_SUBMIT, "status": Code.NOT_AUTHORIZED, "xsd": Code.NOT_AUTHORIZED}


def refused(refusal: Refusal) -> Response:
    """A body that was not taken."""
    return answer(refusal.code, refusal.why, status=refusal.status)


def told(request: Request, outcome: str, misfit: str = "") -> Response:
    """What the database did not do; `misfit` is why a batch does not hold a file."""
    if outcome == QUARANTINED:
        return shut_out(request)
    return answer(REFUSED[outcome], misfit if outcome == "no_fit" else MORE.get(outcome, ""))


def shut_out(request: Request, why: str = "this partner is quarantined; ask the hotline") -> Response:
    """A partner that may not is told so, by what it wanted to do."""
    endpoint = request.url.path.rpartition("/")[2]
    return answer(MAY_NOT.get(endpoint, Code.MAY_NOT_UPDATE), why)
