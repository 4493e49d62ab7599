"""Serving an application: no access log, no word of what serves it."""

import gc

import uvicorn
from starlette.types import ASGIApp

DRAIN_SECONDS = 10


def serve_app(app: ASGIApp, bind: str, port: int) -> None:
    """Serve until told to stop; then what is under way is finished.

    What is there by now stays; a collector that looked at it again and again would make people wait.
    """
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=bind,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
