"""The test browser's folder: a Chromium, the libraries and fonts it needs, and the Nu checker."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.settings import Settings
from tests.browser.packages import MANIFESTS

OWN_CHROMIUM = "OPENHOTLINE_TEST_CHROMIUM"
RECIPE = [*MANIFESTS, *(Path(__file__).with_name(name) for name in ("install.py", "packages.py"))]


@dataclass(frozen=True, slots=True)
class Kit:
    """What `install` puts into `folder`."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.var_dir / "browser")

    @property
    def chromium(self) -> Path:
        return self.folder / "chromium"

    @property
    def libraries(self) -> Path:
        return self.folder / "lib"

    @property
    def fonts(self) -> Path:
        return self.folder / "fonts"

    @property
    def font_settings(self) -> Path:
        return self.folder / "fonts.conf"

    @property
    def checker(self) -> Path:
        return self.folder / "vnu.jar"

    @property
    def stamp(self) -> Path:
        return self.folder / "installed"

    def command(self) -> Path:
        """What to start: ours, or the one that OPENHOTLINE_TEST_CHROMIUM names."""
        return Path(os.environ.get(OWN_CHROMIUM) or self.chromium)

    def environ(self) -> dict[str, str]:
        """For the browser alone: its libraries are another system's. The fonts are the same on every machine."""
        ours = {"FONTCONFIG_FILE": str(self.font_settings)}
        if not os.environ.get(OWN_CHROMIUM):
            found_first = [str(self.libraries), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
            ours["LD_LIBRARY_PATH"] = ":".join(found_first)
        return os.environ | ours

    def is_current(self) -> bool:
        """The folder was filled to its end, by this recipe, from these versions."""
        try:
            return self.stamp.read_text() == recipe()
        except OSError:
            return False


def recipe() -> str:
    """Changes whenever something else would be installed."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in RECIPE)).hexdigest()
