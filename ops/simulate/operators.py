"""Reports of operators' servers: worded alike, whatever they are about."""

from dataclasses import replace

from core.vocabulary import Danger
from ops.simulate.invented import Door, Invented, Sort, Trap, Truth
from ops.simulate.making import Made, Making
from ops.simulate.naming import a_hash, a_link, word
from ops.simulate.people import Answers, Who, answers_of
from ops.simulate.tongues import tongues
from ops.simulate.whereabouts import ANSWERED, Where, somewhere

ALIKE = (
    "A user of our service reported this account. Our staff read the conversation, closed the account and kept what "
    "belongs to it; all that we know about it is in the fields of this report."
)
DOORS = (Door.JSON, Door.JSON, Door.JSON, Door.CYBERTIPLINE, Door.CYBERTIPLINE)


def one_user(making: Making) -> Made:
    """One account that its operator closed. Some are urgent."""
    chance = making.chance
    door, urgent = chance.choice(DOORS), chance.random() < 0.07
    where = somewhere(chance, "en") if chance.random() < 0.3 else somewhere(chance, making.tongue().code)
    answers = answers_of(chance, Who.BYSTANDER, Danger.YES if urgent else Danger.UNSAID)
    told = _told(making, door, replace(where, named=""), making.truth(Sort.ALONE, Trap.NEAR_MISS, now=urgent), answers)
    return [replace(told, told=replace(told.told, suspect=_user(making)))]


def one_page(making: Making) -> Made:
    """One page that several desks tell of. Nobody says where a child is: where it stands decides."""
    chance = making.chance
    hosted = chance.choice(ANSWERED)
    link, truth = a_link(chance, hosted), making.truth(Sort.LINK)
    doors = [chance.choice((Door.XARF, Door.XARF, Door.JSON)) for _ in range(chance.randint(2, 4))]
    return [_told(making, door, Where(hosted=hosted), truth, link=link) for door in doors]


def one_file_of_many(making: Making) -> Made:
    """One file that went round: each account that passed it on is another person."""
    chance = making.chance
    file, where = a_hash(chance), replace(somewhere(chance, "en"), named="")
    return [
        _told(making, Door.JSON, where, making.truth(Sort.ALONE, Trap.NEAR_MISS), suspect=_user(making), file=file)
        for _ in range(chance.randint(2, 4))
    ]


def one_user_again(making: Making) -> Made:
    """One account of one service, told of more than once."""
    chance = making.chance
    user, where, truth = _user(making), replace(somewhere(chance, "en"), named=""), making.truth(Sort.ACCOUNT)
    return [_told(making, Door.JSON, where, truth, suspect=user) for _ in range(chance.randint(2, 3))]


def _user(making: Making) -> str:
    return f"{word(making.chance)}.example{making.chance.randrange(10_000):04}"


def _told(
    making: Making,
    door: Door,
    where: Where,
    truth: Truth,
    answers: Answers | None = None,
    **named: str,
) -> Invented:
    chance = making.chance
    settled = answers or answers_of(chance, Who.BYSTANDER, Danger.UNSAID)
    return making.report(tongues()["en"], ALIKE, replace(settled, about=None), where, truth, door, **named)
