"""Invented, gentle things for tests, made by the product's own code."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.db import transaction
from core.details import NOTHING, Details
from core.keys import IntakeKeys, TriageKeys
from core.models import Agency
from core.sealing import Wrapping
from core.settings import Settings
from core.vocabulary import Channel, CredentialKind, Danger
from intake.letterbox import Letterbox
from intake.partners.retries import retry_of
from intake.slots import Post
from intake.submission import PartnerReport, SealedReport, Submission, seal, seal_for_partner
from intake.tokens import FormToken
from ops.agencies import connect_agency, import_agencies
from ops.partners import book
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
    details: Details = NOTHING,
    source: str = "",
    completeness: int | None = None,
) -> Submission:
    return Submission(
        language=language,
        country=country,
        danger=danger,
        what=what,
        link=link,
        contact=contact,
        details=details,
        source=source,
        completeness=completeness,
    )


def a_token() -> FormToken:
    return FormToken(time.time_ns() // 1_000_000, os.urandom(16))


def a_sealed_report(settings: Settings, submission: Submission | None = None) -> SealedReport:
    keys = IntakeKeys.read(settings.keys_dir)
    with Wrapping(keys.report) as wrapping:
        return seal(keys, wrapping, a_token(), submission or a_submission())[0]


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """A partner and the credentials it was given."""

    id: UUID
    code: str
    name: str
    api_key: str
    password: str


def a_partner(
    settings: Settings,
    owner: Engine,
    name: str = "Northwind Chat",
    origins: Sequence[str] = (),
    jwks: dict[str, object] | None = None,
    must_sign: bool = False,
    quota: int = 100_000,
) -> KnownPartner:
    """As `hotline partner add` makes one."""
    with transaction(owner) as session:
        partner = book.add_partner(session, name, origins=origins, jwks=jwks, must_sign=must_sign, quota=quota)
        made = book.make_credentials(session, IntakeKeys.read(settings.keys_dir), partner)
    api_key, password = made[CredentialKind.API_KEY], made[CredentialKind.PASSWORD]
    return KnownPartner(partner.id, partner.code, name, api_key, password)


def a_partner_report(
    settings: Settings, partner: UUID, submission: Submission | None = None, key: str = "one", content: bytes = b""
) -> PartnerReport:
    keys, sent = IntakeKeys.read(settings.keys_dir), submission or a_submission()
    retry = retry_of(keys.partner, partner, Channel.API, key, content)
    with Wrapping(keys.report) as wrapping:
        return seal_for_partner(keys, wrapping, retry, replace(sent, partner=partner, channel=Channel.API))[0]


def post(settings: Settings, posts: Sequence[Post]) -> list[str]:
    """Through the real letterbox, as intake's role; what became of each."""

    async def deliver() -> list[str]:
        assert settings.intake_database_url
        letterbox = Letterbox(settings.intake_database_url, stored=lambda: None)
        await letterbox.open()
        try:
            async with asyncio.TaskGroup() as senders:
                sent = [senders.create_task(letterbox.post(one)) for one in posts]
            return [task.result() for task in sent]
        finally:
            await letterbox.close()

    return asyncio.run(deliver())


def a_drain(settings: Settings, engine: Engine, batch: int = 100) -> Drain:
    return Drain(engine, TriageKeys.read(settings.keys_dir), batch, timedelta(seconds=settings.lease_seconds))


def a_filed_report(settings: Settings, triage_engine: Engine, submission: Submission | None = None) -> SealedReport:
    """Posted, drained and in a case."""
    report = a_sealed_report(settings, submission)
    post(settings, [report])
    a_drain(settings, triage_engine)()
    return report
