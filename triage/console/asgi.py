"""Assembly of the console: its own process, its own database role, no scripts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from sqlalchemy import Engine, event
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from core import log
from core.db import connect
from core.keys import ConsoleKeys
from core.settings import Settings
from core.web.edge import the_edge
from core.web.headers import ISOLATED, LOOKS, NO_SCRIPTS, NOTHING, Policy
from core.web.serving import serve_app
from core.web.templates import Pages
from triage.console import (
    alarms,
    case,
    door,
    health,
    quarantine,
    queue,
    referrals,
    referring,
    refusal,
    removing,
    takedowns,
    together,
)
from triage.console.access import Gate
from triage.console.desk import FACE, Desk
from triage.console.refusals import HANDLERS
from triage.console.walls import refuse_to_bypass

THREADS = 16
POLICY = Policy(NOTHING + LOOKS + NO_SCRIPTS, (ISOLATED,))
ROUTES = [
    Route("/livez", health.livez),
    Route("/readyz", health.readyz),
    Route("/login", door.show_login),
    Route("/login", door.take_login, methods=["POST"]),
    Route("/logout", door.leave, methods=["POST"]),
    Route("/", queue.show_queue),
    Route("/cases/{case:uuid}", case.show_case),
    Route("/cases/{case:uuid}/disposition", case.close_case, methods=["POST"]),
    Route("/cases/{case:uuid}/answer", case.answer_case, methods=["POST"]),
    Route("/cases/{case:uuid}/refuse", refusal.refuse, methods=["POST"]),
    Route("/cases/{case:uuid}/refer", referring.show_refer),
    Route("/cases/{case:uuid}/refer", referring.refer_case, methods=["POST"]),
    Route("/cases/{case:uuid}/pause", case.pause_deadline, methods=["POST"]),
    Route("/cases/{case:uuid}/resume", case.resume_deadline, methods=["POST"]),
    Route("/alarms", alarms.show_alarms),
    Route("/alarms/{alarm:uuid}/take", alarms.have_it, methods=["POST"]),
    Route("/referrals", referrals.show_referrals),
    Route("/referrals/{referral:uuid}", referrals.show_received),
    Route("/referrals/{referral:uuid}/resend", referrals.send_again, methods=["POST"]),
    Route("/cases/{case:uuid}/merge", together.merge_case, methods=["POST"]),
    Route("/cases/{case:uuid}/split", together.split_case, methods=["POST"]),
    Route("/cases/{case:uuid}/undo", together.undo_last, methods=["POST"]),
    Route("/cases/{case:uuid}/takedown", removing.show_ask),
    Route("/cases/{case:uuid}/takedown", removing.ask, methods=["POST"]),
    Route("/cases/{case:uuid}/takedown/mark", takedowns.mark, methods=["POST"]),
    Route("/takedowns", takedowns.show_takedowns),
    Route("/quarantine", quarantine.show_quarantine),
    Route("/quarantine/{report:uuid}/release", quarantine.release_report, methods=["POST"]),
]


def create_app(settings: Settings, keys: ConsoleKeys, engine: Engine) -> Starlette:
    """The console; `engine` must have as many connections as the console has threads."""
    pages = Pages(FACE, name=settings.name, phone=settings.phone)
    desk = Desk(settings, keys, engine, pages)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        engine.dispose()

    app = Starlette(
        routes=[*ROUTES, *pages.assets.routes()],
        middleware=[*the_edge(settings, pages, POLICY), Middleware(Gate, desk)],
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.state.desk = desk
    return app


def serve(settings: Settings) -> None:
    """Serve the console until SIGTERM or SIGINT. Raises KeysMissing."""
    assert settings.console_database_url
    log.configure()
    engine = connect(settings.console_database_url, pool=THREADS)
    event.listen(engine, "connect", refuse_to_bypass)
    serve_app(create_app(settings, ConsoleKeys.read(settings.keys_dir), engine), settings.bind, settings.console_port)
