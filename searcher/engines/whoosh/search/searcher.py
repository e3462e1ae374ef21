"""The searcher on arrays: evaluates query trees on a snapshot, scores the matches and selects the best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby, islice, pairwise, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, assert_never

import numpy as np
import numpy.typing as npt

from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.base import StemGroup
from searcher.engines.whoosh.arrays import (
    Array,
    Mask,
    approximate_top,
    as_array,
    blocks,
    concatenated_ranges,
    sorted_unique,
    top,
)
from searcher.engines.whoosh.format.array_file import (
    FORM_SEPARATOR,
    KINDS,
    NO_DATE,
    column_range,
    quotes_by_position,
)
from searcher.engines.whoosh.format.articles import StoredArticle
from searcher.engines.whoosh.names import StoredNames
from searcher.engines.whoosh.search.facets import Facets
from searcher.engines.whoosh.search.leaves import LeafCache, LeafHits, QueryLeaves
from searcher.engines.whoosh.search.snapshot import ArticleCache, DocSet, Documents, Snapshot
from searcher.fields import QUOTE_FIELDS
from searcher.names.table import SAID_BY
from searcher.query import tree
from searcher.query.spans import field_of
from searcher.query.tree import Expr, Filter, Query, QuoteQuery, strip_in_quote
from searcher.results import Facet, FacetValues, Hit, Results
from searcher.results.quotations import QuoteHit, Quotes

if TYPE_CHECKING:
    from searcher.engines.whoosh.search.statements import StatementFinder
    from searcher.engines.whoosh.statements import Utterances
    from searcher.results.statements import Statement, Statements


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates the trees of one query on one snapshot."""

    snapshot: Snapshot
    leaves: QueryLeaves
    facets: Facets

    def articles(self, expr: Expr) -> DocSet:
        match expr:
            case tree.MatchAll():
                return self.snapshot.articles.all
            case tree.And(parts):
                return self._all_of(parts)
            case tree.Or(parts):
                return DocSet.union(self.snapshot.articles.size, [self.articles(part) for part in parts])
            case tree.Not(part):
                return self.snapshot.articles.all - self.articles(part)
            case tree.HasValue(field, value):
                return self.facets.docs_with(field, [value])
            case tree.HasAny("title"):
                longer = self.snapshot.articles.lengths > self.snapshot.body_length
                return self.snapshot.articles.all & DocSet(len(longer), mask=longer)
            case tree.HasAny(field):
                return self.facets.docs_with_any(field, expr)
            case tree.Range():
                return self._in_bounds(self.snapshot.articles.all, expr)
            case tree.InQuote():
                return self._with_quote(expr)
            case tree.AtLeast(part, count):
                return self._at_least(self.leaves.hits(part), count, self.snapshot.articles)
            case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near():
                return self.leaves.hits(expr).docs
            case _:
                assert_never(expr)

    def quotes(self, expr: Expr) -> DocSet:
        """Return the live quotations that match. Words and speakers are matched in the quotation itself,
        other conditions in its article."""
        match expr:
            case tree.And(parts):
                return _intersection([self.quotes(part) for part in parts], self.snapshot.quotes)
            case tree.Or(parts):
                return DocSet.union(self.snapshot.quotes.size, [self.quotes(part) for part in parts])
            case tree.Not(part):
                return self.snapshot.quotes.all - self.quotes(part)
            case tree.InQuote(where, kind):
                return self._of_kinds(self.quotes(where), (kind,)) if kind else self.quotes(where)
            case tree.MatchAll():
                return self.snapshot.quotes.all
            case tree.HasValue(field, value) if field in QUOTE_FIELDS:
                return self.facets.docs_with(QUOTE_FIELDS[field], [value])
            case tree.HasAny(field) if field in QUOTE_FIELDS:
                return self.facets.docs_with_any(QUOTE_FIELDS[field], expr)
            case tree.AtLeast(part, count) if field_of(part) == "text":
                return self._at_least(self.leaves.hits(part, in_quotes=True), count, self.snapshot.quotes)
            case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near() if (
                field_of(expr) == "text"
            ):
                return self.leaves.hits(expr, in_quotes=True).docs
            case _:
                return self._quotes_of(self.articles(expr))

    def apply_filters(self, articles: DocSet, filters: Sequence[Filter]) -> DocSet:
        for condition in filters:
            having = self.facets.docs_with(condition.field, condition.values)
            articles = articles - having if condition.negated else articles & having
        return articles

    def matching_quotes(self, query: QuoteQuery) -> DocSet:
        """Return the quotations that match a query, regardless of their confidence."""
        quotes = self.quotes(query.where)
        if not isinstance(query.articles, tree.MatchAll) or query.filters:
            quotes = quotes & self._quotes_of(
                self.apply_filters(self.articles(query.articles), query.filters)
            )
        return self._of_kinds(quotes, query.kinds) if {*query.kinds} < {*KINDS} else quotes

    def _of_kinds(self, quotes: DocSet, kinds: Sequence[str]) -> DocSet:
        accepted = np.array([kind in kinds for kind in KINDS])
        return _documents_passing(quotes, self.snapshot.quote_kind, lambda codes: accepted[codes])

    def confident_quotes(self, quotes: DocSet, confidence: float) -> DocSet:
        """Return the quotations with at least this confidence in their speaker."""
        if confidence <= 0:
            return quotes
        return _documents_passing(
            quotes, self.snapshot.quote_confidence, lambda confidences: confidences >= confidence
        )

    def _with_quote(self, expr: tree.InQuote) -> DocSet:
        """Return the articles with a matching quotation that is not indirect, or is of the requested kind."""
        quotes = self.quotes(expr).ids
        quotes = quotes[self.snapshot.quote_kind[quotes] != KINDS.index("indirect")]
        return DocSet(self.snapshot.articles.size, sorted_unique(self.snapshot.quote_article[quotes]))

    def _quotes_of(self, articles: DocSet) -> DocSet:
        size, starts = self.snapshot.quotes.size, self.snapshot.quote_starts
        if articles.is_dense:
            return DocSet(size, mask=articles.mask[self.snapshot.quote_article])
        first = starts[articles.ids]
        return DocSet(size, concatenated_ranges(first, starts[articles.ids + 1] - first))

    def _all_of(self, parts: Sequence[Expr]) -> DocSet:
        """Return the articles that match all parts. Dates and lengths are compared last, only for articles
        that match the other parts."""
        sets = [self.articles(part) for part in parts if not isinstance(part, tree.Range)]
        articles = _intersection(sets, self.snapshot.articles)
        for part in parts:
            if isinstance(part, tree.Range):
                articles = self._in_bounds(articles, part)
        return articles

    def _in_bounds(self, articles: DocSet, bounds: tree.Range) -> DocSet:
        """Return the articles with a date or length within the bounds."""
        column = self.snapshot.body_length if bounds.field == "length" else self.snapshot.when
        values = column if articles.is_dense else column.take(articles.ids)
        low, below = column_range(bounds)
        in_bounds = values >= low
        if bounds.high is not None:
            in_bounds &= values < below
        if articles.is_dense:
            return DocSet(articles.size, mask=in_bounds & articles.mask)
        return DocSet(articles.size, articles.ids.compress(in_bounds))

    @staticmethod
    def _at_least(hits: LeafHits, count: int, documents: Documents) -> DocSet:
        return documents.all if count <= 0 else DocSet(documents.size, hits.ids[hits.tf >= count])


