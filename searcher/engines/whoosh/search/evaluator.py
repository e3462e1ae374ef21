"""From query trees to sets of documents and their scores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array, sorted_unique
from searcher.engines.whoosh.format.columns import seconds
from searcher.engines.whoosh.format.layout import KINDS, NO_DATE, SAID_BY
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.facets import Names
from searcher.engines.whoosh.search.leaf_cache import Question
from searcher.engines.whoosh.search.leaf_hits import LeafHits
from searcher.engines.whoosh.search.snapshot import Documents, Snapshot
from searcher.engines.whoosh.search.top_k import roughly_top, top
from searcher.query.spans import field_of
from searcher.query.tree import (
    And,
    AtLeast,
    Between,
    Everything,
    Expr,
    Filter,
    Fuzzy,
    Is,
    Near,
    Not,
    Or,
    Phrase,
    QuoteQuery,
    Said,
    Term,
    Wildcard,
    unsaid,
)

__all__ = ["Evaluator", "best", "score", "scored_parts"]

_DAY = 86_400
#: Looking documents up in the lists of the parts pays while they are at most this share of all, and either of
#: these lists together or, as making an array of all takes time too, a far smaller share of all.
_FEW, _FAR_FEWER = 4, 64
#: Choosing pays from so many times the documents wanted on.
_ALL = 4
#: More than nothing, which what was not found gets, and no score of a part is as little.
_NEXT_TO_NOTHING = np.float32(1e-30)


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Answers the trees of one question on one snapshot, with names resolved in one way."""

    snapshot: Snapshot
    leaves: Question
    names: Names

    def articles(self, expr: Expr) -> DocSet:
        """The living articles that match."""
        match expr:
            case Everything():
                return self.snapshot.articles.all
            case And(parts):
                return self._all_of(parts)
            case Or(parts):
                return DocSet.union(self.snapshot.articles.size, [self.articles(part) for part in parts])
            case Not(part):
                return self.snapshot.articles.all - self.articles(part)
            case Is(field, value):
                return self.names.holding(field, [value])
            case Between():
                return self._within(self.snapshot.articles.all, expr)
            case Said(where):
                return self._said(where)
            case AtLeast(part, count):
                return self._at_least(self.leaves.hits(part), count, self.snapshot.articles)
            case Term() | Phrase() | Wildcard() | Fuzzy() | Near():
                return self.leaves.hits(expr).docs
            case _:
                assert_never(expr)

    def quotes(self, expr: Expr) -> DocSet:
        """The living quotations that match: by their own words and speaker, otherwise by their article."""
        match expr:
            case And(parts):
                return _intersection([self.quotes(part) for part in parts], self.snapshot.quotes)
            case Or(parts):
                return DocSet.union(self.snapshot.quotes.size, [self.quotes(part) for part in parts])
            case Not(part):
                return self.snapshot.quotes.all - self.quotes(part)
            case Said(where):
                return self.quotes(where)
            case Everything():
                return self.snapshot.quotes.all
            case Is("speaker", value):
                return self.names.holding(SAID_BY, [value])
            case AtLeast(part, count) if field_of(part) == "text":
                return self._at_least(self.leaves.hits(part, in_quotes=True), count, self.snapshot.quotes)
            case Term() | Phrase() | Wildcard() | Fuzzy() | Near() if field_of(expr) == "text":
                return self.leaves.hits(expr, in_quotes=True).docs
            case _:
                return self._quotes_of(self.articles(expr))

    def filtered(self, found: DocSet, filters: Sequence[Filter]) -> DocSet:
        """Those of the articles that pass every filter."""
        for one in filters:
            holding = self.names.holding(one.field, one.values)
            found = found - holding if one.negated else found & holding
        return found

    def wanted_quotes(self, query: QuoteQuery) -> DocSet:
        """The quotations that a question about quotations asks for."""
        snapshot = self.snapshot
        found = self.quotes(query.where)
        if not isinstance(query.articles, Everything) or query.filters:
            found = found & self._quotes_of(self.filtered(self.articles(query.articles), query.filters))
        if set(query.kinds) < set(KINDS):
            kinds = np.array([kind in query.kinds for kind in KINDS])
            found = found & DocSet(found.size, mask=kinds[snapshot.quote_kind])
        if query.confidence > 0:
            found = found & DocSet(found.size, mask=snapshot.quote_confidence >= query.confidence)
        return found

    def _said(self, where: Expr) -> DocSet:
        said = self.quotes(where).ids
        said = said[self.snapshot.quote_kind[said] != KINDS.index("indirect")]
        return DocSet(self.snapshot.articles.size, sorted_unique(self.snapshot.quote_article[said]))

    def _quotes_of(self, articles: DocSet) -> DocSet:
        return DocSet(self.snapshot.quotes.size, mask=articles.mask[self.snapshot.quote_article])

    def _all_of(self, parts: Sequence[Expr]) -> DocSet:
        """Dates and lengths are looked at last, of those alone that are left."""
        others = [self.articles(part) for part in parts if not isinstance(part, Between)]
        found = _intersection(others, self.snapshot.articles)
        for part in parts:
            if isinstance(part, Between):
                found = self._within(found, part)
        return found

    def _within(self, found: DocSet, between: Between) -> DocSet:
        """Those of the articles whose date or length is within the bounds."""
        low, high = between.low, between.high
        column = self.snapshot.body_length if between.field == "length" else self.snapshot.when
        values = column if found.dense else column.take(found.ids)
        # An article without a date is below every bound, and of no day.
        within = values >= (_bound(low) if low is not None else NO_DATE + 1)
        if high is not None:
            within &= values < _bound(high) + (_DAY if isinstance(high, dt.date) else 1)
        if found.dense:
            return DocSet(found.size, mask=within & found.mask)
        return DocSet(found.size, found.ids.compress(within))

    @staticmethod
    def _at_least(hits: LeafHits, count: int, documents: Documents) -> DocSet:
        return documents.all if count <= 0 else DocSet(documents.size, hits.ids[hits.tf >= count])


