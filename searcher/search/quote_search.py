"""Find a half-remembered quotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple, get_args

from searcher.article import QuoteKind
from searcher.engines.base import Engine
from searcher.errors import UsageError
from searcher.query.tree import Expr, QuoteQuery, Term, any_of
from searcher.results.quotations import QuoteHit
from searcher.results.statements import FoundQuote, utterance_text
from searcher.statements import Comparison, compare_words, folded_words, located_words, utterance_parts

#: Maximum number of words to look up, rarest first, and of quotations to compare word by word.
_MAX_WORDS, _MAX_CANDIDATES = 10, 60
#: A quotation must contain at least this share and this number of the remembered words.
_MIN_SHARE, _MIN_WORDS = 0.5, 3
#: A quotation must contain at least this fraction of the share of words that the best match contains.
_MIN_SHARE_OF_BEST = 0.75
_KINDS = get_args(QuoteKind)
#: Identifies an utterance by its article and the start of its first part.
_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A quotation with some of the words; ``printed`` is the whole utterance."""

    hit: QuoteHit
    printed: str
    key: _Key


def find_quotation(engine: Engine, text: str, limit: int) -> list[FoundQuote]:
    """See :meth:`searcher.index.Index.find_quote`."""
    if not folded_words(text):
        raise UsageError("The quotation to find has no words.")
    candidates = list(_candidates(engine, text))
    articles = {one.key[0] for one in candidates}
    quotes: list[FoundQuote] = []
    seen: set[_Key] = set()
    for one, comparison in _ranked_candidates(candidates, text, seen):
        if len(quotes) == limit:
            break
        if (statement := engine.statement_of(one.hit, _KINDS)) is not None:
            near = (place for place in statement.places if place.article.id in articles)
            places = {(place.article.id, place.parts[0].start): place for place in near}
            seen.update(places)
            place = places[one.key]
            quotes.append(
                FoundQuote(statement, place, comparison.share, comparison.whole, comparison.changes)
            )
    return quotes


def _candidates(engine: Engine, text: str) -> Iterator[_Candidate]:
    """Yield the distinct utterances with most of the rarest words."""
    if (where := _rarest_words(engine, text)) is None:
        return
    seen = set()
    for hit in engine.search(QuoteQuery(where, kinds=_KINDS, limit=_MAX_CANDIDATES)).hits:
        parts = utterance_parts(hit.article, hit.quote)
        key = hit.article.id, parts[0].start
        if key not in seen:
            seen.add(key)
            yield _Candidate(hit, utterance_text(parts), key)


def _ranked_candidates(
    candidates: Sequence[_Candidate], text: str, seen: Container[_Key]
) -> Iterator[tuple[_Candidate, Comparison]]:
    """Yield the candidates with enough of the words, best first. Each is compared as late as possible: most
    belong to a statement that is ``seen`` by then, or have too few words."""
    words = folded_words(text)
    compared: dict[str, Comparison] = {}
    bounds = [_best_possible_rank(words, folded_words(one.printed)) for one in candidates]
    order = sorted(range(len(candidates)), key=lambda n: bounds[n].share)
    waiting = [(bounds[n], nth, n, False) for nth, n in enumerate(order) if -bounds[n].share >= _MIN_SHARE]
    heapify(waiting)
    best = 0.0
    while waiting:
        rank, nth, n, is_compared = heappop(waiting)
        one = candidates[n]
        if -rank.share < _MIN_SHARE_OF_BEST * best:
            return
        if one.key in seen:
            continue
        if is_compared:
            best = best or -rank.share
            yield one, compared[one.printed]
            continue
        if (comparison := compared.get(one.printed)) is None:
            comparison = compared[one.printed] = compare_words(text, one.printed)
        if comparison.share >= _MIN_SHARE and comparison.share * len(words) >= min(_MIN_WORDS, len(words)):
            heappush(waiting, (_rank(comparison), nth, n, True))


class _Rank(NamedTuple):
    """The rank of a candidate; the lowest is the best. ``share`` is negative."""

    is_part: bool
    share: float
    changes: int


def _rank(comparison: Comparison) -> _Rank:
    return _Rank(not comparison.whole, -comparison.share, len(comparison.changes))


def _best_possible_rank(words: tuple[str, ...], printed_words: tuple[str, ...]) -> _Rank:
    common = (Counter(words) & Counter(printed_words)).total()
    return _Rank(printed_words != words, -common / len(words), int(common < len(words)))


def _rarest_words(engine: Engine, text: str) -> Expr | None:
    """Return an Or of the rarest words of the text that the index contains."""
    written = {word: text[start:end] for word, start, end in located_words(text)}
    counts = engine.frequencies("said", written)
    rarest = sorted(counts, key=lambda word: (counts[word], word))[:_MAX_WORDS]
    return any_of(*(Term(written[word]) for word in rarest)) if rarest else None
