"""A visit: one request by somebody who is logged in."""

import hmac
from dataclasses import dataclass, field

from starlette.requests import Request

from core.receipts import derived
from triage.cases.person import Person


def form_token(secret: str) -> str:
    """What a form carries to show that it was made for the holder of this cookie; it does not tell the cookie."""
    return derived(secret.encode(), b"form", b"").hex()


def is_form_token(secret: str | None, given: str) -> bool:
    return secret is not None and hmac.compare_digest(form_token(secret).encode(), given.encode())


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and the token of their session."""

    person: Person
    token: str = field(repr=False)

    @property
    def form_token(self) -> str:
        return form_token(self.token)

    @staticmethod
    def of(request: Request) -> "Visit | None":
        """None on pages for everybody."""
        visit: Visit | None = request.scope.get("visit")
        return visit


def person_of(request: Request) -> Person:
    """Who asks. The gate has let nobody in without a visit."""
    visit = Visit.of(request)
    assert visit
    return visit.person
