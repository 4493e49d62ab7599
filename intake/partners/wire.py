"""The shape of a report at the JSON door. The OpenAPI document is made from these types, and they alone are decoded.

Everything but `what` is optional; null is the same as absent. What is not in here is refused, with a pointer to it.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from core.countries import CODES
from core.vocabulary import About, Age, Kind, Missing, Risk
from intake.partners.problems import Problem

MOST_IN_A_BATCH = 100
_MONTHS = ("(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])", "(0[469]|11)-(0[1-9]|[12][0-9]|30)", "02-(0[1-9]|[12][0-9])")
_DATE = f"(19|20)[0-9]{{2}}-({'|'.join(_MONTHS)})"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
_ADDRESS = {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}


def _text(longest: int, shortest: int = 0) -> Meta:
    return Meta(min_length=shortest or None, max_length=longest)


def _hexadecimal(digits: int) -> Meta:
    return Meta(pattern=f"^[0-9a-fA-F]{{{digits}}}$", max_length=digits)


Moment = Annotated[
    str,
    Meta(
        pattern=f"^{_DATE}T{_TIME}$",
        max_length=40,
        description="RFC 3339, with the offset.",
        examples=["2026-11-20T17:03:00Z"],
    ),
]
Country = Annotated[str, Meta(description="ISO 3166-1, two letters.", extra_json_schema={"enum": sorted(CODES)})]
Ip = Annotated[str, Meta(max_length=45, description="IPv4 or IPv6.", extra_json_schema=_ADDRESS)]
Language = Annotated[str, Meta(pattern="^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?$", max_length=12, description="BCP 47.")]
Short = Annotated[str, _text(500)]
Url = Annotated[str, _text(2_083)]
Email = Annotated[str, _text(320)]
Phone = Annotated[str, _text(50)]
Note = Annotated[str, _text(10_000)]


class DangerSaid(StrEnum):
    """A partner's answer to "Is a child in danger right now?"."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every object here has in common: nothing unknown is in it."""


class Sighting(Wire, frozen=True):
    """Where an account was used from, and when."""

    ip: Ip
    at: Moment | None = None
    port: Annotated[int, Meta(ge=1, le=65_535, description="Source port.")] | None = None
    event: Annotated[Short, Meta(description="Such as login, registration, message.")] | None = None


class Account(Wire, frozen=True):
    """An account at a service, as the service knows it."""

    id: Annotated[Short, Meta(description="The service's own identifier, that it can look up later.")] | None = None
    handle: Short | None = None
    service: Annotated[str, _text(256)] | None = None
    names: Annotated[tuple[Short, ...], Meta(max_length=20)] = ()
    emails: Annotated[tuple[Email, ...], Meta(max_length=20)] = ()
    phones: Annotated[tuple[Phone, ...], Meta(max_length=20)] = ()
    urls: Annotated[tuple[Url, ...], Meta(max_length=20)] = ()
    devices: Annotated[tuple[Short, ...], Meta(max_length=20)] = ()
    seen: Annotated[tuple[Sighting, ...], Meta(max_length=200)] = ()
    country: Country | None = None
    note: Note | None = None


class Message(Wire, frozen=True):
    """One message as text; `sender` is the id or handle of one of the accounts."""

    text: Annotated[str, _text(20_000)]
    sender: Short | None = None
    at: Moment | None = None
    id: Short | None = None


class Conversation(Wire, frozen=True):
    """Where it was said, and what."""

    id: Short | None = None
    messages: Annotated[tuple[Message, ...], Meta(max_length=500)] = ()


class Hashes(Wire, frozen=True):
    """Hashes of one file. The file itself must never be sent."""

    md5: Annotated[str, _hexadecimal(32)] | None = None
    sha1: Annotated[str, _hexadecimal(40)] | None = None
    sha256: Annotated[str, _hexadecimal(64)] | None = None
    sha512: Annotated[str, _hexadecimal(128)] | None = None
    pdq: Annotated[str, _hexadecimal(64)] | None = None
    photodna: Annotated[str, _text(600)] | None = None