def _documents_passing(documents: DocSet, column: Array, test: Callable[[Array], Mask]) -> DocSet:
    """Return the documents whose values in a column pass a test."""
    if documents.is_dense:
        return documents & DocSet(documents.size, mask=test(column))
    return DocSet(documents.size, documents.ids.compress(test(column.take(documents.ids))))


def _intersection(sets: Sequence[DocSet], documents: Documents) -> DocSet:
    """Return the documents that are in all sets, or all live documents for an empty list."""
    if not sets:
        return documents.all
    result, *larger = sorted(sets, key=len)
    for other in larger:
        result = result & other
    return result


#: A weighted leaf with its hits.
ScoredLeaf = tuple[scoring.WeightedLeaf, LeafHits]
#: Limits below which exact scores of all candidates are faster than a preselection. The number of candidates
#: must be less than _MIN_PRESELECTED times the number of wanted documents. Or it must be less than
#: 1/_MAX_LOOKUP_SHARE of all documents, and also less than 1/_MAX_LOOKUP_SHARE of the postings of all leaves
#: or than 1/_MAX_SPARSE_SHARE of all documents, because a preselection fills an array of all documents.
_MIN_PRESELECTED, _MAX_LOOKUP_SHARE, _MAX_SPARSE_SHARE = 4, 4, 64
#: Lower than any score of a leaf, but above 0, which is the score of documents without a match.
_TINY_SCORE = np.float32(1e-30)


