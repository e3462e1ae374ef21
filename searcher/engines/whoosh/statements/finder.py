"""From quotations that match to statements: whole, each once, with the articles that carry them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate
from typing import NamedTuple, get_args

import numpy as np

from searcher.article import Article, Quote
from searcher.engines.whoosh.arrays import Array, Mask, as_array, concatenated_ranges, sorted_unique
from searcher.engines.whoosh.format.columns import quotes_by_position
from searcher.engines.whoosh.format.layout import KINDS, NO_DATE, SAID_BY, SPEAKER_KINDS, decoded, encoded
from searcher.engines.whoosh.format.segment import ValueField
from searcher.engines.whoosh.names.base import NO_NAME
from searcher.engines.whoosh.names.numbering import Numbering
from searcher.engines.whoosh.names.stored import StoredNames
from searcher.engines.whoosh.search.article_cache import ArticleCache
from searcher.engines.whoosh.search.facets import Facets
from searcher.engines.whoosh.search.snapshot import Snapshot
from searcher.engines.whoosh.search.timeline import count_over_time
from searcher.engines.whoosh.statements.graph import StatementGraph
from searcher.engines.whoosh.statements.grouping import Grouping, grouped
from searcher.engines.whoosh.statements.wordings import utterances_of
from searcher.query.tree import TimeUnit
from searcher.query.units import label
from searcher.results.statements import Place, Statement
from searcher.statements.utterances import parts_of
from searcher.statements.votes import Ballot, count_votes

__all__ = ["FoundStatements", "StatementFinder"]

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
        self, snapshot: Snapshot, names: StoredNames, facets: Facets, article_cache: ArticleCache
    ) -> None:
        self._snapshot = snapshot
        self._names = names
        self._facets = facets
        self._article_cache = article_cache
        self._speaker_texts: dict[int, str] = {}
        self._last: tuple[tuple[str, ...], Grouping] | None = None
        self._allowed_by_kinds: dict[tuple[str, ...], tuple[Mask, Mask]] = {}

    def page(
        self, quotes: Array, scores: Array, kinds: tuple[str, ...], offset: int, limit: int
    ) -> FoundStatements:
        """Return the statements that quotations are part of, in the order of these, with all their places
        that are of these kinds."""
        utterances, at = np.unique(quotes - self._back[quotes], return_index=True)
        grouping = self._grouping(utterances, kinds)
        labels = grouping.labels_of(utterances)
        order = np.argsort(at)
        firsts = np.sort(np.unique(labels[order], return_index=True)[1])
        some = order[firsts[offset : offset + limit]]
        groups = list(map(grouping.members, labels[some].tolist()))
        hits = tuple(self._statements(groups, scores[at[some]].tolist()))
        return FoundStatements(hits, len(firsts), len(utterances))

    def counts(
        self, quotes: Array, kinds: tuple[str, ...], fields: Collection[str]
    ) -> dict[str, Mapping[str, int]]:
        """Return for each field the number of statements, among those that quotations are part of, that each
        of its values has where these are."""
        utterances = quotes - self._back[quotes]
        statements = self._grouping(sorted_unique(utterances), kinds).labels_of(utterances)
        owners = self._snapshot.quote_article[quotes]
        counts: dict[str, Mapping[str, int]] = {}
        for field in fields:
            if field == "speaker":
                counts[field] = self._by_speaker(quotes, statements)
            elif field in get_args(TimeUnit):
                counts[field] = self._over_time(owners, statements, field)  # type: ignore[arg-type]
            else:
                counts[field] = self._facets.count_groups(field, owners, statements)
        return counts

    def _by_speaker(self, quotes: Array, statements: Array) -> dict[str, int]:
        """Count the statements of each speaker of these quotations."""
        named = self._speakers[quotes] >= 0
        quotes, statements = quotes[named], statements[named]
        speakers, first, nth = np.unique(self._speakers[quotes], return_index=True, return_inverse=True)
        pairs = sorted_unique(statements * max(1, len(speakers)) + nth)
        numbers = np.bincount(pairs % max(1, len(speakers)), minlength=len(speakers)).tolist()
        counts = Counter[str]()
        for quote, number in zip(quotes[first].tolist(), numbers):
            counts[self._speaker(quote, int(self._speakers[quote])) or ""] += number
        return dict(counts)

    def _over_time(self, owners: Array, statements: Array, unit: TimeUnit) -> dict[str, int]:
        found = count_over_time(self._snapshot.when[owners], unit, statements)
        return {label(unit, day): number for day, number in found.items()}

    def _grouping(self, utterances: Array, kinds: tuple[str, ...]) -> Grouping:
        """Put utterances together with all that are of the same statements. They hang on no question, so what
        was put together last serves the next one about some of it: facets, another page."""
        last = self._last
        if last is not None and last[0] == kinds and last[1].has(utterances):
            return last[1]
        allowed, present = self._allowed(kinds)
        asked = sorted_unique(self._wording[utterances]).astype(np.int64)
        wordings, links = self._graph.closure(asked, present)
        together = np.sort(self._with_wordings(wordings, allowed))
        speakers = self._speakers[together + self._surest[together]]
        reported = self._snapshot.quote_kind[together] == KINDS.index("indirect")
        own = self._wording[together].astype(np.int64)
        found = grouped(self._graph, wordings, links, together, own, speakers, reported)
        self._last = kinds, found
        return found

    def _with_wordings(self, wordings: Array, allowed: Mask) -> Array:
        """Return the utterances that have any of these wordings."""
        found = [np.empty(0, np.int64)]
        edges = np.searchsorted(wordings, self._graph.bases)
        segments = zip(self._snapshot.segments, self._graph.bases, self._snapshot.quotes.doc_bases)
        for (segment, base, quote_base), first, last in zip(segments, edges, edges[1:]):
            own, stored = wordings[first:last] - base, utterances_of(segment)
            low = stored.starts[own]
            at = concatenated_ranges(low, stored.starts[own + 1] - low)
            found.append(stored.quotes[at].astype(np.int64) + quote_base)
        utterances = np.concatenate(found)
        return utterances[allowed[utterances]]

    def _allowed(self, kinds: tuple[str, ...]) -> tuple[Mask, Mask]:
        """Tell of each quotation whether it begins a live utterance with a part of these kinds, and of each
        wording whether such an utterance has it."""
        known = self._allowed_by_kinds.get(kinds)
        if known is None:
            snapshot = self._snapshot
            of_kinds = np.array([kind in kinds for kind in KINDS])[snapshot.quote_kind]
            parts = np.flatnonzero(of_kinds & snapshot.quotes.all.mask)
            allowed = np.zeros(snapshot.quotes.size, np.bool_)
            allowed[parts - self._back[parts]] = True
            present = np.zeros(self._graph.size, np.bool_)
            present[self._wording[allowed]] = True
            known = self._allowed_by_kinds[kinds] = allowed, present
        return known

    # Statements to be shown

    def _statements(self, groups: Sequence[Array], scores: Sequence[float]) -> Iterator[Statement]:
        """Yield the statements that these groups of utterances are. What is known of the utterances of all is
        gathered at once: most statements have few."""
        if not groups:
            return
        utterances = np.concatenate(groups)
        owners = self._snapshot.quote_article[utterances]
        when = self._snapshot.when[owners]
        said = utterances + self._surest[utterances]
        articles = self._article_cache.later(owners.tolist())
        stories = self._stories(owners.tolist())
        ages = np.where(when == NO_DATE, np.inf, when).tolist()
        numbers = (utterances - self._snapshot.quote_starts[owners]).tolist()
        sizes = self._snapshot.body_length[owners].tolist()
        lengths = self._graph.lengths[self._wording[utterances]].tolist()
        speakers = list(map(self._speaker, said.tolist(), self._speakers[said].tolist()))
        confidences = self._snapshot.quote_confidence[said].tolist()
        kinds = [SPEAKER_KINDS[kind] for kind in self._speaker_kind[said].tolist()]
        edges = [0, *accumulate(map(len, groups))]
        for first, end, score in zip(edges, edges[1:], scores):
            order = [n for _, _, n in sorted((ages[n], articles[n].id, n) for n in range(first, end))]
            places = [
                Place.deferred(articles[n], _parts, numbers[n], speakers[n], self._names) for n in order
            ]
            words = [lengths[n] for n in order]
            ballots = [
                Ballot(stories[n], speakers[n], confidences[n], kinds[n], partial(sizes.__getitem__, n))
                for n in order
            ]
            yield Statement(tuple(places), places[words.index(max(words))], count_votes(ballots), score)

    def _speaker(self, quote: int, number: int) -> str | None:
        """Return the name of who said a quotation, the speaker of this number; what the article calls him
        where there is none."""
        if number < 0:
            return None
        text = self._speaker_texts.get(number)
        if text is None:
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
                number = -1 if story is None else stored.find(encoded(story))
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
    def _graph(self) -> StatementGraph:
        return StatementGraph(self._snapshot.segments)

    @cached_property
    def _back(self) -> Array:
        return self._snapshot.column("quote_back")

    @cached_property
    def _surest(self) -> Array:
        return self._snapshot.column("quote_surest")

    @cached_property
    def _speaker_kind(self) -> Array:
        return self._snapshot.column("quote_speaker_kind")

    @cached_property
    def _wording(self) -> Array:
        """The wording of each quotation's utterance."""
        parts = [
            utterances_of(segment).wording_of + np.uint32(base)
            for segment, base in zip(self._snapshot.segments, self._graph.bases)
        ]
        return np.concatenate([np.empty(0, np.uint32), *parts])

    @cached_property
    def _speakers(self) -> Array:
        """The number of each quotation's speaker, -1 where there is none."""
        names, unnamed = Numbering(self._names, SAID_BY), dict[str, int]()
        parts = [np.empty(0, np.int64)]
        for segment in self._snapshot.segments:
            stored = segment.values(SAID_BY)
            numbers = self._facets.numbers(names, segment).astype(np.int64)
            for value in np.flatnonzero(numbers == NO_NAME).tolist():
                numbers[value] = _UNNAMED + unnamed.setdefault(decoded(stored.term(value)), len(unnamed))
            speakers = np.full(segment.quotes, -1, np.int64)
            speakers[np.diff(as_array(stored.value_starts)) > 0] = numbers[as_array(stored.values)]
            parts.append(speakers)
        return np.concatenate(parts)


def _parts(article: Article, number: int) -> tuple[Quote, ...]:
    """Return the utterance of an article that begins with its quotation of this number."""
    return parts_of(article, quotes_by_position(article.quotes)[number])
