"""What an agency takes, in the directory's words, beside what a report is about as far as anybody said."""

from collections.abc import Collection

from core.vocabulary import Kind, Risk
from triage.routing.facts import Facts

ANYTHING = "other"
OF_KIND = {
    Kind.CONTACT: frozenset({"grooming"}),
    Kind.PICTURES: frozenset({"csam_url", "self_generated"}),
    Kind.PAGE: frozenset({"csam_url"}),
}
OF_RISK = {
    Risk.MEET: frozenset({"grooming"}),
    Risk.THREAT: frozenset({"sextortion"}),
    Risk.SHARED: frozenset({"self_generated"}),
}


def takes(accepted: Collection[str], facts: Facts) -> bool:
    """Whether an agency that accepts these would. What is not known, of either side, keeps nothing back."""
    kind = OF_KIND.get(Kind(facts.kind)) if facts.kind else None
    if not accepted or ANYTHING in accepted or kind is None:
        return True
    return not kind.union(*(OF_RISK.get(Risk(risk), ()) for risk in facts.risks)).isdisjoint(accepted)