def scored_leaves(where: Expr, leaves: QueryLeaves, in_quotes: bool = False) -> list[ScoredLeaf]:
    """Return the leaves of a query that are scored. For quotations, only leaves that match their words."""
    if not in_quotes:
        return [(leaf, leaves.hits(leaf.leaf)) for leaf in scoring.weigh(where)]
    in_text = [leaf for leaf in scoring.weigh(strip_in_quote(where)) if field_of(leaf.leaf) == "text"]
    return [(leaf, leaves.hits(leaf.leaf, in_quotes=True)) for leaf in in_text]


def best_documents(
    leaves: Sequence[ScoredLeaf], matching: DocSet, documents: Documents, count: int
) -> tuple[Array, npt.NDArray[np.float64]]:
    """Return the ``count`` best documents and their scores, best first, ties in their order. If there are
    very many, candidates are preselected in single precision, and exact scores are computed only for
    these."""
    if not leaves:
        ids = matching.ids[:count]
        return ids, np.zeros(len(ids))
    few = _are_few(leaves, matching, count)
    ids = matching.ids if few else _preselect(leaves, matching, documents, count)
    scores = score(leaves, ids, documents)
    order = top(scores, count)
    return ids.take(order), scores.take(order)


def score(leaves: Sequence[ScoredLeaf], ids: Array, documents: Documents) -> npt.NDArray[np.float64]:
    """Return the scores of sorted documents. Leaves are added in the same order as in all engines."""
    total, norms = np.zeros(len(ids)), documents.norms.take(ids)
    for leaf, hits in leaves:
        if len(hits):
            total += leaf.weight * hits.scores(ids, norms)
    return total


def _are_few(leaves: Sequence[ScoredLeaf], matching: DocSet, count: int) -> bool:
    """Return True if computing all exact scores is as fast as preselecting documents."""
    bound = matching.upper_bound
    if bound < count * _MIN_PRESELECTED:
        return True
    if bound * _MAX_LOOKUP_SHARE >= matching.size:
        return False
    postings = sum([len(hits) for _, hits in leaves])
    return bound * _MAX_LOOKUP_SHARE < postings or bound * _MAX_SPARSE_SHARE < matching.size


def _preselect(leaves: Sequence[ScoredLeaf], matching: DocSet, documents: Documents, count: int) -> Array:
    """Return a superset of the best documents."""
    # Pairs add nothing to the union, because their documents also contain the words. Unions omit empty sets.
    any_leaf = matching.is_union_of([hits.docs for leaf, hits in leaves if len(hits) and not leaf.pair])
    if len(leaves) == 1 and any_leaf:
        hits = leaves[0][1]
        return hits.ids.take(approximate_top(hits.approximate_scores(), count))
    totals = documents.scratch_array()
    for number, (leaf, hits) in enumerate(leaves):
        scores = hits.approximate_scores()
        scores *= np.float32(leaf.weight * hits.idf)
        if number:
            scores += totals.take(hits.ids)
        totals[hits.ids] = scores
    if any_leaf:  # every document with a score is a match
        matching.set_mask(totals > 0)
        return approximate_top(totals, count) if len(matching) > count else matching.ids
    if not matching.is_dense:
        return matching.ids.take(approximate_top(totals.take(matching.ids), count))
    totals += _TINY_SCORE
    totals *= matching.mask
    return approximate_top(totals, count)


#: Maximum number of articles per sort. More are first divided into periods, whose limits come from a sample
#: of about _MAX_SAMPLE dates.
_MAX_SORTED, _MAX_SAMPLE = 1 << 16, 1 << 12


