"""Who a partner is: known by a live secret or a code, remembered for seconds, and nobody is listed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from sqlalchemy import Engine, text

from core.db import transaction
from core.keys import IntakeKeys
from core.models import Partner as PartnerRow
from core.settings import Settings
from intake.partners.known import MOST_UNKNOWN, SECONDS, Partners, PartnersDown
from ops.partners import book
from tests.factories import a_partner

T = TypeVar("T")


class Clock:
    """Seconds, as the test says."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def asking(settings: Settings, act: Callable[[Partners], Awaitable[T]], clock: Clock | None = None) -> T:
    async def run() -> T:
        assert settings.intake_database_url
        key = IntakeKeys.read(settings.keys_dir).partner
        partners = Partners(settings.intake_database_url, key, clock or Clock())
        try:
            return await act(partners)
        finally:
            await partners.close()

    return asyncio.run(run())


def test_each_credential_names_its_partner_and_only_in_its_own_place(settings: Settings, owner: Engine) -> None:
    one, other = a_partner(settings, owner), a_partner(settings, owner, name="Southwind")

    async def act(partners: Partners) -> list[str | None]:
        asked = [
            await partners.by_api_key(one.api_key),
            await partners.by_password(one.code, one.password),
            await partners.by_code(one.code),
            await partners.by_api_key(one.password),
            await partners.by_password(one.code, one.api_key),
            await partners.by_password(one.code, other.password),
            await partners.by_password(other.code, one.password),
            await partners.by_password("", one.password),
            await partners.by_api_key(""),
            await partners.by_api_key(one.api_key.lower()),
            await partners.by_api_key("\ud800 no key"),
            await partners.by_code("nobody"),
            await partners.by_code("no\x00body"),
        ]
        return [partner.code if partner else None for partner in asked]

    assert asking(settings, act) == [one.code] * 3 + [None] * 10


def test_a_partner_comes_with_its_origins_keys_and_quota(settings: Settings, owner: Engine) -> None:
    jwk = {"kid": "2026", "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    made = a_partner(settings, owner, origins=["https://chat.example"], jwks={"keys": [jwk]}, quota=7)
    found = asking(settings, lambda partners: partners.by_code(made.code))
    assert found
    assert (found.id, found.name, found.username) == (made.id, made.name, made.code)
    assert (found.origins, found.keys, found.quota_per_minute) == (("https://chat.example",), (jwk,), 7)
    assert (found.quarantined, found.tells_submitted) == (False, False)


def test_an_answer_is_remembered_for_seconds_and_no_longer(settings: Settings, owner: Engine) -> None:
    made, clock = a_partner(settings, owner), Clock()

    async def act(partners: Partners) -> list[bool]:
        known = [bool(await partners.by_api_key(made.api_key)), bool(await partners.by_code("late"))]
        with transaction(owner) as session:
            book.revoke(session, book.find_partner(session, made.code), "all")
            book.add_partner(session, "Late")
        for clock.now in (SECONDS - 0.1, SECONDS + 0.1):
            known += [bool(await partners.by_api_key(made.api_key)), bool(await partners.by_code("late"))]
        return known

    assert asking(settings, act, clock) == [True, False, True, False, False, True]


def test_one_question_answers_all_who_ask_it_at_once(settings: Settings, owner: Engine) -> None:
    made = a_partner(settings, owner)

    async def act(partners: Partners) -> set[str]:
        asked = await asyncio.gather(*(partners.by_api_key(made.api_key) for _ in range(50)))
        return {partner.code for partner in asked if partner}

    assert asking(settings, act) == {made.code}


def test_guesses_push_no_partner_out_and_take_no_more_room_than_is_set(settings: Settings, owner: Engine) -> None:
    made = a_partner(settings, owner)

    async def act(partners: Partners) -> int:
        await partners.by_api_key(made.api_key)
        for number in range(MOST_UNKNOWN + 100):
            partners._remember("", str(number), None)
        await partners.close()
        assert await partners.by_api_key(made.api_key)
        return len(partners._unknown)

    assert asking(settings, act) == MOST_UNKNOWN


def test_a_connection_lost_in_between_is_not_noticed(settings: Settings, owner: Engine) -> None:
    made = a_partner(settings, owner)
    hang_up = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hotline_intake'"

    async def act(partners: Partners) -> bool:
        await partners.by_code("nobody")
        with owner.connect() as connection:
            connection.execute(text(hang_up))
        return bool(await partners.by_api_key(made.api_key))

    assert asking(settings, act)


def test_with_no_database_nobody_is_recognised_and_the_caller_knows_why() -> None:
    async def act() -> None:
        partners = Partners("postgresql://nobody@127.0.0.1:9/none", bytes(32))
        with pytest.raises(PartnersDown):
            await partners.by_api_key("ohk_")

    asyncio.run(act())


def test_secrets_are_stored_as_keyed_hashes(settings: Settings, owner: Engine) -> None:
    made = a_partner(settings, owner)
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT * FROM partner_credentials")).all()
        partner = connection.execute(text(f"SELECT * FROM {PartnerRow.__tablename__}")).all()  # noqa: S608
    assert len(rows) == 2
    assert made.api_key not in f"{rows}{partner}" and made.password not in f"{rows}{partner}"
