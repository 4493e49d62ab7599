"""Key files: one folder for each process, holding what it may know and nothing else.

    intake/   form.key  receipt.key  partner.key  report.public  database.password
    triage/   report.private  facts.key  bundling.key  courier.private  courier.sign  database.password
    console/  staff.key  agencies/<code>.private  courier.public  database.password

Copy a process its own folder, and only that. `hotline migrate` makes what is missing.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from core.errors import KeysMissing
from core.receipts import derived
from core.sealing import KeyRing, PrivateKey, PublicKey

PROCESSES = ("intake", "triage", "console")
SECRETS = (
    *("intake/form.key", "intake/receipt.key", "intake/partner.key"),
    *("triage/facts.key", "triage/bundling.key", "triage/courier.sign", "console/staff.key"),
)


@dataclass(frozen=True)
class IntakeKeys:
    """All that intake knows: enough to seal a report, nothing that opens one."""

    form: bytes
    receipt: bytes
    partner: bytes
    report: PublicKey

    @classmethod
    def read(cls, folder: Path) -> Self:
        return cls(
            form=bytes.fromhex(_text(folder / "intake/form.key")),
            receipt=bytes.fromhex(_text(folder / "intake/receipt.key")),
            partner=bytes.fromhex(_text(folder / "intake/partner.key")),
            report=PublicKey.from_text(_text(folder / "intake/report.public")),
        )


@dataclass(frozen=True)
class TriageKeys:
    """What opens a report that is not filed yet and the facts by which cases were routed, and makes blind indexes.

    `courier` is whom referrals are sealed to that rules make.
    """

    reports: KeyRing
    facts: bytes = field(repr=False)
    bundling: bytes = field(repr=False)
    courier: PublicKey

    @classmethod
    def read(cls, folder: Path) -> Self:
        return cls(
            courier=PrivateKey.from_text(_text(folder / "triage/courier.private")).public,
            reports=KeyRing([PrivateKey.from_text(_text(folder / "triage/report.private"))]),
            facts=bytes.fromhex(_text(folder / "triage/facts.key")),
            bundling=bytes.fromhex(_text(folder / "triage/bundling.key")),
        )


@dataclass(frozen=True)
class CourierKeys:
    """What opens letters on their way out, and signs them (an Ed25519 seed). It opens no report."""

    letters: KeyRing
    own: PublicKey
    sign: bytes

    @classmethod
    def read(cls, folder: Path) -> Self:
        private = PrivateKey.from_text(_text(folder / "triage/courier.private"))
        return cls(KeyRing([private]), private.public, bytes.fromhex(_text(folder / "triage/courier.sign")))


@dataclass(frozen=True)
class ConsoleKeys:
    """What opens filed reports, agency by agency, and seals log-in secrets."""

    staff: bytes
    agencies: Path

    @classmethod
    def read(cls, folder: Path) -> Self:
        return cls(bytes.fromhex(_text(folder / "console/staff.key")), folder / "console/agencies")

    def ring(self, agency_code: str) -> KeyRing:
        """The keys of one agency. Raises KeysMissing."""
        return KeyRing([PrivateKey.from_text(_text(self.agencies / f"{agency_code}.private"))])

    def own_key(self, agency_code: str, purpose: bytes) -> bytes:
        """A key of one agency that follows from its private one and is good for this purpose. Raises KeysMissing."""
        private = PrivateKey.from_text(_text(self.agencies / f"{agency_code}.private"))
        return derived(b"", purpose, private.raw)

    @property
    def courier(self) -> PublicKey:
        """Whom letters to other agencies are sealed to. Raises KeysMissing."""
        return PublicKey.from_text(_text(self.agencies.parent / "courier.public"))


def make_missing(folder: Path) -> None:
    """Create every deployment key file that is not there; existing ones are never touched."""
    if not (folder / "triage/report.private").exists():
        key = PrivateKey.generate()
        write(folder / "triage/report.private", key.to_text)
        write(folder / "intake/report.public", key.public.to_text)
    if not (folder / "triage/courier.private").exists():
        courier = PrivateKey.generate()
        write(folder / "triage/courier.private", courier.to_text)
        write(folder / "console/courier.public", courier.public.to_text)
    for name in SECRETS:
        write(folder / name, lambda: secrets.token_hex(32))
    for process in PROCESSES:
        write(folder / process / "database.password", lambda: secrets.token_urlsafe(24))


def make_agency_key(folder: Path, code: str) -> PublicKey:
    """The public half of an agency's key, made on first use."""
    path = folder / "console/agencies" / f"{code}.private"
    write(path, PrivateKey.generate().to_text)
    return PrivateKey.from_text(_text(path)).public


def write(path: Path, content: Callable[[], str]) -> None:
    """Write a key file, readable by its owner only, unless it exists."""
    if path.exists():
        return
    for parent in _missing(path.parent):
        parent.mkdir(mode=0o700)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(content() + "\n")
    draft.rename(path)  # whole or not at all: half a key would seal what nothing opens


def password_of(folder: Path, process: str) -> str:
    """The database password of a process's role."""
    return _text(folder / process / "database.password")


def _missing(folder: Path) -> Iterator[Path]:
    if not folder.exists():
        yield from _missing(folder.parent)
        yield folder


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        raise KeysMissing(f"{path.name} cannot be read; `hotline migrate` makes missing keys.") from None
