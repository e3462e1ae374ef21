"""The light searcher: answers simple queries without NumPy, whose import takes longer than most of them.

These are the queries of a command line: words, phrases, values, dates, with And, Or and Not, and facets. The
answers are those of :mod:`searcher.engines.whoosh.search.searcher`; a query that is not supported, or that
would take longer here than there with the import, is declined.
"""

from __future__ import annotations

import heapq
import sys
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple, TypeVar

from searcher import analysis
from searcher.article import Article
from searcher.engines import scoring
from searcher.engines.whoosh.format.array_file import NO_DATE, column_range
from searcher.engines.whoosh.format.segment import FieldPostings, Segment, TermGroup, languages_of
from searcher.engines.whoosh.names import NO_NAME, NamedCounts, Numbering, StoredNames
from searcher.query import tree
from searcher.query.tree import TIME_FACETS, Expr, Filter, Query
from searcher.results import Facet, FacetValues, Hit, Results


class LightPolicy(NamedTuple):
    """Bounds within which an open generation is searched without NumPy.

    ``max_queries`` bounds its queries: after this many the process is no mere command, and NumPy is worth its
    import. ``max_entries`` bounds the entries that one query may read, and all of them: some 60 ms, where
    importing NumPy takes 80. ``beside_numpy``: also in a process that has imported NumPy.
    """

    max_queries: int = 20
    max_entries: int = 400_000
    beside_numpy: bool = False

    def allows(self, queries: int, entries_read: int) -> bool:
        """Tell whether the last of these queries may be answered so, after reading these entries."""
        within = queries <= self.max_queries and entries_read <= self.max_entries
        return within and (self.beside_numpy or "numpy" not in sys.modules)


class NotSupported(Exception):
    """The query is not for this package, or would read too many entries."""


class Collection:
    """The articles of all segments."""

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]], max_entries: int
    ) -> None:
        """``deleted``: for each segment the numbers of its deleted articles. ``max_entries``: see
        :class:`.LightPolicy`."""
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

    def charge(self, entries: int) -> None:
        """Count entries about to be read. Raises NotSupported when they are too many with those before."""
        self.entries_read += entries
        if self.entries_read > self._max_entries:
            raise NotSupported

    def all(self) -> set[int]:
        self.charge(self.size)
        return set(range(self.size)) - self.deleted

    def locate(self, number: int) -> tuple[Segment, int]:
        """Return the segment of an article, and its number there."""
        nth = bisect_right(self.doc_bases, number) - 1
        return self.segments[nth], number - self.doc_bases[nth]

    def value(self, column: str, number: int) -> int:
        segment, own = self.locate(number)
        return int(segment.column(column)[own])

    def reader(self, column: str) -> Callable[[int], int]:
        """Return a function from an article to its value in a column."""
        if len(self.segments) == 1:
            return self.segments[0].column(column).__getitem__
        return lambda number: self.value(column, number)

    def article(self, number: int) -> Article:
        segment, own = self.locate(number)
        return segment.article(own)


#: The number of an article, and how often it has a leaf.
Frequencies = dict[int, int]


