"""Whether this process answers, and whether it can work."""

import structlog
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from core.db import is_durable, transaction
from core.errors import DatabaseTrouble
from core.log import raised
from core.models import Agency, AuditEntry, Case, DispositionRecord, ReportKey, Staff, StaffSession
from triage.console.desk import Desk, desk_of

log = structlog.get_logger()
TABLES = (Agency, AuditEntry, Case, DispositionRecord, ReportKey, Staff, StaffSession)


async def livez(request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


def readyz(request: Request) -> Response:
    """Staff could work now: the database answers, is durable and has the tables of this release."""
    try:
        ready = _is_ready(desk_of(request))
    except DatabaseTrouble as trouble:
        log.error("not_ready", error=raised(trouble))
        ready = False
    return PlainTextResponse("ok\n" if ready else "the database is not ready\n", 200 if ready else 503)


def _is_ready(desk: Desk) -> bool:
    """The console's role cannot read which migration the database is at; a missing column is a missing migration."""
    with transaction(desk.engine) as session:
        for table in TABLES:
            session.execute(select(table).limit(0))
        return is_durable(session.connection())
