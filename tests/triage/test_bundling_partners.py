"""What operators' servers name in fields of their own bundles like words do, and what is everybody's does not."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import md5, sha256
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import Engine, text

from core.accounts import Account, File, Sighting
from core.cybertipline.kept import Upload
from core.details import Details
from core.keys import IntakeKeys
from core.sealing import DataKey, Row, Wrapping
from core.settings import Settings
from core.vocabulary import Channel, Side
from intake.partners import xarf_telling
from intake.partners.cybertipline.conversion import submission_of
from intake.partners.cybertipline.posts import Act, Change
from intake.partners.retries import retry_of
from intake.partners.telling import to_submission
from intake.partners.wire import Report
from intake.submission import Submission, seal_for_partner, seal_opening
from tests.core.cybertipline.samples import a_report, as_node
from tests.factories import KnownPartner, a_drain, a_partner, a_sealed_report, a_submission, post
from tests.intake.test_xarf_door import GROOMING, MATERIAL
from triage.bundling.shelf import BROAD
from triage.reading.passages import passages_of

NUMBERS = itertools.count(10**12)
ACCOUNT = {"handle": "Stranger_77", "service": "Northwind Chat"}
SAME_ACCOUNT = {"handle": "@stranger_77", "service": " northwind  chat "}
PAGE = "https://files.example/one/2"
FILE = b"a gentle picture of an otter"
SHA256, MD5 = sha256(FILE).hexdigest(), md5(FILE).hexdigest()  # noqa: S324  # of a file, as operators tell it


@dataclass
class Doors:
    """Two operators, and the case of each report they send."""

    settings: Settings
    owner: Engine
    engine: Engine
    one: KnownPartner = field(init=False)
    other: KnownPartner = field(init=False)

    def __post_init__(self) -> None:
        self.one = a_partner(self.settings, self.owner, origins=["https://chat.northwind.example"])
        self.other = a_partner(self.settings, self.owner, "Southwind")

    def json(self, partner: KnownPartner, **said: Any) -> UUID:
        report = msgspec.convert({"what": "A user reported an account."} | said, Report)
        return self._send(to_submission(report, partner.id, "{}"), Channel.API)

    def xarf(self, partner: KnownPartner, **said: Any) -> UUID:
        return self._send(xarf_telling.to_submission(MATERIAL | said, {}, partner.id, "{}"), Channel.XARF)

    def cybertipline(self, partner: KnownPartner, document: bytes, files: Sequence[Mapping[str, str]] = ()) -> UUID:
        """Opened, its files uploaded, finished."""
        keys, number = IntakeKeys.read(self.settings.keys_dir), next(NUMBERS)
        told = submission_of(as_node(document), document.decode(), partner.id, number)
        with Wrapping(keys.report) as wrapping:
            opening = seal_opening(keys, wrapping, number, told, batched=False)
        post(self.settings, [opening])
        changes = [self._upload(keys, partner, number, dict(hashes)) for hashes in files]
        post(self.settings, [*changes, Change(Act.FINISH, number, partner.id, uuid4())])
        return self._case_of(opening.id)

    def person(self, told: Submission) -> UUID:
        report = a_sealed_report(self.settings, told)
        post(self.settings, [report])
        return self._case_of(report.id)

    def _upload(self, keys: IntakeKeys, partner: KnownPartner, number: int, hashes: dict[str, str]) -> Change:
        part = uuid4()
        upload = Upload(part.hex, 17, 10, File(hashes, "one.jpg", "image/jpeg"))
        with Wrapping(keys.report) as wrapping, DataKey() as key:
            row = Row("report_parts", part)
            sealed = (wrapping.wrap(row, key), key.seal(row, "upload", upload.to_text()))
        return Change(Act.UPLOAD, number, partner.id, part, *sealed)

    def _send(self, told: Submission, channel: Channel) -> UUID:
        keys = IntakeKeys.read(self.settings.keys_dir)
        assert told.partner
        retry = retry_of(keys.partner, told.partner, channel, str(next(NUMBERS)), b"")
        with Wrapping(keys.report) as wrapping:
            report, _ = seal_for_partner(keys, wrapping, retry, replace(told, channel=channel))
        post(self.settings, [report])
        return self._case_of(report.id)

    def _case_of(self, report: UUID) -> UUID:
        a_drain(self.settings, self.engine)()
        query = text("SELECT case_id FROM reports WHERE id = :id")
        with self.owner.connect() as connection:
            return UUID(str(connection.execute(query, {"id": report}).scalar_one()))

    def sizes(self) -> list[int]:
        with self.owner.connect() as connection:
            return list(connection.scalars(text("SELECT report_count FROM cases ORDER BY report_count DESC")))


@pytest.fixture
def doors(settings: Settings, owner: Engine, triage_engine: Engine) -> Doors:
    return Doors(settings, owner, triage_engine)


def reported(inside: str) -> bytes:
    return a_report(after=f"<personOrUserReported>{inside}</personOrUserReported>")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"accounts": [ACCOUNT]}, {"accounts": [SAME_ACCOUNT]}),
        (
            {"accounts": [{"id": "4711"}], "service": "Southwind"},
            {"accounts": [{"id": "4711", "service": "southwind"}]},
        ),
        ({"accounts": [{"emails": ["otter@mail.example"]}]}, {"accounts": [{"emails": ["Otter@mail.example"]}]}),
        ({"accounts": [{"phones": ["+44 1632 960123"]}]}, {"accounts": [{"phones": ["+441632960123"]}]}),
        ({"urls": ["https://elsewhere.example/1", PAGE]}, {"urls": [f"http://www.{PAGE[8:]}/"]}),
        ({"files": [{"hashes": {"sha256": SHA256}}]}, {"files": [{"hashes": {"md5": MD5, "sha256": SHA256.upper()}}]}),
        ({"files": [{"url": PAGE}]}, {"accounts": [{"urls": [PAGE]}]}),
        (
            {"conversation": {"messages": [{"text": "add me on snap otter_78"}]}},
            {"accounts": [{"handle": "otter_78", "service": "Snapchat"}]},
        ),
    ],
)
def test_the_same_thing_from_two_operators_is_one_case(
    doors: Doors, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert doors.json(doors.one, **one) == doors.json(doors.other, **other)


def test_the_doors_and_people_name_the_same_things(doors: Doors) -> None:
    """A page by XARF and by a person, a file by JSON and by the CyberTipline's uploads, an account by all of them."""
    page = doors.xarf(doors.one, url=PAGE, hash_values={"sha256": SHA256})
    assert doors.person(a_submission("Look.", link=PAGE)) == page
    assert doors.json(doors.other, files=[{"hashes": {"sha256": SHA256}}]) == page
    uploaded = doors.cybertipline(
        doors.other, reported("<espIdentifier>someone-1</espIdentifier>"), [{"sha256": SHA256}]
    )
    assert uploaded == page
    chat = (
        "<espIdentifier>4711</espIdentifier><espService>Northwind Chat</espService><screenName>Stranger_77</screenName>"
    )
    account = doors.cybertipline(doors.one, reported(chat))
    assert doors.json(doors.other, accounts=[ACCOUNT]) == account
    assert doors.json(doors.one, accounts=[{"id": "4711"}], service="Northwind Chat") == account
    perpetrator = {"account_id": "4711"}
    by_xarf = GROOMING | {
        "platform": "Northwind Chat",
        "perpetrator_indicators": perpetrator,
        "url": "https://a.example/1",
    }
    assert doors.xarf(doors.other, **by_xarf, hash_values={}, evidence=[]) == account
    assert account != page


