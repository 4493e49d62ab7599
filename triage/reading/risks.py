"""Signs of risk: from what was answered, and from words, by lists that anybody can read and correct."""

from collections.abc import Iterator, Sequence

from core.details import Details
from core.vocabulary import Age, Danger, Kind, Risk, Sign
from triage.reading.folding import span_of
from triage.reading.found import RiskSign
from triage.reading.lexicon import Lexicon, lexicon

BY_RISK = {Risk.MEET: Sign.MEETING, Risk.THREAT: Sign.THREATS}


def signs_of_answers(danger: Danger, details: Details) -> Iterator[RiskSign]:
    """What was chosen and ticked, in the report's own terms."""
    if danger is Danger.YES:
        yield RiskSign(Sign.DANGER_NOW, "danger")
    if details.age is Age.UNDER_13:
        yield RiskSign(Sign.YOUNG, "age")
    if details.kind is Kind.NEARBY and Risk.KNOWN in details.risks:
        yield RiskSign(Sign.AT_HOME, "kind")
    for risk in details.risks:
        if risk in BY_RISK:
            yield RiskSign(BY_RISK[risk], "risks")


def signs_in_words(field: str, text: str, words: Sequence[str], languages: Sequence[str]) -> list[RiskSign]:
    """The first of each sign in a text of these folded words, in any of these languages."""
    found: dict[Sign, RiskSign] = {}
    for language in languages:
        if known := lexicon(language):
            spoken, origin = _as_spelled(words, known)
            for sign, first, end in known.find(spoken, found):
                place = span_of(text, origin[first], origin[end - 1])
                found[sign] = RiskSign(sign, field, *place, language)
    return list(found.values())


def _as_spelled(words: Sequence[str], known: Lexicon) -> tuple[Sequence[str], Sequence[int]]:
    """With what the language's file calls the same, `dont` as `do not`; and which word each of them was."""
    if known.same.keys().isdisjoint(words):
        return words, range(len(words))
    pairs = [(part, place) for place, word in enumerate(words) for part in known.same.get(word, (word,))]
    return [part for part, _ in pairs], [place for _, place in pairs]
