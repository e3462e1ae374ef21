"""Statements: groups matching quotations by the ids of their statements, and collects the articles of each.

The ids were decided at commit (:mod:`searcher.engines.whoosh.statements`).
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
from searcher.fields import QUOTE_FIELDS, SAID_BY
from searcher.query.tree import TimeUnit
from searcher.results.articles import Names
from searcher.results.statements import Place, Statement, confident_parts
from searcher.statements import Ballot, count_votes, utterance_parts

#: Speakers whose name is ignored (a decision says that it is not a real name) are numbered from here.
_UNNAMED = 1 << 30


class StatementsPage(NamedTuple):
    """A page of statements, the number of statements, and the number of matching utterances."""

    hits: tuple[Statement, ...]
    total: int
    places: int


class StatementFinder:
    """Finds statements in one snapshot, by one table of names. An utterance is identified by the number of
    its first quotation."""

    def __init__(
        self,
        snapshot: Snapshot,
        names: StoredNames,
        facets: Facets,
        article_cache: ArticleCache,
        utterances: Utterances,
        ids: Array,
    ) -> None:
        """``ids``: the id of the statement of each utterance."""
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
    ) -> StatementsPage:
        """Return a page of the statements that quotations belong to, in the order of these. They include all
        places of these kinds, without parts of a lower confidence."""
        utterances, at = np.unique(quotes - self._back[quotes], return_index=True)
        labels = self._ids[utterances]
        order = np.argsort(at)
        firsts = np.sort(np.unique(labels[order], return_index=True)[1])
        page = order[firsts[offset : offset + limit]]
        points = scores[at[page]].tolist()
        hits = tuple(self._statements(labels[page], self._allowed_mask(kinds), points, min_confidence))
        return StatementsPage(hits, len(firsts), len(utterances))

    def counts(self, quotes: Array, fields: Collection[str]) -> dict[str, Mapping[str, int]]:
        """Return for each field the number of statements of each value, given the matching quotations."""
        statements = self._ids[quotes - self._back[quotes]].astype(np.int64)
        owners = self._snapshot.quote_article[quotes]
        counts: dict[str, Mapping[str, int]] = {}
        for field in fields:
            if field == "speaker":
                counts[field] = self._by_speaker(quotes, statements)
            elif field in get_args(TimeUnit):
                counts[field] = count_over_time(self._snapshot.when[owners], field, statements)
            elif field in QUOTE_FIELDS:
                counts[field] = self._facets.count_groups(QUOTE_FIELDS[field], quotes, statements)
            else:
                counts[field] = self._facets.count_groups(field, owners, statements)
        return counts

    def _by_speaker(self, quotes: Array, statements: Array) -> dict[str, int]:
        """Count the statements of each speaker, as :meth:`NameTable.searchable_speaker` names the speaker."""
        numbers, unnamed = self._speakers[quotes], self._snapshot.is_unnamed(quotes)
        unnamed_speakers, first = np.unique(numbers[unnamed], return_index=True)
        known = [
            self._names.is_known_speaker(self._said_by(quote)) for quote in quotes[unnamed][first].tolist()
        ]
        named = (numbers >= 0) & ~(unnamed & np.isin(numbers, unnamed_speakers[known]))
        quotes, statements = quotes[named], statements[named]
        speakers, first, nth = np.unique(self._speakers[quotes], return_index=True, return_inverse=True)
        pairs = sorted_unique(statements * max(1, len(speakers)) + nth)
        sizes = np.bincount(pairs % max(1, len(speakers)), minlength=len(speakers)).tolist()
        counts = Counter[str]()
        for quote, number in zip(quotes[first].tolist(), sizes):
            counts[self._speaker(quote, int(self._speakers[quote])) or ""] += number
        return dict(counts)

    def _allowed_mask(self, kinds: tuple[str, ...]) -> Mask:
        """Return a flag for each quotation: True if it begins a live utterance with a part of these kinds."""
        if (known := self._allowed_by_kinds.get(kinds)) is None:
            of_kinds = np.array([kind in kinds for kind in KINDS])[self._snapshot.quote_kind]
            parts = np.flatnonzero(of_kinds & self._snapshot.quotes.all.mask)
            known = self._allowed_by_kinds[kinds] = np.zeros(self._snapshot.quotes.size, np.bool_)
            known[parts - self._back[parts]] = True
        return known

    # Statements on a page

    def _with_containing_utterances(self, statements: Array, allowed: Mask) -> list[tuple[Array, Array]]:
        """Return the utterances of each statement, and the longer ones that contain one of them."""
        utterances = members(self._ids, statements)
        utterances = utterances[allowed[utterances]]
        holding: dict[int, set[int]] = {id: set() for id in statements.tolist()}
        for short, long in self._utterances.contained_pairs(utterances):
            if self._ids[short] != self._ids[long]:
                holding[self._ids.item(short)].add(long)
        order = np.argsort(self._ids[utterances], kind="stable")
        labels = self._ids[utterances][order]
        edges = zip(labels.searchsorted(statements), labels.searchsorted(statements, "right"))
        groups = [utterances[order[first:last]] for first, last in edges]
        holders = [np.array(sorted(numbers), np.int64) for numbers in holding.values()]
        return [(group, longer[allowed[longer]]) for group, longer in zip(groups, holders)]

    def _statements(
        self, statements: Array, allowed: Mask, scores: Sequence[float], min_confidence: float
    ) -> Iterator[Statement]:
        """Yield the statements with these ids. Columns are read for the utterances of all statements in one
        step, because most have few."""
        if not len(statements):
            return
        groups = self._with_containing_utterances(statements, allowed)
        utterances = np.concatenate([numbers for pair in groups for numbers in pair])
        owners = self._snapshot.quote_article[utterances]
        when = self._snapshot.when[owners]
        said = utterances + self._surest[utterances]
        articles = self._article_cache.get_lazy(owners.tolist())
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
        """Return the name of a quotation's speaker, who has this number. Without a name, return the speaker
        as written in the article."""
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
        """Return for each article a key shared by its story: the number of the story in the largest segment,
        or else its text. A number below 0 for an article without a story."""
        base, size, stored = self._largest
        starts, values = stored.value_starts, stored.values
        keys: list[str | int] = []
        for article in articles:
            own = article - base
            if 0 <= own < size:
                first = starts[own]
                keys.append(values[first] if first < starts[own + 1] else ~article)
            else:
                segment, own = self._snapshot.locate(article)
                story = segment.values("story").first_of(own)
                number = -1 if story is None else stored.find(story)
                keys.append(~article if story is None else story if number < 0 else number)
        return keys

    @cached_property
    def _largest(self) -> tuple[int, int, ValueField]:
        """The first article of the largest segment, its size, and the stories in it."""
        segments, bases = self._snapshot.segments, self._snapshot.articles.doc_bases
        base, segment = max(zip(bases, segments), key=lambda pair: pair[1].size)
        return base, segment.size, segment.values("story")

    # Columns

    @cached_property
    def _speakers(self) -> Array:
        """The number of each quotation's speaker, or -1."""
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
    """A place whose parts are read from its article when first accessed. A statement may have thousands of
    places, of which a page shows a few."""

    __slots__ = ("_min_confidence", "_number")

    @classmethod
    def begun(
        cls, article: Article, number: int, speaker: str | None, names: Names, min_confidence: float
    ) -> Self:
        """Return the place of the utterance that begins with this quotation."""
        place, set_field = object.__new__(cls), object.__setattr__
        set_field(place, "article", article)
        set_field(place, "_number", number)
        set_field(place, "_min_confidence", min_confidence)
        set_field(place, "speaker", speaker)
        set_field(place, "names", names)
        return place

    def eager(self) -> Place:
        return Place(self.article, self.parts, self.speaker, self.names)

    if not TYPE_CHECKING:  # otherwise mypy would accept any name

        def __getattr__(self, name: str) -> Any:
            if name != "parts":
                raise AttributeError(name)
            parts = utterance_parts(self.article, self.article.quote_at(self._number))
            parts = confident_parts(parts, self._min_confidence)
            object.__setattr__(self, name, parts)
            return parts
