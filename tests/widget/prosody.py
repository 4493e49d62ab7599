"""Prosody, the XMPP server of Debian: the machine's own, or fetched with apt into a folder and run from there."""

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from tests.browser.packages import CannotFetch

SELF = "CFG_SOURCEDIR='/usr/lib/prosody';"
NEEDED = ("apt-get", "dpkg-deb")


@dataclass(frozen=True, slots=True)
class Program:
    """How it is started, and with what in its environment."""

    command: tuple[str, ...]
    environ: dict[str, str]


def find(settings: Settings) -> Program:
    """The server; fetched once if there is none. Raises CannotFetch."""
    if own := shutil.which("prosody"):
        return Program((own,), {})
    folder = settings.var_dir / "prosody"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "usr/bin/prosody").exists():
            _fetch(folder)
    return _of(folder)


def _fetch(folder: Path) -> None:
    """What Debian's package asks for and this machine has not, unpacked; nothing is installed. Raises CannotFetch."""
    if missing := [name for name in NEEDED if not shutil.which(name)]:
        raise CannotFetch(
            f"there is no prosody, and no {missing[0]} to fetch it with: install Prosody (https://prosody.im)"
        )
    print("Fetching the XMPP server Prosody with apt, 1 MB, this once", flush=True)
    apt, unpacked = folder.with_name("prosody.apt"), folder.with_name("prosody.new")
    shutil.rmtree(apt, ignore_errors=True)
    shutil.rmtree(unpacked, ignore_errors=True)
    for part in ("lists/partial", "archives/partial"):
        (apt / part).mkdir(parents=True)
    _apt(apt, "update")
    _apt(apt, "install", "--yes", "--no-install-recommends", "--download-only", "prosody")
    for package in sorted((apt / "archives").glob("*.deb")):
        _run("dpkg-deb", "--extract", str(package), str(unpacked))
    shutil.rmtree(apt)
    unpacked.rename(folder)


def _apt(folder: Path, *command: str) -> None:
    """With lists and archives of its own, so that nobody needs to be root."""
    own = {
        "Dir::State::lists": folder / "lists",
        "Dir::Cache::archives": folder / "archives",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
    }
    _run("apt-get", "--quiet", *(part for name, value in own.items() for part in ("-o", f"{name}={value}")), *command)


def _run(*command: str) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotFetch(f"{command[0]} could not fetch prosody: {done.stderr.strip() or done.stdout.strip()}")


def _of(folder: Path) -> Program:
    """Its script says where Debian puts the rest; it is told where that is instead."""
    script = folder / "prosody.lua"
    source = f"CFG_SOURCEDIR='{folder}/usr/lib/prosody';"
    plugins = f"CFG_PLUGINDIR='{folder}/usr/lib/prosody/modules/';"
    said = (folder / "usr/bin/prosody").read_text()
    script.write_text(said.replace(SELF, source).replace("CFG_PLUGINDIR='/usr/lib/prosody/modules/';", plugins))
    [native] = (folder / "usr/lib").glob("*/lua/5.4")
    shared = folder / "usr/share/lua/5.4"
    lua = shutil.which("lua5.4") or str(folder / "usr/bin/lua5.4")
    return Program(
        (lua, str(script)),
        {
            "LUA_PATH": f"{shared}/?.lua;{shared}/?/init.lua;;",
            "LUA_CPATH": f"{native}/?.so;;",
            "LD_LIBRARY_PATH": os.pathsep.join((str(native.parent.parent), os.environ.get("LD_LIBRARY_PATH", ""))),
        },
    )