class LeafFrequencies:
    """Finds how often articles have a leaf; each leaf is looked up once."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._languages = languages_of(collection.segments)
        self._cached: dict[tree.Term | tree.Phrase, Frequencies] = {}

    def frequencies(self, leaf: tree.Term | tree.Phrase) -> Frequencies:
        """Return the live articles with the leaf, and how often each has it. Raises NotSupported."""
        if (cached := self._cached.get(leaf)) is None:
            exact = isinstance(leaf, tree.Term) and leaf.exact
            slots = analysis.query_terms(leaf.text, exact, self._languages)
            cached = {}
            for segment, base in self._collection:
                own = self._in_segment(segment, leaf.field, [segment.dictionary.groups(s) for s in slots])
                cached |= {base + number: count for number, count in own.items()} if base else own
            for number in self._collection.deleted & cached.keys():
                del cached[number]
            self._cached[leaf] = cached
        return cached

    def weighted(self, leaf: tree.Term | tree.Phrase) -> Mapping[int, float]:
        """Return the term frequency in each article, with the extra weight of titles."""
        counts = self.frequencies(leaf)
        if leaf.field != "text":
            return counts
        extra = scoring.TITLE_WEIGHT - 1
        titled = self.frequencies(replace(leaf, field="title"))
        return {number: count + extra * titled.get(number, 0) for number, count in counts.items()}

    def _in_segment(self, segment: Segment, field: str, slots: Sequence[Sequence[TermGroup]]) -> Frequencies:
        """Return the articles where tokens of each slot follow one another, and how often."""
        if not slots or not all(slots):
            return {}
        if len(slots) == 1:
            return self._summed(segment, field, slots[0])
        candidates = set.intersection(*(set(self._summed(segment, field, groups)) for groups in slots))
        if not candidates:
            return {}
        positions = [self._positions(segment, field, groups, candidates) for groups in slots]
        counts = {
            number: sum(
                all(first + n in later[number] for n, later in enumerate(positions[1:], 1))
                for first in positions[0][number]
            )
            for number in candidates
        }
        return {number: count for number, count in counts.items() if count}

    def _summed(self, segment: Segment, field: str, groups: Iterable[TermGroup]) -> Frequencies:
        """Return the articles with any of the tokens, and how many of these each has."""
        postings = segment.postings(field)
        counts: Frequencies = {}
        for group in groups:
            begin, end = postings.starts[group.group], postings.starts[group.group + 1]
            self._collection.charge(end - begin)
            if group.variants is None:
                own = dict(zip(postings.docs[begin:end].tolist(), postings.tf[begin:end].tolist()))
            else:
                self._charge_positions(postings, group)
                own = {number: len(positions) for number, positions in postings.positions_of(group)}
            if counts:
                for number, count in own.items():
                    counts[number] = counts.get(number, 0) + count
            else:
                counts = own
        return counts

    def _positions(
        self, segment: Segment, field: str, groups: Iterable[TermGroup], candidates: set[int]
    ) -> dict[int, set[int]]:
        """Return the positions of tokens in the candidates. A body never follows its title at once: no title
        is as long as the body's offset."""
        postings = segment.postings(field)
        found: dict[int, set[int]] = {number: set() for number in candidates}
        for group in groups:
            self._charge_positions(postings, group)
            for number, positions in postings.positions_of(group):
                if number in candidates:
                    found[number].update(positions)
        return found

    def _charge_positions(self, postings: FieldPostings, group: TermGroup) -> None:
        starts = postings.position_starts
        self._collection.charge(starts[group.group + 1] - starts[group.group])


def _required(names: StoredNames | None) -> StoredNames:
    """Return the names. Raises NotSupported where they would have to be decided first."""
    if names is None:
        raise NotSupported
    return names


class LightFacets:
    """Looks up and counts the names of a collection."""

    def __init__(self, collection: Collection, names: StoredNames | None) -> None:
        """``names``: None where they have to be decided first, which is not for this package."""
        self._collection = collection
        self._names = names

    def docs_with(self, field: str, values: Sequence[str]) -> set[int]:
        """Return the live articles with a name that any of these values asks for."""
        meant = _required(self._names).values_meant(field, values)
        found: set[int] = set()
        for segment, base in self._collection:
            stored = segment.values(field)
            for number in map(stored.find, meant):
                if number >= 0:
                    docs = stored.docs[stored.starts[number] : stored.starts[number + 1]]
                    self._collection.charge(len(docs))
                    found.update(base + doc for doc in docs)
        return found - self._collection.deleted

    def count(self, field: str, among: set[int]) -> Mapping[str, int]:
        """Return how many of these articles each name has, without names that have none."""
        self._collection.charge(8 * len(among))
        names = Numbering(_required(self._names), field)
        found: list[int] = []
        numbers = sorted(among)
        for segment, base in self._collection:
            stored, name_at = segment.values(field), names.at(segment)
            starts, values = stored.value_starts, stored.values
            first, end = bisect_left(numbers, base), bisect_left(numbers, base + segment.size)
            for number in numbers[first:end]:
                own = values[starts[number - base] : starts[number - base + 1]]
                if len(own) == 1:
                    found.append(name_at(own[0]))
                elif len(own):
                    found += {*map(name_at, own)}
        counts = Counter(found)
        del counts[NO_NAME]
        return NamedCounts(counts, names)


T = TypeVar("T")


