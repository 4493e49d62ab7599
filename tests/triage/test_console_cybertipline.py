"""A CyberTipline report on the case page: its files by their hashes, what was said of them, and its source, as text."""

from uuid import UUID, uuid4

from sqlalchemy import Engine

from core.accounts import File
from core.cybertipline.grammar.files import FILE_DETAILS
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.kept import Described, Upload
from core.cybertipline.writing import write
from core.keys import IntakeKeys
from core.sealing import DataKey, Row, Wrapping
from core.settings import Settings
from intake.partners.completeness import measured
from intake.partners.cybertipline.conversion import file_of, submission_of
from intake.partners.cybertipline.posts import Act, Change
from intake.submission import seal_opening
from tests.core.cybertipline.samples import maximal_file, maximal_report
from tests.factories import a_drain, a_partner, post
from tests.triage.analyst import Browser, cases_of
from tests.triage.test_console_case import ATTACKS, SAFE_TAGS, Markup

NUMBER = 10**12
MARKUP = ATTACKS[0]


def sealed(keys: IntakeKeys, part: UUID, column: str, text: str) -> tuple[bytes, bytes]:
    with Wrapping(keys.report) as wrapping, DataKey() as key:
        row = Row("report_parts", part)
        return wrapping.wrap(row, key), key.seal(row, column, text)


def a_case_of_everything(settings: Settings, owner: Engine, triage_engine: Engine) -> UUID:
    """Every element of the form, some with markup in it, and a file."""
    keys, partner, part = IntakeKeys.read(settings.keys_dir), a_partner(settings, owner), uuid4()
    report, details = maximal_report(), maximal_file()
    for node in (*report.named("additionalInfo", "screenName"), *details.named("additionalInfo", "originalFileName")):
        node.text = MARKUP
    submission = measured(submission_of(report, write(report, REPORT), partner.id, NUMBER))
    upload = Upload(part.hex, 17, 10, File({"md5": "ab" * 16, "sha256": "cd" * 32}, MARKUP, "image/jpeg"))
    described = Described(write(details, FILE_DETAILS), file_of(details))
    with Wrapping(keys.report) as wrapping:
        post(settings, [seal_opening(keys, wrapping, NUMBER, submission, batched=False)])
    changes = [
        Change(Act.UPLOAD, NUMBER, partner.id, part, *sealed(keys, part, "upload", upload.to_text())),
        Change(Act.DESCRIBE, NUMBER, partner.id, part, *sealed(keys, part, "details", described.to_text())),
        Change(Act.FINISH, NUMBER, partner.id, uuid4()),
    ]
    assert post(settings, changes) == ["done", "done", f"done {part.hex}"]
    a_drain(settings, triage_engine)()
    return cases_of(owner)[0].id


def test_all_of_it_is_shown_and_all_of_it_is_text(
    at_work: Browser, settings: Settings, owner: Engine, triage_engine: Engine
) -> None:
    page = at_work.get(f"/cases/{a_case_of_everything(settings, owner, triage_engine)}").text
    seen = Markup(page)
    for shown in (
        *("in the CyberTipline's format", "ab" * 16, "cd" * 32, "size: 17 bytes", "fileViewedByEsp: true"),
        *("192.0.2.17 port 17", "Login, possible proxy", "incidentType: Child", str(NUMBER), "fileAnnotations/viral"),
        *("accountTemporarilyDisabled: true (disabledDate", "<personOrUserReported>", "<fileDetails"),
    ):
        assert shown in seen.text, shown
    assert seen.tags <= SAFE_TAGS
    assert seen.text.count(MARKUP) >= 8
    assert "\x1e" not in page
