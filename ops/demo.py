"""Made-up data to try the product with: an agency, two people, a few gentle reports."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence

import msgspec
import pyotp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import connect, transaction
from core.keys import ConsoleKeys, IntakeKeys, write
from core.models import Report, Staff
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Danger, Role
from intake import tokens
from intake.letterbox import Letterbox
from intake.submission import SealedReport, Submission, seal
from ops.addresses import child_settings
from ops.agencies import HOME, connect_agency, import_agencies
from ops.messenger.partner import let_in
from ops.staff import add_staff

AGENCY = {
    "code": "demo-italy",
    "name": "Demo agency for Italy",
    "kind": "hotline",
    "country": "IT",
    "source": "invented for the demonstration",
}
PEOPLE = (("Demo Supervisor", Role.SUPERVISOR, HOME), ("Demo Analyst", Role.ANALYST, AGENCY["code"]))
REPORTS = (
    (
        "en",
        None,
        Danger.NO,
        "Someone in a game says he is 13 but he talks like an adult. He asked where I go to school.",
    ),
    ("it", "IT", Danger.UNSURE, "Un adulto mi chiede di tenere un segreto e di vederci dopo la scuola."),
    ("en", "GB", Danger.YES, "He says he will send a picture of me to my class if I do not meet him today."),
    ("ar", "EG", Danger.UNSAID, "شخص لا أعرفه يطلب من أخي الصغير رقم هاتفه ويقول له ألا يخبر أحدا."),
    ("it", "IT", Danger.NO, "Mia figlia riceve messaggi da uno sconosciuto che le promette dei regali."),
)


def fill(settings: Settings) -> Sequence[str]:
    """Fill an empty database once; every time, the lines that tell how to log in. `database_url` is the owner's."""
    assert settings.database_url
    engine = connect(settings.database_url, pool=1)
    with transaction(engine) as session:
        import_agencies(session, [AGENCY], "demo")
        connect_agency(session, settings.keys_dir, AGENCY["code"])
        log_ins = _log_ins(session, settings)
        let_in(session, settings)
        empty = not session.scalar(select(func.count()).select_from(Report))
    engine.dispose()
    if empty:
        asyncio.run(_post(settings))
    return [_line(log_in) for log_in in log_ins]


def _log_ins(session: Session, settings: Settings) -> list[dict[str, str]]:
    """The demo people's log-ins, kept in a file that only its owner reads: the database has hashes."""
    path = settings.var_dir / "demo.json"
    if path.exists():
        known: list[dict[str, str]] = json.loads(path.read_text())
        if session.scalar(select(Staff.id).where(Staff.login == known[0]["login"])):
            return known
        path.unlink()
    console = ConsoleKeys.read(settings.keys_dir)
    made = [msgspec.to_builtins(add_staff(session, console, name, role, agency)) for name, role, agency in PEOPLE]
    write(path, lambda: json.dumps(made))
    return made


def _line(log_in: dict[str, str]) -> str:
    code = pyotp.TOTP(log_in["totp_secret"]).now()
    return (
        f"Log in as    {log_in['login']}  password {log_in['password']}  "
        f"authenticator key {log_in['totp_secret']} (code now: {code})"
    )


async def _post(settings: Settings) -> None:
    """Seal the reports and post them through the letterbox, as the public site does."""
    url = child_settings(settings, "intake").intake_database_url
    assert url
    letterbox = Letterbox(url, stored=lambda: None)
    await letterbox.open()
    for report in _reports(settings):
        await letterbox.post(report)
    await letterbox.close()


def _reports(settings: Settings) -> Iterator[SealedReport]:
    sealing = IntakeKeys.read(settings.keys_dir)
    with Wrapping(sealing.report) as wrapping:
        for language, country, danger, what in REPORTS:
            submission = Submission(language, country, danger, what, link="", contact="")
            token = tokens.FormToken(time.time_ns() // 1_000_000, tokens.new_nonce())
            yield seal(sealing, wrapping, token, submission)[0]
