"""Posters: each is one page that says how to reach us, in every language and wherever somebody is."""

import asyncio
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest
import zxingcpp

from core.countries import CODES
from core.directory import Directory
from core.settings import Settings
from core.web.locale import read_languages
from intake.poster.drawing import draw
from intake.poster.press import Press, PressJammed
from intake.poster.typefaces import typefaces
from intake.poster.words import Helper, Nearby, Poster
from intake.site.nearby import country_in
from intake.site.posters import write_poster
from tests.intake.visitor import Page, Visitor

LANGUAGES = read_languages()
DIRECTORY = Directory.read()
SETTINGS = Settings(public_url="https://hotline.example/")
A4 = (595, 842)
MOST_BYTES = 40_000
TIGHT = Nearby(
    code="XX",
    country="Bouvetinsel und Südgeorgien und die Südlichen Sandwichinseln",
    danger="Bist du gerade jetzt in Gefahr? Dann ruf sofort diese Nummer an:",
    emergency=("112", "113", "115", "118"),
    helpers=(Helper("Commissariato di P.S. online, Centro Nazionale per il Contrasto " * 2, "900 116 117 (2018)"),) * 3,
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))


@pytest.fixture(params=sorted(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def words(language: str, country: str = "") -> Poster:
    return write_poster(LANGUAGES[language], SETTINGS, country_in(LANGUAGES[language], country, DIRECTORY))


@cache
def drawn(poster: Poster) -> bytes:
    return draw(poster)


def read_aloud(pdf: bytes) -> list[str]:
    """What the elements of the document say, in their order."""
    streams = [
        zlib.decompress(found) for found in re.findall(rb"FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    ]
    spoken = re.findall(rb"/ActualText <(\w+)>", b"".join(streams))
    return [bytes.fromhex(text.decode()).decode("utf-16") for text in spoken]


def test_a_poster_says_all_its_words_in_the_order_of_reading(language: str) -> None:
    poster = words(language, "LU")
    assert poster.nearby
    assert read_aloud(drawn(poster)) == [
        poster.name,
        poster.question,
        poster.headline,
        *poster.sentences,
        poster.scan,
        f"hotline.example/{language}",
        poster.call,
        "+44 1632 960 000",
        str(LANGUAGES[language].locale.territories["LU"]),
        poster.nearby.danger,
        "112   113",
        *("BEE SECURE Helpline", "8002 12 34", "Kanner-Jugendtelefon", "116 111"),
    ]


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    yield document
    document.close()


def test_a_poster_is_one_small_page_of_a4_in_its_language(language: str) -> None:
    pdf = drawn(words(language, "LU"))
    with opened(pdf) as document:
        assert [tuple(map(round, page.get_size())) for page in document] == [A4]
        assert document.get_metadata_value("Title") == words(language).title
    assert f"/Lang ({language})".encode() in pdf
    assert len(pdf) < MOST_BYTES


def test_a_phone_reads_the_address_from_the_square_even_in_black_and_white(language: str) -> None:
    with opened(drawn(words(language, "LU"))) as document:
        picture = document[0].render(scale=1.5, grayscale=True).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [f"https://hotline.example/{language}/"]


def test_every_letter_is_in_a_typeface(language: str) -> None:
    known = typefaces()
    for country in CODES:
        letters = set(words(language, country).letters)
        assert [letter for letter in letters if not any(typeface.knows(letter) for typeface in known)] == []


@pytest.mark.parametrize("language", ["de", "hi", "ar"])
def test_words_that_are_far_too_long_stay_on_the_page(language: str) -> None:
    poster = replace(words(language), nearby=TIGHT, name="The Hotline of Everybody, for Everything", phone="1" * 24)
    with opened(drawn(poster)) as document:
        text = document[0].get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
    assert len(boxes) > 20
    assert all(left > 0 and bottom > 0 and right < A4[0] and top < A4[1] for left, bottom, right, top in boxes)


def test_the_same_words_are_the_same_bytes() -> None:
    assert draw(words("ar", "LU")) == drawn(words("ar", "LU"))


def test_a_country_nobody_is_known_in_gets_the_poster_for_everywhere() -> None:
    assert read_aloud(drawn(words("en", "GS"))) == read_aloud(drawn(words("en")))


def test_the_page_offers_the_poster_and_knows_the_country_asked_for(visitor: Visitor, language: str) -> None:
    page = Page(visitor.get(f"/{language}/downloads?country=IT").text)
    assert page.all("form", method="get", action=f"/{language}/downloads/poster.pdf")
    assert page.typed("country") == "IT"
    assert Page(visitor.get(f"/{language}/").text).all("a", href=f"/{language}/downloads")


def test_a_poster_is_shown_under_a_name_and_kept_by_nobody(visitor: Visitor) -> None:
    answer = visitor.get("/it/downloads/poster.pdf?country=LU")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'inline; filename="poster-it-LU.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    language = LANGUAGES["it"]
    assert answer.content == draw(write_poster(language, visitor.desk.settings, country_in(language, "LU", DIRECTORY)))


def test_what_is_no_country_gets_the_poster_for_everywhere(visitor: Visitor) -> None:
    for sent in ("", "XX", "it", "%00", "<b>IT"):
        answer = visitor.get(f"/en/downloads/poster.pdf?country={sent}")
        assert answer.headers["content-disposition"] == 'inline; filename="poster-en.pdf"'


def test_a_poster_in_an_unknown_language_is_a_missing_page(visitor: Visitor) -> None:
    assert visitor.get("/xx/downloads/poster.pdf").status_code == 404


def test_a_press_that_jams_is_tried_again_later(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.poster.press.sys.executable", "/bin/false")
    assert visitor.get("/nl/downloads/poster.pdf").status_code == 503
    with pytest.raises(PressJammed):
        asyncio.run(Press().print(words("nl")))
    monkeypatch.undo()
    assert visitor.get("/nl/downloads/poster.pdf").status_code == 200


def test_without_an_address_of_its_own_the_square_leads_to_this_machine() -> None:
    assert Settings().address == "http://127.0.0.1:8000"
    assert Settings(bind="::1", intake_port=81).address == "http://[::1]:81"
