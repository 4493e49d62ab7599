"""What a person sent or saved on the way, and the sealed row it becomes."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, TypeVar
from uuid import UUID

import msgspec

from core.details import NOTHING, Details
from core.ids import uuid7
from core.keys import IntakeKeys
from core.receipts import derived, mailbox_public, receipt_for, receipt_hash
from core.sealing import DataKey, Row, Wrapping
from core.vocabulary import Channel, ContextState, Danger
from intake.partners.retries import Retry
from intake.slots import Post
from intake.tokens import FormToken


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid form or a partner's report, in the clear; it lives no longer than the request.

    `source` is what a partner sent, whole; `completeness` is 0 to 100. `context_id` names the token by which an app
    signed what it adds; it counts once.
    """

    language: str
    country: str | None
    danger: Danger
    what: str
    link: str
    contact: str
    channel: Channel = Channel.SITE
    details: Details = NOTHING
    partner: UUID | None = None
    source: str = ""
    completeness: int | None = None
    context_state: ContextState | None = None
    context_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report comes in when many do: `crowded` ones wait behind others. A `proof` counts once; 32 bytes."""

    crowded: bool = False
    proof: bytes | None = None


CALM = Standing()


@dataclass(frozen=True, slots=True)
class SealedForm(Post):
    """One row for the letterbox; its fields are the columns."""

    id: UUID
    channel: str
    language: str
    country: str | None
    danger: str
    wrapped_key: bytes
    what: bytes
    link: bytes
    contact: bytes
    details: bytes
    receipt_hash: bytes
    mailbox_key: bytes
    crowded: bool = False
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SealedAnswers(SealedForm):
    """What a person typed, here or in an app."""

    context_state: str | None = None
    context_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class SealedReport(SealedAnswers):
    """What was sent."""

    TABLE: ClassVar = "reports"

    proof: bytes | None = None


@dataclass(frozen=True, slots=True)
class PartnerReport(SealedForm):
    """What a partner sent through a door; `key` and `content` as `intake.partners.retries` makes them."""

    FUNCTION: ClassVar = "take_from_partners"

    source: bytes | None = None
    completeness: int | None = None
    key: bytes = b""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class OpeningReport(SealedForm):
    """What a partner opened and will add to. Its `id` is the place it takes when it is finished."""

    FUNCTION: ClassVar = "open_reports"

    source: bytes | None = None
    completeness: int | None = None
    number: int = 0
    batched: bool = False


@dataclass(frozen=True, slots=True)
class SealedDraft(SealedAnswers):
    """What was saved on the way, sealed to the place it takes among the reports if its person never sends it."""

    TABLE: ClassVar = "drafts"


@dataclass(frozen=True, slots=True)
class Withdrawal(Post):
    """A tombstone: what was saved under this receipt, and was never sent, must go."""

    TABLE: ClassVar = "withdrawals"

    receipt_hash: bytes


class Taken(StrEnum):
    """What became of a partner's report, as the database says it."""

    TAKEN = "taken"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"


S = TypeVar("S", bound=SealedForm)
A = TypeVar("A", bound=SealedAnswers)


def seal(
    keys: IntakeKeys,
    wrapping: Wrapping,
    token: FormToken,
    submission: Submission,
    receipt: str = "",
    standing: Standing = CALM,
) -> tuple[SealedReport, str]:
    """The row to store and the receipt to show once it is stored; `receipt` is one that is added to.

    The same token and words give the same id and receipt. The same token with other words (Back, a
    line added, sent again) is another report with the same receipt: nothing anybody wrote is dropped.
    """
    receipt = receipt or receipt_for(keys.receipt, token.nonce)
    id = _id(keys, token, _said(submission))
    with DataKey() as key:
        row = Row("reports", id)
        sealed = _sealed(SealedReport, keys, wrapping, key, row, submission, receipt, standing.crowded)
    proven = replace(sealed, proof=standing.proof) if standing.proof else sealed
    return _with_context(proven, submission), receipt


