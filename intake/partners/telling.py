"""From the JSON door's report to what everybody else here calls one."""

from typing import Any, TypeVar
from uuid import UUID

import msgspec

from core import accounts as known
from core.details import Details
from core.vocabulary import Channel, Danger, Risk, Side
from intake.partners import wire
from intake.partners.completeness import measured
from intake.submission import Submission

K = TypeVar("K", bound=msgspec.Struct)
NOBODY, NOWHERE = wire.Reporter(), wire.Conversation()
NO_CHILD = wire.Child()


def to_submission(report: wire.Report, partner: UUID, source: str) -> Submission:
    """The report of a partner, with how complete it is."""
    child, reporter = report.child or NO_CHILD, report.reporter or NOBODY
    submission = Submission(
        language=report.language,
        country=child.country or reporter.country,
        danger=Danger(report.danger or Danger.UNSAID),
        what=report.what,
        link=report.urls[0] if report.urls else "",
        contact="\n".join(way for way in (reporter.email, reporter.phone) if way),
        channel=Channel.API,
        details=_details(report, child, reporter),
        partner=partner,
        source=source,
    )
    return measured(submission)


def _details(report: wire.Report, child: wire.Child, reporter: wire.Reporter) -> Details:
    conversation = report.conversation or NOWHERE
    return Details(
        about=reporter.about,
        age=child.age,
        kind=report.kind,
        risks=tuple(risk for risk in Risk if risk in report.risks),
        safe=reporter.safe or "",
        service=report.service or "",
        conversation=conversation.id or "",
        happened=report.happened_at or "",
        urgency=report.urgency or "",
        reference=report.reference or "",
        accounts=_accounts(report, child, reporter),
        messages=tuple(_plain(message, known.Message) for message in conversation.messages),
        urls=report.urls[1:],
        files=tuple(_file(file) for file in report.files),
        child_country=child.country or "",
        note=report.note or "",
    )


def _accounts(report: wire.Report, child: wire.Child, reporter: wire.Reporter) -> tuple[known.Account, ...]:
    sides = [(account, Side.REPORTED) for account in report.accounts]
    sides += [(each.account, side) for each, side in ((child, Side.CHILD), (reporter, Side.REPORTER)) if each.account]
    sides += [(account, Side.OTHER) for account in report.others]
    return tuple(_account(account, side) for account, side in sides)


def _account(account: wire.Account, side: Side) -> known.Account:
    seen = tuple(_plain(each, known.Sighting) for each in account.seen)
    return msgspec.structs.replace(_plain(account, known.Account, "seen"), side=side, seen=seen)


def _file(file: wire.File) -> known.File:
    hashes = _given(file.hashes or wire.Hashes())
    return msgspec.structs.replace(_plain(file, known.File, "hashes"), hashes=hashes)


def _plain(told: wire.Wire, kind: type[K], *but: str) -> K:
    """The fields of one as those of the other: they have the same names."""
    return kind(**{name: value for name, value in _given(told).items() if name not in but})


def _given(told: wire.Wire) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(told).items() if value not in (None, ())}
