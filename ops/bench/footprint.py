"""What a whole deployment weighs, and how long it takes from nothing: `make run` in a fresh clone."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import ROOT
from ops.bench.deployment import wait_until_served
from ops.bench.figure import Figure, at_most
from ops.bench.processes import family, memory_mb
from ops.embedded.ports import free_port

PATIENCE = 6000  # tenths of a second
REST_SECONDS = 5


def measure() -> Iterator[Figure]:
    """Clone what is committed, run it twice; package caches are not used, so downloads are included."""
    with tempfile.TemporaryDirectory(prefix="hotline-clone-") as folder:
        clone = Path(folder) / "clone"
        started = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        with make_run(clone):
            yield at_most("fresh clone to served pages", time.perf_counter() - started, "s", 180)
        started = time.perf_counter()
        with make_run(clone) as pid:
            yield at_most("second start to served pages", time.perf_counter() - started, "s", 6)
            time.sleep(REST_SECONDS)
            yield at_most("memory at rest, everything running", memory_mb(family(pid)), "MB", 500)


@contextmanager
def make_run(clone: Path) -> Iterator[int]:
    """`make run` there, on free ports, until both faces are served; its process id. Ended as by Ctrl-C."""
    intake, console = free_port(), free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("HOTLINE_", "VIRTUAL_ENV"))}
    ports = {"HOTLINE_INTAKE_PORT": str(intake), "HOTLINE_CONSOLE_PORT": str(console), "PIP_NO_CACHE_DIR": "1"}
    with (clone.parent / "run.log").open("ab") as output:
        process = subprocess.Popen(["make", "run"], cwd=clone, env=ours | ports, stdout=output, stderr=output)
        try:
            wait_until_served(f"http://127.0.0.1:{intake}/en/report", PATIENCE)
            wait_until_served(f"http://127.0.0.1:{console}/login", PATIENCE)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
