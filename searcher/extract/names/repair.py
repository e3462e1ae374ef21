"""What the whole article knows and one passage does not: mend the tagger's spans, step by step.

Each step takes the spans of an article, of every kind that the tagger knows, and gives them back mended. What
a step gains is in benchmarks/quality/README.md; one that gains nothing does not belong here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.ballot import Ballot
from searcher.extract.names.borders import join_parts, split_at_lines, trim_edges
from searcher.extract.names.candidates import drop_impossible
from searcher.extract.names.lexicon import fold, without_possessive
from searcher.extract.names.people import name_words
from searcher.extract.names.tagger import Kind, Span

__all__ = ["STEPS", "repair"]

Step = Callable[[str, Sequence[Span]], list[Span]]

# A name is kept whose surest place (any shared word counts for people) reaches this.
_LEAST: Final[dict[Kind, float]] = {"PER": 0.75, "ORG": 0.65}


def repair(text: str, spans: Iterable[Span]) -> list[Span]:
    """Spans of people and organisations, in order, none overlapping another."""
    mended = sorted(spans)
    for step in STEPS:
        mended = step(text, mended)
    return _apart([span for span in mended if span.kind in _LEAST])


def elect_kinds(text: str, spans: Sequence[Span]) -> list[Span]:
    """Every name is of one kind throughout: after "Ada Quill" the organisation "Quill" is she."""
    ballot = Ballot(text, spans)
    return [replace(span, kind=ballot.elected(span)) for span in spans]


def keep_sure(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name stays if the tagger is sure of it in one place at least."""
    best: dict[tuple[Kind, str], float] = defaultdict(float)
    keys = [_keys_of(text, span) for span in spans]
    for span, mine in zip(spans, keys):
        for key in mine:
            best[key] = max(best[key], span.confidence)
    return [
        span
        for span, mine in zip(spans, keys)
        if max(best[key] for key in mine) >= _LEAST.get(span.kind, 0.0)
    ]


def _keys_of(text: str, span: Span) -> list[tuple[Kind, str]]:
    """What two mentions of one name share: for people any word, for organisations all of them."""
    written = text[span.start : span.end]
    if span.kind == "PER":
        return [(span.kind, word) for word in name_words(written)] or [(span.kind, written)]
    return [(span.kind, fold(without_possessive(written)))]


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Of two that overlap the first, and of two that begin together the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


#: In this order. All are for English; the other languages have :mod:`.multilingual`.
STEPS: Final[tuple[Step, ...]] = (
    split_at_lines,
    join_parts,
    trim_edges,
    drop_impossible,
    elect_kinds,
    keep_sure,
)
