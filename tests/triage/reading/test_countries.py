"""Which country a report is about: every sign with its source, and a choice that shows how it was made."""

import pytest

from core.details import NOTHING
from core.vocabulary import CountrySource
from tests.triage.reading.nameserver import an_address_in
from triage.reading.countries import choose, country_of_top
from triage.reading.found import CountryChoice, CountrySign
from triage.reading.read import Hints, read

REPORTER, PHONE, TOP = CountrySource.REPORTER, CountrySource.PHONE, CountrySource.TOP_LEVEL


def signs(text: str, country: str = "") -> set[tuple[CountrySource, str]]:
    return {(one.source, one.country) for one in read({"what": text}, NOTHING, Hints(country)).countries}


def test_every_kind_of_sign_is_read() -> None:
    text = f"call +44 1632 960123, https://sala.com.pl/a, from {an_address_in('JP')}, on vk he is dragon_77"
    assert signs(text, "IT") == {
        (REPORTER, "IT"),
        (PHONE, "GB"),
        (TOP, "PL"),
        (CountrySource.ADDRESS, "JP"),
        (CountrySource.PLATFORM, "RU"),
    }


@pytest.mark.parametrize(
    ("host", "country"),
    [
        ("a.de", "DE"),
        ("a.co.uk", "GB"),
        ("xn--80aikifvh.xn--j1amh", "UA"),
        ("a.com", ""),
        ("a.io", ""),
        ("a.tv", ""),
        ("a.eu", ""),
        ("a.example", ""),
    ],
)
def test_an_ending_is_a_countrys_or_not(host: str, country: str) -> None:
    assert country_of_top(host) == country


def test_who_speaks_counts_more_than_where_machines_are() -> None:
    many = [CountrySign(TOP, "PL", 15, f"{n}.pl") for n in range(50)]
    choice = choose([CountrySign(REPORTER, "IT", 80), *many])
    assert (choice.country, choice.next_country, choice.by) == ("IT", "PL", (REPORTER,))


def test_several_weak_signs_together_are_a_choice_and_none_is_none() -> None:
    assert choose([CountrySign(PHONE, "GB", 40, "+44"), CountrySign(TOP, "GB", 15, "a.uk")]).points == 55
    assert choose([]) == CountryChoice()
    assert choose([CountrySign(CountrySource.PLATFORM, "RU", 10, "vk:a")]) == CountryChoice()


def test_the_order_of_the_signs_changes_nothing() -> None:
    some = [CountrySign(PHONE, "GB", 40, "1"), CountrySign(PHONE, "GB", 40, "2"), CountrySign(TOP, "PL", 15, "a.pl")]
    assert choose(some) == choose(reversed(some))
