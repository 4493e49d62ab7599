"""Every page of a face, as the server sends it, in one language."""

import os
from datetime import UTC, datetime

from core.db import transaction
from core.models import Report
from core.vocabulary import Channel, Danger, ReportState, Role
from tests.browser.visitor import Door, Seen, Visitor
from tests.journeys.people import CASES, CLOSE, LEAVE, SEND, decide, log_in, tell, try_to_log_in, wait_for_cases
from tests.journeys.product import Product

SECRET = "An adult asked me to keep a secret."
REASON = "The police of that country will call."


def public_pages(door: Door, language: str) -> list[Seen]:
    """Landing, not found, form, form with problems, receipt."""
    site = f"{door.public}/{language}"
    with door.visitor(language=language) as reporter:
        pages = [reporter.goes_to(f"{site}/"), reporter.goes_to(f"{site}/nothing-here")]
        pages.append(reporter.goes_to(f"{site}/report"))
        tell(reporter.page, country="IT", link="x" * 3000)
        pages.append(reporter.clicks(SEND))
        pages.append(report(reporter, language))
    assert [page.status for page in pages] == [200, 404, 200, 422, 200]
    return pages


def console_pages(door: Door, product: Product, language: str) -> list[Seen]:
    """What three people see: one with nothing to do, one who works a case, one who takes too long."""
    _quarantine_a_report(product)
    with door.visitor(language=language) as staff:
        idle = _find_nothing(staff, product)
    with door.visitor(language=language) as staff:
        report(staff, language)
        work = _work(staff, product)
    with door.visitor(language=language) as staff:
        report(staff, language)
        late = _take_too_long(staff, product)
    return [*idle, *work, late]


def _find_nothing(staff: Visitor, product: Product) -> list[Seen]:
    """Log-in, refusal, empty queue, and no quarantine: that is the home agency's."""
    person = product.a_member(agency=product.an_agency("example-idle", "NO"))
    pages = [staff.goes_to(f"{product.console}/login"), try_to_log_in(staff, person, "0"), log_in(staff, person)]
    assert not staff.page.locator(CASES).count()
    pages.append(staff.goes_to(f"{product.console}/quarantine"))
    assert [page.status for page in pages] == [200, 403, 200, 404]
    return pages


def _work(staff: Visitor, product: Product) -> list[Seen]:
    """Queue, case, case with problems, closed case, quarantine, logged out."""
    log_in(staff, product.a_member(Role.SUPERVISOR))
    pages = [wait_for_cases(staff), staff.clicks(staff.page.locator(CASES).first), staff.clicks(CLOSE)]
    pages += [decide(staff, "passed_on", REASON), staff.goes_to(f"{product.console}/quarantine")]
    assert staff.page.locator("table form").count()
    pages.append(staff.clicks(LEAVE))
    assert [page.status for page in pages] == [200, 200, 422, 200, 200, 200]
    return pages


def _take_too_long(staff: Visitor, product: Product) -> Seen:
    """The session is over before the form is sent."""
    log_in(staff, product.a_member())
    wait_for_cases(staff)
    staff.clicks(staff.page.locator(CASES).first)
    staff.context.clear_cookies()
    late = decide(staff, "passed_on", REASON)
    assert late.status == 403
    return late


def report(reporter: Visitor, language: str) -> Seen:
    """The receipt's page. No agency answers for no country, so the case is the home agency's."""
    reporter.goes_to(f"{reporter.door.public}/{language}/report")
    tell(reporter.page, what=SECRET, danger="yes", link="https://example.com/a/page", contact="someone@example.org")
    return reporter.clicks(SEND)


def _quarantine_a_report(product: Product) -> None:
    with transaction(product.owner) as session:
        session.add(
            Report(
                channel=Channel.SITE,
                language="en",
                danger=Danger.UNSAID,
                wrapped_key=os.urandom(100),
                what=b"",
                link=b"",
                contact=b"",
                receipt_hash=os.urandom(32),
                mailbox_key=os.urandom(32),
                state=ReportState.QUARANTINED,
                attempts=5,
                next_try_at=datetime.now(UTC),
                trouble="CannotOpen",
            )
        )
