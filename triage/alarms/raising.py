"""Alarms that rules raise: they stand with the case from the same moment, and a team is told of a case once."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.ids import uuid7
from triage.arrays import run

TELL = text("""
    INSERT INTO alarms (id, case_id, agency_id, kind, team)
    SELECT a, b, c, 'rule', d
    FROM unnest(CAST(:a AS uuid[]), CAST(:b AS uuid[]), CAST(:c AS uuid[]), CAST(:d AS text[])) AS told (a, b, c, d)
    ON CONFLICT DO NOTHING
""")


def tell_teams(session: Session, named: Iterable[tuple[UUID, UUID, str]]) -> None:
    """(case, its agency, team), in the transaction that files the reports. Who was told already is not told again."""
    run(session, TELL, [(uuid7(), *one) for one in named])
