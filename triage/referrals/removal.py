"""A takedown notice as a hosting provider reads it: what Article 16(2) of Regulation (EU) 2022/2065 asks for.

Links are made harmless even where only the provider can open it: what it opens is a mail program.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from core.vocabulary import Offence
from triage.referrals.letters import LinkNoticed, TakedownTold
from triage.referrals.reading import defanged

OFFENCES = {
    Offence.MATERIAL: "child sexual abuse material (Article 5 of Directive 2011/93/EU)",
    Offence.EXPLOITATION: "sexual exploitation of a child (Article 4 of Directive 2011/93/EU)",
    Offence.SOLICITATION: "solicitation of a child (Article 6 of Directive 2011/93/EU)",
    Offence.OTHER: "another offence, named below",
}


def removal_subject(told: TakedownTold) -> str:
    """It says what it is, so that it reaches the right desk, and nothing of where or what."""
    return f"{told.sender}: notice of illegal content (Article 16 DSA), {len(told.links)} to look at"


def removal_text(told: TakedownTold) -> bytes:
    """In English."""
    return ("\n".join(_lines(told)) + "\n").encode()


def _lines(told: TakedownTold) -> Iterator[str]:
    yield f"To {told.recipient}"
    yield f"Notice of illegal content under {told.law} (Digital Services Act)"
    yield ""
    yield f"From: {told.sender}" + (f", {told.contact}" if told.contact else "")
    yield f"Number of this notice: {told.id}"
    yield f"Made: {_moment(told.made_at)}"
    yield "If this message comes twice, it is the same notice: the number tells."
    yield ""
    yield "We ask you to remove what is at the addresses below, or to make it unreachable, to keep what your law"
    yield "wants kept for investigators, and to tell us what you decided (Article 16(5))."
    yield ""
    yield "The addresses are made harmless on purpose. To read one, put http for hxxp, : for [:] and . for [.]"
    for number, link in enumerate(told.links, 1):
        yield ""
        yield from _link(number, link)
    yield ""
    yield "We believe in good faith that the information and allegations in this notice are accurate and complete."


def _link(number: int, link: LinkNoticed) -> Iterator[str]:
    yield f"{number}. {defanged(link.url)}"
    yield f"   Our number for it: {link.id}"
    yield f"   Why it is illegal: {OFFENCES[link.offence]}"
    yield from (f"   {line}" for line in link.why.splitlines())
    if link.told > 1:
        yield f"   First asked on {_moment(link.asked_at)}; this is notice {link.told} of it."


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