def numbers_by_date(matching: DocSet, when: Array, order: Literal["newest", "oldest"]) -> Iterator[Array]:
    """Yield the numbers of articles in blocks: by date, ties in their order, undated ones last. ``when``: the
    date of each article of the index."""
    newest = order == "newest"
    if len(matching) <= _MAX_SORTED:  # one sort: a period would take a pass over all articles of the index
        dated = when[matching.ids] != NO_DATE
        yield _sorted_by_date(matching.ids[dated], when, newest)
        yield matching.ids[~dated]
        return
    periods = list(pairwise(_bounds(when)))
    for first, end in reversed(periods) if newest else periods:
        yield _sorted_by_date(np.flatnonzero(matching.mask & (when >= first) & (when < end)), when, newest)
    for start in range(0, len(when), _MAX_SORTED):
        part = slice(start, start + _MAX_SORTED)
        yield start + np.flatnonzero(matching.mask[part] & (when[part] == NO_DATE))


def _sorted_by_date(ids: Array, when: Array, newest: bool) -> Array:
    """Return dated articles sorted by date, ties in their order."""
    dates = when[ids]
    return ids[(-dates if newest else dates).argsort(kind="stable")]


def _bounds(when: Array) -> list[int]:
    """Return dates that divide the articles into periods of some ten thousand articles each."""
    sample = np.sort(when[:: max(1, len(when) // _MAX_SAMPLE)])
    each = max(1, _MAX_SORTED * len(sample) // max(1, len(when)))
    dates = np.unique(sample[each::each]).tolist()
    return [NO_DATE + 1, *(date for date in dates if date > NO_DATE + 1), np.iinfo(np.int64).max]


#: Maximum number of positions to count words at in one step, which limits the memory.
_MAX_COUNTED_POSITIONS = 1 << 20


class IndexSearcher:
    """Answers all queries to an engine from one generation. See :class:`.base.Engine`."""

    def __init__(
        self,
        snapshot: Snapshot,
        names: StoredNames,
        statements: Callable[[StoredNames], tuple[Utterances, Array]],
        leaf_cache: LeafCache | None = None,
    ) -> None:
        """``statements``: returns the utterances and the ids of their statements, given the names."""
        self._snapshot = snapshot
        self._decided_statements = statements
        self._names = names
        self._leaf_cache = leaf_cache or LeafCache(snapshot)
        self._facets = Facets(snapshot, names)
        self._article_cache = ArticleCache(snapshot, self._leaf_cache.places)

    def with_names(self, names: StoredNames) -> IndexSearcher:
        return IndexSearcher(self._snapshot, names, self._decided_statements, self._leaf_cache)

    def search(self, query: Query) -> Results:
        evaluator = self._evaluator()
        matching = evaluator.articles(query.where)
        selected = evaluator.apply_filters(matching, query.filters)
        end = query.offset + query.limit
        ids, scores = self._ordered_articles(evaluator, query, selected, end)
        page = slice(query.offset, end)
        articles = self._article_cache.get(ids[page].tolist() if query.limit else [])
        total = len(ids) if query.collapse else len(selected)
        explained = self._explanations(evaluator, query, ids[page])
        none = repeat(())
        hits = tuple(map(Hit, articles, scores[page].tolist(), none, none, explained, repeat(self._names)))
        facets = self._facet_counts(evaluator, query, matching, selected)
        return Results(hits, total, facets, collapsed=query.collapse, articles=len(selected))

    def scan(self, query: Query) -> Iterator[Hit]:
        evaluator = self._evaluator()
        matching = evaluator.apply_filters(evaluator.articles(query.where), query.filters)
        scored: Iterable[tuple[int, float]]
        explained: Iterator[tuple[tuple[str, float], ...]] = repeat(())
        if query.sort == "relevance" or query.collapse or query.explain:
            ids, scores = self._ordered_articles(evaluator, query, matching, len(matching))
            scored, explained = (
                zip(_python_numbers(ids), _python_numbers(scores)),
                self._explanations(evaluator, query, ids),
            )
        else:
            numbers = numbers_by_date(matching, self._snapshot.when, query.sort)
            scored = zip(chain.from_iterable(map(_python_numbers, numbers)), repeat(0.0))
        return (
            Hit(self._read(id), points, explanation=parts, names=self._names)
            for (id, points), parts in zip(scored, explained)
        )

    def articles(self) -> Iterator[Article]:
        return map(self._read, _python_numbers(self._snapshot.articles.all.ids))

    def stem_groups(self) -> Iterator[StemGroup]:
        """Yield the words of each segment by stem, including deleted articles."""
        for segment in self._snapshot.segments:
            dictionary, postings = segment.dictionary, segment.postings("text")
            starts = as_array(dictionary.group_starts).astype(np.int64)
            places, members = as_array(postings.position_starts).astype(np.int64), as_array(postings.variants)
            tokens, articles = dictionary.tokens.texts(), np.diff(as_array(postings.starts)).tolist()
            for first, end in blocks(np.diff(places), _MAX_COUNTED_POSITIONS):
                group = np.repeat(starts[first:end] - starts[first], np.diff(places[first : end + 1]))
                group += members[places[first] : places[end]]
                times = iter(np.bincount(group, minlength=starts[end] - starts[first]).tolist())
                for number in range(first, end):
                    size = int(starts[number + 1] - starts[number])
                    words = zip(islice(tokens, size), islice(times, size))
                    counts = {tuple(word.split(FORM_SEPARATOR)): count for word, count in words if count}
                    if counts:
                        yield StemGroup(counts, articles[number])

    def quotes(self, query: QuoteQuery) -> Quotes:
        evaluator, matching, confident = self._matching_quotes(query)
        ids, scores = self._first_documents(evaluator, query, confident, query.offset + query.limit)
        numbers = ids[query.offset :].tolist()
        owners = self._article_cache.get(self._snapshot.quote_article[numbers].tolist() if numbers else [])
        hits = tuple(map(self._quote_hit, numbers, owners, scores[query.offset :].tolist()))
        return Quotes(hits, len(confident), below_confidence=len(matching) - len(confident))

    def scan_quotes(self, query: QuoteQuery) -> Iterator[QuoteHit]:
        evaluator, _, confident = self._matching_quotes(query)
        ids, scores = self._first_documents(evaluator, query, confident, len(confident))
        owners = self._snapshot.quote_article[ids] if len(ids) else ids
        of_articles = groupby(
            zip(_python_numbers(ids), _python_numbers(owners), _python_numbers(scores)), key=itemgetter(1)
        )
        return (
            self._quote_hit(id, article, points)
            for owner, hits in of_articles
            for article in (self._read(owner),)
            for id, _, points in hits
        )

    def statements(self, query: QuoteQuery) -> Statements:
        evaluator, matching, confident = self._matching_quotes(query)
        ids, scores = self._first_documents(evaluator, query, confident, len(confident))
        from searcher.results.statements import Statements

        hits, total, places = self._statements.page(
            ids, scores, query.kinds, query.offset, query.limit, query.min_confidence
        )
        return Statements(hits, total, places, below_confidence=len(matching) - len(confident))

    def statement_counts(self, query: QuoteQuery, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        _, _, confident = self._matching_quotes(query)
        return self._statements.counts(confident.ids, fields)

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        owner = self._snapshot.find(hit.article.id)
        if owner < 0:
            return None
        quotes = quotes_by_position(self._article_cache.get([owner])[0].quotes)
        if hit.quote not in quotes:
            return None
        quote = np.array([int(self._snapshot.quote_starts[owner]) + quotes.index(hit.quote)])
        return self._statements.page(quote, np.array([hit.score]), kinds, 0, 1).hits[0]

    @cached_property
    def _statements(self) -> StatementFinder:
        from searcher.engines.whoosh.search.statements import StatementFinder

        decided = self._decided_statements(self._names)
        return StatementFinder(self._snapshot, self._names, self._facets, self._article_cache, *decided)

    def _evaluator(self) -> Evaluator:
        return Evaluator(self._snapshot, QueryLeaves(self._leaf_cache), self._facets)

    def _matching_quotes(self, query: QuoteQuery) -> tuple[Evaluator, DocSet, DocSet]:
        """Return the quotations that match, and those with the minimum confidence."""
        evaluator = self._evaluator()
        matching = evaluator.matching_quotes(query)
        return evaluator, matching, evaluator.confident_quotes(matching, query.min_confidence)

    def _ordered_articles(
        self, evaluator: Evaluator, query: Query, matching: DocSet, count: int
    ) -> tuple[Array, Array]:
        """Return the first ``count`` articles, or the first article of each story, and their scores."""
        ids, scores = self._first_documents(
            evaluator, query, matching, len(matching) if query.collapse else count
        )
        if query.collapse:
            first = self._first_of_stories(ids)
            ids, scores = ids[first], scores[first]
        return ids, scores

    def _first_documents(
        self, evaluator: Evaluator, query: Query | QuoteQuery, matching: DocSet, count: int
    ) -> tuple[Array, Array]:
        """Return the first ``count`` of the matching articles or quotations, and their scores. By date,
        undated ones come last, and ties in their order."""
        if not count:
            return np.empty(0, np.int64), np.empty(0)
        in_quotes, snapshot = isinstance(query, QuoteQuery), self._snapshot
        if query.sort == "relevance":
            leaves = scored_leaves(query.where, evaluator.leaves, in_quotes)
            return best_documents(
                leaves, matching, snapshot.quotes if in_quotes else snapshot.articles, count
            )
        when = snapshot.when.take(snapshot.quote_article[matching.ids] if in_quotes else matching.ids)
        dates = np.where(when == NO_DATE, -np.inf, when if query.sort == "newest" else -when)
        ids = matching.ids.take(top(dates, count))
        return ids, np.zeros(len(ids))

    def _explanations(
        self, evaluator: Evaluator, query: Query, articles: Array
    ) -> Iterator[tuple[tuple[str, float], ...]]:
        """Yield what each leaf adds to the scores of these articles, if the query asks for explanations."""
        if not query.explain:
            return repeat(())
        from searcher.query.language import render

        if not (leaves := scored_leaves(query.where, evaluator.leaves)):
            return repeat(())
        ascending, at = np.unique(articles, return_inverse=True)
        points = [score([one], ascending, self._snapshot.articles)[at].tolist() for one in leaves]
        texts = [render(leaf.leaf) for leaf, _ in leaves]
        return (tuple(part for part in zip(texts, of_one) if part[1]) for of_one in zip(*points))

    def _first_of_stories(self, articles: Array) -> Array:
        """Return the indices of the first article of each story, ascending."""
        _, first = np.unique(self._facets.stories()[articles], return_index=True)
        return np.sort(first)

    def _facet_counts(
        self, evaluator: Evaluator, query: Query, matching: DocSet, selected: DocSet
    ) -> dict[str, Facet]:
        """Count each facet over all matches, ignoring the values selected in the facet itself."""
        count = self._facets.count_stories if query.collapse else self._facets.count
        facets = {}
        for name in query.facets:
            other_filters = [f for f in query.filters if f.negated or f.field != name]
            among = (
                selected
                if len(other_filters) == len(query.filters)
                else evaluator.apply_filters(matching, other_filters)
            )
            facets[name] = Facet(name, FacetValues(count(name, among)))
        return facets

    def _read(self, number: int) -> StoredArticle:
        """Return an article without caching it, for scans."""
        segment, own = self._snapshot.locate(number)
        return segment.article(own)

    def _quote_hit(self, number: int, article: StoredArticle, points: float) -> QuoteHit:
        owner = int(self._snapshot.quote_article[number])
        _ = article.body  # unpack the whole body, because the page also shows the context
        quote = article.quote_at(number - int(self._snapshot.quote_starts[owner]))
        said_by = quote.speaker and (self._names.name_of(SAID_BY, quote.speaker) or quote.speaker)
        return QuoteHit(quote, article, points, said_by, names=self._names)


def _python_numbers(numbers: Array) -> Iterator[Any]:
    """Yield the numbers of an array as Python numbers, converted block by block."""
    return chain.from_iterable(numbers[n : n + 1024].tolist() for n in range(0, len(numbers), 1024))
