"""Sending a report: what comes back, and that nothing typed is ever lost."""

from collections.abc import Iterator

import pytest

from core.receipts import receipt_for
from core.vocabulary import Danger
from core.web.locale import read_languages
from intake import tokens
from tests.intake.visitor import FORM, Page, Visitor

TYPED = {
    "country": "IT",
    "danger": "unsure",
    "what": '\nFirst <b>line</b> & "more"\n\nمرحبا \N{GRINNING FACE}',
    "link": "example.com/page?a=1&b=2",
    "email": "someone@example.org",
}


@pytest.fixture(scope="module")
def the_site(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor.at_a_new_site(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def visitor(the_site: Visitor) -> Iterator[Visitor]:
    yield the_site
    the_site.desk.forget()


def keeps(page: Page, **typed: str) -> bool:
    return {name: page.typed(name) for name in typed} == typed


def old_token(visitor: Visitor) -> str:
    return tokens.issue(visitor.desk.keys.form, 1_000)


def test_a_report_is_received_as_it_was_typed(visitor: Visitor) -> None:
    answer = visitor.send("it", **TYPED)
    assert answer.status_code == 200
    [submission] = visitor.desk.received
    assert (submission.language, submission.country, submission.danger) == ("it", "IT", Danger.UNSURE)
    assert (submission.what, submission.link) == (TYPED["what"].strip(), TYPED["link"])
    assert submission.contact == TYPED["email"]


def test_line_ends_of_browsers_become_plain_ones(visitor: Visitor) -> None:
    visitor.send(what="one\r\ntwo\rthree\n\n four")
    assert visitor.desk.received[0].what == "one\ntwo\nthree\n\n four"


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        (b"what=nul%00and%01%1f%7f", "nul�and��\x7f"),
        (b"what=half+%C3", "half �"),
        (b"what=lone+%ED%A0%80+surrogate", "lone ��� surrogate"),
        (b"what=raw+\xff\xfe", "raw ��"),
        (b"what=100%+sure,+50%25", "100% sure, 50%"),
        (b"what=first&what=second&what=", "first"),
        (b"unknown=1&what=known&what2=other", "known"),
        ("what=Größe".encode(), "Größe"),
    ],
)
def test_odd_bytes_are_accepted(visitor: Visitor, body: bytes, stored: str) -> None:
    token = f"&token={visitor.desk.new_token()}".encode()
    answer = visitor.request("POST", "/en/report", body + token, content_type=f"{FORM}; charset=UTF-8")
    assert answer.status_code == 200
    assert visitor.desk.received[0].what == stored


@pytest.mark.parametrize("language", ["en", "it", "ar"])
@pytest.mark.parametrize(
    ("wrong", "status", "fields"),
    [
        ({"what": " ", "link": ""}, 422, ["what"]),
        ({"country": "ZZ"}, 422, ["country"]),
        ({"danger": "perhaps"}, 422, ["danger"]),
        ({"what": "x" * 100_001}, 422, ["what"]),
        ({"link": "x" * 2_001}, 422, ["link"]),
        ({"email": "x" * 501}, 422, ["email"]),
        ({"country": "ZZ", "email": "x" * 501}, 422, ["country"]),
        ({"email": "x" * 501, "safe": "x" * 501}, 422, ["email", "safe"]),
        ({"token": ""}, 400, ["send"]),
        ({"token": "forged"}, 400, ["send"]),
        ({"token": "\x00é"}, 400, ["send"]),
        ({"token": "forged", "email": "x" * 501}, 400, ["send"]),
    ],
)
def test_a_refusal_gives_everything_back(
    visitor: Visitor, language: str, wrong: dict[str, str], status: int, fields: list[str]
) -> None:
    answer = visitor.send(language, **(TYPED | wrong))
    page = Page(answer.text)
    assert answer.status_code == status
    assert visitor.desk.received == []
    kept = {name: text for name, text in (TYPED | wrong).items() if name != "token"}
    if "country" in wrong:
        kept["country"] = ""
    if "danger" in wrong:
        kept["danger"] = ""
    assert keeps(page, **kept)
    assert [link["href"] for link in page.all("a", **{"class": "oh-summary__link"})] == [f"#{name}" for name in fields]
    assert {element["id"] for _, element in page.elements if "id" in element} >= set(fields)
    visitor.desk.read_token(page.typed("token"))