class LightSearcher:
    """Answers one query, or declines it by returning None. It caches what it reads and is not thread-safe."""

    def __init__(
        self,
        segments: Sequence[Segment],
        deleted: Sequence[Sequence[int]],
        names: StoredNames | None,
        max_entries: int,
    ) -> None:
        """``deleted``: for each segment the numbers of its deleted articles. ``max_entries``: the entries
        that the query may read."""
        self._articles = Collection(segments, deleted, max_entries)
        self._leaves = LeafFrequencies(self._articles)
        self._facets = LightFacets(self._articles, names)
        self._names = names

    @property
    def entries_read(self) -> int:
        return self._articles.entries_read

    def search(self, query: Query) -> Results | None:
        """Return the answer, or None where the query is not supported."""
        return self._supported(query, self._search)

    def scan(self, query: Query) -> Iterator[Hit] | None:
        """Return every hit in order, or None where the query is not supported."""
        return self._supported(query, self._scan)

    @staticmethod
    def _supported(query: Query, answer: Callable[[Query], T]) -> T | None:
        if query.collapse or query.explain or not set(TIME_FACETS).isdisjoint(query.facets):
            return None
        try:
            return answer(query)
        except NotSupported:
            return None

    def _scan(self, query: Query) -> Iterator[Hit]:
        _required(self._names)
        found = self._filtered(self._matching(query.where), query.filters)
        return map(self._hit, self._best(query, found, len(found)))

    def _search(self, query: Query) -> Results:
        matching = self._matching(query.where)
        found = self._filtered(matching, query.filters)
        facets = {name: self._facet(name, matching, query.filters) for name in query.facets}
        if query.limit:
            _required(self._names)
        best = self._best(query, found, query.offset + query.limit) if query.limit else []
        hits = tuple(map(self._hit, best[query.offset :]))
        return Results(hits, len(found), facets, articles=len(found))

    def _hit(self, scored: tuple[int, float]) -> Hit:
        number, score = scored
        return Hit(self._articles.article(number), score, names=self._names)

    def _matching(self, expr: Expr) -> set[int]:
        """Return the live articles that match. Raises NotSupported."""
        match expr:
            case tree.MatchAll():
                return self._articles.all()
            case tree.And(parts):
                sets = [self._matching(part) for part in parts]
                return set.intersection(*sets) if sets else self._articles.all()
            case tree.Or(parts):
                return set().union(*(self._matching(part) for part in parts))
            case tree.Not(part):
                return self._articles.all() - self._matching(part)
            case tree.HasValue(field, value):
                return self._facets.docs_with(field, (value,))
            case tree.Range():
                return self._between(expr)
            case tree.Term() | tree.Phrase():
                return set(self._leaves.frequencies(expr))
            case _:
                raise NotSupported

    def _between(self, between: tree.Range) -> set[int]:
        self._articles.charge(2 * self._articles.size)
        low, below = column_range(between)
        column = "body_length" if between.field == "length" else "when"
        found = {
            base + number
            for segment, base in self._articles
            for number, value in enumerate(segment.column(column))
            if low <= value < below
        }
        return found - self._articles.deleted

    def _filtered(self, articles: set[int], filters: Sequence[Filter]) -> set[int]:
        for condition in filters:
            having = self._facets.docs_with(condition.field, condition.values)
            articles = articles - having if condition.negated else articles & having
        return articles

    def _facet(self, name: str, matching: set[int], filters: Sequence[Filter]) -> Facet:
        """Count a facet over all that match, without the selections on the facet's own field."""
        others = [f for f in filters if f.negated or f.field != name]
        return Facet(name, FacetValues(self._facets.count(name, self._filtered(matching, others))))

    def _best(self, query: Query, found: set[int], count: int) -> list[tuple[int, float]]:
        if query.sort == "relevance":
            scores = self._scores(query.where, found)
            return heapq.nsmallest(count, scores.items(), key=lambda scored: (-scored[1], scored[0]))
        self._articles.charge(len(found))
        sign = -1 if query.sort == "newest" else 1

        def by_date(number: int) -> tuple[bool, int, int]:
            when = self._articles.value("when", number)
            return (when == NO_DATE, sign * when, number)

        return [(number, 0.0) for number in heapq.nsmallest(count, found, key=by_date)]

    def _scores(self, where: Expr, found: set[int]) -> dict[int, float]:
        articles = self._articles
        scores = dict.fromkeys(found, 0.0)
        if not (leaves := scoring.weigh(where)):
            return scores
        articles.charge(2 * len(articles.deleted))
        words = sum(segment.words for segment, _ in articles)
        words -= sum(articles.value("length", number) for number in articles.deleted)
        average = words / len(articles) if len(articles) else 0.0
        length_of = articles.reader("length")
        for scored in leaves:
            leaf = scored.leaf
            if not isinstance(leaf, tree.Term | tree.Phrase):
                raise NotSupported
            counts = self._leaves.weighted(leaf)
            articles.charge(4 * min(len(counts), len(found)))
            for number in counts.keys() & found:
                points = scoring.bm25(counts[number], len(counts), len(articles), length_of(number), average)
                scores[number] += scored.weight * points
        return scores
