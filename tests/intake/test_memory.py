"""What the public process knows: with its whole memory and settings in hand a stored report stays shut."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, text

from core.errors import CannotOpen
from core.keys import IntakeKeys, TriageKeys
from core.sealing import DataKey, KeyRing, PrivateKey, Row
from core.settings import Settings
from ops.addresses import child_settings
from tests.processes import receipt_on, running, send_report, site, with_free_ports

ALONE = ("database.password", "form.key", "partner.key", "receipt.key", "report.public")


@pytest.fixture
def intake_alone(settings: Settings, tmp_path: Path) -> Settings:
    """A public process on a host of its own: its key folder and its own URL, nothing else."""
    shutil.copytree(settings.keys_dir / "intake", tmp_path / "keys/intake")
    own = child_settings(settings, "intake")
    return with_free_ports(msgspec.structs.replace(own, var=str(tmp_path), keys=str(tmp_path / "keys")))


def memory_of(pid: int) -> Iterator[bytes]:
    """Every readable page of a process (proc(5): maps, mem)."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(edge, 16) for edge in span.split("-"))
            if rights.startswith("r") and not line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                memory.seek(start)
                yield memory.read(end - start)


def is_in_memory(pid: int, *secrets: bytes) -> list[bool]:
    found = [False] * len(secrets)
    for region in memory_of(pid):
        found = [known or secret in region for known, secret in zip(found, secrets, strict=True)]
    return found


def test_it_runs_with_its_own_key_folder_alone_and_that_folder_has_no_private_key(intake_alone: Settings) -> None:
    assert sorted(path.name for path in (intake_alone.keys_dir / "intake").iterdir()) == list(ALONE)
    with running(intake_alone, "intake"), site(intake_alone) as visitor:
        assert receipt_on(send_report(visitor, what="An adult asked me to keep a secret.").text)


def test_no_key_that_opens_a_stored_report_is_in_its_memory(
    settings: Settings, intake_alone: Settings, owner: Engine
) -> None:
    private = (settings.keys_dir / "triage/report.private").read_text().strip()
    raw = PrivateKey.from_text(private).raw
    with running(intake_alone, "intake") as children, site(intake_alone) as visitor:
        for number in range(20):
            assert send_report(visitor, what=f"Secret number {number}").status_code == 200
        ring = TriageKeys.read(settings.keys_dir).reports
        with owner.connect() as connection:
            rows = connection.execute(text("SELECT id, wrapped_key FROM reports")).fetchall()
        data_keys = [bytes(ring.unwrap(Row("reports", row.id), row.wrapped_key).secret) for row in rows]
        wrapping_keys = [bytes(ring.wrapping_key(row.wrapped_key)) for row in rows]
        public = IntakeKeys.read(intake_alone.keys_dir).report.raw[-32:]
        secrets = (public, raw, raw[:64], raw[64:], private.encode(), *data_keys, *wrapping_keys)
        found = is_in_memory(children["intake"].pid, *secrets)
    assert found[0], "the search itself must be able to find a key"
    assert not any(found[1:])


def test_its_settings_name_no_other_role_and_no_other_key(settings: Settings, intake_alone: Settings) -> None:
    with running(intake_alone, "intake") as children:
        environ = Path(f"/proc/{children['intake'].pid}/environ").read_text()
    for secret in ("hotline_triage", "hotline_console", "hotline_owner", str(settings.keys_dir)):
        assert secret not in environ


def test_what_it_does_know_opens_nothing(settings: Settings, intake_alone: Settings, owner: Engine) -> None:
    """Its three secret keys, tried as every kind of key there is."""
    keys = IntakeKeys.read(intake_alone.keys_dir)
    with running(intake_alone, "intake"), site(intake_alone) as visitor:
        send_report(visitor, what="An adult asked me to keep a secret.")
    with owner.connect() as connection:
        row = connection.execute(text("SELECT id, wrapped_key, what FROM reports")).one()
    place = Row("reports", row.id)
    for secret in (keys.form, keys.receipt, keys.partner):
        with pytest.raises(CannotOpen):
            DataKey(secret).open(place, "what", row.what)
        with pytest.raises(CannotOpen):
            KeyRing([PrivateKey(secret * 3)]).unwrap(place, row.wrapped_key)
