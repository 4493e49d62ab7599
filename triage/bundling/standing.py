"""Who speaks: a report about its own reporter, their own child or somebody in danger now stands on its own."""

from dataclasses import dataclass

from core.details import Details
from core.vocabulary import About, Danger

OWN = frozenset({About.ME, About.MY_CHILD})


@dataclass(frozen=True, slots=True)
class Standing:
    """`own` reports never join by what they name. Two texts are copies only if their `answers` are the same too."""

    own: bool
    answers: bytes


def standing_of(danger: Danger, details: Details, contact: str) -> Standing:
    """From what the reporter answered; what a person can be reached by counts only as given or not."""
    own = details.about in OWN or danger is Danger.YES
    about = str(details.about) if details.about in OWN else ""
    urgent = "danger" if danger is Danger.YES else ""
    ticked = ",".join(sorted(details.risks)) if own else ""
    return Standing(own, "|".join((about, urgent, ticked, "contact" if contact.strip() else "")).encode())
