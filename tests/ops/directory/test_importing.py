"""Lists merged into the directory in the database: edits stay, and nothing is half done."""

from collections.abc import Mapping
from threading import Thread
from uuid import uuid4

import pyrage
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as properties
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.db import transaction
from core.keys import ConsoleKeys
from core.models import Agency
from core.settings import Settings
from core.vocabulary import Act
from ops.agencies import LISTED, ensure_directory, import_agencies
from ops.directory.editing import accept, edit_agency, keep, remove, restore
from ops.directory.fields import Row, clean
from ops.directory.imported import Imported
from ops.directory.lists import NotADirectory, read_rows
from ops.directory.rows import row_of
from ops.directory.showing import open_conflicts
from ops.receiving import set_hours, set_way
from tests.factories import an_agency
from tests.ops.directory.conftest import a_row
from tests.triage.analyst import acts
from tests.triage.outbound.sending import agency_named
from triage.deadlines import Hours

KEY = str(pyrage.x25519.Identity.generate().to_public())
OTHER_KEY = str(pyrage.x25519.Identity.generate().to_public())


def bring_in(owner: Engine, *rows: Mapping[str, object], listed: str = LISTED) -> Imported:
    with transaction(owner) as session:
        return import_agencies(session, rows, listed)


def change(owner: Engine, code: str = "fr-line", **values: object) -> None:
    with transaction(owner) as session:
        edit_agency(session, code, values)


def by_email(key: str) -> dict[str, object]:
    return {"by": "email", "to": "desk@agency.example", "key": key}


def fact(owner: Engine, name: str, code: str = "fr-line") -> object:
    return agency_named(owner, code).facts.get(name)


def test_a_list_is_added_once_and_then_changes_nothing(owner: Engine) -> None:
    first = bring_in(owner, a_row(), a_row("fr-police", kind="police", phone="17"))
    assert (first.count, list(first.added)) == (2, ["fr-line", "fr-police"])
    again = bring_in(owner, a_row(), a_row("fr-police", kind="police", phone="17"))
    assert (again.count, list(again.added), again.changed) == (2, [], {})
    assert len(acts(owner, Act.AGENCY_IMPORTED)) == 2


def test_what_was_edited_stays_and_what_was_not_follows_the_list(owner: Engine) -> None:
    bring_in(owner, a_row(phone="1", email="a@line.example", languages=["fr"]))
    change(owner, phone="2", languages=["fr", "en"])
    done = bring_in(owner, a_row(phone="3", website="https://line.example/", languages=["fr"], name="The line"))
    assert {one.field for one in done.changed["fr-line"]} == {"email", "website", "name"}
    agency = agency_named(owner, "fr-line")
    assert (agency.name, agency.facts) == (
        "The line",
        {"phone": "2", "website": "https://line.example/", "languages": ["fr", "en"], "source": "a test"},
    )
    [conflict] = done.conflicts["fr-line"]
    assert (conflict.field, conflict.before, conflict.after) == ("phone", "2", "3")


def test_a_conflict_is_told_until_somebody_decides(owner: Engine) -> None:
    bring_in(owner, a_row(phone="1", email="a@line.example"))
    change(owner, phone="2", email="b@line.example")
    theirs = a_row(phone="3", email="c@line.example")
    assert [one.field for one in bring_in(owner, theirs).conflicts["fr-line"]] == ["email", "phone"]
    assert [one.field for one in bring_in(owner, theirs).conflicts["fr-line"]] == ["email", "phone"]
    with transaction(owner) as session:
        accept(session, "fr-line", ["phone"])
        keep(session, "fr-line", ["email"])
        assert open_conflicts(session) == {}
    assert (fact(owner, "phone"), fact(owner, "email")) == ("3", "b@line.example")
    assert bring_in(owner, theirs).conflicts == {}
    done = bring_in(owner, a_row(phone="4", email="d@line.example"))
    assert [one.field for one in done.conflicts["fr-line"]] == ["email"] and fact(owner, "phone") == "4"
    assert len(acts(owner, Act.AGENCY_EDITED)) == 3


