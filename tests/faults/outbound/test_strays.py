"""The checker itself: for every way a referral can go astray, a story in which it does, and some in which none does."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from core.ids import uuid7
from core.vocabulary import By, DeliveryState
from tests.faults.outbound.checker import Astray, Ended, Sent, strays
from tests.faults.outbound.sides import Copy
from tests.faults.outbound.world import Made

ID = uuid7()
ONE, OTHER, FOREIGN = Copy("17", ID), Copy("18", ID), Copy("19", uuid4())


def a_story(
    *copies: Copy,
    state: DeliveryState = DeliveryState.DELIVERED,
    receipt: str = "17",
    by: By = By.CYBERTIPLINE,
    most: int = 1,
    red: bool = False,
    refused: bool = False,
    healed: bool = True,
) -> Sent:
    """One referral, and what became of it."""
    return Sent(
        made=[Made(ID, by, most, refused)],
        ended={ID: Ended(state, receipt)},
        red={ID} if red else set(),
        copies={by: copies},
        healed=healed,
    )


HOLDS: dict[str, Callable[[], Sent]] = {
    "delivered": lambda: a_story(ONE),
    "taken again under its number after a lost answer": lambda: a_story(ONE, ONE, by=By.EMAIL, most=2),
    "refused for good and on the red list": lambda: a_story(state=DeliveryState.GIVEN_UP, red=True, refused=True),
    "nobody answers, and it is on the red list": lambda: a_story(state=DeliveryState.FAILED, red=True, healed=False),
}
BREAKS: dict[Astray, Callable[[], Sent]] = {
    Astray.MISSING: lambda: a_story(),
    Astray.UNSEEN: lambda: a_story(state=DeliveryState.SENDING),
    Astray.UNDELIVERED: lambda: a_story(state=DeliveryState.FAILED, red=True),
    Astray.TWICE: lambda: a_story(ONE, OTHER),
    Astray.UNREADABLE: lambda: a_story(ONE, FOREIGN),
    Astray.OTHER_RECEIPT: lambda: a_story(ONE, receipt="another"),
}


@pytest.mark.parametrize("story", HOLDS.values(), ids=HOLDS)
def test_a_story_in_which_nothing_goes_astray(story: Callable[[], Sent]) -> None:
    assert strays(story()) == []


@pytest.mark.parametrize("astray", Astray, ids=lambda astray: astray.name.lower())
def test_a_story_in_which_a_referral_goes_astray(astray: Astray) -> None:
    assert {violation.broken for violation in strays(BREAKS[astray]())} == {astray}


def test_two_numbers_are_two_referrals_though_a_second_copy_may_be_there() -> None:
    assert [one.broken for one in strays(a_story(ONE, OTHER, by=By.WEBHOOK, most=2))] == [Astray.TWICE]


def test_more_copies_than_answers_were_lost_are_too_many() -> None:
    assert [one.broken for one in strays(a_story(ONE, ONE, ONE, by=By.EMAIL, most=2))] == [Astray.TWICE]
