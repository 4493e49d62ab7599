"""The button: what it says, where it stands, and whether everybody can see and press it."""

import re
from itertools import product

import pytest

from core.web.locale import LOCALES
from tests.widget.reader import WINDOWS, Reader, Readers
from tests.widget.service import TAB, Service

WORDS = dict(re.findall(r'^  (\w\w): "([^|]+)\|[^|]+",$', TAB, re.MULTILINE))
MARGIN = 16
PLACES = {
    "end-bottom": ("right", "bottom"),
    "start-bottom": ("left", "bottom"),
    "end-top": ("right", "top"),
    "start-top": ("left", "top"),
}
OTHER_SIDE = {"left": "right", "right": "left", "top": "top", "bottom": "bottom"}
ACCENTS = [f"#{red}{green}{blue}" for red, green, blue in product(("00", "33", "77", "b0", "ff"), repeat=3)]
CONTRAST = """button => {
  const light = (colour) => {
    const parts = colour.match(/\\d+/g).map((part) => part / 255);
    const [red, green, blue] = parts.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const { color, backgroundColor } = getComputedStyle(button);
  const [less, more] = [light(color), light(backgroundColor)].sort((one, other) => one - other);
  return more / less;
}"""
NO_TOKENS: list[dict[str, str]] = [
    {"accent": "red"},
    {"accent": "#12345"},
    {"accent": "#0e5a5700"},
    {"accent": "url(https://elsewhere.example/x)"},
    {"accent": "#000000;}*{display:none"},
    {"radius": "x", "font_scale": ";}*{display:none"},
]
HOSTILE = """<style>
  * { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important }
  html { font-size: 10px }
  body { text-transform: uppercase; color: #fff; font: italic 8px serif; text-align: right }
  button { background: red !important; color: red !important; display: none !important }
</style>"""


