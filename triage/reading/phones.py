"""Phone numbers with their country; the reporter's own is the one a number without a country code is of."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import phonenumbers
from phonenumbers import PhoneNumber

from core.vocabulary import IdentifierKind, Sure
from triage.reading.clues import words_before
from triage.reading.finding import Finding
from triage.reading.lists import folded_words_in

MOST = 60  # parsing one costs 0.1 ms
_INTERNATIONAL = re.compile(
    r"(?<![A-Za-z0-9_+])(?:\+\s?|(?<!\d )00(?=[1-9]))(?:[\s().\-/–]{0,2}\d){7,16}(?![A-Za-z0-9_@]|[.,]\d)"
)
_NATIONAL = re.compile(
    r"(?<![A-Za-z0-9_+.,:/#$€£¥₹₴=@-])(?:1[ .-])?\(?\d{2,5}(?:[ ().\-/–]{0,2}\d){4,10}"
    r"(?![A-Za-z0-9_@%€£$¥₹₴]|[.,:/-]\d)"
)
_DATE = re.compile(
    r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}(?!\d)|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2}(?:\d\d)?(?!\d)"
    r"|(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d$"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:([ .])\d{3})(?:\1\d{3})*$")
_MONEY_AFTER = re.compile(
    r"\s?(?:€|\$|£|¥|₹|₴|%|eur|euro|usd|gbp|pln|zł|zl|uah|грн|inr|rs|dollar|pound|points|followers|views|km|kg|mb|元|块)",
    re.I,
)
_PHONE, _OTHER = (folded_words_in("phones.toml", key) for key in ("phone", "other"))
_FICTION = {"GB": re.compile(r"1632960\d{3}|7700900\d{3}|2079460\d{3}"), "US": re.compile(r"(?:\d{3})?55501\d\d")}
"""Numbers kept free for stories (Ofcom; NANPA): nobody has them, and examples use them."""


def find_phones(text: str, region: str = "", field_is_a_phone: bool = False) -> Iterator[Finding]:
    """Every number with a country code, and those of `region` that can be nothing else."""
    taken = []
    for match in islice(_INTERNATIONAL.finditer(text), MOST):
        number = _parsed("+" + re.sub(r"\D", "", match[0]).removeprefix("00"), None)
        if number and phonenumbers.is_possible_number(number):
            taken.append(match.span())
            yield _finding(number, match, Sure.CERTAIN if _is_valid(number) else Sure.LIKELY)
    if region:
        for match in islice(_NATIONAL.finditer(text), MOST):
            if not _overlaps(match.span(), taken) and (found := _national(text, match, region, field_is_a_phone)):
                yield found


def _national(text: str, match: re.Match[str], region: str, field_is_a_phone: bool) -> Finding | None:
    """A valid number of this country that is called one, or is written like one and like nothing else."""
    clues = words_before(text, match.start(), 4)
    called = field_is_a_phone or bool(_PHONE & set(clues))
    if _is_something_else(text, match) or (_OTHER & set(clues[:2]) and not called):
        return None
    number = _parsed(match[0], region)
    if number is None or not _is_valid(number) or not (called or _is_written_like_one(match[0])):
        return None
    return _finding(number, match, Sure.LIKELY if called else Sure.GUESS)


def _is_something_else(text: str, match: re.Match[str]) -> bool:
    """A date, a sum of money, a card or an account."""
    written = match[0]
    digits = sum(map(str.isdigit, written))
    return bool(
        _DATE.match(written) or _THOUSANDS.match(written) or _MONEY_AFTER.match(text, match.end()) or digits > 13
    )


def _is_written_like_one(written: str) -> bool:
    """It begins with a trunk zero or a bracket, or is in groups as numbers are where there is no zero."""
    return written.startswith(("0", "(0")) or bool(re.fullmatch(r"(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}", written))


def _is_valid(number: PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) or bool(_fiction(number))


def _fiction(number: PhoneNumber) -> str:
    national = str(number.national_number)
    regions = {44: "GB", 1: "US"}
    region = regions.get(number.country_code or 0, "")
    return region if region and _FICTION[region].fullmatch(national) else ""


def _parsed(written: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None


def _finding(number: PhoneNumber, match: re.Match[str], sure: Sure) -> Finding:
    canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return Finding(IdentifierKind.PHONE, canonical, start, match.end(), sure, country=country_of(number))


def country_of(number: PhoneNumber) -> str:
    """Where the number is of; for a code that countries share, the one that has most of it."""
    exact: str | None = phonenumbers.region_code_for_number(number)
    region = exact or _fiction(number) or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if region and len(region) == 2 and region != "ZZ" else ""


def _overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)
