"""A partner's idempotency key is remembered for as long as is set, and then forgotten."""

from datetime import timedelta

from sqlalchemy import Engine, text

from core.settings import Settings
from tests.factories import a_partner, a_partner_report, post
from triage import retries


def test_keys_are_forgotten_after_their_time_and_not_before(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    partner = a_partner(settings, owner).id
    post(settings, [a_partner_report(settings, partner, key=key) for key in ("old", "new")])
    oldest = "(SELECT id FROM idempotency_keys ORDER BY id LIMIT 1)"
    age = f"UPDATE idempotency_keys SET used_at = now() - interval '8 days' WHERE id IN {oldest}"  # noqa: S608
    with owner.begin() as connection:
        connection.execute(text(age))
    retries.forget(triage_engine, timedelta(days=7))
    with owner.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM idempotency_keys")) == 1
        assert connection.scalar(text("SELECT count(*) FROM reports")) == 2
