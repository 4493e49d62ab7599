"""The door itself: who knocks, and that every answer has the door's own form.

Whatever is acknowledged was committed before. A partner learns of its own open reports only, and of none what is in it.
"""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from core.errors import CannotStore
from core.log import raised
from intake.desk import Desk
from intake.partners.cybertipline.answers import CHALLENGE, REQUEST_ID, Code, answer, new_request_id
from intake.partners.cybertipline.refusals import shut_out
from intake.partners.known import Partner, PartnersDown
from intake.partners.quota import Quotas

log = structlog.get_logger()


@dataclass
class Door:
    """Lets a partner put reports in, and nothing out. `uploads` are those under way."""

    desk: Desk
    quotas: Quotas = field(default_factory=Quotas)
    uploads: int = 0

    async def serve(self, request: Request, endpoint: "Endpoint") -> Response:
        """The answer of an endpoint, or why there is none; with a number to quote, which the log knows too."""
        number = new_request_id()
        response = await self._guarded(request, endpoint, number)
        response.headers[REQUEST_ID] = number
        return response

    async def _guarded(self, request: Request, endpoint: "Endpoint", number: str) -> Response:
        try:
            partner = await self._who(request)
            return partner if isinstance(partner, Response) else await endpoint(self, request, partner)
        except ClientDisconnect:
            raise
        except PartnersDown:
            return answer(Code.SERVER_ERROR, "try again", status=503)
        except CannotStore:
            return answer(Code.SAVE_FAILED, "try again")
        except Exception as error:  # the edge of a request: nothing of it may be told outside
            log.error("door.unexpected", error=raised(error), request=number)
            return answer(Code.SERVER_ERROR)

    async def _who(self, request: Request) -> Partner | Response:
        """By Basic authentication (RFC 7617). Raises PartnersDown."""
        partner = await self.desk.partners.by_password(*_credentials(request))
        if partner is None:
            return answer(Code.AUTHENTICATION_REQUIRED, headers=CHALLENGE)
        if partner.must_sign:
            return shut_out(request, "this partner's requests must be signed, and here nothing is")
        return shut_out(request) if partner.quarantined else partner


Endpoint = Callable[[Door, Request, Partner], Awaitable[Response]]


def _credentials(request: Request) -> tuple[str, str]:
    """Name and password; empty ones, which are nobody's, for what is no Basic authentication."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password
