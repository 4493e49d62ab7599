"""`hotline up` with stand-ins for what it serves: `python -m tests.ops.trial`. Settings come from the environment."""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from core.settings import ROOT, Settings
from ops.embedded.ports import is_free
from ops.processes.child import Child
from ops.processes.launch import die_with
from ops.up import up


class Answer(BaseHTTPRequestHandler):
    """Says it is well, to whatever it is asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


def plan(settings: Settings) -> list[Child]:
    return [_stand_in(settings, "intake", settings.intake_port), _stand_in(settings, "console", settings.console_port)]


def _stand_in(settings: Settings, name: str, port: int) -> Child:
    return Child(
        name=name,
        command=[sys.executable, "-m", "tests.ops.trial", str(port)],
        log=settings.var_dir / "log" / f"{name}.log",
        cwd=ROOT,
        answers=lambda: not is_free(settings.bind, port),
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--with-parent"]:
        die_with(os.getppid(), signal.SIGTERM)
    elif sys.argv[1:]:
        ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
    up(Settings.from_environ(), demo=False, prepare=lambda settings, demo: ["prepared"], plan=plan)
