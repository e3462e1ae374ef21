"""Why a quotation has its speaker: who else may have said it, who was asked, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from searcher.article import Quote

#: Who was asked: rules for English, the network, the label of a line ("ROE: …"), another place of the article
#: that holds the same words, the quotation after a sub-heading, a record that says who speaks, or words that
#: name a source ("laut Roe").
Judge = Literal["rules", "network", "label", "repeated", "subheading", "record", "source"]
#: What speaks against a speaker.
Doubt = Literal[
    "unreported", "asked", "fragment", "carried", "open", "vague", "far", "newcomer", "impersonal", "site"
]
#: Candidates that are told, and the least share of one.
_MAX_CANDIDATES: Final = 4
_MIN_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Reason:
    """How a quotation came by its speaker.

    ``candidates`` are those who may have said it with their shares, likeliest first; None is nobody whom the
    article names. ``speech`` is how likely somebody said it at all, ``words`` the place in the body of the
    words that attribute it.
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
    """The likeliest candidates, with shares of all belief."""
    total: dict[str | None, float] = {}
    for name, share in shares:
        total[name] = total.get(name, 0.0) + share
    whole = sum(total.values()) or 1.0
    best = sorted(total.items(), key=lambda pair: -pair[1])[:_MAX_CANDIDATES]
    return tuple((name, share / whole) for name, share in best if share >= _MIN_SHARE * whole)
