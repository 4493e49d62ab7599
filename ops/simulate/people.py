"""Who reports, and what such a person answers and ticks."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from core.vocabulary import About, Age, Danger, Kind, Risk
from ops.simulate.naming import word


class Who(StrEnum):
    CHILD = "child"
    PARENT = "parent"
    BYSTANDER = "bystander"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was chosen besides the words."""

    danger: Danger
    about: About | None
    age: Age | None = None
    kind: Kind | None = None
    risks: tuple[Risk, ...] = ()
    contact: str = ""


ABOUT = {
    Who.CHILD: (About.ME,),
    Who.PARENT: (About.MY_CHILD,),
    Who.BYSTANDER: (About.SEEN, About.A_CHILD, None),
    Who.WORKER: (About.WORK,),
}
CALM = (Danger.NO, Danger.NO, Danger.UNSAID, Danger.UNSAID, Danger.UNSURE)


def answers_of(chance: Random, who: Who, danger: Danger | None = None, reachable: float = 0.3) -> Answers:
    """`danger` if it is settled; else whatever is no danger now."""
    about = chance.choice(ABOUT[who])
    child = about in (About.ME, About.MY_CHILD, About.A_CHILD)
    return Answers(
        danger=danger or chance.choice(CALM),
        about=about,
        age=chance.choice((*Age, None)) if child else None,
        kind=chance.choice((Kind.CONTACT, Kind.CONTACT, Kind.PICTURES, None) if child else (Kind.PAGE, None)),
        risks=tuple(risk for risk in Risk if child and chance.random() < 0.12),
        contact=f"{word(chance)}@mail.example" if chance.random() < reachable else "",
    )