def test_the_button_speaks_every_language_of_the_site() -> None:
    assert set(WORDS) == {folder.name.partition("_")[0] for folder in LOCALES.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("language", ["ar", "de-AT", "pt-BR", "en-HK", "zh-CN", "zh-Hans-HK", "HI"])
def test_the_button_speaks_the_language_of_the_page(readers: Readers, hotline: Service, language: str) -> None:
    words = WORDS[language[:2].lower()]
    reader = readers.one(f'<html lang="{language}">{readers.tag()}', words)
    assert reader.button.inner_text() == words
    reader.opens()
    assert hotline.asked[-1].query["lang"] == [language]
    assert reader.frame.evaluate("heard[0]") == {"ra": 1, "type": "init", "lang": language, "theme": "auto"}
    assert reader.dialog.get_attribute("aria-label") == words


def test_the_nearest_language_is_taken(readers: Readers) -> None:
    nested = f'<html lang="de"><main lang="fr">{readers.tag()}{readers.tag(lang="it")}</main>{readers.tag()}'
    reader = readers.one(nested, WORDS["fr"])
    assert reader.page.get_by_role("button").all_inner_texts() == [WORDS["fr"], WORDS["it"], WORDS["de"]]


def test_a_change_of_language_or_theme_reaches_the_button_and_the_open_frame(readers: Readers) -> None:
    reader = readers.one()
    frame = reader.opens()
    reader.page.evaluate("document.documentElement.lang = 'uk'")
    frame.wait_for_function("heard.some(({ type, lang }) => type === 'lang' && lang === 'uk')")
    reader.page.evaluate("document.querySelector('report-abuse').setAttribute('theme', 'dark')")
    frame.wait_for_function("heard.some(({ type, theme }) => type === 'theme' && theme === 'dark')")
    assert reader.is_open
    assert reader.dialog.get_attribute("aria-label") == WORDS["uk"]


@pytest.mark.parametrize("language", ["sv", "zh-TW", "zh-Hant-HK"])
def test_in_another_language_the_words_of_the_link_stay(readers: Readers, hotline: Service, language: str) -> None:
    reader = readers.one(f'<html lang="{language}">{readers.tag("Anmäl övergrepp")}', "Anmäl övergrepp")
    reader.opens()
    assert hotline.asked[-1].query["lang"] == [language]


def test_a_page_that_names_no_language_leaves_it_to_the_browser(readers: Readers, hotline: Service) -> None:
    reader = readers.one(f'<html lang="">{readers.tag()}', WORDS["it"], locale="it-CH")
    reader.opens()
    assert "lang" not in hotline.asked[-1].query
    assert hotline.asked[-1].headers["accept-language"].startswith("it-CH")


@pytest.mark.parametrize("partner", ["", "a b", "../x", "a" * 65, 'a"b'])
def test_a_partner_that_cannot_be_leaves_the_link(readers: Readers, partner: str) -> None:
    reader = readers.one(readers.tag(partner=partner.replace('"', "&quot;")))
    assert reader.page.get_by_role("link", name="Report abuse").is_visible()
    assert reader.button.count() == 0


def test_a_hotline_that_cannot_be_leaves_the_link(readers: Readers) -> None:
    reader = readers.one(readers.tag(service="nowhere"))
    assert reader.page.get_by_role("link", name="Report abuse").is_visible()
    assert reader.said == []


def test_a_partner_that_ceases_to_be_one_closes_the_dialog_and_can_come_back(reader: Reader) -> None:
    reader.opens()
    for partner in ("", "acme"):
        reader.page.evaluate("code => document.querySelector('report-abuse').setAttribute('partner', code)", partner)
        assert reader.page.locator("iframe").count() == 0
    reader.opens()
    assert reader.told == ["open", "close", "open"]


def test_without_scripts_the_link_leads_to_the_hotline(readers: Readers, hotline: Service) -> None:
    reader = readers.one(java_script_enabled=False)
    reader.page.get_by_role("link", name="Report abuse").click()
    assert reader.page.url == f"{hotline.url}/p/acme"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_four_corners_follow_the_direction_of_the_page(readers: Readers, direction: str, window: str) -> None:
    tags = "".join(readers.tag(placement=place, lang="ar", id=place) for place in PLACES)
    reader = readers.one(f'<html lang="ar" dir="{direction}">{tags}', WORDS["ar"], viewport=WINDOWS[window])
    size = WINDOWS[window]
    for place, sides in PLACES.items():
        box = reader.box(reader.page.locator(f"#{place} button[aria-haspopup]"))
        gaps = {
            "left": box["x"],
            "right": size["width"] - box["x"] - box["width"],
            "top": box["y"],
            "bottom": size["height"] - box["y"] - box["height"],
        }
        wanted = sides if direction == "ltr" else [OTHER_SIDE[side] for side in sides]
        assert [gaps[side] for side in wanted] == [MARGIN, MARGIN], place


def test_every_button_can_be_pressed_on_the_narrowest_window(readers: Readers) -> None:
    reader = readers.one("".join(readers.tag(placement=place, font_scale="2", radius="99") for place in ("", *PLACES)))
    reader.page.set_viewport_size({"width": 320, "height": 256})
    for language in WORDS:
        reader.page.evaluate("language => { document.documentElement.lang = language }", language)
        for button in reader.page.locator("button[aria-haspopup]").all():
            box = reader.box(button)
            assert box["height"] >= 44 and box["width"] >= 44
            assert box["x"] >= 0 and box["x"] + box["width"] <= 320, language
        assert reader.page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_an_inline_button_stands_where_the_page_puts_it(readers: Readers) -> None:
    reader = readers.one(f"<p>before {readers.tag(placement='inline')} after</p>")
    assert reader.style(reader.page.locator("report-abuse"), "position") == "static"


def test_no_accent_makes_the_words_hard_to_read(readers: Readers) -> None:
    reader = readers.one("".join(readers.tag(accent=accent) for accent in ACCENTS))
    buttons = reader.page.locator("button[aria-haspopup]")
    contrasts = buttons.evaluate_all(f"buttons => buttons.map({CONTRAST})")
    assert len(contrasts) == len(ACCENTS)
    assert {accent for accent, contrast in zip(ACCENTS, contrasts, strict=True) if contrast < 4.5} == set()
    colours = buttons.evaluate_all("buttons => buttons.map((button) => getComputedStyle(button).backgroundColor)")
    assert len(set(colours)) == len(ACCENTS), "each is worn as it was given"


@pytest.mark.parametrize("theme", ["auto", "light", "dark", "high-contrast", "nonsense"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_theme_can_be_read(readers: Readers, theme: str, scheme: str) -> None:
    reader = readers.one(readers.tag(theme=theme), color_scheme=scheme)
    assert reader.button.evaluate(CONTRAST) >= 4.5
    is_dark = reader.style(reader.button, "backgroundColor") == "rgb(138, 220, 204)"
    assert is_dark == (theme == "dark" or (theme in ("auto", "nonsense") and scheme == "dark"))


def test_a_token_that_is_not_one_changes_nothing(readers: Readers) -> None:
    reader = readers.one("".join(readers.tag(**tokens) for tokens in ({}, *NO_TOKENS)))
    looks = "({ backgroundColor, borderRadius, fontSize, color }) => [backgroundColor, borderRadius, fontSize, color]"
    worn = reader.page.locator("button[aria-haspopup]").evaluate_all(
        f"buttons => buttons.map((button) => getComputedStyle(button)).map({looks})"
    )
    assert worn == [["rgb(14, 90, 87)", "32px", "16px", "rgb(255, 255, 255)"]] * (1 + len(NO_TOKENS))


def test_tokens_are_clamped(readers: Readers) -> None:
    for radius, scale, shown in (
        ("-5", "0.1", ("0px", "14px")),
        ("6px", "1.25", ("6px", "20px")),
        ("1e9", "9", ("32px", "32px")),
    ):
        reader = readers.one(readers.tag(radius=radius, font_scale=scale))
        assert (reader.style(reader.button, "borderRadius"), reader.style(reader.button, "fontSize")) == shown


def test_a_page_of_another_taste_leaves_the_button_alone(readers: Readers) -> None:
    reader = readers.one(HOSTILE + readers.tag())
    assert reader.style(reader.button, "backgroundColor") == "rgb(14, 90, 87)"
    assert reader.style(reader.button, "fontSize") == "16px"
    assert reader.style(reader.button, "textTransform") == "none"
    assert reader.style(reader.button, "letterSpacing") != "normal", "a reader's own spacing reaches it"


def test_forced_colours_keep_the_edge_the_words_and_the_sign(readers: Readers) -> None:
    reader = readers.one(forced_colors="active")
    words, paper = reader.style(reader.button, "color"), reader.style(reader.button, "backgroundColor")
    assert words != paper
    assert reader.style(reader.button, "borderTopColor") != paper
    assert reader.style(reader.button, "backgroundColor", "::before") == words


def test_more_contrast_is_given_to_who_asks_for_it(readers: Readers) -> None:
    reader = readers.one(contrast="more")
    assert reader.style(reader.button, "backgroundColor") == "rgb(0, 0, 0)"


def test_nothing_moves_for_who_wants_no_motion(readers: Readers) -> None:
    for wish, moves in (("reduce", "none"), ("no-preference", "rise")):
        reader = readers.one(reduced_motion=wish)
        reader.opens()
        assert reader.style(reader.dialog, "animationName") == moves


def test_on_paper_there_is_no_button(readers: Readers) -> None:
    reader = readers.one(readers.tag(style="display:block"))
    reader.page.emulate_media(media="print")
    assert not reader.button.is_visible()


def test_a_hidden_element_is_hidden(readers: Readers) -> None:
    assert not readers.one(readers.tag(hidden="")).page.locator("button").first.is_visible()


def test_the_keyboard_shows_where_it_is(reader: Reader) -> None:
    reader.page.keyboard.press("Tab")
    assert reader.is_at(reader.button)
    assert reader.style(reader.button, "outlineStyle") == "solid"
    assert reader.style(reader.button, "outlineWidth") == "3px"
    reader.page.keyboard.press("Enter")
    reader.dialog.wait_for()
