"""What may stand in a row, as a cell has it and as JSON has it."""

import json
from datetime import UTC, datetime, timedelta

import pyrage
import pytest

from core.directory import AGENCIES
from ops.directory.fields import FIELDS, clean, from_text, to_text
from ops.directory.lists import NotADirectory, read_rows
from ops.directory.values import WrongValue

KEY = str(pyrage.x25519.Identity.generate().to_public())
LATER = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
ROW = {"code": "it-line", "country": "IT", "name": "A line", "kind": "hotline", "source": "a test"}


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("name", "  Línea de ayuda ", "Línea de ayuda"),
        ("country", "EU", "EU"),
        ("country", "world", None),
        ("phone", "1-833-591-KNOW", "1-833-591-KNOW"),
        ("phone", "", None),
        ("languages", "it, zh-Hans,it", ["it", "zh-Hans"]),
        ("languages", "", None),
        ("accepts", "csam_url,grooming", ["csam_url", "grooming"]),
        ("anonymous", "no", False),
        ("anonymous", "yes", True),
        ("anonymous", "", None),
        ("checked", "2026-03-01", "2026-03-01"),
        ("email", "desk@agency.example", "desk@agency.example"),
        (
            "hours",
            '{"zone": "Europe/Rome", "week": {"mon": ["09:00-12:00"]}, "spans": {"1": "30m"}}',
            {"zone": "Europe/Rome", "week": {"mon": ["09:00-12:00"]}, "spans": {"1": "30m"}},
        ),
        (
            "way",
            json.dumps({"by": "email", "to": "desk@agency.example", "key": KEY}),
            {"by": "email", "to": "desk@agency.example", "key": KEY},
        ),
        ("way", '{"by": "console"}', None),
    ],
)
def test_what_is_typed_is_stored_and_spelled_so_that_it_can_be_typed_again(
    field: str, typed: str, stored: object
) -> None:
    assert from_text(field, typed) == stored
    assert from_text(field, to_text(field, stored)) == stored


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("phne", "1", "There is no field 'phne'. Did you mean phone?"),
        ("name", "", "name: this must be there"),
        ("source", " ", "source: this must be there"),
        ("name", "two\nlines", "name: This is one line of text"),
        ("name", "a\u202eb", "name: This is one line of text"),
        ("name", "x" * 201, "200 characters"),
        ("kind", "school", "'school' is none of hotline, police, helpline"),
        ("country", "", "country: this must be there"),
        ("country", "it", "'it' is no country"),
        ("country", "UK", "'UK' is no country"),
        ("report_url", "javascript:alert(1)", "report_url: A web address looks like"),
        ("website", "https://name:word@agency.example/", "website: A web address looks like"),
        ("website", "https://", "website: A web address looks like"),
        ("phone", "call us", "phone: A number to call has digits"),
        ("email", "desk", "email: An e-mail address looks like"),
        ("languages", "it,klingon", "'klingon' is no language"),
        ("accepts", "csam_url,spam", "'spam' is none of csam_url, grooming"),
        ("anonymous", "perhaps", "anonymous: This is yes or no"),
        ("checked", "yesterday", "checked: This is a day that has been"),
        ("checked", LATER, "checked: This is a day that has been"),
        ("way", '{"by": "pigeon"}', "way: This is no way to receive"),
        ("way", '{"by": "webhook", "url": "http://b.example/", "key": "age1"}', "way: An address must be https"),
        ("way", "{", "way: This is no JSON"),
        ("way", '{"by": "signpost", "password": "x"}', "way: There is no 'password' in it"),
        ("hours", '{"spans": {"1": "soon"}}', "hours: Working hours look like"),
        ("hours", '{"open": "always"}', "hours: There is no 'open' in it"),
    ],
)
def test_what_cannot_stand_there_is_refused_in_one_line(field: str, typed: str, complaint: str) -> None:
    with pytest.raises(WrongValue) as refused:
        from_text(field, typed)
    assert complaint in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("value", [7, 1.5, True, {"a": 1}, [1], ["it"], [["it"]], "\ud800"])
def test_no_json_value_is_taken_for_another(value: object) -> None:
    for field in FIELDS:
        try:
            stored = clean(field, value)
        except WrongValue:
            continue
        assert stored == value and (field, value) in [("anonymous", True), ("languages", ["it"])]


def test_every_row_of_the_sourced_list_is_right() -> None:
    rows = json.loads(AGENCIES.read_text(encoding="utf-8"))
    read = read_rows(rows)
    assert list(read) == [row["code"] for row in rows]
    for row in rows:
        told = {name: value for name, value in row.items() if name != "code" and value is not None}
        assert read[row["code"]] == told


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["it-line"], "Row 1: This is no row"),
        ([ROW, ROW], "Row 2 (it-line): code: it is here twice."),
        ([ROW | {"code": "hotline"}], "Row 1 (hotline): code: this is our own."),
        ([ROW | {"code": "IT line"}], "Row 1: code: it looks like it-some-agency"),
        ([{name: value for name, value in ROW.items() if name != "country"}], "(it-line): country: this must be there"),
        ([{name: value for name, value in ROW.items() if name != "source"}], "(it-line): source: this must be there"),
        ([ROW | {"phne": "1"}], "Row 1 (it-line): There is no field 'phne'."),
        ([ROW | {"code": f"it-{n}", "kind": "x"} for n in range(30)], "And 10 more."),
    ],
)
def test_a_list_says_which_row_is_wrong(rows: list[object], complaint: str) -> None:
    with pytest.raises(NotADirectory) as refused:
        read_rows(rows, {"hotline"})
    assert complaint in str(refused.value)
    assert len(str(refused.value).splitlines()) == min(len(rows), 21) - (rows == [ROW, ROW])
