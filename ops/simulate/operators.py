"""Reports of operators' servers: worded alike, whatever they are about."""

from dataclasses import dataclass, replace

from core.vocabulary import Danger
from ops.simulate.invented import Door, Invented, Sort, Trap, Truth
from ops.simulate.making import Made, Making
from ops.simulate.naming import a_hash, a_link, word
from ops.simulate.people import Answers
from ops.simulate.tongues import tongues
from ops.simulate.whereabouts import ANSWERED, Where, somewhere

ALIKE = (
    "A user of our service reported this account. Our staff read the conversation, closed the account and kept what "
    "belongs to it; all that we know about it is in the fields of this report."
)
DOORS = (Door.JSON, Door.JSON, Door.JSON, Door.CYBERTIPLINE, Door.CYBERTIPLINE)
SERVICES = ("Northwind Chat", "Contoso Games", "Fabrikam Photos")


@dataclass(frozen=True, slots=True)
class User:
    """An account of an operator's own service."""

    handle: str = ""
    service: str = ""


NOBODY = User()


def one_user(making: Making) -> Made:
    """One account that its operator closed. Some are urgent."""
    chance = making.chance
    door, urgent = chance.choice(DOORS), chance.random() < 0.07
    truth = making.truth(Sort.ALONE, Trap.NEAR_MISS, now=urgent)
    return [_told(making, door, _where(making), truth, _user(making), danger=Danger.YES if urgent else Danger.UNSAID)]


def one_page(making: Making) -> Made:
    """One page that several desks tell of. Nobody says where a child is: where it stands decides."""
    chance = making.chance
    hosted = chance.choice(ANSWERED)
    link, truth = a_link(chance, hosted), making.truth(Sort.LINK)
    doors = [chance.choice((Door.XARF, Door.XARF, Door.JSON)) for _ in range(chance.randint(2, 4))]
    return [_told(making, door, Where(hosted=hosted), truth, link=link) for door in doors]


def one_file_of_many(making: Making) -> Made:
    """One file that went round, passed on by several accounts."""
    chance = making.chance
    file, where, truth = a_hash(chance), _where(making), making.truth(Sort.FILE)
    return [_told(making, Door.JSON, where, truth, _user(making), file=file) for _ in range(chance.randint(2, 4))]


def one_user_again(making: Making) -> Made:
    """One account, told of more than once by its service. The same name at another service is somebody else."""
    chance = making.chance
    user, where, truth = _user(making), _where(making), making.truth(Sort.ACCOUNT)
    told = [_told(making, chance.choice(DOORS), where, truth, user) for _ in range(chance.randint(2, 3))]
    if chance.random() < 0.4:
        elsewhere = User(user.handle, chance.choice([name for name in SERVICES if name != user.service]))
        told.append(_told(making, Door.JSON, where, making.truth(Sort.ALONE, Trap.NEAR_MISS), elsewhere))
    return told


def _user(making: Making) -> User:
    handle = f"{word(making.chance)}.example{making.chance.randrange(10_000):04}"
    return User(handle, making.chance.choice(SERVICES))


def _where(making: Making) -> Where:
    """An operator says where the child is, if it knows, and nothing in words."""
    return replace(somewhere(making.chance, making.tongue().code), named="")


def _told(
    making: Making,
    door: Door,
    where: Where,
    truth: Truth,
    user: User = NOBODY,
    danger: Danger = Danger.UNSAID,
    link: str = "",
    file: str = "",
) -> Invented:
    named = {"link": link, "file": file, "suspect": user.handle, "service": user.service}
    return making.report(tongues()["en"], ALIKE, Answers(danger, about=None), where, truth, door, **named)
