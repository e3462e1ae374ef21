"""Simple questions answered without NumPy, whose import alone takes longer than most of them.

What a command line asks once: words, phrases, values, dates, with And, Or and Not, and facets. The answers
are those of :mod:`.answers`; what is not for this module, or would take longer here than there with the
import, is declined.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from searcher import ranking, words
from searcher.engines.base import Found, Match, evidence
from searcher.engines.whoosh.buffer import seconds
from searcher.engines.whoosh.layout import NO_DATE, SAID_BY
from searcher.engines.whoosh.segment import Part, Postings, Segment, Values
from searcher.identity import Identities
from searcher.model import Article
from searcher.query import And, Between, Everything, Expr, Filter, Is, Not, Or, Phrase, Query, Term

__all__ = ["MOST", "Light"]

#: Entries that one question may go through, and all of a process: some 60 ms, where importing NumPy takes
#: 80.
MOST = 400_000
_DAY = 86_400

Counts = dict[int, int]


class _NotForThis(Exception):
    """The question is declined."""


class Light:
    """Answers from segments and, for each, the numbers of its deleted articles."""

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]], names: Identities
    ) -> None:
        self._segments = segments
        self._identities = names
        self._bases = [0, *accumulate(segment.size for segment in segments)]
        self._deleted = {base + n for base, own in zip(self._bases, deleted) for n in own}
        self._canonical: dict[str, Mapping[str, str]] = {}
        self._leaves: dict[Term | Phrase, Counts] = {}
        self._left = MOST

    @property
    def spent(self) -> int:
        """The entries that the last question went through."""
        return MOST - self._left

    @property
    def count(self) -> int:
        """The number of articles."""
        return self._bases[-1] - len(self._deleted)

    def get(self, id: str) -> Article | None:
        for segment, base in zip(reversed(self._segments), reversed(self._bases[:-1])):
            number = segment.find_article(id)
            if number >= 0 and base + number not in self._deleted:
                return segment.article(number)
        return None

    def search(self, query: Query) -> Found | None:
        """The answer, or None where the question is declined."""
        if query.collapse:
            return None
        self._left = MOST
        try:
            return self._search(query)
        except _NotForThis:
            return None

    def _search(self, query: Query) -> Found:
        matching = self._matching(query.where)
        found = self._filtered(matching, query.filters)
        facets = {name: self._facet(name, matching, query.filters) for name in query.facets}
        best = self._best(query, found) if query.limit else []
        page = best[query.offset :]
        matches = tuple(Match(self._article(number), score) for number, score in page)
        return Found(matches, len(found), facets, len(found))

    def _spend(self, entries: int) -> None:
        self._left -= entries
        if self._left < 0:
            raise _NotForThis

    # Which articles match

    def _matching(self, expr: Expr) -> set[int]:
        match expr:
            case Everything():
                return self._all()
            case And(parts):
                found = [self._matching(part) for part in parts]
                return set.intersection(*found) if found else self._all()
            case Or(parts):
                return set().union(*(self._matching(part) for part in parts))
            case Not(part):
                return self._all() - self._matching(part)
            case Is(field, value):
                return self._holding(field, (value,))
            case Between():
                return self._between(expr)
            case Term() | Phrase():
                return set(self._counts(expr))
            case _:
                raise _NotForThis

    def _all(self) -> set[int]:
        self._spend(self._bases[-1])
        return set(range(self._bases[-1])) - self._deleted

    def _between(self, between: Between) -> set[int]:
        self._spend(2 * self._bases[-1])
        low, high = _bounds(between)
        column = "body_length" if between.field == "length" else "when"
        found = {
            base + number
            for segment, base in zip(self._segments, self._bases)
            for number, value in enumerate(segment.column(column))
            if low <= value < high and value != NO_DATE
        }
        return found - self._deleted

    def _filtered(self, found: set[int], filters: Sequence[Filter]) -> set[int]:
        for one in filters:
            holding = self._holding(one.field, one.values)
            found = found - holding if one.negated else found & holding
        return found

    # Words

    def _counts(self, leaf: Term | Phrase) -> Counts:
        """The articles with the leaf, and how often each has it."""
        found = self._leaves.get(leaf)
        if found is None:
            slots = words.sought(leaf.text, leaf.exact) if isinstance(leaf, Term) else words.sought(leaf.text)
            found = {}
            for segment, base in zip(self._segments, self._bases):
                own = self._in_segment(segment, leaf.field, [segment.lexicon.parts(s) for s in slots])
                found.update((base + number, count) for number, count in own.items())
            for number in self._deleted & found.keys():
                del found[number]
            self._leaves[leaf] = found
        return found

    def _weighted(self, leaf: Term | Phrase) -> Mapping[int, float]:
        """As often as the leaf counts: in titles more than in bodies."""
        counts = self._counts(leaf)
        if leaf.field != "text" or ranking.TITLE_WEIGHT == 1:
            return counts
        more = ranking.TITLE_WEIGHT - 1
        titled = self._counts(replace(leaf, field="title"))
        return {number: count + more * titled.get(number, 0) for number, count in counts.items()}

    def _in_segment(self, segment: Segment, field: str, slots: Sequence[Sequence[Part]]) -> Counts:
        if not slots or not all(slots):
            return {}
        if len(slots) == 1:
            return self._union(segment, field, slots[0])
        candidates = set.intersection(*(set(self._union(segment, field, parts)) for parts in slots))
        if not candidates:
            return {}
        places = [self._places(segment, field, parts, candidates) for parts in slots]
        counts = {
            number: sum(
                all(first + n in later[number] for n, later in enumerate(places[1:], 1))
                for first in places[0][number]
            )
            for number in candidates
        }
        return {number: count for number, count in counts.items() if count}

    def _union(self, segment: Segment, field: str, parts: Iterable[Part]) -> Counts:
        postings = segment.postings(field)
        counts: Counts = {}
        for part in parts:
            begin, end = postings.starts[part.family], postings.starts[part.family + 1]
            self._spend(end - begin)
            if part.members is None:
                own = dict(zip(postings.docs[begin:end].tolist(), postings.tf[begin:end].tolist()))
            else:
                self._spend_positions(postings, part)
                own = {number: len(places) for number, places in postings.places(part)}
            if counts:
                for number, count in own.items():
                    counts[number] = counts.get(number, 0) + count
            else:
                counts = own
        return counts

    def _places(
        self, segment: Segment, field: str, parts: Iterable[Part], candidates: set[int]
    ) -> dict[int, set[int]]:
        """The positions of tokens in the candidates. No title is so long that a body follows at once."""
        postings = segment.postings(field)
        found: dict[int, set[int]] = {number: set() for number in candidates}
        for part in parts:
            self._spend_positions(postings, part)
            for number, places in postings.places(part):
                if number in candidates:
                    found[number].update(places)
        return found

    def _spend_positions(self, postings: Postings, part: Part) -> None:
        self._spend(postings.position_starts[part.family + 1] - postings.position_starts[part.family])

    # Order

    def _best(self, query: Query, found: set[int]) -> list[tuple[int, float]]:
        """The first articles up to the end of the page, with their scores."""
        wanted = query.offset + query.limit
        if query.sort == "relevance":
            scores = self._scores(query.where, found)
            return heapq.nsmallest(wanted, scores.items(), key=lambda one: (-one[1], one[0]))
        self._spend(len(found))
        sign = -1 if query.sort == "newest" else 1

        def by_date(number: int) -> tuple[bool, int, int]:
            when = self._value("when", number)
            return (when == NO_DATE, sign * when, number)

        return [(number, 0.0) for number in heapq.nsmallest(wanted, found, key=by_date)]

    def _scores(self, where: Expr, found: set[int]) -> dict[int, float]:
        scores = dict.fromkeys(found, 0.0)
        parts = [(part.weight, part.leaf) for part in ranking.weigh(where)]
        if not parts:
            return scores
        total = sum(segment.words for segment in self._segments)
        self._spend(2 * len(self._deleted))
        gone = sum(self._value("length", number) for number in self._deleted)
        average = (total - gone) / self.count if self.count else 0.0
        for weight, leaf in parts:
            if not isinstance(leaf, Term | Phrase):
                raise _NotForThis
            counts = self._weighted(leaf)
            self._spend(4 * min(len(counts), len(found)))
            for number in counts.keys() & found:
                length = self._value("length", number)
                points = ranking.bm25(counts[number], len(counts), self.count, length, average)
                scores[number] += weight * points
        return scores

    def _value(self, column: str, number: int) -> int:
        segment, own = self._place(number)
        return int(segment.column(column)[own])

    def _place(self, number: int) -> tuple[Segment, int]:
        for segment, base in zip(reversed(self._segments), reversed(self._bases[:-1])):
            if number >= base:
                return segment, number - base
        raise IndexError(number)

    def _article(self, number: int) -> Article:
        segment, own = self._place(number)
        return segment.article(own)

    # Values

    def _holding(self, field: str, asked: Sequence[str]) -> set[int]:
        """The articles with a value that any of the names asked for goes by."""
        canonical = self._names(field)
        names = set(canonical.values())
        wanted = frozenset().union(*(self._identities.answering(field, value, names) for value in asked))
        found: set[int] = set()
        for segment, base in zip(self._segments, self._bases):
            values = segment.values(field)
            for number, text in enumerate(_texts(values)):
                if canonical.get(text) in wanted:
                    docs = values.docs[values.starts[number] : values.starts[number + 1]]
                    self._spend(len(docs))
                    found.update(base + doc for doc in docs)
        return found - self._deleted

    def _facet(self, name: str, matching: set[int], filters: Sequence[Filter]) -> Mapping[str, int]:
        others = [one for one in filters if one.negated or one.field != name]
        found = self._filtered(matching, others)
        self._spend(8 * len(found) + self._bases[-1])
        canonical = self._names(name)
        counts: Counter[str] = Counter()
        for segment, base in zip(self._segments, self._bases):
            values = segment.values(name)
            names = [canonical.get(text) for text in _texts(values)]
            for number in found & set(range(base, base + segment.size)):
                first, last = values.value_starts[number - base], values.value_starts[number - base + 1]
                counts.update({known for v in values.values[first:last] if (known := names[v])})
        return counts

    def _names(self, field: str) -> Mapping[str, str]:
        """For every value of a field the name that it goes by."""
        found = self._canonical.get(field)
        if found is None:
            counts = {field: self._value_counts(field)}
            if field == "speaker":
                counts = {"person": self._value_counts("person"), field: self._speaking()}
            found = self._identities.canonical(field, evidence(field, counts))
            self._canonical[field] = found
        return found

    def _value_counts(self, field: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for segment in self._segments:
            values = segment.values(field)
            self._spend(4 * len(values))
            edges = pairwise(values.starts)
            counts.update({text: end - begin for text, (begin, end) in zip(_texts(values), edges)})
        for number in self._deleted:
            segment, own = self._place(number)
            values = segment.values(field)
            for value in values.values[values.value_starts[own] : values.value_starts[own + 1]]:
                counts[_text(values.term(value))] -= 1
        return {text: count for text, count in counts.items() if count > 0}

    def _speaking(self) -> dict[str, int]:
        """In how many articles each speaker says anything."""
        counts: Counter[str] = Counter()
        for segment, base in zip(self._segments, self._bases):
            values = segment.values(SAID_BY)
            self._spend(2 * segment.quotes + 4 * len(values))
            texts, owners = list(_texts(values)), segment.column("quote_article")
            spoken = {
                (owners[quote], value)
                for quote, (begin, end) in enumerate(pairwise(values.value_starts))
                for value in values.values[begin:end]
            }
            counts.update(texts[value] for owner, value in spoken if base + owner not in self._deleted)
        return dict(counts)


def _bounds(between: Between) -> tuple[int, int]:
    """The least value, and what all values must be below."""
    low, high = between.low, between.high
    if between.field == "length":
        return (int(low) if isinstance(low, int) else 0, high + 1 if isinstance(high, int) else 1 << 62)
    return (
        _seconds(low) if isinstance(low, dt.date) else NO_DATE,
        _seconds(high) + _DAY if isinstance(high, dt.date) else 1 << 62,
    )


def _seconds(day: dt.date) -> int:
    return seconds(dt.datetime(day.year, day.month, day.day))


def _texts(values: Values) -> Iterable[str]:
    return map(_text, values.terms())


def _text(term: bytes) -> str:
    return term.decode("utf-8", "surrogatepass")