class File(Wire, frozen=True):
    """A file that was sent or stored."""

    hashes: Hashes | None = None
    name: Short | None = None
    media_type: Annotated[str, _text(100)] | None = None
    url: Url | None = None
    note: Note | None = None


class Child(Wire, frozen=True):
    """The child, as far as it is known: an age band and a country, and the account if there is one."""

    age: Age | None = None
    country: Country | None = None
    account: Account | None = None


class Reporter(Wire, frozen=True):
    """Who reported it to the service, if they want to be reached."""

    about: Annotated[About, Meta(description="Who it is about, as the reporter says.")] | None = None
    email: Email | None = None
    phone: Phone | None = None
    safe: Annotated[Short, Meta(description="When it is safe to write or call.")] | None = None
    country: Country | None = None
    account: Account | None = None


class Report(Wire, frozen=True):
    """One report. The more of it is told, the sooner somebody can act; the answer says what is missing."""

    what: Annotated[
        str, _text(100_000, 1), Meta(description="What happened: the reporter's words if there are any, else yours.")
    ]
    language: Language = "en"
    danger: (
        Annotated[
            DangerSaid, Meta(description="Whether a child is in danger right now. Say yes only when you think so.")
        ]
        | None
    ) = None
    urgency: Annotated[str, _text(3_000), Meta(description="Why it is urgent.")] | None = None
    kind: Kind | None = None
    risks: Annotated[tuple[Risk, ...], Meta(max_length=4)] = ()
    happened_at: Moment | None = None
    service: Annotated[str, _text(256)] | None = None
    conversation: Conversation | None = None
    accounts: Annotated[tuple[Account, ...], Meta(max_length=50, description="The accounts that are reported.")] = ()
    others: Annotated[tuple[Account, ...], Meta(max_length=50, description="Other accounts that matter.")] = ()
    child: Child | None = None
    reporter: Reporter | None = None
    urls: Annotated[tuple[Url, ...], Meta(max_length=100)] = ()
    files: Annotated[tuple[File, ...], Meta(max_length=200)] = ()
    reference: Annotated[Short, Meta(description="Your own name for this report.")] | None = None
    note: Annotated[Note, Meta(description="What your own staff adds.")] | None = None


IdempotencyKey = Annotated[str, Meta(pattern="^[!-~]{1,200}$", max_length=200, description="Printable ASCII.")]


class BatchItem(Wire, frozen=True):
    """One report of a batch, with the key that makes sending it again harmless."""

    idempotency_key: IdempotencyKey
    report: Report


class Batch(Wire, frozen=True):
    """Several reports at once; each is taken or refused by itself."""

    reports: Annotated[tuple[BatchItem, ...], Meta(min_length=1, max_length=MOST_IN_A_BATCH)]


class Advice(msgspec.Struct, frozen=True):
    """One thing that was not told, and why an investigator needs it."""

    missing: Missing
    why: str


class Completeness(msgspec.Struct, frozen=True):
    """How much of what is needed was told, 0 to 100. It never changes how soon a report is read."""

    score: Annotated[int, Meta(ge=0, le=100)]
    advice: tuple[Advice, ...]


class Accepted(msgspec.Struct, frozen=True, omit_defaults=True):
    """The report is stored. `receipt` opens the hotline's answers at the follow-up page: give it to who reported."""

    receipt: Annotated[str, Meta(pattern="^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$")]
    completeness: Completeness
    warnings: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one report of a batch: the status it would have had alone, and its answer or its problem."""

    idempotency_key: str
    status: int
    accepted: Accepted | None = None
    problem: Problem | None = None


class Outcomes(msgspec.Struct, frozen=True):
    """In the order of the batch."""

    outcomes: tuple[Outcome, ...]
