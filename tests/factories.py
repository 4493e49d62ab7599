"""Invented, gentle things for tests, made by the product's own code."""

import asyncio
import os
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.keys import IntakeKeys, TriageKeys
from core.models import Agency
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Danger
from intake.letterbox import Letterbox
from intake.submission import Post, SealedReport, Submission, seal
from intake.tokens import FormToken
from ops.agencies import connect_agency, import_agencies
from triage.drain import Drain


def an_agency(session: Session, settings: Settings, code: str = "example-it", country: str = "IT") -> Agency:
    """A connected agency that answers for a country."""
    row = {"code": code, "name": f"Example agency {code}", "kind": "hotline", "country": country, "source": "a test"}
    import_agencies(session, [row])
    return connect_agency(session, settings.keys_dir, code)


def a_submission(
    what: str = "An adult asked me to keep a secret.",
    country: str | None = None,
    danger: Danger = Danger.UNSAID,
    link: str = "",
    contact: str = "",
    language: str = "en",
) -> Submission:
    return Submission(language=language, country=country, danger=danger, what=what, link=link, contact=contact)


def a_token() -> FormToken:
    return FormToken(time.time_ns() // 1_000_000, os.urandom(16))


def a_sealed_report(settings: Settings, submission: Submission | None = None) -> SealedReport:
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        return seal(keys, wrapping, a_token(), submission or a_submission())[0]


def post(settings: Settings, posts: Sequence[Post]) -> None:
    """Through the real letterbox, as intake's role."""

    async def deliver() -> None:
        assert settings.intake_database_url
        letterbox = Letterbox(settings.intake_database_url, stored=lambda: None)
        await letterbox.open()
        try:
            async with asyncio.TaskGroup() as senders:
                for one in posts:
                    senders.create_task(letterbox.post(one))
        finally:
            await letterbox.close()

    asyncio.run(deliver())


def a_drain(settings: Settings, engine: Engine, batch: int = 100) -> Drain:
    return Drain(engine, TriageKeys.read(settings.keys_dir), batch, timedelta(seconds=settings.lease_seconds))


def a_filed_report(settings: Settings, triage_engine: Engine, submission: Submission | None = None) -> SealedReport:
    """Posted, drained and in a case."""
    report = a_sealed_report(settings, submission)
    post(settings, [report])
    a_drain(settings, triage_engine)()
    return report
