"""What rules refer: in the transaction that files the reports, and never twice for a case and an agency."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.details import Details
from core.errors import WrongWay
from core.models import Agency
from core.sealing import DataKey, PublicKey, Row
from core.vocabulary import Side
from triage.cases.filing import Filing
from triage.partners import Sender
from triage.referrals.letters import ReportTold
from triage.referrals.making import ByRule, NotReferable, refer_by_rule
from triage.routing.routes import Routes
from triage.understanding import Understood

REFERRED = text("""
    WITH RECURSIVE gathered AS (
        SELECT id, id AS whole FROM unnest(CAST(:cases AS uuid[])) AS id
        UNION
        SELECT cases.id, gathered.whole FROM gathered JOIN cases ON cases.merged_into = gathered.id
    )
    SELECT DISTINCT gathered.whole, to_agency_id FROM gathered JOIN referrals ON referrals.case_id = gathered.id
""")
"""By staff or by a rule, from this case or one that was merged into it."""


def told_to_others(report: Understood, key: DataKey, what: str, sender: Sender | None) -> ReportTold:
    """A report as a rule passes it on: nothing of who reported it or how to reach them. Raises CannotOpen."""
    return ReportTold(
        id=report.id,
        received_at=report.received_at,
        channel=report.channel,
        language=report.language,
        danger=report.danger,
        country=report.country,
        partner=sender.name if sender else None,
        what=what,
        link=key.open(Row("reports", report.id), "link", report.link),
        details=_without_reporter(report.answers),
    )


def refer_filed(session: Session, courier: PublicKey, routes: Routes, filings: Sequence[Filing]) -> None:
    """Each case to the agencies its reports' rules name. One that cannot receive any more keeps no report back."""
    named = [filing for filing in filings if filing.refers]
    if not named:
        return
    known = _referred(session, [filing.case_id for filing in named if not filing.is_new])
    rules = [rule for filing in named for rule in _rules(filing, routes) if (filing.case_id, rule.to) not in known]
    asked = select(Agency).where(Agency.id.in_({rule.to for rule in rules}))
    _held = session.scalars(asked).all()  # while they are, the session asks for none of them again
    with session.no_autoflush:  # the audit trail's entries go together
        for rule in rules:
            _refer(session, courier, rule)


def _rules(filing: Filing, routes: Routes) -> Iterator[ByRule]:
    for agency, reports in filing.refers.items():
        yield ByRule(
            case=filing.case_id,
            reference=filing.reference,
            agency=filing.agency_id,
            to=agency,
            sender=routes.name_of(filing.agency_id),
            priority=filing.priority,
            reports=reports,
            count=filing.already + len(filing.reports),
        )


def _refer(session: Session, courier: PublicKey, rule: ByRule) -> None:
    try:
        refer_by_rule(session, courier, rule)
    except (NotReferable, WrongWay):  # it was put another way since the rules were read
        return


def _referred(session: Session, cases: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Who has had a referral of which case."""
    found = session.execute(REFERRED, {"cases": cases}) if cases else ()
    return {(row.whole, row.to_agency_id) for row in found}


def _without_reporter(details: Details) -> Details:
    accounts = tuple(account for account in details.accounts if account.side is not Side.REPORTER)
    return msgspec.structs.replace(details, accounts=accounts, safe="")
