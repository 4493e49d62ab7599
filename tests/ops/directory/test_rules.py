"""Routing stays right while the directory changes under it."""

import pytest
from sqlalchemy import Engine

from core.db import transaction
from core.settings import Settings
from ops.agencies import NoSuchAgency, find_agency, import_agencies
from ops.directory.editing import StillNeeded, edit_agency, remove
from ops.directory.rules import RulesInTheWay
from tests.factories import an_agency
from tests.ops.directory.conftest import a_row
from tests.triage.outbound.sending import agency_named
from tests.triage.routing.invented import END
from triage.routing.book import read_book
from triage.routing.documents import publish, shadow

ITALY = "\nexample A child in Italy\n  country is IT\n  goes to example-it\n"
NOBODY = "\nexample Nobody said where\n  channel is site\n  goes to the hotline\n"
BY_COUNTRY = "rule By country\n  send to the agency of the country\n"
NAMED = "rule France\n  when country is FR\n  send to the hotline\n  refer to fr-line\n"


@pytest.fixture(autouse=True)
def agencies(settings: Settings, owner: Engine) -> None:
    with transaction(owner) as session:
        an_agency(session, settings, "example-it", "IT")
        import_agencies(session, [a_row()])


def test_what_a_rule_names_cannot_be_removed(owner: Engine) -> None:
    with transaction(owner) as session:
        publish(session, NAMED + END + NOBODY, "Ada")
    with (
        pytest.raises(RulesInTheWay, match=r"The live rules, line 4: The directory has no agency 'fr-line'"),
        transaction(owner) as session,
    ):
        remove(session, "fr-line")
    assert agency_named(owner, "fr-line").removed_at is None


def test_what_the_shadow_names_cannot_be_removed_either(owner: Engine) -> None:
    with transaction(owner) as session:
        shadow(session, NAMED + END + NOBODY, "Ada")
    with pytest.raises(RulesInTheWay, match="The shadow rules, line 4"), transaction(owner) as session:
        remove(session, "fr-line")


def test_an_edit_that_moves_an_example_of_the_golden_set_is_refused(owner: Engine) -> None:
    with transaction(owner) as session:
        publish(session, BY_COUNTRY + END + NOBODY + ITALY, "Ada")
    with (
        pytest.raises(RulesInTheWay, match="'A child in Italy' must reach example-it and goes to hotline"),
        transaction(owner) as session,
    ):
        edit_agency(session, "example-it", {"country": "FR"})
    assert agency_named(owner, "example-it").country == "IT"
    with transaction(owner) as session:
        edit_agency(session, "example-it", {"name": "Another name", "languages": ["it"]})
    assert agency_named(owner, "example-it").name == "Another name"


def test_what_was_wrong_before_is_in_nobodys_way(owner: Engine) -> None:
    with transaction(owner) as session:
        publish(session, BY_COUNTRY + END + NOBODY + ITALY.replace("country is IT", "country is DE"), "Ada", WRONG)
    with transaction(owner) as session:
        remove(session, "fr-line")


WRONG = ("A child in Italy",)


def test_who_works_here_cannot_be_removed(owner: Engine) -> None:
    with pytest.raises(StillNeeded, match="example-it works cases here"), transaction(owner) as session:
        remove(session, "example-it")
    with pytest.raises(StillNeeded, match="hotline works cases here"), transaction(owner) as session:
        remove(session, "hotline")


def test_what_was_removed_is_nowhere_to_send_to(owner: Engine) -> None:
    with transaction(owner) as session:
        assert read_book(session).first_of("FR") == "fr-line"
        remove(session, "fr-line")
        session.flush()  # so that it is seen
        assert read_book(session).first_of("FR") is None
        with pytest.raises(NoSuchAgency, match="hotline agency restore fr-line"):
            find_agency(session, "fr-line")
