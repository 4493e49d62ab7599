"""The npm package and its examples as their users have them: in a folder of their own, with what they need from npm."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.errors import HotlineError
from core.settings import ROOT, Settings
from tests.browser.packages import install_locked, program

WIDGET = ROOT / "widget"
MANIFESTS = [WIDGET / "examples/package-lock.json", WIDGET / "examples/package.json", WIDGET / "package.json"]
NOT_OURS = shutil.ignore_patterns("node_modules", "build", "key.pem")


@dataclass(frozen=True, slots=True)
class Package:
    """A copy of `widget/` whose examples are built."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.var_dir / "tab")

    @property
    def examples(self) -> Path:
        return self.folder / "examples"

    @property
    def stamp(self) -> Path:
        return self.folder / "installed"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Something of npm's, in the folder of the examples."""
        asked = [program(command[0]), *command[1:]]
        return subprocess.run(asked, cwd=self.examples, capture_output=True, text=True, check=False)


def install(package: Package) -> Package:
    """Fetch what the lock file names, if it was not; bring the sources up to date. Raises HotlineError."""
    package.folder.parent.mkdir(parents=True, exist_ok=True)
    with package.folder.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        recipe = hashlib.sha256(b"".join(path.read_bytes() for path in MANIFESTS)).hexdigest()
        is_current = package.stamp.exists() and package.stamp.read_text() == recipe
        if not is_current:
            shutil.rmtree(package.folder, ignore_errors=True)
        shutil.copytree(WIDGET, package.folder, ignore=NOT_OURS, dirs_exist_ok=True)
        if not is_current:
            print("Fetching what the tab's examples need with npm, 40 MB, this once", flush=True)
            install_locked(package.examples, package.folder.with_suffix(".log"))
            package.stamp.write_text(recipe)
    return package


@contextmanager
def served(package: Package, environ: Mapping[str, str]) -> Iterator[str]:
    """The address of the examples' own server."""
    command = [program("node"), "server.js"]
    with subprocess.Popen(command, cwd=package.examples, env=environ, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def main() -> None:
    """Install, or end with one line that says why not."""
    try:
        install(Package.of(Settings.from_environ()))
    except (HotlineError, OSError) as error:
        sys.exit(f"No examples of the tab: {error}")


if __name__ == "__main__":
    main()
