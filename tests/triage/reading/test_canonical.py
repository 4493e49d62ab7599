"""Canonical forms: equal for equal things, and the same when they are made again; no parser ever raises."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.details import NOTHING
from triage.reading.addresses import address_in
from triage.reading.folding import folded, span_of, words_of
from triage.reading.hosts import host_of
from triage.reading.keccak import keccak256
from triage.reading.plain import plain
from triage.reading.read import Hints, read
from triage.reading.urls import evened, url_of

PIECES = st.sampled_from(
    [
        *("https://", "hxxp", "://", "[.]", "(dot)", " dot ", " at ", "@", ".", "/", "a", "room", "example", "com"),
        *("[", "]", "(", ")", "+44", "1632", "960123", " ", "\n", "：", "。", "看", "و", "ה", "\u202e", "\u200b"),
        *("xn--", "%2F", "%", "?a=b", "#", "1.2.3.4", "::", "2001:db8", "snap", "is", "instagram", "_", "0x", "bc1q"),
        *("१", "٣", "І", "’", "d41d8cd98f00b204e9800998ecf8427e"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join))
URLS = st.lists(PIECES, max_size=12).map(lambda pieces: "https://room.example/" + "".join(pieces))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://room.example/a", "https://room.example:443/a"),
        ("https://www.room.example/a/", "https://room.example/a"),
        ("https://ROOM.example./a", "https://room.example/a#top"),
        ("https://room.example/%7Ea", "https://room.example/~a"),
        ("https://room.example/%e4", "https://room.example/%E4"),
        ("https://room.example/?utm_medium=x&q=1", "https://room.example/?q=1&fbclid=2"),
        ("https://room.example/?b=1&a=2", "https://room.example/?a=2&b=1"),
        ("https://room.example/?q=a+b", "https://room.example/?q=a%20b"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("http://0xC0.0.2.7/", "http://192.0.2.7/"),
        ("https://room.example/a/./b/../c", "https://room.example/a/c"),
    ],
)
def test_two_ways_to_write_one_link_are_equal(one: str, other: str) -> None:
    first, second = url_of(one), url_of(other)
    assert first and second and first.canonical == second.canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://room.example/a", "https://room.example/A"),
        ("https://room.example/a", "https://room.example:8443/a"),
        ("https://room.example/a%2Fb", "https://room.example/a/b"),
        ("https://room.example/?a=1", "https://room.example/?a=2"),
        ("https://room.example/#/1", "https://room.example/#/2"),
        ("https://a.room.example/", "https://b.room.example/"),
        ("ftp://room.example/a", "https://room.example/a"),
    ],
)
def test_two_different_links_are_not(one: str, other: str) -> None:
    first, second = url_of(one), url_of(other)
    assert first and second and first.canonical != second.canonical


@given(URLS)
@example("https://www.www.room.example//")
@example("https://room.example/%25%32%46?%26=%3D&&#!%7e")
@example("https://room.example/?a=1&%61=0&A")
@settings(max_examples=300)
def test_the_canonical_form_of_a_link_is_its_own(url: str) -> None:
    if first := url_of(url):
        again = url_of(first.canonical)
        assert again and again.canonical == first.canonical


@given(TEXTS, st.sampled_from(["", "GB", "US", "IN", "XX"]), st.sampled_from(["", "en", "ar", "zh-Hans", "xx"]))
@settings(max_examples=400, deadline=None)
def test_anything_can_be_read(text: str, country: str, language: str) -> None:
    for found in read({"what": text, "link": text}, NOTHING, Hints(country, language)).identifiers:
        assert 0 <= found.start < found.end <= len(text) and found.written == text[found.start : found.end]


@example("HTTP/000")
@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_what_was_found_is_found_again_in_its_canonical_form(text: str) -> None:
    for found in read({"what": text}, NOTHING, Hints("GB")).identifiers:
        if found.kind.value in ("url", "email", "ip", "md5", "phone"):
            again = read({"what": found.canonical}, NOTHING, Hints("GB")).identifiers
            assert (found.kind, found.canonical) in {(one.kind, one.canonical) for one in again}


@given(st.text())
def test_every_small_parser_takes_any_text(text: str) -> None:
    host_of(text), address_in(text), url_of(text), evened(text), plain(text)


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(TEXTS)
def test_every_word_is_found_where_it_was_written(text: str) -> None:
    words = words_of(text)
    for place in range(len(words)):
        start, end = span_of(text, place, place)
        assert 0 <= start < end <= len(text)


@given(TEXTS)
def test_the_plain_form_keeps_every_place(text: str) -> None:
    form = plain(text)
    for at in range(len(form.text)):
        start, end = form.place(at, at + 1)
        assert 0 <= start < end <= len(text)


def test_keccak_is_the_one_before_sha3() -> None:
    """The empty message, and one longer than a block (Keccak team's test vectors)."""
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"a" * 200) != keccak256(b"a" * 199)
