"""A searcher in plain Python, for commands: importing NumPy takes longer than most of their queries.

It supports words, phrases, values and dates, combined with And, Or and Not, and facets. Its answers equal
those of :mod:`searcher.engines.whoosh.search.searcher`, which takes over if a query is not supported or would
read too many entries.
"""

from __future__ import annotations

import heapq
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from searcher import analysis
from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.whoosh.format.array_file import NO_DATE, column_range
from searcher.engines.whoosh.format.segment import FieldPostings, Segment, TermGroup, languages_of
from searcher.engines.whoosh.names import NO_NAME, NamedCounts, Numbering, StoredNames
from searcher.query import tree
from searcher.query.tree import TIME_FACETS, Expr, Filter, Query
from searcher.results import Facet, FacetValues, Hit, Results

#: Maximum number of hits of a scan without NumPy. With more, reading the articles takes longer than
#: importing NumPy, and a set of their numbers takes more memory than an array.
MAX_SCANNED = 1000


class LightPolicy(NamedTuple):
    """When to search an open generation without NumPy.

    Attributes:
        max_queries: Maximum number of queries. A process with more of them is worth the import.
        max_entries: Maximum number of entries read by one query, and by all of them. Reading these takes some
            60 ms, importing NumPy 80.
        ignores_numpy: Also search without NumPy if the process has already imported it.
    """

    max_queries: int = 30
    max_entries: int = 400_000
    ignores_numpy: bool = False

    def allows(self, queries: int, entries_read: int) -> bool:
        """Return True if the latest query may be answered without NumPy.

        ``queries``: their number in this process. ``entries_read``: the number of entries that they read.
        """
        is_cheap = queries <= self.max_queries and entries_read <= self.max_entries
        return is_cheap and (self.ignores_numpy or "numpy" not in sys.modules)


class NotSupported(Exception):
    """The query needs the searcher on arrays, or would read too many entries here."""


class Collection:
    """The articles of all segments, numbered consecutively."""

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]], max_entries: int
    ) -> None:
        self._max_entries = max_entries
        self.segments = segments
        bases = [0, *accumulate(segment.size for segment in segments)]
        self.doc_bases = bases[:-1]
        self.size = bases[-1]
        self.deleted = {base + n for base, numbers in zip(self.doc_bases, deleted) for n in numbers}
        self.entries_read = 0

    def __len__(self) -> int:
        """Return the number of live articles."""
        return self.size - len(self.deleted)

    def __iter__(self) -> Iterator[tuple[Segment, int]]:
        """Yield each segment with the number of its first article."""
        return zip(self.segments, self.doc_bases)

    def count_entries(self, entries: int) -> None:
        """Count entries about to be read. Raises NotSupported if the query would read too many."""
        self.entries_read += entries
        if self.entries_read > self._max_entries:
            raise NotSupported

    def all(self) -> set[int]:
        self.count_entries(self.size)
        return set(range(self.size)) - self.deleted

    def locate(self, number: int) -> tuple[Segment, int]:
        """Return the segment of an article, and its number there."""
        nth = bisect_right(self.doc_bases, number) - 1
        return self.segments[nth], number - self.doc_bases[nth]

    def reader(self, column: str) -> Callable[[int], int]:
        """Return a function from an article to its value in a column."""
        if len(self.segments) == 1:
            return self.segments[0].column(column).__getitem__

        def value(number: int) -> int:
            segment, local_number = self.locate(number)
            return int(segment.column(column)[local_number])

        return value

    def article(self, number: int) -> Article:
        segment, local_number = self.locate(number)
        return segment.article(local_number)


#: Maps the number of an article to the number of occurrences of a leaf in it.
Frequencies = dict[int, int]


