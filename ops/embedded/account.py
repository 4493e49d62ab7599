"""Who the servers run as: you, or, since PostgreSQL refuses root, a user who owns their data and nothing else."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from core.errors import HotlineError, WrongSetting


class NotOurData(HotlineError):
    """The data folder belongs to another user."""


@dataclass(frozen=True)
class Account:
    """A user; `name` is None when no change of user is needed."""

    name: str | None
    uid: int
    gid: int

    def own_folder(self, folder: Path) -> None:
        """Make the folder, or take it over as root, for this user alone. Raises NotOurData."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid == self.uid:
            return
        try:
            self.own(folder)
        except PermissionError:
            owner = folder.stat().st_uid
            raise NotOurData(f"{folder} belongs to user {owner}: run as that user, or set HOTLINE_VAR.") from None

    def own(self, path: Path) -> None:
        """Give a path, and all below it, to this user."""
        for folder, _, names in os.walk(path):
            for name in names:
                os.chown(Path(folder, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def account(server_user: str) -> Account:
    """The user for the servers. Raises WrongSetting for a name that is not known or is root's."""
    if os.geteuid() != 0:
        return Account(None, os.geteuid(), os.getegid())
    try:
        found = pwd.getpwnam(server_user)
    except KeyError:
        raise WrongSetting(f"HOTLINE_SERVER_USER: there is no user {server_user!r}.") from None
    if found.pw_uid == 0:
        raise WrongSetting("HOTLINE_SERVER_USER: PostgreSQL does not run as root.")
    return Account(server_user, found.pw_uid, found.pw_gid)
