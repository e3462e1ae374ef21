"""Finds a quotation again that somebody remembers, wholly or in part, rightly or not quite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from searcher.article import QuoteKind
from searcher.engines.base import Engine
from searcher.errors import UsageError
from searcher.query.tree import Expr, QuoteQuery, Term, any_of
from searcher.results.statements import FoundQuote
from searcher.search.statements import Carried, carried, elsewhere, statement_of
from searcher.statements.difference import Comparison, compare
from searcher.statements.grouping import groups
from searcher.statements.words import words_with_places

__all__ = ["find_quotation"]

#: Words that are looked up, the rarest of those that the index holds; and quotations that hold most of these,
#: which are compared word by word.
_MAX_WORDS, _MAX_CANDIDATES = 10, 60
#: The share of the remembered words, and their number, that a quotation must have.
_MIN_SHARE, _MIN_WORDS = 0.5, 3
#: The share that others must have of what the best one has.
_BESIDE_BEST = 0.75
_KINDS = get_args(QuoteKind)


def find_quotation(engine: Engine, text: str, limit: int) -> list[FoundQuote]:
    """Return the statements that have the words of a text: exactly, then those that have most of them.

    Raises UsageError for a text without words.
    """
    words = words_with_places(text)
    if not words:
        raise UsageError("There are no words in the quotation to be found.")
    candidates = sorted(_alike(engine, text, len(words)), key=lambda pair: _rank(pair[1]))
    best_share = max((comparison.share for _, comparison in candidates), default=0.0)
    candidates = [pair for pair in candidates if pair[1].share >= _BESIDE_BEST * best_share]
    together = groups([one.saying for one, _ in candidates])
    found = []
    for numbers in together[:limit]:
        best, comparison = candidates[numbers[0]]
        members = [candidates[number][0] for number in numbers]
        statement = statement_of([*members, *elsewhere(engine, members, _KINDS)], best.score)
        found.append(
            FoundQuote(statement, best.place, comparison.share, comparison.whole, comparison.changes)
        )
    return found


def _alike(engine: Engine, text: str, length: int) -> Iterator[tuple[Carried, Comparison]]:
    """Yield the utterances that have enough of the words, with how they differ."""
    where = _rarest(engine, text)
    if where is None:
        return
    for one in carried(engine.quotes(QuoteQuery(where, kinds=_KINDS, limit=_MAX_CANDIDATES))):
        comparison = compare(text, one.place.text)
        if comparison.share >= _MIN_SHARE and comparison.share * length >= min(_MIN_WORDS, length):
            yield one, comparison


def _rarest(engine: Engine, text: str) -> Expr | None:
    """Return the rarest words of the text that the index holds, any of which will do."""
    written = {word: text[start:end] for word, start, end in words_with_places(text)}
    known = engine.frequencies(written)
    rarest = sorted(known, key=lambda word: (known[word], word))[:_MAX_WORDS]
    return any_of(*(Term(written[word]) for word in rarest))


def _rank(comparison: Comparison) -> tuple[bool, float, int]:
    return not comparison.whole, -comparison.share, len(comparison.changes)
