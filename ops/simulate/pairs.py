"""Pairwise precision and recall: of the pairs in one case, how many belong together; and the other way round."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def pairs_in(groups: Iterable[Hashable]) -> int:
    """How many pairs of places are in one group."""
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def precision_and_recall(things: Sequence[Hashable], cases: Sequence[Hashable]) -> tuple[float, float]:
    """Of the same reports: what each is of, and where it is. Nothing found is all right, and so is nothing to find."""
    right, found, true = (pairs_in(groups) for groups in (zip(things, cases, strict=True), cases, things))
    return right / found if found else 1.0, right / true if true else 1.0