class LeafFrequencies:
    """The frequencies of leaves. Each leaf is looked up once."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._languages = languages_of(collection.segments)
        self._cached: dict[tree.Term | tree.Phrase, Frequencies] = {}

    def frequencies(self, leaf: tree.Term | tree.Phrase) -> Frequencies:
        """Return the number of occurrences in each live article that has the leaf. Raises NotSupported."""
        if (cached := self._cached.get(leaf)) is None:
            exact = isinstance(leaf, tree.Term) and leaf.exact
            slots = analysis.query_terms(leaf.text, exact, self._languages)
            cached = {}
            for segment, base in self._collection:
                groups = [segment.dictionary.groups(slot) for slot in slots]
                counts = self._in_segment(segment, leaf.field, groups)
                cached |= {base + number: count for number, count in counts.items()} if base else counts
            for number in self._collection.deleted & cached.keys():
                del cached[number]
            self._cached[leaf] = cached
        return cached

    def weighted(self, leaf: tree.Term | tree.Phrase) -> Mapping[int, float]:
        """Return the term frequency in each article, including the extra weight of titles."""
        counts = self.frequencies(leaf)
        if leaf.field != "text":
            return counts
        extra = scoring.TITLE_WEIGHT - 1
        in_titles = self.frequencies(replace(leaf, field="title"))
        return {number: count + extra * in_titles.get(number, 0) for number, count in counts.items()}

    def _in_segment(self, segment: Segment, field: str, slots: Sequence[Sequence[TermGroup]]) -> Frequencies:
        """Return how often each article has consecutive tokens, one of each slot."""
        if not slots or not all(slots):
            return {}
        if len(slots) == 1:
            return self._sum_frequencies(segment, field, slots[0])
        candidates = set.intersection(
            *(set(self._sum_frequencies(segment, field, groups)) for groups in slots)
        )
        if not candidates:
            return {}
        positions = [self._positions(segment, field, groups, candidates) for groups in slots]
        counts = {
            number: sum(
                all(first + n in following[number] for n, following in enumerate(positions[1:], 1))
                for first in positions[0][number]
            )
            for number in candidates
        }
        return {number: count for number, count in counts.items() if count}

    def _sum_frequencies(self, segment: Segment, field: str, groups: Iterable[TermGroup]) -> Frequencies:
        """Return how many of the tokens each article has."""
        postings = segment.postings(field)
        counts: Frequencies = {}
        for group in groups:
            begin, end = postings.starts[group.group], postings.starts[group.group + 1]
            self._collection.count_entries(end - begin)
            if group.variants is None:
                group_counts = dict(zip(postings.docs[begin:end].tolist(), postings.tf[begin:end].tolist()))
            else:
                self._charge_positions(postings, group)
                group_counts = {number: len(places) for number, places in postings.positions_of(group)}
            if counts:
                for number, count in group_counts.items():
                    counts[number] = counts.get(number, 0) + count
            else:
                counts = group_counts
        return counts

    def _positions(
        self, segment: Segment, field: str, groups: Iterable[TermGroup], candidates: set[int]
    ) -> dict[int, set[int]]:
        """Return the positions of the tokens in the candidates. A match never spans title and body: the
        positions of a body start beyond the end of any title."""
        postings = segment.postings(field)
        by_article: dict[int, set[int]] = {number: set() for number in candidates}
        for group in groups:
            self._charge_positions(postings, group)
            for number, positions in postings.positions_of(group):
                if number in candidates:
                    by_article[number].update(positions)
        return by_article

    def _charge_positions(self, postings: FieldPostings, group: TermGroup) -> None:
        starts = postings.position_starts
        self._collection.count_entries(starts[group.group + 1] - starts[group.group])


class LightFacets:
    """Finds and counts articles by the names in their fields."""

    def __init__(self, collection: Collection, names: StoredNames) -> None:
        self._collection = collection
        self._names = names

    def docs_with(self, field: str, values: Sequence[str]) -> set[int]:
        """Return the live articles with a name that any of these values stands for."""
        variants = self._names.values_meant(field, values)
        matches: set[int] = set()
        for segment, base in self._collection:
            stored = segment.values(field)
            for number in map(stored.find, variants):
                if number >= 0:
                    docs = stored.docs[stored.starts[number] : stored.starts[number + 1]]
                    self._collection.count_entries(len(docs))
                    matches.update(base + doc for doc in docs)
        return matches - self._collection.deleted

    def count(self, field: str, among: set[int]) -> Mapping[str, int]:
        """Return the number of these articles that have each name, without names that occur in none."""
        self._collection.count_entries(8 * len(among))
        names = Numbering(self._names, field)
        occurrences: list[int] = []
        numbers = sorted(among)
        for segment, base in self._collection:
            stored, name_at = segment.values(field), names.number_lookup(segment)
            starts, values = stored.value_starts, stored.values
            first, end = bisect_left(numbers, base), bisect_left(numbers, base + segment.size)
            for number in numbers[first:end]:
                article_values = values[starts[number - base] : starts[number - base + 1]]
                if len(article_values) == 1:
                    occurrences.append(name_at(article_values[0]))
                elif len(article_values):
                    occurrences += {*map(name_at, article_values)}
        counts = Counter(occurrences)
        del counts[NO_NAME]
        return NamedCounts(counts, names)


class LightSearcher:
    """Answers one query, or raises NotSupported. It caches what it reads and is not thread-safe."""

    def __init__(
        self,
        segments: Sequence[Segment],
        deleted: Sequence[Sequence[int]],
        names: StoredNames,
        max_entries: int,
    ) -> None:
        """``deleted``: for each segment the numbers of its deleted articles. ``max_entries``: maximum number
        of entries that the query may read."""
        self._articles = Collection(segments, deleted, max_entries)
        self._leaves = LeafFrequencies(self._articles)
        self._facets = LightFacets(self._articles, names)
        self._names = names

    @property
    def entries_read(self) -> int:
        return self._articles.entries_read

    def search(self, query: Query) -> Results:
        """Return the answer. Raises NotSupported."""
        _raise_if_unsupported(query)
        matching = self._matching_articles(query.where)
        selected = self._apply_filters(matching, query.filters)
        facets = {name: self._facet(name, matching, query.filters) for name in query.facets}
        best = self._best_articles(query, selected, query.offset + query.limit) if query.limit else []
        hits = tuple(map(self._hit, best[query.offset :]))
        return Results(hits, len(selected), facets, articles=len(selected))

    def scan(self, query: Query) -> Iterator[Hit]:
        """Return every hit in order. Raises NotSupported."""
        _raise_if_unsupported(query)
        selected = self._apply_filters(self._matching_articles(query.where), query.filters)
        if len(selected) > MAX_SCANNED:
            raise NotSupported
        return map(self._hit, self._best_articles(query, selected, len(selected)))

    def _hit(self, numbered_score: tuple[int, float]) -> Hit:
        number, score = numbered_score
        return Hit(self._articles.article(number), score, names=self._names)

    def _matching_articles(self, expr: Expr) -> set[int]:
        """Return the live articles that match. Raises NotSupported."""
        match expr:
            case tree.MatchAll():
                return self._articles.all()
            case tree.And(parts):
                sets = [self._matching_articles(part) for part in parts]
                return set.intersection(*sets) if sets else self._articles.all()
            case tree.Or(parts):
                return set().union(*(self._matching_articles(part) for part in parts))
            case tree.Not(part):
                return self._articles.all() - self._matching_articles(part)
            case tree.HasValue(field, value):
                return self._facets.docs_with(field, (value,))
            case tree.Range():
                return self._in_bounds(expr)
            case tree.Term() | tree.Phrase():
                return set(self._leaves.frequencies(expr))
            case _:
                raise NotSupported

    def _in_bounds(self, bounds: tree.Range) -> set[int]:
        self._articles.count_entries(2 * self._articles.size)
        low, below = column_range(bounds)
        column = "body_length" if bounds.field == "length" else "when"
        matches = {
            base + number
            for segment, base in self._articles
            for number, value in enumerate(segment.column(column))
            if low <= value < below
        }
        return matches - self._articles.deleted

    def _apply_filters(self, articles: set[int], filters: Sequence[Filter]) -> set[int]:
        for condition in filters:
            having = self._facets.docs_with(condition.field, condition.values)
            articles = articles - having if condition.negated else articles & having
        return articles

    def _facet(self, name: str, matching: set[int], filters: Sequence[Filter]) -> Facet:
        """Count a facet over all matches, ignoring the values selected in the facet itself."""
        other_filters = [f for f in filters if f.negated or f.field != name]
        return Facet(
            name, FacetValues(self._facets.count(name, self._apply_filters(matching, other_filters)))
        )

    def _best_articles(self, query: Query, articles: set[int], count: int) -> list[tuple[int, float]]:
        if query.sort == "relevance":
            scores = self._scores(query.where, articles)
            return heapq.nsmallest(count, scores.items(), key=lambda pair: (-pair[1], pair[0]))
        self._articles.count_entries(len(articles))
        sign, date_of = -1 if query.sort == "newest" else 1, self._articles.reader("when")

        def sort_key(number: int) -> tuple[bool, int, int]:
            date = date_of(number)
            return (date == NO_DATE, sign * date, number)

        return [(number, 0.0) for number in heapq.nsmallest(count, articles, key=sort_key)]

    def _scores(self, where: Expr, selected: set[int]) -> dict[int, float]:
        articles = self._articles
        scores = dict.fromkeys(selected, 0.0)
        if not (leaves := scoring.weigh(where)):
            return scores
        articles.count_entries(2 * len(articles.deleted))
        words = sum(segment.words for segment, _ in articles)
        length_of = articles.reader("length")
        words -= sum(map(length_of, articles.deleted))
        average = words / len(articles) if len(articles) else 0.0
        for scored in leaves:
            leaf = scored.leaf
            if not isinstance(leaf, tree.Term | tree.Phrase):
                raise NotSupported
            counts = self._leaves.weighted(leaf)
            articles.count_entries(4 * min(len(counts), len(selected)))
            for number in counts.keys() & selected:
                points = scoring.bm25(counts[number], len(counts), len(articles), length_of(number), average)
                scores[number] += scored.weight * points
        return scores


def _raise_if_unsupported(query: Query) -> None:
    if query.collapse or query.explain or not set(TIME_FACETS).isdisjoint(query.facets):
        raise NotSupported
