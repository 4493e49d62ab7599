"""Where sites are hosted: a resolver is asked, within a time; dead, slow or lying, it keeps nobody waiting."""

import time

import pytest
from dnslib import RCODE

from core.details import NOTHING
from core.errors import WrongSetting
from core.vocabulary import CountrySource
from tests.triage.reading.nameserver import a_nameserver, an_address_in
from triage.reading import hosting as module
from triage.reading.asking import UNKNOWN_SECONDS, ask, resolver_in
from triage.reading.hosting import Hosting, is_asked
from triage.reading.read import Hints, located, read

ITALY, JAPAN = an_address_in("IT"), an_address_in("JP")


def test_the_countries_of_a_sites_addresses_are_told() -> None:
    zone = {"room.example": [ITALY], "both.example": [ITALY, JAPAN], "six.example": ["2001:4860:4860::8888"]}
    with a_nameserver(zone) as server:
        found = Hosting(server.resolver, 2).countries(["room.example", "both.example", "six.example", "gone.example"])
    assert found == {"room.example": ["IT"], "both.example": ["IT", "JP"], "six.example": ["US"]}


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "192.0.2.7", "169.254.0.1", "::1", "fc00::1", "2001:db8::1"]
)
def test_an_address_that_is_not_public_is_no_answer(address: str) -> None:
    with a_nameserver({"room.example": [address]}) as server:
        assert Hosting(server.resolver, 2).countries(["room.example"]) == {}


def test_an_answer_is_kept_and_one_that_is_none_too() -> None:
    with a_nameserver({"room.example": [ITALY]}) as server:
        hosting = Hosting(server.resolver, 2)
        for _ in range(3):
            assert hosting.countries(["room.example", "gone.example"]) == {"room.example": ["IT"]}
    assert sorted(server.asked) == ["gone.example"] * 2 + ["room.example"] * 2, "once for each kind of address"


def test_an_answer_is_asked_for_again_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORTEST", 0.0)
    with a_nameserver({"room.example": [ITALY]}, seconds=0) as server:
        hosting = Hosting(server.resolver, 2)
        hosting.countries(["room.example"])
        hosting.countries(["room.example"])
    assert server.asked == ["room.example"] * 4


@pytest.mark.parametrize("how", [{"silent": True}, {"rubbish": b"\x00" * 40}, {"rubbish": b"x"}])
def test_a_resolver_that_does_not_answer_costs_one_short_wait(how: dict[str, object]) -> None:
    with a_nameserver({"room.example": [ITALY]}, **how) as server:
        hosting = Hosting(server.resolver, 0.2)
        started = time.monotonic()
        assert hosting.countries(["room.example"]) == {}
        first = time.monotonic() - started
        asked = len(server.asked)
        assert hosting.countries(["room.example", "other.example"]) == {}
        assert first < 2 and len(server.asked) == asked, "it is left alone for a while"


def test_a_resolver_that_answers_late_is_not_waited_for() -> None:
    with a_nameserver({"room.example": [ITALY]}, late=1.5) as server:
        started = time.monotonic()
        assert Hosting(server.resolver, 0.2).countries(["room.example"]) == {}
        assert time.monotonic() - started < 1.2


@pytest.mark.parametrize("how", [{"rcode": RCODE.SERVFAIL}, {"rcode": RCODE.REFUSED}, {"truncated": True}])
def test_a_name_that_its_own_servers_do_not_tell_costs_no_wait_and_keeps_no_other_name_from_being_told(
    how: dict[str, object],
) -> None:
    with a_nameserver({"room.example": [ITALY]}) as server:
        hosting = Hosting(server.resolver, 30)
        server.turn(**how)
        started = time.monotonic()
        assert hosting.countries(["broken.example"]) == {}
        assert time.monotonic() - started < 5
        server.turn()
        assert hosting.countries(["room.example"]) == {"room.example": ["IT"]}


def test_a_name_that_was_not_told_is_asked_for_again_soon_and_one_that_has_no_address_later() -> None:
    with a_nameserver({"room.example": []}) as server:
        assert ask(server.resolver, ["room.example"], time.monotonic() + 5)["room.example"].seconds == UNKNOWN_SECONDS
        server.turn(rcode=RCODE.SERVFAIL)
        assert ask(server.resolver, ["room.example"], time.monotonic() + 5)["room.example"].seconds == 0


def test_an_answer_to_another_question_is_none() -> None:
    with a_nameserver({"room.example": [ITALY]}, lie=JAPAN) as server:
        assert Hosting(server.resolver, 5).countries(["room.example"]) == {"room.example": ["IT"]}


def test_no_resolver_and_one_that_is_not_there_are_no_trouble() -> None:
    assert Hosting(None, 1).countries(["room.example"]) == {}
    assert Hosting(("127.0.0.1", 9), 0.2).countries(["room.example"]) == {}


@pytest.mark.parametrize(
    "host", ["192.0.2.7", "2001:db8::7", "abc.onion", "abc.i2p", "a.invalid", "localhost", "x.local"]
)
def test_what_is_no_public_name_is_never_asked_for(host: str) -> None:
    assert not is_asked(host)


def test_a_platform_is_everywhere_and_not_asked_for() -> None:
    with a_nameserver({}) as server:
        reading = read({"what": "https://www.instagram.com/dragon_77"}, NOTHING, Hints())
        assert located(reading, Hosting(server.resolver, 0.2).countries([])) == reading
    assert server.asked == []


def test_hosting_is_a_sign_that_does_not_outweigh_what_the_reporter_says() -> None:
    reading = read({"what": "https://room.example/a"}, NOTHING, Hints(country="GB"))
    found = located(reading, {"room.example": ["JP"]})
    assert {(one.source, one.country) for one in found.countries} == {
        (CountrySource.REPORTER, "GB"),
        (CountrySource.HOSTING, "JP"),
    }
    assert (found.choice.country, found.choice.next_country) == ("GB", "JP")
    assert (
        located(read({"what": "https://room.example/a"}, NOTHING, Hints()), {"room.example": ["JP"]}).choice.country
        == "JP"
    )


@pytest.mark.parametrize(
    ("setting", "resolver"),
    [
        (None, None),
        ("", None),
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("[2001:db8::53]", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_the_setting_is_an_address(setting: str | None, resolver: tuple[str, int] | None) -> None:
    assert resolver_in(setting) == resolver


@pytest.mark.parametrize("setting", ["dns.example", "192.0.2.53:x", "300.1.1.1", "[::]x"])
def test_a_wrong_setting_is_refused(setting: str) -> None:
    with pytest.raises(WrongSetting, match="HOTLINE_RESOLVER"):
        resolver_in(setting)