def test_what_a_list_has_no_longer_is_told_and_kept(owner: Engine) -> None:
    bring_in(owner, a_row("fr-one"), a_row("fr-two"), listed="theirs")
    assert bring_in(owner, a_row("it-one"), listed="ours").gone == []
    for _ in range(2):
        assert bring_in(owner, a_row("fr-two"), listed="theirs").gone == ["fr-one"]
    assert agency_named(owner, "fr-one").removed_at is None


def test_what_was_removed_here_no_list_brings_back(owner: Engine) -> None:
    bring_in(owner, a_row(phone="1"))
    with transaction(owner) as session:
        remove(session, "fr-line")
    done = bring_in(owner, a_row(phone="2"))
    assert (done.removed, done.gone) == (["fr-line"], []) and agency_named(owner, "fr-line").removed_at
    assert bring_in(owner).gone == []
    with transaction(owner) as session:
        restore(session, "fr-line")
    assert fact(owner, "phone") == "2" and agency_named(owner, "fr-line").removed_at is None
    assert len(acts(owner, Act.AGENCY_REMOVED)) == len(acts(owner, Act.AGENCY_RESTORED)) == 1


FACTS = {
    "name": st.sampled_from(["A line", "B line", "C line"]),
    "country": st.sampled_from([None, "FR", "IT"]),
    "phone": st.sampled_from([None, "1", "2", "3"]),
    "anonymous": st.sampled_from([None, True, False]),
    "languages": st.sampled_from([None, ["fr"], ["fr", "en"]]),
    "checked": st.sampled_from([None, "2026-03-01", "2026-03-02"]),
    "hours": st.sampled_from(
        [None, {"zone": "UTC", "week": {"mon": ["09:00-12:00"]}}, {"week": {"tue": ["09:00-12:00"]}}]
    ),
}


