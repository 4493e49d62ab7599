"""What is found in a text, by a table of cases; where it was found; and what looks odd about it."""

import pytest
from click.testing import CliRunner

from core.details import NOTHING, Details
from core.vocabulary import Flag, IdentifierKind, Sure
from ops.score import reading as command
from triage.reading import score as scoring
from triage.reading.found import Identifier
from triage.reading.read import Hints, read
from triage.reading.score import GOOD, read_table, score

TABLE = read_table()


def found_in(text: str, region: str = "", field: str = "what") -> list[Identifier]:
    return list(read({field: text}, NOTHING, Hints(country=region)).identifiers)


def test_the_table_is_long_and_has_every_kind_and_false_friends() -> None:
    named = {one.partition("=")[0] for case in TABLE for one in case.expected}
    assert len(TABLE) >= 300 and len({(case.text, case.region) for case in TABLE}) >= 300
    assert named == set(IdentifierKind)
    assert sum(not case.expected for case in TABLE) >= 100


@pytest.mark.parametrize("part", ["first", "held back", "later"])
def test_precision_and_recall_are_good_on_every_part_of_the_table(part: str) -> None:
    result = score(case for case in TABLE if case.part == part)
    assert min(result.precision(), result.recall()) >= GOOD, result.wrong


def test_no_kind_hides_behind_the_others() -> None:
    result = score(TABLE)
    assert {kind for kind in result.kinds if min(result.precision(kind), result.recall(kind)) < GOOD} == set()


def test_the_command_prints_every_kind_and_fails_when_the_score_is_low(monkeypatch: pytest.MonkeyPatch) -> None:
    good = CliRunner().invoke(command, ["score"])
    assert good.exit_code == 0 and all(kind.value in good.output for kind in IdentifierKind)
    monkeypatch.setattr(scoring, "read", lambda *_: read({}, NOTHING, Hints()))
    assert CliRunner().invoke(command, ["score"]).exit_code == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("see hxxps://room[.]example/a now", "hxxps://room[.]example/a"),
        ("请看ro\u200bom.example/a谢谢", "ro\u200bom.example/a"),
        ("رقمه +٤٤ ١٦٣٢ ٩٦٠١٢٣ هنا", "+٤٤ ١٦٣٢ ٩٦٠١٢٣"),
        ("(kate at mail dot example)", "kate at mail dot example"),
        ("hash d41d8cd98f00b204e9800998ecf8427e.", "d41d8cd98f00b204e9800998ecf8427e"),
    ],
)
def test_it_is_known_where_it_was_written(text: str, written: str) -> None:
    (found,) = found_in(text)
    assert found.written == written == text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("https://room.example/a", ()),
        ("hxxp://room[.]example/a", (Flag.DEFANGED,)),
        ("https://münchen.example/a", (Flag.PUNYCODE,)),
        ("https://rооm.example/a", (Flag.PUNYCODE, Flag.MIXED_SCRIPT)),
        ("https://аррӏе.com/a", (Flag.PUNYCODE, Flag.LOOKALIKE)),
        ("https://приклад.укр/a", (Flag.PUNYCODE,)),
        ("https://例子.测试/a", (Flag.PUNYCODE,)),
        ("https://room.example/\u202egpj.exe", (Flag.BIDI,)),
        ("https://ro\u200bom.example/a", (Flag.INVISIBLE,)),
        ("http://bank.example@room.example/a", (Flag.USERINFO,)),
    ],
)
def test_what_is_odd_about_it_is_said(text: str, flags: tuple[Flag, ...]) -> None:
    assert found_in(text)[0].flags == flags


def test_a_field_for_names_or_links_is_believed() -> None:
    details = Details(account="dragon77", suspect="He is called Max, dragon_77 on snapchat")
    found = read({"link": "school.in"}, details, Hints()).identifiers
    assert {(one.kind, one.canonical, one.field) for one in found} == {
        (IdentifierKind.DOMAIN, "school.in", "link"),
        (IdentifierKind.HANDLE, "@dragon77", "account"),
        (IdentifierKind.HANDLE, "snapchat:dragon_77", "suspect"),
    }


def test_each_thing_is_listed_once_and_a_name_with_its_platform() -> None:
    text = "@dragon_77 wrote. dragon_77 on snapchat, https://www.snapchat.com/add/Dragon_77 and again @dragon_77"
    assert [one.canonical for one in found_in(text) if one.kind is IdentifierKind.HANDLE] == ["snapchat:dragon_77"]


def test_how_sure_it_is() -> None:
    by_text = {"https://room.example/a": Sure.CERTAIN, "room.example/a": Sure.LIKELY, "look on mysite.it": Sure.GUESS}
    assert {text: found_in(text)[0].sure for text in by_text} == by_text


def test_the_country_of_a_number_without_a_code_is_the_reporters() -> None:
    assert [one.country for one in found_in("call 01632 960123", "GB")] == ["GB"]
    assert found_in("call 01632 960123") == []


def test_what_the_reporter_can_be_reached_by_is_not_read() -> None:
    assert read({}, Details(safe="after 4 at kate@mail.example"), Hints()).identifiers == ()