def test_an_old_page_is_refused_kindly_and_goes_through_at_the_second_press(visitor: Visitor) -> None:
    answer = visitor.send(**TYPED, token=old_token(visitor))
    page = Page(answer.text)
    assert answer.status_code == 422
    assert "Nothing was lost: press the button again." in page.text
    assert keeps(page, **TYPED)
    again = visitor.send(**TYPED, token=page.typed("token"))
    assert again.status_code == 200
    assert len(visitor.desk.received) == 1


def test_the_error_summary_says_the_same_as_the_field(visitor: Visitor) -> None:
    page = Page(visitor.send(link="x" * 2_001).text)
    [summary] = page.all("div", role="alert")
    assert summary["tabindex"] == "-1"
    assert page.title.startswith("Error: ")
    assert page.text.count("The link is too long: it has 2,001 characters and 2,000 fit here.") == 2
    [field] = page.all("input", name="link")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"].split() == ["link-hint", "link-error"]
    assert not any("autofocus" in attributes for _, attributes in page.elements)


def test_too_many_fields_are_refused_and_the_known_ones_kept(visitor: Visitor) -> None:
    body = b"&".join([b"x=1"] * 100) + b"&what=kept&token=" + visitor.desk.new_token().encode()
    answer = visitor.request("POST", "/en/report", body, content_type=FORM)
    assert answer.status_code == 400
    assert Page(answer.text).typed("what") == "kept"
    assert visitor.desk.received == []


def test_a_hundred_fields_are_few_enough(visitor: Visitor) -> None:
    body = b"x=1&" * 98 + b"what=kept&token=" + visitor.desk.new_token().encode()
    assert visitor.request("POST", "/en/report", body, content_type=FORM).status_code == 200


def test_a_body_over_the_cap_is_refused_and_its_beginning_kept(visitor: Visitor) -> None:
    body = b"phone=first&what=" + b"y" * (9 * 1024 * 1024)
    answer = visitor.request("POST", "/it/report", body, content_type=FORM)
    page = Page(answer.text)
    assert answer.status_code == 413
    assert "La prima parte è ancora qui" in page.text
    assert page.typed("phone") == "first"
    assert page.typed("what").startswith("yyyy")
    assert visitor.desk.received == []


PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="what"\r\n\r\nTold\r\nhere\r\n'
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\nBYTES\r\n'
    b'--b\r\nContent-Disposition: form-data; name="phone"; filename="b.png"\r\n\r\nBYTES\r\n'
    b'--b\r\nContent-Disposition: form-data; name="link"\r\n\r\nexample.com\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    ("content_type", "body", "kept"),
    [
        ("multipart/form-data; boundary=b", PARTS, {"what": "Told\nhere", "link": "example.com", "phone": ""}),
        ('Multipart/Form-Data; boundary="b"', PARTS, {"what": "Told\nhere"}),
        ("multipart/form-data", PARTS, {"what": ""}),
        ("text/plain", b"what=Told here", {"what": "what=Told here"}),
        ("application/json; charset=utf-8", b'{"what": "Told"}', {"what": '{"what": "Told"}'}),
        ("image/png", b"\x89PNG", {"what": ""}),
    ],
)
def test_what_is_no_form_is_refused_and_its_text_kept(
    visitor: Visitor, content_type: str, body: bytes, kept: dict[str, str]
) -> None:
    answer = visitor.request("POST", "/ar/report", body, content_type=content_type)
    page = Page(answer.text)
    assert answer.status_code == 415
    assert keeps(page, **kept)
    assert "BYTES" not in answer.text
    assert page.all("html", lang="ar", dir="rtl")


