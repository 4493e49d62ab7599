"""Fill `.venv` from a lock file: `python3 -I ops/install.py run` (or `test`). A second time there is nothing to do.

Runs before anything is installed, so it uses the standard library alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
LOCKS = ROOT / "ops/locks"
INCLUDES = {"run": ("run",), "test": ("test", "run")}
PACKAGE = re.compile(r"^[\w.-]+(\[.*\])?==", re.MULTILINE)


def main() -> None:
    """Install what `run` or `test` needs, unless it is there."""
    wanted = sys.argv[1]
    if sys.version_info < (3, 11):  # noqa: UP036  # whoever runs this may have an older one
        sys.exit("Python 3.11 or newer is needed; name one with `make ... PYTHON=python3.12`.")
    os.umask(0o022)  # the database server, which is not root, must be able to read its own program
    turn = os.open(LOCKS, os.O_RDONLY)
    fcntl.flock(turn, fcntl.LOCK_EX)
    if _stamp().get(wanted) != _digest(wanted):
        _fill(wanted)


def _fill(wanted: str) -> None:
    known = _stamp() if (VENV / "bin/python").exists() else {}
    if known.get("place") != str(ROOT):  # absent, half made, or copied from elsewhere
        _say("Making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=True, symlinks=True)
    known = {"place": str(ROOT)}
    STAMP.write_text(json.dumps(known))
    lock = LOCKS / f"{wanted}.txt"
    _say(f"Installing {len(PACKAGE.findall(lock.read_text()))} packages, the first time about a minute")
    _pip("--require-hashes", "-r", str(lock))
    _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    known.update({name: _digest(name) for name in INCLUDES[wanted]})
    STAMP.write_text(json.dumps(known))


def _stamp() -> dict[str, str]:
    """What is installed here: a digest for each lock, and the place, since scripts name it."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("place") == str(ROOT) and (VENV / "bin/python").exists() else {}


def _digest(wanted: str) -> str:
    content = (LOCKS / f"{wanted}.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content).hexdigest()


def _pip(*arguments: str) -> None:
    """Run pip, telling every few seconds which package it is at. Ends with pip's own last words if it fails."""
    command = [str(VENV / "bin/python"), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    environ = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    lines: list[str] = []
    told = time.monotonic()
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ
    ) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if time.monotonic() - told > 3 and line.startswith(("Collecting", "Installing")):
                told = time.monotonic()
                _say("  " + line.split(" (")[0].strip()[:70])
    if pip.returncode:
        sys.exit("".join(lines[-20:]) + "Installing failed; the lines above are pip's.")


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
