"""What an operator may set: environment variables, read once, typed, refused early."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

import msgspec

from core.errors import WrongSetting
from core.loopback import is_loopback

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "HOTLINE_"

Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
NotNegative = Annotated[int, msgspec.Meta(ge=0)]
Tls = Literal["starttls", "implicit", "none"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting; field `intake_port` is read from `HOTLINE_INTAKE_PORT`."""

    var: str = str(ROOT / "var")
    keys: str | None = None

    database_url: str | None = None
    intake_database_url: str | None = None
    triage_database_url: str | None = None
    console_database_url: str | None = None
    redis_url: str | None = None

    bind: str = "127.0.0.1"
    intake_port: Port = 8000
    console_port: Port = 8001
    demo_port: Port = 8002
    hosts: str = "127.0.0.1,localhost,::1"
    https: bool = False
    proxies: str = ""
    public_url: str | None = None

    name: str = "OpenHotline"
    phone: str = "+44 1632 960 000"
    form_hours: Positive = 24
    partial_minutes: Positive = 30
    partial_danger_minutes: Positive = 5
    receipt_days: Positive = 180
    read_hours: Positive = 24
    retry_days: Positive = 7
    exit_url: str = "https://www.wikipedia.org/"
    busy_address: Positive = 6
    busy_all: Positive = 20
    flood_address: Positive = 3_000
    flood_all: Positive = 1_200

    workers: Positive = 1
    batch: Positive = 200
    sweep_seconds: Positive = 2
    lease_seconds: Positive = 8
    resolver: str | None = None
    resolver_ms: Positive = 300

    console_url: str | None = None
    smtp_host: str | None = None
    smtp_port: Port = 587
    smtp_tls: Tls = "starttls"
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_from: str | None = None
    answer_seconds: Positive = 10
    private_addresses: bool = False
    alarm_again_seconds: Positive = 120
    digest_hours: Positive = 24
    takedown_check_hours: Positive = 24
    takedown_repeat_hours: Positive = 72
    takedown_most_repeats: NotNegative = 3

    session_minutes: Positive = 15
    session_hours: Positive = 10

    postgres_bin: str | None = None
    valkey_bin: str | None = None
    server_user: str = "nobody"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read every `HOTLINE_*` variable.

        Raises WrongSetting, one line naming the variable, for a value or a name that is not known.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environ.items()
            if name.startswith(PREFIX) and value != ""
        }
        try:
            settings = msgspec.convert(given, cls, strict=False)
        except msgspec.ValidationError as error:
            raise WrongSetting(_in_words(error)) from None
        settings.check()
        return settings

    def check(self) -> None:
        """What goes together, and what does not. Raises WrongSetting."""
        if self.smtp_host and not self.smtp_from:
            raise WrongSetting(f"{PREFIX}SMTP_FROM: goes with {PREFIX}SMTP_HOST; it is the sender's address")
        if self.smtp_host and self.smtp_tls == "none" and not is_loopback(self.smtp_host):
            raise WrongSetting(f"{PREFIX}SMTP_TLS: none is for a server on this machine only")

    @property
    def var_dir(self) -> Path:
        return Path(self.var).expanduser().absolute()

    @property
    def keys_dir(self) -> Path:
        return Path(self.keys).expanduser().absolute() if self.keys else self.var_dir / "keys"

    @property
    def address(self) -> str:
        """Where the public site is for everybody else, without a slash at the end."""
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return (self.public_url or f"http://{host}:{self.intake_port}").rstrip("/")

    @property
    def console_address(self) -> str:
        """Where staff find the console, without a slash at the end."""
        host = f"[{self.bind}]" if ":" in self.bind else self.bind
        return (self.console_url or f"http://{host}:{self.console_port}").rstrip("/")

    @property
    def host_names(self) -> frozenset[str]:
        """The names this deployment answers to; any other `Host` is refused."""
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())


def _in_words(error: msgspec.ValidationError) -> str:
    """`Expected int >= 1 - at $.batch` becomes `HOTLINE_BATCH: expected int >= 1`."""
    what, _, where = str(error).partition(" - at `$.")
    if where:
        return f"{PREFIX}{where.rstrip('`').upper()}: {what[0].lower()}{what[1:]}"
    unknown = what.rpartition("`")[0].rpartition("`")[2]
    return f"{PREFIX}{unknown.upper()}: no such setting; docs/settings.md lists them all"