def test_when_nothing_can_be_stored_the_same_form_comes_back_with_the_same_token(visitor: Visitor) -> None:
    visitor.desk.closed.append(True)
    token = visitor.desk.new_token()
    answer = visitor.send(**TYPED, token=token)
    page = Page(answer.text)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert keeps(page, **TYPED, token=token)
    assert "Nothing you wrote is lost: it is still on this page." in page.text
    assert "Nothing was sent" not in page.text, "it may be stored, and only its answer lost"
    assert visitor.desk.settings.phone in page.text
    assert "Telefono Azzurro" in page.text
    visitor.desk.closed.clear()
    assert visitor.send(**TYPED, token=page.typed("token")).status_code == 200


def test_another_language_can_be_chosen_without_losing_what_was_typed(visitor: Visitor) -> None:
    token = visitor.desk.new_token()
    answer = visitor.send("ar", **TYPED, token=token, go="reread")
    page = Page(answer.text)
    assert answer.status_code == 200
    assert page.all("html", lang="ar")
    assert keeps(page, **TYPED, token=token)
    assert visitor.desk.received == []


def test_the_button_that_enter_presses_is_the_one_that_goes_on(visitor: Visitor) -> None:
    page = visitor.goes_on(visitor.get("/en/report"), danger="no")
    buttons = Page(page.text).all("button")
    assert (buttons[0]["id"], buttons[0].get("name")) == ("send", None)
    assert [button["formaction"] for button in buttons if "formaction" in button] == [
        f"/{code}/report" for code in read_languages() if code != "en"
    ]


def test_the_receipt_page_gives_the_emergency_number_of_the_country_when_somebody_may_be_in_danger(
    visitor: Visitor,
) -> None:
    def numbers(**answers: str) -> list[str]:
        page = Page(visitor.send(what="Told", **answers).text)
        return [link["href"] for link in page.all("a", **{"class": "oh-emergency__number"})]

    assert numbers(danger="yes", country="PL") == ["tel:112", "tel:997", "tel:998", "tel:999"]
    assert numbers(danger="unsure", country="NZ") == ["tel:111"]
    assert numbers(danger="yes") == numbers(danger="no", country="PL") == []


@pytest.mark.parametrize(("danger", "urgent"), [("yes", True), ("unsure", True), ("no", False), ("", False)])
def test_the_receipt_page_speaks_of_danger_first(visitor: Visitor, danger: str, urgent: bool) -> None:
    text = Page(visitor.send(what="Told", danger=danger).text).text
    assert ("If someone is in danger now" in text) is urgent
    if urgent:
        assert text.index("If someone is in danger now") < text.index("Your code")


def test_the_receipt_is_in_the_page_and_nowhere_else(visitor: Visitor) -> None:
    token = visitor.desk.new_token()
    answer = visitor.send(what="Told", token=token)
    receipt = receipt_for(visitor.desk.keys.receipt, visitor.desk.read_token(token).nonce)
    assert answer.status_code == 200
    assert answer.text.count(receipt) == 1
    assert receipt not in f"{answer.url} {answer.headers}"


def test_the_receipt_page_is_the_same_whatever_was_reported(visitor: Visitor) -> None:
    token = visitor.desk.new_token()
    first = visitor.send(what="One thing", token=token)
    assert first.text == visitor.send(what="Another", link="example.com", token=token).text


def test_the_receipt_page_names_who_helps_in_that_country_only(visitor: Visitor) -> None:
    assert "Telefono Azzurro" in visitor.send(what="Told", country="IT").text
    assert "oh-agencies" not in visitor.send(what="Told", country="AQ").text
    assert "oh-agencies" not in visitor.send(what="Told").text


def test_links_to_others_give_nothing_away(visitor: Visitor) -> None:
    page = Page(visitor.send(what="Told", country="IT").text)
    outward = [link for link in page.all("a") if link["href"].startswith("http")]
    assert outward
    assert all(link["rel"] == "noreferrer noopener" for link in outward)
