"""Finds a quotation again that somebody remembers, wholly or in part, rightly or not quite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from searcher.article import QuoteKind
from searcher.engines.base import Engine
from searcher.errors import UsageError
from searcher.query.tree import Expr, QuoteQuery, Term, any_of
from searcher.results.quotations import QuoteHit
from searcher.results.statements import FoundQuote, said
from searcher.statements.difference import Comparison, compare
from searcher.statements.utterances import parts_of
from searcher.statements.words import words_of, words_with_places

__all__ = ["find_quotation"]

#: Words that are looked up, the rarest of those that the index holds; and quotations that hold most of these,
#: which are compared word by word.
_MAX_WORDS, _MAX_CANDIDATES = 10, 60
#: The share of the remembered words, and their number, that a quotation must have.
_MIN_SHARE, _MIN_WORDS = 0.5, 3
#: The share that others must have of what the best one has.
_MIN_SHARE_OF_BEST = 0.75
_KINDS = get_args(QuoteKind)


def find_quotation(engine: Engine, text: str, limit: int) -> list[FoundQuote]:
    """Return the statements that have the words of a text: exactly, then those that have most of them.

    Raises UsageError for a text without words.
    """
    if not words_of(text):
        raise UsageError("There are no words in the quotation to be found.")
    candidates = sorted(_alike(engine, text), key=lambda pair: _rank(pair[1]))
    best_share = max((comparison.share for _, comparison in candidates), default=0.0)
    found: list[FoundQuote] = []
    seen: set[tuple[str, int]] = set()
    for hit, comparison in candidates:
        if len(found) == limit:
            break
        if comparison.share < _MIN_SHARE_OF_BEST * best_share or _key(hit) in seen:
            continue
        statement = engine.statement_of(hit, _KINDS)
        if statement is not None:
            places = {(place.article.id, place.parts[0].start): place for place in statement.places}
            seen.update(places)
            place = places[_key(hit)]
            found.append(FoundQuote(statement, place, comparison.share, comparison.whole, comparison.changes))
    return found


def _key(hit: QuoteHit) -> tuple[str, int]:
    """The article and the beginning of the utterance that a quotation is part of."""
    return hit.article.id, parts_of(hit.article, hit.quote)[0].start


def _alike(engine: Engine, text: str) -> Iterator[tuple[QuoteHit, Comparison]]:
    """Yield the quotations whose utterances have enough of the words, with how these differ, each once. Those
    that cannot have as large a share as others have are not compared."""
    where = _rarest(engine, text)
    if where is None:
        return
    wanted = words_of(text)
    hits = engine.quotes(QuoteQuery(where, kinds=_KINDS, limit=_MAX_CANDIDATES)).hits
    texts: dict[tuple[str, int], tuple[QuoteHit, str]] = {}
    for hit in hits:
        texts.setdefault(_key(hit), (hit, said(parts_of(hit.article, hit.quote))))
    at_most = {key: _common(wanted, printed) / len(wanted) for key, (_, printed) in texts.items()}
    best = 0.0
    for key in sorted(texts, key=lambda key: -at_most[key]):
        if at_most[key] < max(_MIN_SHARE, _MIN_SHARE_OF_BEST * best):
            return
        hit, printed = texts[key]
        comparison = compare(text, printed)
        best = max(best, comparison.share)
        if comparison.share >= _MIN_SHARE and comparison.share * len(wanted) >= min(_MIN_WORDS, len(wanted)):
            yield hit, comparison


def _common(wanted: tuple[str, ...], printed: str) -> int:
    """Return how many of the words are in a text, wherever."""
    return (Counter(wanted) & Counter(words_of(printed))).total()


def _rarest(engine: Engine, text: str) -> Expr | None:
    """Return the rarest words of the text that the index holds, any of which will do."""
    written = {word: text[start:end] for word, start, end in words_with_places(text)}
    return any_of(*(Term(written[word]) for word in engine.rarest(written, _MAX_WORDS)))


def _rank(comparison: Comparison) -> tuple[bool, float, int]:
    return not comparison.whole, -comparison.share, len(comparison.changes)