def seal_draft(
    keys: IntakeKeys,
    wrapping: Wrapping,
    token: FormToken,
    submission: Submission,
    step: int,
    crowded: bool = False,
) -> SealedDraft:
    """What is known after `step` Continues. The same step with the same words gives the same id."""
    id = _id(keys, token, b"draft" + msgspec.msgpack.encode(step) + _said(submission))
    row, receipt = Row("reports", id), receipt_for(keys.receipt, token.nonce)
    with DataKey() as key:
        draft = _sealed(SealedDraft, keys, wrapping, key, row, submission, receipt, crowded)
    return _with_context(draft, submission)


def withdrawal(keys: IntakeKeys, token: FormToken) -> Withdrawal:
    """The tombstone of everything that was saved under a form token."""
    return Withdrawal(receipt_hash(keys.receipt, receipt_for(keys.receipt, token.nonce)))


def seal_for_partner(
    keys: IntakeKeys, wrapping: Wrapping, retry: Retry, submission: Submission
) -> tuple[PartnerReport, str]:
    """The row to store and its receipt. The same key gives the same receipt, and with the same content the same row."""
    receipt = receipt_for(keys.receipt, retry.token.nonce)
    id = _id(keys, retry.token, retry.content)
    row = Row("reports", id)
    with DataKey() as key:
        sealed = _sealed(PartnerReport, keys, wrapping, key, row, submission, receipt)
        source = key.seal(row, "source", submission.source) if submission.source else None
    complete = replace(
        sealed, source=source, completeness=submission.completeness, key=retry.key, content=retry.content
    )
    return complete, receipt


def seal_opening(
    keys: IntakeKeys, wrapping: Wrapping, number: int, submission: Submission, batched: bool
) -> OpeningReport:
    """The row to store under a number that its partner will call it by."""
    assert submission.partner, "only a partner opens a report"
    whose = submission.partner.bytes + number.to_bytes(8)
    receipt = receipt_for(keys.receipt, derived(keys.partner, b"opened report", whose))
    row = Row("reports", uuid7())
    with DataKey() as key:
        sealed = _sealed(OpeningReport, keys, wrapping, key, row, submission, receipt)
        source = key.seal(row, "source", submission.source)
    return replace(sealed, source=source, completeness=submission.completeness, number=number, batched=batched)


def _sealed(
    kind: type[S],
    keys: IntakeKeys,
    wrapping: Wrapping,
    key: DataKey,
    row: Row,
    submission: Submission,
    receipt: str,
    crowded: bool = False,
) -> S:
    return kind(
        id=row.id,
        channel=submission.channel,
        language=submission.language,
        country=submission.country,
        danger=submission.danger,
        wrapped_key=wrapping.wrap(row, key),
        what=key.seal(row, "what", submission.what),
        link=key.seal(row, "link", submission.link),
        contact=key.seal(row, "contact", submission.contact),
        details=key.seal(row, "details", submission.details.to_text()),
        receipt_hash=receipt_hash(keys.receipt, receipt),
        mailbox_key=mailbox_public(receipt),
        crowded=crowded,
        partner_id=submission.partner,
    )


def _with_context(sealed: A, submission: Submission) -> A:
    """What an app's signature is worth. A plain form has none."""
    if submission.context_state is None:
        return sealed
    return replace(sealed, context_state=submission.context_state, context_id=submission.context_id)


def _said(submission: Submission) -> bytes:
    """All that was sent. What could be found out about the app just then is no part of it: later it may be more."""
    details, context = submission.details, submission.details.context
    if context:
        bare = None if context.is_empty else msgspec.structs.replace(context, doubt=None)
        details = msgspec.structs.replace(details, context=bare)
    sent = replace(submission, details=details, partner=None, context_state=None, context_id=None)
    return msgspec.msgpack.encode(sent)


def _id(keys: IntakeKeys, token: FormToken, content: bytes) -> UUID:
    return uuid7(token.issued_ms, derived(keys.receipt, b"report id", token.nonce + content))
