"""What is invented: the same for the same seed, in every language, gentle, and with a truth that holds together."""

import re
import subprocess
import sys
from collections import defaultdict
from urllib.parse import urlsplit

import pytest

from core.settings import ROOT
from core.vocabulary import About, Danger
from core.web.locale import read_languages
from ops.simulate.invent import fingerprint, invent
from ops.simulate.invented import Door, Invented, Sort, Trap
from ops.simulate.naming import PROFILES
from ops.simulate.tongues import tongues

MADE = invent(3000, seed=11)
LINKS = re.compile(r"(?:https?|hxxps?)://[\w.\[\]-]+[^\s]*")
PLACES = {urlsplit(profile).netloc for profile in PROFILES.values()}


def by_thing() -> dict[tuple[int, str], list[Invented]]:
    found = defaultdict(list)
    for one in MADE:
        found[one.truth.thing, one.truth.where.said].append(one)
    return found


def test_the_same_seed_makes_the_same_reports_and_another_makes_others() -> None:
    """Also in another process, where sets and dictionaries of words are in another order."""
    program = "from ops.simulate.invent import fingerprint, invent; print(fingerprint(invent(200, seed=4)))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "4711"}, cwd=ROOT, capture_output=True, check=True
    )
    assert elsewhere.stdout.decode().strip() == fingerprint(invent(200, seed=4)) != fingerprint(invent(200, seed=5))


@pytest.mark.parametrize("count", [1, 7, 150])
def test_as_many_are_made_as_are_asked_for(count: int) -> None:
    assert len(invent(count, seed=1)) == count


def test_every_language_door_sort_and_trap_is_there() -> None:
    assert {one.told.language for one in MADE} == set(tongues()) == set(read_languages())
    assert {one.told.door for one in MADE} == set(Door)
    assert {one.truth.sort for one in MADE} == set(Sort)
    assert {trap for one in MADE for trap in one.truth.traps} == set(Trap)


def test_every_language_has_sentences_of_every_kind() -> None:
    kinds = {frozenset(tongue.lines) for tongue in tongues().values()}
    assert len(kinds) == 1
    assert all(len(set(lines)) == len(lines) for tongue in tongues().values() for lines in tongue.lines.values())


def test_no_link_and_no_address_leads_to_anybody() -> None:
    for one in MADE:
        told = " ".join((one.told.what, one.told.link, one.told.account)).replace("[.]", ".")
        for link in LINKS.findall(told):
            parts = urlsplit(link.replace("hxxp", "http"))
            assert parts.netloc.endswith(".example") or (parts.netloc in PLACES and "example" in parts.path), link
        assert not one.told.contact or one.told.contact.endswith("@mail.example")


def test_whoever_stands_alone_is_alone() -> None:
    alone = [together for together in by_thing().values() if together[0].truth.sort is Sort.ALONE]
    assert alone and all(len(together) == 1 for together in alone)


def test_what_belongs_together_is_told_by_several() -> None:
    for sort in (Sort.LINK, Sort.ACCOUNT, Sort.TEXT, Sort.FILE, Sort.PERSON, Sort.FLOOD):
        of_sort = [together for together in by_thing().values() if together[0].truth.sort is sort]
        assert sum(len(together) > 1 for together in of_sort) > len(of_sort) / 3, sort


def test_children_among_copies_say_that_it_is_about_them_and_the_copies_do_not() -> None:
    children = [one for one in MADE if Trap.CHILD_IN_A_FLOOD in one.truth.traps]
    copied = {one.told.what for one in MADE if one.truth.sort is Sort.FLOOD}
    assert {one.told.about for one in children} == {About.ME}
    assert any(one.told.what in copied for one in children), "some paste the very same words"
    assert About.ME not in {one.told.about for one in MADE if one.truth.sort is Sort.FLOOD}


def test_danger_now_is_said_or_told_in_words_and_never_only_remembered() -> None:
    for one in MADE:
        told_in_words = Trap.DANGER_ONLY_IN_WORDS in one.truth.traps
        assert one.truth.now is (one.told.danger is Danger.YES or told_in_words)
        if told_in_words:
            now = tongues()[one.told.language].lines["now"]
            assert any(sentence in one.told.what for sentence in now)


def test_a_country_that_is_only_spoken_of_is_no_reporters() -> None:
    named = [one for one in MADE if Trap.OTHER_COUNTRY_NAMED in one.truth.traps]
    assert named
    for one in named:
        tongue, where = tongues()[one.told.language], one.truth.where
        assert tongue.country(where.named) in one.told.what
        assert where.named != where.said == one.told.country