def scored_parts(
    where: Expr, leaves: Question, in_quotes: bool = False
) -> list[tuple[scoring.Weighted, LeafHits]]:
    """The parts of a query that count for the score. Of quotations only their own words do."""
    if not in_quotes:
        return [(part, leaves.hits(part.leaf)) for part in scoring.weigh(where)]
    parts = [part for part in scoring.weigh(unsaid(where)) if field_of(part.leaf) == "text"]
    return [(part, leaves.hits(part.leaf, in_quotes=True)) for part in parts]


def best(
    parts: Sequence[tuple[scoring.Weighted, LeafHits]], found: DocSet, documents: Documents, wanted: int
) -> tuple[Array, npt.NDArray[np.float64]]:
    """The best of the documents found and their scores, best first, equal ones in their order.

    Of very many, single precision tells which may be among them; only the scores of these are worked out.
    """
    if not parts:
        ids = found.ids[:wanted]
        return ids, np.zeros(len(ids))
    ids = found.ids if _are_few(parts, found, wanted) else _perhaps_best(parts, found, documents, wanted)
    scores = score(parts, ids, documents)
    order = top(scores, wanted)
    return ids.take(order), scores.take(order)


def score(
    parts: Sequence[tuple[scoring.Weighted, LeafHits]], ids: Array, documents: Documents
) -> npt.NDArray[np.float64]:
    """The score of each of the sorted documents. Parts are added in their order, as everywhere."""
    total, norms = np.zeros(len(ids)), documents.norms.take(ids)
    for part, hits in parts:
        if len(hits):
            total += part.weight * hits.points(ids, norms)
    return total


def _are_few(parts: Sequence[tuple[scoring.Weighted, LeafHits]], found: DocSet, wanted: int) -> bool:
    """Whether working out all scores takes no longer than choosing some documents first."""
    few = found.most
    if few < wanted * _ALL:
        return True
    entries = sum([len(hits) for _, hits in parts])
    return few * _FEW < found.size and (few * _FEW < entries or few * _FAR_FEWER < found.size)


def _perhaps_best(
    parts: Sequence[tuple[scoring.Weighted, LeafHits]], found: DocSet, documents: Documents, wanted: int
) -> Array:
    """Those of the documents found that may be among the best, and some more."""
    part, hits = parts[0]
    if len(parts) == 1 and hits.ids is found.ids:
        return hits.ids.take(roughly_top(hits.rough(), wanted))
    everywhere = documents.scratch()
    for number, (part, hits) in enumerate(parts):
        rough = hits.rough()
        rough *= np.float32(part.weight * hits.rarity)
        if number:
            rough += everywhere.take(hits.ids)
        everywhere[hits.ids] = rough
    if found.united and {*map(id, found.united)} <= {id(hits.docs) for _, hits in parts}:
        found.tell(everywhere > 0)  # what has any of the parts, as was asked: there is nothing to leave out
        return roughly_top(everywhere, wanted) if len(found) > wanted else found.ids
    if not found.dense:
        return found.ids.take(roughly_top(everywhere.take(found.ids), wanted))
    everywhere += _NEXT_TO_NOTHING
    everywhere *= found.mask
    return roughly_top(everywhere, wanted)


def _bound(value: dt.date | int) -> int:
    if isinstance(value, dt.datetime):
        value = value.date()
    return seconds(dt.datetime(value.year, value.month, value.day)) if isinstance(value, dt.date) else value


def _intersection(parts: Sequence[DocSet], documents: Documents) -> DocSet:
    if not parts:
        return documents.all
    found, *others = sorted(parts, key=len)
    for part in others:
        found = found & part
    return found
