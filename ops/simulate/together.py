"""Reports of one thing by several people, and beside them what looks like it and is something else."""

from dataclasses import replace

from ops.simulate.invented import Door, Invented, Sort, Trap, Truth
from ops.simulate.making import Made, Making
from ops.simulate.naming import (
    Account,
    a_hash,
    a_link,
    account_field,
    account_said,
    an_account,
    another_page,
    another_site,
    as_pasted,
    defanged,
)
from ops.simulate.people import Who, answers_of
from ops.simulate.tales import about_somebody_else, passed_on, tale
from ops.simulate.tongues import Tongue
from ops.simulate.whereabouts import ANSWERED, Where, somewhere


def one_link(making: Making) -> Made:
    """Several people saw one page. A child it happened to stands alone; other pages and other sites are others."""
    chance, tongue = making.chance, making.tongue()
    hosted = chance.choice(ANSWERED) if chance.random() < 0.5 else ""
    link = a_link(chance, hosted)
    home, truth = replace(somewhere(chance, tongue.code), hosted=hosted), making.truth(Sort.LINK)
    told = [_saw_link(making, tongue, _near(making, home), truth, link) for _ in range(chance.randint(2, 7))]
    if chance.random() < 0.4:
        told.append(_saw_link(making, tongue, home, _alone(making), another_page(chance, link)))
    if chance.random() < 0.4:
        told.append(_saw_link(making, tongue, home, _alone(making), another_site(chance, link)))
    if chance.random() < 0.3:
        told.append(_saw_link(making, tongue, home, _alone(making), link, Who.CHILD))
    return told


def one_account(making: Making) -> Made:
    """Several people met one account. The same name elsewhere, and one that is a digit off, are others."""
    chance, tongue = making.chance, making.tongue()
    account, home, truth = an_account(chance), somewhere(chance, tongue.code), making.truth(Sort.ACCOUNT)
    told = [_met(making, tongue, _near(making, home), truth, account) for _ in range(chance.randint(2, 6))]
    if chance.random() < 0.4:
        told.append(_met(making, tongue, home, _alone(making), account.elsewhere(chance)))
    if chance.random() < 0.4:
        told.append(_met(making, tongue, home, _alone(making), account.similar(chance)))
    if chance.random() < 0.3:
        told += [_met(making, tongue, home, _alone(making), account, Who.CHILD) for _ in range(2)]
    return told


def one_text(making: Making) -> Made:
    """One text, passed on by several people. With another link in it it is about something else."""
    chance, tongue = making.chance, making.tongue()
    source, home, truth = tale(chance, tongue, ("told", 4, 7)), somewhere(chance, tongue.code), making.truth(Sort.TEXT)
    link = a_link(chance) if chance.random() < 0.3 else ""
    texts = [source.text, *(passed_on(chance, source) for _ in range(chance.randint(1, 5)))]
    told = [_passes_on(making, tongue, home, truth, text, as_pasted(chance, link) if link else "") for text in texts]
    if link:
        told.append(_passes_on(making, tongue, home, _alone(making), source.text, another_page(chance, link)))
    if chance.random() < 0.5:
        told.append(_passes_on(making, tongue, home, _alone(making), about_somebody_else(chance, source).text, ""))
    return told


def form_letters(making: Making) -> Made:
    """One letter that a school gave out, filled in by families who do not know each other."""
    chance, tongue = making.chance, making.tongue()
    letter, home = tale(chance, tongue, ("told", 4, 6)), somewhere(chance, tongue.code)
    return [
        _passes_on(making, tongue, home, _alone(making), about_somebody_else(chance, letter).text, "", Who.PARENT)
        for _ in range(chance.randint(2, 6))
    ]


def one_file(making: Making) -> Made:
    """One file, named by people whose work it is: on the site, and from an operator's desk."""
    chance, tongue = making.chance, making.tongue()
    file, home, truth = a_hash(chance), somewhere(chance, tongue.code), making.truth(Sort.FILE)
    doors = [chance.choice((Door.FORM, Door.FORM, Door.JSON)) for _ in range(chance.randint(2, 4))]
    return [_knows_file(making, tongue, home, truth, file, door) for door in doors]


def _alone(making: Making) -> Truth:
    return making.truth(Sort.ALONE, Trap.NEAR_MISS)


def _near(making: Making, home: Where) -> Where:
    """Most who tell of one thing live in one country."""
    if making.chance.random() < 0.85:
        return home
    return replace(home, said=making.chance.choice(ANSWERED))


def _saw_link(
    making: Making, tongue: Tongue, where: Where, truth: Truth, link: str, who: Who = Who.BYSTANDER
) -> Invented:
    chance = making.chance
    text = tale(chance, tongue, ("mine", 2, 4) if who is Who.CHILD else ("seen", 2, 4), ("told", 1, 3)).text
    pasted = as_pasted(chance, link)
    if chance.random() < 0.6:
        return making.report(tongue, text, answers_of(chance, who), where, truth, link=pasted)
    written = defanged(link) if chance.random() < 0.2 else pasted
    text = making.with_line(tongue, text, tongue.say(chance, "link", link=written))
    return making.report(tongue, text, answers_of(chance, who), where, truth)


def _met(
    making: Making, tongue: Tongue, where: Where, truth: Truth, account: Account, who: Who = Who.BYSTANDER
) -> Invented:
    chance = making.chance
    text = tale(chance, tongue, ("mine", 2, 4) if who is Who.CHILD else ("seen", 1, 3), ("told", 2, 4)).text
    if chance.random() < 0.6:
        field = account_field(chance, account)
        return making.report(tongue, text, answers_of(chance, who), where, truth, account=field)
    text = making.with_line(tongue, text, account_said(chance, tongue, account))
    return making.report(tongue, text, answers_of(chance, who), where, truth)


def _passes_on(
    making: Making, tongue: Tongue, where: Where, truth: Truth, text: str, link: str, who: Who = Who.BYSTANDER
) -> Invented:
    answers = answers_of(making.chance, who, reachable=0.0)
    return making.report(tongue, text, answers, where, truth, link=link)


def _knows_file(making: Making, tongue: Tongue, where: Where, truth: Truth, file: str, door: Door) -> Invented:
    chance = making.chance
    text = making.with_line(tongue, tale(chance, tongue, ("seen", 2, 4)).text, tongue.say(chance, "hash", hash=file))
    return making.report(tongue, text, answers_of(chance, Who.WORKER), where, truth, door)
