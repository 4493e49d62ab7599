"""What rules refer: to everybody else whom a report concerns and who can receive it, once, with the case or never."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs
from sqlalchemy import Engine, select, text

from core.accounts import Account
from core.db import transaction
from core.details import Details
from core.envelopes import disclose
from core.keys import ConsoleKeys, CourierKeys
from core.models import Agency, Delivery, Referral
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Act, By, Kind, Risk, Side
from intake.submission import Submission
from ops.agencies import import_agencies
from ops.staff import NewStaff
from tests.factories import a_drain, a_filed_report, a_sealed_report, a_submission, an_agency, post
from tests.triage.analyst import acts, cases_of, person_of
from tests.triage.outbound.sending import an_agency_that_receives, refer_case
from tests.triage.reading.nameserver import a_nameserver, an_address_in
from tests.triage.routing.invented import END
from triage import pipeline
from triage.cases.regrouping import merge
from triage.drain import Drain
from triage.reading.hosting import Hosting
from triage.referrals.by_rule import refer_filed
from triage.referrals.letters import Referred, letter_from, open_letter
from triage.routing.categories import takes
from triage.routing.documents import publish
from triage.routing.facts import Facts

WORDS = "An adult asked me to keep a secret."
LINK = "https://forum.example/t/4711"
OTHER = "https://forum.example/t/4712"
RULES = "rule Two\n  when country is IT\n  send to the hotline\n  refer to example-de, example-fr, example-es\n" + END


@pytest.fixture
def abroad(settings: Settings, owner: Engine) -> Mapping[str, UUID]:
    """One agency that reads here, one that gets e-mail, and one that receives nothing; and rules that name them."""
    french = an_agency_that_receives(settings, owner, "email", to="desk@agency.example").agency
    row = {"code": "example-es", "name": "Example", "kind": "police", "country": "ES", "source": "a test"}
    with transaction(owner) as session:
        german = an_agency(session, settings, "example-de", "DE").id
        import_agencies(session, [row])
        publish(session, RULES, "Ada", ["Nobody said where"])
    return {"FR": french, "DE": german}


def referred(owner: Engine) -> list[tuple[str, By, str]]:
    """To whom, how, and of which case."""
    with transaction(owner) as session:
        found = select(Agency.code, Delivery.by, Referral.case_id).join(Referral, Referral.to_agency_id == Agency.id)
        rows = session.execute(found.join(Delivery, Delivery.id == Referral.id).order_by(Agency.code, Referral.id))
        return [(code, by, str(case)) for code, by, case in rows]


def letters(settings: Settings, owner: Engine) -> dict[By, Referred]:
    """What each of two agencies reads, by the way it goes."""
    courier, console = CourierKeys.read(settings.keys_dir), ConsoleKeys.read(settings.keys_dir)
    found: dict[By, Referred] = {}
    with transaction(owner) as session:
        for sent, handed in session.execute(
            select(Delivery, Referral.handed).join(Referral, Referral.id == Delivery.id)
        ):
            if sent.letter:
                letter = open_letter(courier.letters, sent.id, sent.letter)
            else:
                row = Row("referrals", sent.id)
                assert handed
                letter = letter_from(disclose(console.ring("example-de"), row, "handed", handed))
            assert isinstance(letter, Referred)
            found[sent.by] = letter
    return found


def told(link: str = LINK, country: str | None = "IT", **more: object) -> Submission:
    return replace(a_submission(WORDS, country=country, link=link, contact="pat@mail.example"), **more)  # type: ignore[arg-type]


def test_a_rule_refers_to_everybody_it_names_who_can_receive_and_tells_nothing_of_the_reporter(
    settings: Settings, owner: Engine, triage_engine: Engine, abroad: Mapping[str, UUID]
) -> None:
    known = Details(
        kind=Kind.PAGE,
        safe="after school",
        accounts=(Account(handle="stranger_77"), Account(side=Side.REPORTER, emails=("pat@mail.example",))),
    )
    a_filed_report(settings, triage_engine, told(details=known))
    [case] = cases_of(owner)
    assert referred(owner) == [
        ("example-de", By.CONSOLE, str(case.id)),
        ("example-fr", By.EMAIL, str(case.id)),
    ]
    for letter in letters(settings, owner).values():
        [report] = letter.reports
        assert (letter.case, letter.count, report.what, report.link) == (case.reference, 1, WORDS, LINK)
        assert (report.contact, report.details.safe) == ("", "")
        assert report.details == structs.replace(known, safe="", accounts=known.accounts[:1])
    assert [(entry.subject, entry.staff_id) for entry in acts(owner, Act.CASE_REFERRED)] == [(case.id, None)] * 2


def test_more_reports_of_a_case_are_never_referred_again(
    settings: Settings, owner: Engine, triage_engine: Engine, abroad: Mapping[str, UUID]
) -> None:
    post(settings, [a_sealed_report(settings, told()) for _ in range(3)])
    a_drain(settings, triage_engine)()
    a_filed_report(settings, triage_engine, told())
    [case] = cases_of(owner)
    assert (case.report_count, len(referred(owner))) == (4, 2)
    assert [letter.count for letter in letters(settings, owner).values()] == [3, 3]


def test_a_report_that_joins_a_case_has_it_referred_when_its_own_rule_says_so(
    settings: Settings, owner: Engine, triage_engine: Engine, abroad: Mapping[str, UUID]
) -> None:
    a_filed_report(settings, triage_engine, told(country=None))
    assert referred(owner) == []
    a_filed_report(settings, triage_engine, told())
    [case] = cases_of(owner)
    assert [to for to, _, _ in referred(owner)] == ["example-de", "example-fr"]
    for letter in letters(settings, owner).values():
        assert (letter.case, letter.count, len(letter.reports)) == (case.reference, 2, 1)


def test_what_staff_referred_already_a_rule_does_not(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    abroad: Mapping[str, UUID],
) -> None:
    a_filed_report(settings, triage_engine, told(country=None))
    refer_case(settings, owner, console_engine, ana, abroad["FR"])
    a_filed_report(settings, triage_engine, told())
    assert [to for to, _, _ in referred(owner)] == ["example-de", "example-fr"]


def test_what_a_merged_case_was_referred_to_the_case_it_is_in_now_is_not(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    console_engine: Engine,
    ana: NewStaff,
    abroad: Mapping[str, UUID],
) -> None:
    a_filed_report(settings, triage_engine, told())
    a_filed_report(settings, triage_engine, told(OTHER, None))
    one, other = cases_of(owner)
    person = person_of(owner, ana)
    with transaction(console_engine, person.agency) as session:
        merge(session, person, one.id, other.id, "The same.")
    a_filed_report(settings, triage_engine, told(OTHER))
    assert {case for _, _, case in referred(owner)} == {str(one.id)}


def test_a_worker_that_dies_on_the_way_refers_nothing_and_the_next_try_refers_once(
    settings: Settings,
    owner: Engine,
    triage_engine: Engine,
    abroad: Mapping[str, UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refer_and_die(*given: Any) -> None:
        refer_filed(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(pipeline, "refer_filed", refer_and_die)
        with pytest.raises(KeyboardInterrupt):
            a_filed_report(settings, triage_engine, told())
    assert (referred(owner), cases_of(owner)) == ([], [])
    with owner.begin() as connection:
        connection.execute(text("UPDATE reports SET next_try_at = now()"))
    a_drain(settings, triage_engine)()
    assert (len(referred(owner)), len(cases_of(owner))) == (2, 1)


@pytest.mark.parametrize("column", ["crowded", "partial"])
def test_a_flood_and_half_a_report_are_referred_by_no_rule(
    settings: Settings, owner: Engine, triage_engine: Engine, abroad: Mapping[str, UUID], column: str
) -> None:
    post(settings, [a_sealed_report(settings, told())])
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE reports SET {column} = true"))  # noqa: S608  # our own words
    a_drain(settings, triage_engine)()
    assert (len(cases_of(owner)), referred(owner)) == (1, [])


def test_an_agency_whose_way_cannot_be_used_keeps_no_report_back(
    settings: Settings, owner: Engine, triage_engine: Engine, abroad: Mapping[str, UUID]
) -> None:
    with owner.begin() as connection:
        connection.execute(text("""UPDATE agencies SET way = '{"by": "email", "odd": 1}' WHERE code = 'example-fr'"""))
    a_filed_report(settings, triage_engine, told())
    assert [to for to, _, _ in referred(owner)] == ["example-de"]


def test_an_agency_is_referred_what_it_takes_and_no_more(
    settings: Settings, owner: Engine, triage_engine: Engine, abroad: Mapping[str, UUID]
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text("""UPDATE agencies SET facts = '{"accepts": ["csam_url"]}' WHERE code = 'example-fr'""")
        )
    a_filed_report(settings, triage_engine, told(details=Details(kind=Kind.CONTACT)))
    assert [to for to, _, _ in referred(owner)] == ["example-de"]
    a_filed_report(settings, triage_engine, told(OTHER, details=Details(kind=Kind.PAGE)))
    assert [to for to, _, _ in referred(owner)] == ["example-de", "example-de", "example-fr"]


@pytest.mark.parametrize(
    ("accepted", "facts", "taken"),
    [
        ((), Facts(kind=Kind.CONTACT), True),
        (("csam_url",), Facts(), True),
        (("csam_url",), Facts(kind=Kind.UNSURE), True),
        (("csam_url",), Facts(kind=Kind.PAGE), True),
        (("csam_url",), Facts(kind=Kind.CONTACT), False),
        (("csam_url", "other"), Facts(kind=Kind.CONTACT), True),
        (("sextortion",), Facts(kind=Kind.CONTACT), False),
        (("sextortion",), Facts(kind=Kind.CONTACT, risks=(Risk.THREAT,)), True),
        (("grooming",), Facts(kind=Kind.PAGE), False),
    ],
)
def test_what_an_agency_accepts_is_compared_with_what_was_said(
    accepted: tuple[str, ...], facts: Facts, taken: bool
) -> None:
    assert takes(accepted, facts) is taken


def test_by_the_default_rules_the_country_owns_and_where_it_is_hosted_is_told(
    settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    """In Italy two agencies work here: the second one is nobody else's jurisdiction."""
    with transaction(owner) as session:
        for code, country in (("it-first", "IT"), ("it-second", "IT"), ("jp-first", "JP")):
            an_agency(session, settings, code, country)
    an_agency_that_receives(settings, owner, "email", to="desk@agency.example")
    zone = {"one.example": [an_address_in("JP")], "two.example": [an_address_in("IT")], "three.example": []}
    links = [(f"https://{name}/{country}", country) for name in zone for country in ("IT", "FR")]
    post(settings, [a_sealed_report(settings, told(link, country)) for link, country in links])
    with a_nameserver(zone) as server:
        plain = a_drain(settings, triage_engine)
        Drain(plain.engine, plain.keys, 100, plain.lease, Hosting(server.resolver, 2))()
    cases = {
        str(case.id): (code, case.country)
        for code in ("it-first", "jp-first", "hotline")
        for case in cases_of(owner, code)
    }
    assert sorted(cases.values()) == [
        *[("hotline", "FR"), ("it-first", "FR"), ("it-first", "IT"), ("it-first", "IT"), ("it-first", "IT")],
        ("jp-first", "FR"),
    ]
    assert sorted((*cases[case], to) for to, _, case in referred(owner)) == [
        ("hotline", "FR", "example-fr"),
        ("it-first", "FR", "example-fr"),
        ("it-first", "IT", "jp-first"),
        ("jp-first", "FR", "example-fr"),
    ]
