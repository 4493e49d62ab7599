"""Serving an application: no access log, no word of what serves it."""

import gc
from collections.abc import Mapping

import uvicorn
from starlette.types import ASGIApp

from core.web.wire import Wire

DRAIN_SECONDS = 10
NEW_OBJECTS = 10_000  # more than the requests of a busy moment hold


def serve_app(app: ASGIApp, bind: str, port: int, proxies: str = "") -> None:
    """Serve until told to stop; then what is under way is finished. Only `proxies` may say whom they ask for.

    Garbage is looked for seldom, and not among what is there by now or was there the last time: looking makes people
    wait, a quarter of a second once templates and languages are loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    gc.callbacks.append(_let_be)
    uvicorn.run(
        app,
        host=bind,
        port=port,
        loop="uvloop",
        http=Wire,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _let_be(phase: str, about: Mapping[str, int]) -> None:
    """What outlived a search of everything is there to stay."""
    if phase == "stop" and about["generation"] == 2:
        gc.freeze()
