"""Reports that stand by themselves: most of what children and parents send, and some of what others do."""

from dataclasses import replace
from random import Random

from core.vocabulary import Danger
from ops.simulate.invented import Door, Invented, Sort, Trap
from ops.simulate.making import Made, Making
from ops.simulate.naming import a_link, a_phone, account_field, an_account
from ops.simulate.people import Answers, Who, answers_of
from ops.simulate.tales import tale
from ops.simulate.tongues import Tongue
from ops.simulate.whereabouts import Where, somewhere

KINDS = {
    Who.CHILD: (("mine", 2, 4), ("told", 1, 4)),
    Who.PARENT: (("told", 4, 7),),
    Who.BYSTANDER: (("seen", 2, 4), ("told", 1, 4)),
}


def one_person(making: Making) -> Made:
    """A child, a parent or a bystander: in danger or not, with a link, an account, a phone or nothing."""
    chance, tongue = making.chance, making.tongue()
    who = chance.choice((Who.CHILD, Who.CHILD, Who.PARENT, Who.BYSTANDER))
    linked, called = chance.random() < 0.25, chance.random() < 0.08
    where = somewhere(chance, tongue.code, linked, called)
    answers, line, traps = _urgency(chance, tongue, who)
    text = tale(chance, tongue, *KINDS[who]).text
    for more in (line, _of_phone(chance, tongue, where), _of_country(chance, tongue, where)):
        text = making.with_line(tongue, text, more) if more else text
    if where.named:
        traps = (*traps, Trap.OTHER_COUNTRY_NAMED)
    now = answers.danger is Danger.YES or Trap.DANGER_ONLY_IN_WORDS in traps
    link = a_link(chance, where.hosted) if linked else ""
    account = account_field(chance, an_account(chance)) if chance.random() < 0.2 else ""
    return [
        making.report(
            tongue, text, answers, where, making.truth(Sort.ALONE, *traps, now=now), link=link, account=account
        )
    ]


def few_words(making: Making) -> Made:
    """Two people who say the same in a few words: that is many people's story and nobody's mark."""
    chance, tongue = making.chance, making.tongue()
    line = chance.choice(tongue.lines["short"])
    return [
        making.report(
            tongue,
            line,
            answers_of(chance, chance.choice((Who.CHILD, Who.BYSTANDER))),
            somewhere(chance, tongue.code),
            making.truth(Sort.ALONE, Trap.NEAR_MISS),
        )
        for _ in range(2)
    ]


def adds_something(making: Making) -> Made:
    """Somebody goes back and adds a line: another report under the same receipt, of the same thing."""
    chance, tongue = making.chance, making.tongue()
    who = chance.choice((Who.CHILD, Who.PARENT, Who.BYSTANDER))
    answers, where = answers_of(chance, who), somewhere(chance, tongue.code)
    text = tale(chance, tongue, *KINDS[who]).text
    first = making.report(tongue, text, answers, where, making.truth(Sort.PERSON), Door.FORM)
    added = tongue.join([text, tongue.say(chance, "later")])
    return [first, _under_the_same_form(first, added)]


def tells_it_again(making: Making) -> Made:
    """A child that waits for an answer and sends the same once more, with a new form."""
    chance, tongue = making.chance, making.tongue()
    answers, where = answers_of(chance, Who.CHILD, reachable=0.5), somewhere(chance, tongue.code)
    text, truth = tale(chance, tongue, *KINDS[Who.CHILD]).text, making.truth(Sort.PERSON)
    return [making.report(tongue, text, answers, where, truth) for _ in range(2)]


def _urgency(chance: Random, tongue: Tongue, who: Who) -> tuple[Answers, str, tuple[Trap, ...]]:
    """The answers, a sentence that goes with them, and what it may be mistaken for."""
    roll = chance.random()
    if roll < 0.08:
        return answers_of(chance, who, Danger.YES), tongue.say(chance, "now") if chance.random() < 0.5 else "", ()
    if roll < 0.13:
        unsure = chance.choice((Danger.UNSAID, Danger.UNSURE))
        return answers_of(chance, who, unsure), tongue.say(chance, "now"), (Trap.DANGER_ONLY_IN_WORDS,)
    if roll < 0.22:
        calm = chance.choice((Danger.NO, Danger.UNSAID))
        return answers_of(chance, who, calm), tongue.say(chance, "past"), (Trap.WORDS_OF_PAST_DANGER,)
    return answers_of(chance, who), "", ()


def _of_phone(chance: Random, tongue: Tongue, where: Where) -> str:
    return tongue.say(chance, "phone", phone=a_phone(chance, where.phone)) if where.phone else ""


def _of_country(chance: Random, tongue: Tongue, where: Where) -> str:
    return tongue.say(chance, "abroad", country=tongue.country(where.named)) if where.named else ""


def _under_the_same_form(first: Invented, what: str) -> Invented:
    return replace(first, told=replace(first.told, what=what, twice=False))
