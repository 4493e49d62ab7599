"""Serving an application: no access log, no word of what serves it."""

import gc

import uvicorn
from starlette.types import ASGIApp

from core.web.wire import Wire

DRAIN_SECONDS = 10
NEW_OBJECTS = 10_000  # more than the requests of a busy moment hold


def serve_app(app: ASGIApp, bind: str, port: int, proxies: str = "") -> None:
    """Serve until told to stop; then what is under way is finished. Only `proxies` may say whom they ask for.

    Garbage is looked for seldom, and not among what is there by now: looking makes people wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
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
