"""Why a quotation has its speaker: candidates, judges and doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from searcher.article import Quote

#: The method that chose the speaker: the English rules, the encoder, a label ("ROE: …"), a record that names
#: the speaker, or words that name a source ("laut Roe").
Judge = Literal["rules", "network", "label", "record", "source"]
#: Reasons to doubt the speaker.
Doubt = Literal["unreported", "fragment", "carried", "open", "vague", "far", "site"]
_MAX_CANDIDATES: Final = 4
_MIN_SHARE: Final = 0.01  # minimum probability of a candidate in the explanation


@dataclass(frozen=True, slots=True)
class Reason:
    """How a quotation got its speaker.

    Attributes:
        judges: What decided.
        candidates: Names with their probabilities, most likely first. None: nobody the article names.
        speech: Probability that somebody said it.
        words: Place in the body of the words that attribute it.
        doubts: What makes the speaker doubtful.
    """

    judges: tuple[Judge, ...]
    candidates: tuple[tuple[str | None, float], ...] = ()
    speech: float = 1.0
    words: tuple[int, int] | None = None
    doubts: tuple[Doubt, ...] = ()


class ExplainedQuote(NamedTuple):
    """A quotation and its reason."""

    quote: Quote
    reason: Reason


def ranked_candidates(shares: Iterable[tuple[str | None, float]]) -> tuple[tuple[str | None, float], ...]:
    """Return the most likely candidates, with normalised shares."""
    total: dict[str | None, float] = {}
    for name, share in shares:
        total[name] = total.get(name, 0.0) + share
    whole = sum(total.values()) or 1.0
    best = sorted(total.items(), key=lambda pair: -pair[1])[:_MAX_CANDIDATES]
    return tuple((name, share / whole) for name, share in best if share >= _MIN_SHARE * whole)