@given(
    base=st.fixed_dictionaries(FACTS),
    edits=st.fixed_dictionaries({}, optional=FACTS),
    update=st.fixed_dictionaries(FACTS),
)
@properties(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_stored_no_edit_is_lost_and_every_other_change_is_taken(
    owner: Engine, base: Row, edits: Row, update: Row
) -> None:
    code = f"fr-{uuid4().hex}"
    bring_in(owner, a_row(code, **base))
    if edits:
        change(owner, code, **{name: clean(name, value) for name, value in edits.items()})
    bring_in(owner, a_row(code, **update))
    stored, (_, wanted) = row_of(agency_named(owner, code)), *read_rows([a_row(code, **update)]).items()
    for name in FACTS:
        is_edit = name in edits and edits[name] != base[name]
        assert stored.get(name) == (clean(name, edits[name]) if is_edit else wanted.get(name))
    again = bring_in(owner, a_row(code, **update))
    assert (again.added, again.changed, row_of(agency_named(owner, code))) == ({}, {}, stored)


def test_one_wrong_row_and_none_is_taken(owner: Engine) -> None:
    bring_in(owner, a_row(phone="1"))
    with pytest.raises(NotADirectory, match=r"Row 3 \(fr-bad\): phone: A number to call has digits"):
        bring_in(owner, a_row(phone="2"), a_row("fr-new"), a_row("fr-bad", phone="none"))
    with transaction(owner) as session:
        assert list(session.scalars(select(Agency.code).where(~Agency.home))) == ["fr-line"]
    assert fact(owner, "phone") == "1"


def test_no_list_changes_unseen_where_referrals_go(settings: Settings, owner: Engine) -> None:
    bring_in(owner, a_row(), a_row("fr-other"))
    with transaction(owner) as session:
        given = {"to": "desk@agency.example", "key": KEY}
        set_way(session, ConsoleKeys.read(settings.keys_dir), "fr-line", "email", given, "")
    done = bring_in(owner, a_row(way=by_email(OTHER_KEY)), a_row("fr-other", way=by_email(OTHER_KEY)))
    assert agency_named(owner, "fr-line").way == by_email(KEY)
    assert [one.field for one in done.conflicts["fr-line"]] == ["way"]
    assert agency_named(owner, "fr-other").way == by_email(OTHER_KEY), "it had none"
    done = bring_in(owner, a_row(way=by_email(OTHER_KEY)), a_row("fr-other", way=by_email(KEY)))
    assert agency_named(owner, "fr-other").way == by_email(OTHER_KEY), "it has one now"
    assert [one.field for one in done.conflicts["fr-other"]] == ["way"]
    bring_in(owner, a_row(), a_row("fr-other"))
    assert agency_named(owner, "fr-line").way == by_email(KEY) and agency_named(owner, "fr-other").way


def test_a_password_does_not_go_to_another_address(settings: Settings, owner: Engine) -> None:
    bring_in(owner, a_row())
    with transaction(owner) as session:
        given = {"url": "https://a.example/ispws", "user": "hotline"}
        set_way(session, ConsoleKeys.read(settings.keys_dir), "fr-line", "cybertipline", given, "a word")
    theirs = {"by": "cybertipline", "url": "https://b.example/ispws", "user": "hotline"}
    bring_in(owner, a_row(way=theirs))
    assert agency_named(owner, "fr-line").way_secret
    with transaction(owner) as session:
        accept(session, "fr-line", ["way"])
    agency = agency_named(owner, "fr-line")
    assert (agency.way, agency.way_secret) == (theirs, None)


def test_no_list_changes_unseen_where_reports_go(settings: Settings, owner: Engine) -> None:
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
        set_hours(session, "example-it", Hours(zone="Europe/Rome"))
    moved = a_row("example-it", country="FR", kind="police", name="New name", hours={"zone": "Europe/Paris"})
    done = bring_in(owner, moved)
    agency = agency_named(owner, "example-it")
    assert (agency.country, agency.kind, agency.name) == ("IT", "hotline", "New name")
    assert agency.hours and agency.hours["zone"] == "Europe/Rome"
    assert {one.field for one in done.conflicts["example-it"]} == {"country", "kind", "hours"}


def test_hours_come_with_a_list_until_they_are_set_here(owner: Engine) -> None:
    paris, rome = {"zone": "Europe/Paris"}, {"zone": "Europe/Rome"}
    bring_in(owner, a_row(hours=paris))
    assert bring_in(owner, a_row(hours=paris)).changed == {}
    done = bring_in(owner, a_row(hours=rome))
    assert [one.field for one in done.changed["fr-line"]] == ["hours"]
    with transaction(owner) as session:
        set_hours(session, "fr-line", Hours(zone="Europe/Madrid"))
    assert bring_in(owner, a_row(hours=rome)).conflicts == {}, "it was set knowing theirs"
    bring_in(owner, a_row(hours=paris))
    hours = agency_named(owner, "fr-line").hours
    assert hours and hours["zone"] == "Europe/Madrid"


def test_a_new_deployment_has_the_sourced_list_and_one_that_has_agencies_keeps_them_as_they_are(owner: Engine) -> None:
    with transaction(owner) as session:
        session.add(Agency(code="at-stopline", name="As it was", kind="hotline", facts={"source": "a test"}))
    with transaction(owner) as session:
        ensure_directory(session)
        assert len(session.scalars(select(Agency).where(~Agency.home)).all()) == 110
        remove(session, "at-rat-auf-draht")
    with transaction(owner) as session:
        ensure_directory(session)
        assert len(session.scalars(select(Agency).where(Agency.imported_from == "agencies")).all()) == 110
    assert agency_named(owner, "at-stopline").name == "As it was"
    assert agency_named(owner, "at-rat-auf-draht").removed_at


def test_two_who_import_at_once_import_one_after_the_other(owner: Engine) -> None:
    rows, done = [a_row(f"fr-line-{number}") for number in range(30)], list[Imported]()
    threads = [Thread(target=lambda: done.append(bring_in(owner, *rows))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.added) for one in done) == [0, 0, 30]
