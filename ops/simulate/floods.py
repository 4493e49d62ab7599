"""Floods: one text over and over, and children among the copies to whom it happened."""

from dataclasses import replace

from core.vocabulary import Danger
from ops.simulate.invented import Sort, Trap
from ops.simulate.making import Made, Making
from ops.simulate.naming import a_link, as_pasted
from ops.simulate.people import Who, answers_of
from ops.simulate.tales import passed_on, tale
from ops.simulate.whereabouts import ANSWERED, somewhere

EXACT = 0.7


def one_flood(making: Making, size: int) -> Made:
    """Copies by the same sort of person, who may all say that somebody is in danger; one or two children besides."""
    chance, tongue = making.chance, making.tongue()
    source = tale(chance, tongue, ("told", 5, 7))
    link = a_link(chance) if chance.random() < 0.5 else ""
    danger = Danger.YES if chance.random() < 0.25 else None
    answers = answers_of(chance, Who.BYSTANDER, danger, reachable=0.0)
    home = replace(somewhere(chance, tongue.code), named="", said=chance.choice(ANSWERED))
    truth = making.truth(Sort.FLOOD, now=danger is Danger.YES)
    copies = [
        making.report(
            tongue,
            source.text if chance.random() < EXACT else passed_on(chance, source),
            answers,
            home,
            truth,
            link=as_pasted(chance, link) if link else "",
        )
        for _ in range(size)
    ]
    own_words = tale(chance, tongue, ("mine", 3, 5), ("told", 1, 2)).text
    children = [
        making.report(
            tongue,
            text,
            answers_of(chance, Who.CHILD),
            home,
            making.truth(Sort.ALONE, Trap.CHILD_IN_A_FLOOD),
            link=as_pasted(chance, link) if link else "",
        )
        for text in (source.text, own_words)
    ]
    return [*copies, *children]