@pytest.mark.parametrize(
    "same",
    [
        {"accounts": [{"handle": "unknown", "service": "Northwind Chat"}]},
        {"accounts": [{"id": "0", "service": "Northwind Chat"}]},
        {"accounts": [{"id": "000000", "service": "Northwind Chat"}]},
        {"accounts": [{"handle": "stranger_77"}]},
        {"accounts": [{"handle": "stranger_77", "service": "Unknown"}]},
        {"accounts": [{"names": ["Sam"], "devices": ["phone-9"]}]},
        {"accounts": [{"seen": [{"ip": "192.0.2.7", "at": "2026-11-20T17:00:00Z"}]}]},
        {"accounts": [{"emails": ["legal@northwind.example"], "urls": ["https://northwind.example/"]}]},
        {"others": [ACCOUNT]},
        {"child": {"account": {"handle": "little_fox_1", "service": "Northwind Chat"}}},
        {"reporter": {"email": "pat@mail.example", "account": {"id": "12712", "service": "Northwind Chat"}}},
        {"files": [{"hashes": {"sha256": sha256(b"").hexdigest(), "pdq": "0f" * 32}}]},
        {"urls": ["https://northwind.example", "https://chat.northwind.example/home"]},
        {"what": "Sent by https://northwind.example/trust/report-form. Write to desk.seven@northwind.example."},
        {"urgency": "See https://help.northwind.example/policy/7."},
        {"note": f"Our template: {PAGE}", "reference": "NW-1", "conversation": {"id": "room-7"}},
    ],
)
def test_what_is_everybodys_or_the_operators_own_bundles_nothing(doors: Doors, same: dict[str, Any]) -> None:
    assert doors.json(doors.one, **same) != doors.json(doors.one, **same)


def test_the_operators_own_pages_bundle_where_they_are_what_is_reported(doors: Doors) -> None:
    profile = "https://northwind.example/u/stranger_77"
    assert doors.json(doors.one, urls=[profile]) == doors.json(doors.other, accounts=[{"urls": [profile]}])


def test_a_value_that_an_operator_names_in_every_report_does_not_bundle_them_all(doors: Doors) -> None:
    """Nobody could know that this address says nothing. What it gathered ends soon, and each account stays together."""
    emoji = "https://cdn.example/emoji/7.png"
    accounts = [
        {"handle": f"somebody_{n}", "service": "Southwind", "emails": [f"somebody.{n}@mail.example"]} for n in range(14)
    ]
    first = [doors.json(doors.other, accounts=[account], urls=[emoji]) for account in accounts]
    again = [doors.json(doors.other, accounts=[account], urls=[emoji]) for account in accounts[11:]]
    sizes = doors.sizes()
    assert sizes[0] <= BROAD // 2 + 1, "each report brings two things of its own"
    assert again == first[11:]
    assert len(set(first[11:])) == 3


def test_what_many_people_tell_of_one_page_stays_one_case(doors: Doors) -> None:
    told = [a_submission(f"It is somebody_{n} on snapchat.", link=PAGE) for n in range(BROAD + 1)]
    for each in (*told, a_submission("Look.", link=PAGE), a_submission("There.", link=PAGE)):
        doors.person(each)
    assert doors.sizes() == [BROAD + 2, 1], "who names as much else once it is known by so much stands alone, linked"


def test_hundreds_of_sightings_leave_room_for_what_tells_things_apart() -> None:
    seen = tuple(Sighting(f"192.0.2.{n}") for n in range(200))
    details = Details(
        accounts=tuple(Account(side=Side.REPORTED, handle=f"somebody_{n}", seen=seen) for n in range(10)),
        files=(File({"sha256": SHA256}),),
    )
    passages, cut = passages_of({}, details)
    assert cut
    assert [passage.text for passage in passages[:11]] == [*(f"somebody_{n}" for n in range(10)), SHA256]
