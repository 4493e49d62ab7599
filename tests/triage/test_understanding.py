"""Each report is read before it is filed: its words can make it urgent, and the reading is sealed with its own key."""

from datetime import timedelta

from sqlalchemy import Engine, select, text

from core.db import transaction
from core.details import Details
from core.keys import ConsoleKeys
from core.models import Case, Report, ReportKey
from core.sealing import Row
from core.settings import Settings
from core.vocabulary import Danger, Reason, Risk
from tests.factories import a_drain, a_filed_report, a_sealed_report, a_submission, post
from tests.triage.reading.nameserver import a_nameserver, an_address_in
from triage.drain import Drain
from triage.partials import Partials
from triage.ranking import rank_of
from triage.reading.hosting import Hosting
from triage.reading.read import Hints, read
from triage.understanding import Read


def priority_in(owner: Engine) -> int | None:
    with transaction(owner) as session:
        return session.scalar(select(Case.priority))


def read_back(settings: Settings, owner: Engine) -> Read:
    """As the agency that has the case opens it."""
    ring = ConsoleKeys.read(settings.keys_dir).ring("hotline")
    with transaction(owner) as session:
        query = select(Report.id, Report.reading, ReportKey.wrapped_key).join(ReportKey)
        row = session.execute(query).one()
    place = Row("reports", row.id)
    with ring.unwrap(place, row.wrapped_key) as key:
        return Read.from_text(key.open(place, "reading", row.reading))


def test_danger_in_the_words_jumps_the_queue(settings: Settings, triage_engine: Engine, owner: Engine) -> None:
    a_filed_report(settings, triage_engine, a_submission(what="He is standing outside our house right now."))
    assert priority_in(owner) == 1
    assert Reason.DANGER_IN_WORDS in read_back(settings, owner).reasons


def test_the_agency_reads_what_was_found_and_the_database_does_not(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    told = a_submission(what="He is dragon_77 on snapchat", link="hxxps://room[.]example/a", country="GB")
    a_filed_report(settings, triage_engine, told)
    found = read_back(settings, owner).reading
    assert [one.canonical for one in found.identifiers] == ["snapchat:dragon_77", "https://room.example/a"]
    assert found.choice.country == "GB"
    with transaction(owner) as session:
        assert b"dragon" not in session.scalars(text("SELECT reading FROM reports")).one()


def test_where_a_site_is_hosted_is_asked_once_for_a_batch(
    settings: Settings, triage_engine: Engine, owner: Engine
) -> None:
    post(settings, [a_sealed_report(settings, a_submission(link="https://room.example/a")) for _ in range(3)])
    with a_nameserver({"room.example": [an_address_in("JP")]}) as server:
        plain = a_drain(settings, triage_engine)
        Drain(plain.engine, plain.keys, 100, plain.lease, Hosting(server.resolver, 2))()
    assert server.asked == ["room.example"] * 2
    with transaction(owner) as session:
        assert session.scalar(text("SELECT count(*) FROM reports WHERE state = 'filed'")) == 3


def test_a_dead_resolver_keeps_no_report_waiting(settings: Settings, triage_engine: Engine, owner: Engine) -> None:
    posts = [a_sealed_report(settings, a_submission(link=f"https://room{n}.example/a")) for n in range(5)]
    post(settings, posts)
    with a_nameserver({}, silent=True) as server:
        plain = a_drain(settings, triage_engine, batch=1)
        Drain(plain.engine, plain.keys, 1, plain.lease, Hosting(server.resolver, 0.1))()
        assert len(set(server.asked)) == 1, "after one silence it is left alone"
    with transaction(owner) as session:
        assert session.scalar(text("SELECT count(*) FROM reports WHERE state = 'filed'")) == 5


def test_what_failed_twice_is_filed_unread(settings: Settings, triage_engine: Engine, owner: Engine) -> None:
    post(settings, [a_sealed_report(settings, a_submission(what="dragon_77 on snapchat", danger=Danger.YES))])
    with transaction(owner) as session:
        session.execute(text("UPDATE reports SET attempts = 2"))
    a_drain(settings, triage_engine)()
    found = read_back(settings, owner)
    assert (found.reading.identifiers, found.priority, found.reasons) == ((), 1, (Reason.DANGER_SAID,))


def test_deleting_a_report_deletes_its_reading(settings: Settings, triage_engine: Engine, owner: Engine) -> None:
    report = a_filed_report(settings, triage_engine)
    with transaction(owner) as session:
        session.execute(text("UPDATE reports SET partial = true"))
        session.execute(text("INSERT INTO withdrawals (receipt_hash) VALUES (:hash)"), {"hash": report.receipt_hash})
    _partials(triage_engine).arrive()
    with transaction(owner) as session:
        assert session.execute(select(Report.reading, Report.what)).one() == (None, b"")


def test_telling_more_never_makes_a_report_more_urgent() -> None:
    bare = Details()
    full = Details(account="dragon_77", suspect="a man", safe="after 4")
    for danger in Danger:
        assert rank_of(danger, bare).priority == rank_of(danger, full).priority
    links = read({"what": "https://room.example/a kate@mail.example +44 1632 960123"}, bare, Hints())
    assert rank_of(Danger.NO, bare, links.signs) == rank_of(Danger.NO, bare)


def test_every_reason_is_given_the_most_urgent_first() -> None:
    signs = read({"what": "He wants 200 euros and he is at my door"}, Details(), Hints(language="en")).signs
    found = rank_of(Danger.UNSURE, Details(risks=(Risk.SHARED,)), signs)
    assert found.priority == 1
    assert found.reasons == (Reason.DANGER_IN_WORDS, Reason.DANGER_UNSURE, Reason.SHARED, Reason.PAYMENT)


def _partials(engine: Engine) -> Partials:
    return Partials(engine, timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))
