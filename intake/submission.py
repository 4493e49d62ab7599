"""What a person sent, and the sealed row it becomes."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from core.ids import uuid7
from core.keys import IntakeKeys
from core.receipts import derived, mailbox_public, receipt_for, receipt_hash
from core.sealing import DataKey, Row, Wrapping
from core.vocabulary import Channel, Danger
from intake.tokens import FormToken


@dataclass(frozen=True, slots=True)
class Submission:
    """A valid form, in the clear; it lives no longer than the request."""

    language: str
    country: str | None
    danger: Danger
    what: str
    link: str
    contact: str
    channel: Channel = Channel.SITE


@dataclass(frozen=True, slots=True)
class SealedReport:
    """One row for the letterbox, in the order of `letterbox.COLUMNS`."""

    id: UUID
    channel: str
    language: str
    country: str | None
    danger: str
    wrapped_key: bytes
    what: bytes
    link: bytes
    contact: bytes
    receipt_hash: bytes
    mailbox_key: bytes


def seal(
    keys: IntakeKeys, wrapping: Wrapping, token: FormToken, submission: Submission, receipt: str = ""
) -> tuple[SealedReport, str]:
    """The row to store and the receipt to show once it is stored; `receipt` is one that is added to.

    The same token and words give the same id and receipt. The same token with other words (Back, a
    line added, sent again) is another report with the same receipt: nothing anybody wrote is dropped.
    """
    receipt = receipt or receipt_for(keys.receipt, token.nonce)
    row = Row("reports", _id(keys, token, submission))
    with DataKey() as key:
        return SealedReport(
            id=row.id,
            channel=submission.channel,
            language=submission.language,
            country=submission.country,
            danger=submission.danger,
            wrapped_key=wrapping.wrap(row, key),
            what=key.seal(row, "what", submission.what),
            link=key.seal(row, "link", submission.link),
            contact=key.seal(row, "contact", submission.contact),
            receipt_hash=receipt_hash(keys.receipt, receipt),
            mailbox_key=mailbox_public(receipt),
        ), receipt


def _id(keys: IntakeKeys, token: FormToken, submission: Submission) -> UUID:
    content = msgspec.msgpack.encode(submission)
    return uuid7(token.issued_ms, derived(keys.receipt, b"report id", token.nonce + content))
