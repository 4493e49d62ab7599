"""A poster drawn: words in, the bytes of a PDF out."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import segno
from fpdf.enums import RenderStyle

from intake.poster.sheet import HEIGHT, WIDTH, Sheet
from intake.poster.style import Box, Style, Words
from intake.poster.typefaces import choose, typefaces
from intake.poster.words import Nearby, Poster

BUBBLES = Path(__file__).with_name("bubbles.svg")
GREEN, WHITE, CALM, LINE = (0x0E, 0x5A, 0x57), (255, 255, 255), (0xE3, 0xEF, 0xE9), (0x75, 0x82, 0x7F)

EDGE, ACROSS = 12, 186
NAME_BOX = Box(EDGE, 10, ACROSS, 10)
BUBBLE_BOX = Box(EDGE, 24, ACROSS, 82)
TALK_BOX = Box(EDGE + 10, 26, ACROSS - 20, 58)
SENTENCES_BOX = Box(EDGE, 109, ACROSS, 39)
SCAN_BOX = Box(EDGE, 152, 76, 8)
SQUARE_BOX = Box(EDGE, 166, 60, 60)
ADDRESS_BOX = Box(EDGE, 231, 74, 9)
PHONE_BOX = Box(96, 152, 102, 23)
PANEL_BOX = Box(96, 178, 102, 65)
NEARBY_BOX = Box(102, 181, 90, 59)
ALONE_BOX = Box(96, 166, 102, 60)
STRIPS, STRIP_WIDTH, STRIP_LENGTH = 8, ACROSS / 8, 40
CUT, STRIP_END = 250, 292

NAME = Style(20, bold=True, colour=GREEN)
QUESTION = Style(24, lines=2, colour=WHITE, space=2)
HEADLINE = Style(66, bold=True, lines=2, colour=WHITE, tag="H1", leading=1.16)
SENTENCE = Style(25, bold=True, space=1)
LABEL = Style(14)
ADDRESS = Style(18, bold=True, colour=GREEN)
PHONE = Style(32, bold=True, colour=GREEN)
COUNTRY = Style(22, bold=True, lines=2, tag="H2")
EMERGENCY = Style(44, bold=True, leading=1.2, space=2)
HELPER = Style(14, lines=3)
HELPER_PHONE = Style(20, bold=True, space=1.5)
STRIP = Style(12, bold=True, tag="")


def draw(poster: Poster) -> bytes:
    """The poster as a PDF of one page."""
    sheet = Sheet(poster.language, poster.direction, poster.title)
    with TemporaryDirectory() as folder:
        sheet.take_letters(poster.letters, choose(poster.headline, typefaces()), Path(folder))
        sheet.write_column([Words(poster.name, NAME, "auto")], NAME_BOX)
        _draw_bubble(sheet, poster)
        sheet.write_column([Words(sentence, SENTENCE) for sentence in poster.sentences], SENTENCES_BOX)
        _draw_square(sheet, poster)
        _draw_numbers(sheet, poster)
        _draw_strips(sheet, poster)
        return bytes(sheet.output())


def _draw_bubble(sheet: Sheet, poster: Poster) -> None:
    with sheet.decoration():
        _draw_picture(sheet)
    sheet.write_column([Words(poster.question, QUESTION), Words(poster.headline, HEADLINE)], TALK_BOX)


def _draw_picture(sheet: Sheet) -> None:
    """The bubble leans to where a line begins."""
    if sheet.direction == "ltr":
        sheet.image(BUBBLES, BUBBLE_BOX.x, BUBBLE_BOX.y, BUBBLE_BOX.width)
    else:
        with sheet.mirror((WIDTH / 2, 0), "SOUTH"):
            sheet.image(BUBBLES, BUBBLE_BOX.x, BUBBLE_BOX.y, BUBBLE_BOX.width)


def _draw_square(sheet: Sheet, poster: Poster) -> None:
    """The address as a square for cameras, and as words."""
    code = BytesIO()
    segno.make_qr(poster.address, error="m").save(code, kind="svg", border=0, omitsize=True)
    sheet.write_column([Words(poster.scan, LABEL)], SCAN_BOX)
    sheet.image(code, sheet.left_of(SQUARE_BOX), SQUARE_BOX.y, SQUARE_BOX.width, alt_text=poster.square)
    sheet.write_column([Words(poster.short_address, ADDRESS, "ltr")], ADDRESS_BOX)


def _draw_numbers(sheet: Sheet, poster: Poster) -> None:
    phone = [Words(poster.call, LABEL), Words(poster.phone, PHONE, "ltr")]
    if poster.nearby is None or not (poster.nearby.emergency or poster.nearby.helpers):
        sheet.write_column(phone, ALONE_BOX)
        return
    sheet.write_column(phone, PHONE_BOX)
    sheet.set_fill_color(*CALM)
    with sheet.decoration():
        panel = (sheet.left_of(PANEL_BOX), PANEL_BOX.y, PANEL_BOX.width, PANEL_BOX.height)
        sheet.rect(*panel, RenderStyle.F, round_corners=True, corner_radius=5)
    sheet.write_column(list(_say_nearby(poster.nearby)), NEARBY_BOX)


def _say_nearby(nearby: Nearby) -> Iterator[Words]:
    yield Words(nearby.country, COUNTRY)
    if nearby.emergency:
        yield Words(nearby.danger, LABEL)
        yield Words("   ".join(nearby.emergency), EMERGENCY)
    for helper in nearby.helpers:
        yield Words(helper.name, HELPER, "auto")
        yield Words(helper.phone, HELPER_PHONE, "ltr")


def _draw_strips(sheet: Sheet, poster: Poster) -> None:
    """The foot in strips to tear off, with all that somebody takes along."""
    taken = [
        Words(poster.name, STRIP, "auto"),
        Words(poster.short_address, STRIP, "ltr"),
        Words(poster.phone, STRIP, "ltr"),
    ]
    _draw_cuts(sheet)
    for number in range(STRIPS):
        left = EDGE + number * STRIP_WIDTH
        upright = Box(sheet.left_of(Box(left, 0, STRIP_LENGTH, 0)), STRIP_END, STRIP_LENGTH, STRIP_WIDTH)
        with sheet.rotation(90, left, STRIP_END):
            sheet.write_column(taken, upright, "C")


def _draw_cuts(sheet: Sheet) -> None:
    sheet.set_draw_color(*LINE)
    sheet.set_dash_pattern(1.2, 1.2)
    with sheet.decoration():
        sheet.line(EDGE, CUT, WIDTH - EDGE, CUT)
        for number in range(STRIPS + 1):
            sheet.line(EDGE + number * STRIP_WIDTH, CUT, EDGE + number * STRIP_WIDTH, HEIGHT)
