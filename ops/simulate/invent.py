"""A whole simulation from a seed: the same reports in the same order, whenever and wherever it is made."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from random import Random

import msgspec

from ops.simulate import alone, operators, together
from ops.simulate.floods import one_flood
from ops.simulate.invented import Invented
from ops.simulate.making import Made, Making

MIX: Mapping[Callable[[Making], Made], int] = {
    alone.one_person: 100,
    alone.few_words: 3,
    alone.adds_something: 3,
    alone.tells_it_again: 3,
    together.one_link: 5,
    together.one_account: 5,
    together.one_text: 6,
    together.form_letters: 2,
    together.one_file: 3,
    operators.one_user: 30,
    operators.one_page: 3,
    operators.one_user_again: 3,
    operators.one_file_of_many: 2,
}
"""How often each is drawn; some make several reports at once."""

FLOODED = 0.08
FLOODS = 8
SMALLEST_FLOOD = 8


def invent(count: int, seed: int) -> list[Invented]:
    """So many reports, shuffled."""
    making = Making(Random(seed))
    made: list[Invented] = []
    size = int(count * FLOODED / FLOODS)
    for _ in range(FLOODS if size >= SMALLEST_FLOOD else 1):
        made += one_flood(making, max(size, SMALLEST_FLOOD))
    while len(made) < count:
        [maker] = making.chance.choices(list(MIX), list(MIX.values()))
        made += maker(making)
    del made[count:]
    making.chance.shuffle(made)
    return made


def fingerprint(made: Sequence[Invented]) -> str:
    """Short, and another one when any report is."""
    return hashlib.sha256(msgspec.json.encode(list(made))).hexdigest()[:12]
