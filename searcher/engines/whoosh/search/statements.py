"""Statements: from quotations that match to what was said, whole, each once, with the articles that carry it.

Which utterances are one statement was decided at commit (:mod:`searcher.engines.whoosh.statements`); here
quotations are grouped by the id of their statement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self, get_args

import numpy as np

from searcher.article import Article
from searcher.engines.base import Deferred
from searcher.engines.whoosh.arrays import Array, Mask, as_array, sorted_unique
from searcher.engines.whoosh.format.array_file import KINDS, NO_DATE, SPEAKER_KINDS
from searcher.engines.whoosh.format.segment import ValueField
from searcher.engines.whoosh.names import NO_NAME, Numbering, StoredNames
from searcher.engines.whoosh.search.facets import Facets, count_over_time
from searcher.engines.whoosh.search.snapshot import ArticleCache, Snapshot
from searcher.engines.whoosh.statements import Utterances, members
from searcher.fields import OF_QUOTES, SAID_BY
from searcher.query.tree import TimeUnit
from searcher.results.articles import Names
from searcher.results.statements import Place, Statement, sure_parts
from searcher.statements import Ballot, count_votes, parts_of

#: Numbers of speakers from here on are not those of names: a decision says that they are nobody's.
_UNNAMED = 1 << 30


class FoundStatements(NamedTuple):
    """A page of statements, how many there are, and how many utterances match."""

    hits: tuple[Statement, ...]
    total: int
    places: int


class StatementFinder:
    """Finds statements in one snapshot, by one table of names. An utterance is known by the number of its
    first part among all quotations."""

    def __init__(
        self,
        snapshot: Snapshot,
        names: StoredNames,
        facets: Facets,
        article_cache: ArticleCache,
        utterances: Utterances,
        ids: Array,
    ) -> None:
        """``ids``: of each utterance the id of its statement."""
        self._snapshot = snapshot
        self._back, self._surest = snapshot.column("quote_back"), snapshot.column("quote_surest")
        self._names = names
        self._facets = facets
        self._article_cache = article_cache
        self._utterances, self._ids = utterances, ids
        self._speaker_texts: dict[int, str] = {}
        self._allowed_by_kinds: dict[tuple[str, ...], Mask] = {}

    def page(
        self,
        quotes: Array,
        scores: Array,
        kinds: tuple[str, ...],
        offset: int,
        limit: int,
        min_confidence: float = 0.0,
    ) -> FoundStatements:
        """Return the statements that quotations are part of, in the order of these, with all their places
        that are of these kinds, without the parts of a lower confidence."""
        utterances, at = np.unique(quotes - self._back[quotes], return_index=True)
        labels = self._ids[utterances]
        order = np.argsort(at)
        firsts = np.sort(np.unique(labels[order], return_index=True)[1])
        some = order[firsts[offset : offset + limit]]
        points = scores[at[some]].tolist()
        hits = tuple(self._statements(labels[some], self._allowed(kinds), points, min_confidence))
        return FoundStatements(hits, len(firsts), len(utterances))

    def counts(self, quotes: Array, fields: Collection[str]) -> dict[str, Mapping[str, int]]:
        """Return for each field the number of statements, among those that quotations are part of, that each
        of its values has where these are."""
        statements = self._ids[quotes - self._back[quotes]].astype(np.int64)
        owners = self._snapshot.quote_article[quotes]
        counts: dict[str, Mapping[str, int]] = {}
        for field in fields:
            if field == "speaker":
                counts[field] = self._by_speaker(quotes, statements)
            elif field in get_args(TimeUnit):
                counts[field] = count_over_time(self._snapshot.when[owners], field, statements)
            elif field in OF_QUOTES:
                counts[field] = self._facets.count_groups(OF_QUOTES[field], quotes, statements)
            else:
                counts[field] = self._facets.count_groups(field, owners, statements)
        return counts

    def _by_speaker(self, quotes: Array, statements: Array) -> dict[str, int]:
        """Count the statements of each speaker of quotations, as :meth:`NameTable.asked_for` has him."""
        numbers, unnamed = self._speakers[quotes], self._snapshot.is_unnamed(quotes)
        called, first = np.unique(numbers[unnamed], return_index=True)
        known = [self._names.is_named(self._said_by(quote)) for quote in quotes[unnamed][first].tolist()]
        named = (numbers >= 0) & ~(unnamed & np.isin(numbers, called[known]))
        quotes, statements = quotes[named], statements[named]
        speakers, first, nth = np.unique(self._speakers[quotes], return_index=True, return_inverse=True)
        pairs = sorted_unique(statements * max(1, len(speakers)) + nth)
        sizes = np.bincount(pairs % max(1, len(speakers)), minlength=len(speakers)).tolist()
        counts = Counter[str]()
        for quote, number in zip(quotes[first].tolist(), sizes):
            counts[self._speaker(quote, int(self._speakers[quote])) or ""] += number
        return dict(counts)

    def _allowed(self, kinds: tuple[str, ...]) -> Mask:
        """Return a flag for each quotation: True if it begins a live utterance with a part of these kinds."""
        if (known := self._allowed_by_kinds.get(kinds)) is None:
            of_kinds = np.array([kind in kinds for kind in KINDS])[self._snapshot.quote_kind]
            parts = np.flatnonzero(of_kinds & self._snapshot.quotes.all.mask)
            known = self._allowed_by_kinds[kinds] = np.zeros(self._snapshot.quotes.size, np.bool_)
            known[parts - self._back[parts]] = True
        return known

    # Statements to be shown

    def _groups(self, shown: Array, allowed: Mask) -> list[tuple[Array, Array]]:
        """Return the utterances of statements, and the long ones that hold one of them."""
        every = members(self._ids, shown)
        every = every[allowed[every]]
        holding: dict[int, set[int]] = {id: set() for id in shown.tolist()}
        for one, long in self._utterances.holding(every):
            if self._ids[one] != self._ids[long]:
                holding[self._ids.item(one)].add(long)
        order = np.argsort(self._ids[every], kind="stable")
        labels = self._ids[every][order]
        edges = zip(labels.searchsorted(shown), labels.searchsorted(shown, "right"))
        groups = [every[order[first:last]] for first, last in edges]
        holders = [np.array(sorted(some), np.int64) for some in holding.values()]
        return [(own, some[allowed[some]]) for own, some in zip(groups, holders)]

    def _statements(
        self, shown: Array, allowed: Mask, scores: Sequence[float], min_confidence: float
    ) -> Iterator[Statement]:
        """Yield the statements of these ids. What is known of the utterances of all is gathered at once: most
        statements have few."""
        if not len(shown):
            return
        groups = self._groups(shown, allowed)
        utterances = np.concatenate([some for pair in groups for some in pair])
        owners = self._snapshot.quote_article[utterances]
        when = self._snapshot.when[owners]
        said = utterances + self._surest[utterances]
        articles = self._article_cache.later(owners.tolist())
        stories = self._stories(owners.tolist())
        ages = np.where(when == NO_DATE, np.inf, when).tolist()
        numbers = (utterances - self._snapshot.quote_starts[owners]).tolist()
        sizes = self._snapshot.body_length[owners].tolist()
        lengths = self._utterances.lengths(utterances).tolist()
        speakers = list(map(self._speaker, said.tolist(), self._speakers[said].tolist()))
        confidences = self._snapshot.quote_confidence[said].tolist()
        kinds = [SPEAKER_KINDS[kind] for kind in self._snapshot.quote_speaker_kind[said].tolist()]

        def ballot(n: int) -> Ballot:
            return Ballot(stories[n], speakers[n], confidences[n], kinds[n], partial(sizes.__getitem__, n))

        end = 0
        for (said_in, long), score in zip(groups, scores):
            first, last = end, end + len(said_in)
            end = last + len(long)
            order = sorted(range(first, end), key=lambda n: (ages[n], articles[n].id, numbers[n]))
            places = {
                n: _StoredPlace.begun(articles[n], numbers[n], speakers[n], self._names, min_confidence)
                for n in order
            }
            own = [n for n in order if n < last]
            votes = count_votes(map(ballot, own)) or count_votes(map(ballot, set(order) - set(own)))
            whole = max(own, key=lambda n: (confidences[n] >= min_confidence, lengths[n]))
            yield Statement(tuple(places.values()), places[whole], votes, score)

    def _speaker(self, quote: int, number: int) -> str | None:
        """Return the name of who said a quotation, the speaker of this number; what the article calls him
        where there is none."""
        if number < 0:
            return None
        if (text := self._speaker_texts.get(number)) is None:
            value = self._said_by(quote)
            text = self._speaker_texts[number] = self._names.name_of(SAID_BY, value) or value
        return text

    def _said_by(self, quote: int) -> str:
        bases = self._snapshot.quotes.doc_bases
        nth = int(np.searchsorted(bases, quote, side="right")) - 1
        return self._snapshot.segments[nth].values(SAID_BY).first_of(quote - bases[nth]) or ""

    def _stories(self, articles: Sequence[int]) -> list[str | int]:
        """Return for each article what the copies of its story share: the number of the story in the largest
        segment, or else its text; a number below 0 for an article of no story."""
        base, size, stored = self._largest
        starts, values = stored.value_starts, stored.values
        found: list[str | int] = []
        for article in articles:
            own = article - base
            if 0 <= own < size:
                first = starts[own]
                found.append(values[first] if first < starts[own + 1] else ~article)
            else:
                segment, own = self._snapshot.locate(article)
                story = segment.values("story").first_of(own)
                number = -1 if story is None else stored.find(story)
                found.append(~article if story is None else story if number < 0 else number)
        return found

    @cached_property
    def _largest(self) -> tuple[int, int, ValueField]:
        """The first article of the largest segment, its size, and the stories in it."""
        segments, bases = self._snapshot.segments, self._snapshot.articles.doc_bases
        base, segment = max(zip(bases, segments), key=lambda pair: pair[1].size)
        return base, segment.size, segment.values("story")

    # Columns

    @cached_property
    def _speakers(self) -> Array:
        """The number of each quotation's speaker, -1 where there is none."""
        names, unnamed = Numbering(self._names, SAID_BY), dict[str, int]()
        parts = [np.empty(0, np.int64)]
        for segment in self._snapshot.segments:
            stored = segment.values(SAID_BY)
            numbers = self._facets.numbers(names, segment, stored).astype(np.int64)
            for value in np.flatnonzero(numbers == NO_NAME).tolist():
                numbers[value] = _UNNAMED + unnamed.setdefault(stored.text(value), len(unnamed))
            speakers = np.full(segment.quotes, -1, np.int64)
            speakers[np.diff(as_array(stored.value_starts)) > 0] = numbers[as_array(stored.values)]
            parts.append(speakers)
        return np.concatenate(parts)


class _StoredPlace(Deferred, Place):
    """A place whose parts are looked for in its article when they are first asked for: a statement that
    thousands carry is shown with few of them."""

    __slots__ = ("_min_confidence", "_number")

    @classmethod
    def begun(
        cls, article: Article, number: int, speaker: str | None, names: Names, min_confidence: float
    ) -> Self:
        """Return the place of the utterance that begins with this quotation of an article."""
        place, give = object.__new__(cls), object.__setattr__
        give(place, "article", article)
        give(place, "_number", number)
        give(place, "_min_confidence", min_confidence)
        give(place, "speaker", speaker)
        give(place, "names", names)
        return place

    def whole(self) -> Place:
        return Place(self.article, self.parts, self.speaker, self.names)

    if not TYPE_CHECKING:  # a name that is no field stays a type error

        def __getattr__(self, name: str) -> Any:
            if name != "parts":
                raise AttributeError(name)
            parts = parts_of(self.article, self.article.quote_at(self._number))
            parts = sure_parts(parts, self._min_confidence)
            object.__setattr__(self, name, parts)
            return parts
