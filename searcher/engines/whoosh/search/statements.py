"""Statements: from quotations that match to what was said, whole, each once, with the articles that carry it.

Utterances are one statement by their wordings, their speakers and the links of the wordings. A segment holds
the links within it. Those between segments are looked for when the first statement is asked for, and kept as
long as both segments are open: one that was committed since is compared with the others. Grouping is that of
:func:`searcher.statements.groups`, for many at once. A *node* stands for utterances that are the
same as one another: all of one wording or, where this is so short that only one speaker's are the same, those
of one speaker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, Any, NamedTuple, Self, get_args
from weakref import WeakKeyDictionary

import numpy as np

from searcher.article import Article
from searcher.engines.base import Deferred
from searcher.engines.whoosh.arrays import (
    Array,
    Mask,
    as_array,
    components,
    concatenated_ranges,
    offsets,
    sorted_unique,
)
from searcher.engines.whoosh.format.array_file import KINDS, NO_DATE, SPEAKER_KINDS
from searcher.engines.whoosh.format.segment import Segment, ValueField
from searcher.engines.whoosh.names import NO_NAME, Numbering, StoredNames
from searcher.engines.whoosh.search.facets import Facets, count_over_time
from searcher.engines.whoosh.search.likeness import (
    Links,
    Wordings,
    joined_links,
    paired,
    probed,
    utterances_of,
)
from searcher.engines.whoosh.search.snapshot import ArticleCache, Snapshot
from searcher.fields import OF_QUOTES, SAID_BY
from searcher.query.tree import TimeUnit
from searcher.results.articles import Names
from searcher.results.statements import Place, Statement, sure_parts
from searcher.statements import (
    BY_ANY,
    BY_ONE,
    MIN_WORDS_HELD_BY_ANY,
    MIN_WORDS_ON_RECORD,
    Ballot,
    count_votes,
    parts_of,
    says_more,
)

#: The links within open segments.
_opened: WeakKeyDictionary[Segment, _Outgoing] = WeakKeyDictionary()
#: The links between two open segments, those of the one that is the key left.
_between: WeakKeyDictionary[Segment, WeakKeyDictionary[Segment, Links]] = WeakKeyDictionary()


class StatementGraph:
    """The wordings of all segments, numbered through, with their lengths and their links."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._wordings = wordings = [utterances_of(segment).wordings for segment in segments]
        self.bases = [0, *accumulate(own.size for own in wordings)]
        self.size = self.bases[-1]
        self.lengths = np.concatenate([np.empty(0, np.int64), *(own.lengths for own in wordings)])
        self._within = list(map(_within, segments))
        across = joined_links(list(self._links_across(wordings)))
        order = np.argsort(across.left, kind="stable")
        self._across = _Outgoing(self.size, Links(*(part[order] for part in across)))

    def keys(self, numbers: Array) -> Array:
        """Return the keys of wordings: those of two segments that are equal have the same words."""
        keys, segments = np.empty(len(numbers), np.uint64), np.searchsorted(self.bases, numbers, "right") - 1
        for nth in sorted_unique(segments).tolist():
            own = segments == nth
            keys[own] = self._wordings[nth].keys(numbers[own] - self.bases[nth])
        return keys

    def closure(self, numbers: Array, present: Mask) -> tuple[Array, Links]:
        """Return these wordings, and all that are one statement with one of them, ascending; and the links
        that go out from them."""
        reached: Mask = np.zeros(self.size, np.bool_)
        found: list[Links] = []
        while len(numbers):
            reached[numbers] = True
            found.append(links := self._links(numbers))
            numbers = sorted_unique(links.right[present[links.right] & ~reached[links.right]])
        return reached.nonzero()[0], joined_links(found)

    def holding(self, numbers: Array) -> tuple[Array, Array]:
        """Return pairs of some of these wordings, which ascend, and those that hold them."""
        links = self._links(numbers, held=True)
        longer = self.lengths[links.right] > self.lengths[links.left]
        return links.left[longer], links.right[longer]

    def _links(self, numbers: Array, held: bool = False) -> Links:
        """Return the links that go out from these wordings, which ascend; those wordings left. ``held``:
        those between two of which one holds the other."""
        found = [self._across.of_numbers(numbers)]
        edges = np.searchsorted(numbers, self.bases).tolist()
        for own, base, first, last in zip(self._within, self.bases, edges, edges[1:]):
            if first < last:
                left, right, by_any = own.of_numbers(numbers[first:last] - base)
                found.append(Links(left + base, right + base, by_any))
        links = joined_links(found)
        lengths = self.lengths[links.left], self.lengths[links.right]
        wanted = says_more(np.minimum(*lengths), np.maximum(*lengths)) == held
        return Links(*(part[wanted] for part in links))

    def _links_across(self, wordings: Sequence[Wordings]) -> Iterator[Links]:
        """Yield the links between segments, in both directions."""
        for one, other in combinations(range(len(wordings)), 2):
            few, many = sorted((one, other), key=lambda n: len(wordings[n].words))
            known = _between.setdefault(self._segments[few], WeakKeyDictionary())
            if (found := known.get(self._segments[many])) is None:
                found = known[self._segments[many]] = _links_of_two(wordings[few], wordings[many])
            left, right, by_any = found
            left, right = left + self.bases[few], right + self.bases[many]
            yield Links(left, right, by_any)
            yield Links(right, left, by_any)


class _Outgoing:
    """Links in both directions, by the wording that they come from."""

    def __init__(self, size: int, links: Links) -> None:
        """``links`` of so many wordings, sorted by the left ones."""
        left, self._right, self._by_any = links
        self._starts = offsets(np.bincount(left, minlength=size)).astype(np.uint32)

    def of_numbers(self, numbers: Array) -> Links:
        """Return the links that come from these wordings."""
        first = self._starts[numbers].astype(np.int64)
        counts = self._starts[numbers + 1] - first
        at = concatenated_ranges(first, counts)
        return Links(np.repeat(numbers, counts), self._right[at].astype(np.int64), self._by_any[at])


def _within(segment: Segment) -> _Outgoing:
    if (found := _opened.get(segment)) is None:
        names = ("linked", "linked_to", "linked_by_any")
        left, right, by_any = (as_array(segment.column(f"wording.{name}")) for name in names)
        links = Links(left, right, by_any.view(np.bool_))
        found = _opened[segment] = _Outgoing(utterances_of(segment).wordings.size, links)
    return found


def _links_of_two(few: Wordings, many: Wordings) -> Links:
    """Return the links between two segments: those of wordings that share a run, and of shorter ones that are
    equal."""
    alike = probed(few, many)
    short, others = (np.flatnonzero(own.lengths < BY_ONE.run) for own in (few, many))
    _, left, right = np.intersect1d(few.keys(short), many.keys(others), True, return_indices=True)
    return Links(
        np.concatenate([alike.left, short[left]]),
        np.concatenate([alike.right, others[right]]),
        np.concatenate([alike.by_any, np.zeros(len(left), np.bool_)]),
    )


#: What tells the nodes of a wording apart: 0 for all of them, the number of a speaker and 1, or, where nobody
#: is named, this and the number of the utterance.
_NOBODY = 1 << 31


class LabelledUtterances:
    """Utterances, ascending, with the label of the statement that each is part of."""

    def __init__(self, utterances: Array, labels: Array) -> None:
        self._utterances = utterances
        self._labels = labels
        self._order = np.argsort(labels, kind="stable")
        self._sorted = labels[self._order]

    def labels_of(self, utterances: Array) -> Array:
        return self._labels[np.searchsorted(self._utterances, utterances)]

    def has(self, utterances: Array) -> bool:
        return bool(_among(utterances, self._utterances).all())

    def members(self, label: int) -> Array:
        """Return the utterances of a statement, ascending."""
        first, last = np.searchsorted(self._sorted, (label, label + 1))
        return self._utterances[self._order[first:last]]


def grouped(
    graph: StatementGraph,
    wordings: Array,
    links: Links,
    utterances: Array,
    own: Array,
    speakers: Array,
    reported: Mask,
    on_record: Mask,
) -> LabelledUtterances:
    """Group utterances, ascending, of the wordings ``own`` by these speakers (-1: nobody), some of them
    reported, some on record, where a few words stand alone. ``wordings`` are all of these, ascending, and
    ``links`` those that go out from them."""
    speakers = np.where(on_record & (graph.lengths[own] < MIN_WORDS_ON_RECORD), -1, speakers)
    apart = np.where(speakers < 0, _NOBODY + np.arange(len(own)), speakers + 1)
    keys = paired(own, np.where(graph.lengths[own] < BY_ANY.equal, apart, 0))
    nodes, node_of = np.unique(keys, return_inverse=True)
    if reported.any():
        links = _of_reports(graph, links, sorted_unique(own[~reported]))
    left, right = _node_links(links, wordings, nodes, node_of, own, speakers)
    return LabelledUtterances(utterances, components(len(nodes), left, right)[node_of])


def _of_reports(graph: StatementGraph, links: Links, quoted: Array) -> Links:
    """Return the links as they are where these wordings alone are more than reported: one that is only
    reported is the same as another, said by anybody, if all the words are."""
    reported = np.flatnonzero(links.by_any & ~(_among(links.left, quoted) & _among(links.right, quoted)))
    by_any = links.by_any.copy()
    by_any[reported] = graph.keys(links.left[reported]) == graph.keys(links.right[reported])
    return links._replace(by_any=by_any)


def _node_links(
    links: Links, wordings: Array, nodes: Array, node_of: Array, own: Array, speakers: Array
) -> tuple[Array, Array]:
    """Return the links between nodes, given those between wordings."""
    inside = (links.left < links.right) & _among(links.right, wordings)
    left, right, by_any = (part[inside] for part in links)
    strong = left[by_any], right[by_any]
    of_all = [np.searchsorted(nodes, paired(side, np.zeros(len(side)))) for side in strong]
    said, first = np.unique(paired(own, speakers)[speakers >= 0], return_index=True)
    node_of_said = node_of[speakers >= 0][first]
    weak_left, weak_right = left[~by_any], right[~by_any]
    low = np.searchsorted(said, paired(weak_left, np.zeros(len(weak_left))))
    counts = np.searchsorted(said, paired(weak_left + 1, np.zeros(len(weak_left)))) - low
    at = concatenated_ranges(low, counts)
    wanted = paired(np.repeat(weak_right, counts), said[at] & np.uint64(0xFFFFFFFF))
    also = _among(wanted, said)
    other = np.searchsorted(said, wanted[also])
    return (
        np.concatenate([of_all[0], node_of_said[at[also]]]),
        np.concatenate([of_all[1], node_of_said[other]]),
    )


def _among(numbers: Array, ascending: Array) -> Mask:
    """Tell which of the numbers are among some that ascend."""
    if not len(ascending):
        return np.zeros(len(numbers), np.bool_)
    at = np.searchsorted(ascending, numbers)
    among: Mask = ascending.take(at, mode="clip") == numbers
    return among


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
        self._back, self._surest = snapshot.column("quote_back"), snapshot.column("quote_surest")
        self._names = names
        self._facets = facets
        self._article_cache = article_cache
        self._speaker_texts: dict[int, str] = {}
        self._last: tuple[tuple[str, ...], LabelledUtterances] | None = None
        self._allowed_by_kinds: dict[tuple[str, ...], tuple[Mask, Mask]] = {}

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
        grouping = self._grouping(utterances, kinds)
        labels = grouping.labels_of(utterances)
        order = np.argsort(at)
        firsts = np.sort(np.unique(labels[order], return_index=True)[1])
        some = order[firsts[offset : offset + limit]]
        groups = list(map(grouping.members, labels[some].tolist()))
        allowed, points = self._allowed(kinds)[0], scores[at[some]].tolist()
        hits = tuple(self._statements(groups, allowed, points, min_confidence))
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

    def _grouping(self, utterances: Array, kinds: tuple[str, ...]) -> LabelledUtterances:
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
        kind = self._snapshot.quote_kind[together]
        reported, on_record = kind == KINDS.index("indirect"), kind == KINDS.index("speech")
        own = self._wording[together].astype(np.int64)
        found = grouped(self._graph, wordings, links, together, own, speakers, reported, on_record)
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
        if (known := self._allowed_by_kinds.get(kinds)) is None:
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

    def _holding(self, members: Array, allowed: Mask) -> Array:
        """Return the long utterances that hold one of these; a few words by another speaker they do not."""
        own, by = self._wording[members].astype(np.int64), self._speakers[members + self._surest[members]]
        held, holding = self._graph.holding(sorted_unique(own))
        found = np.sort(self._with_wordings(sorted_unique(holding), allowed))
        few = self._graph.lengths[held] < MIN_WORDS_HELD_BY_ANY
        kept: Mask = _among(self._wording[found], sorted_unique(holding[~few]))
        said_by = self._speakers[found + self._surest[found]]
        for short, long in zip(held[few].tolist(), holding[few].tolist()):
            speakers = by[own == short]
            fits = (said_by < 0) | np.isin(said_by, speakers) | bool((speakers < 0).any())
            kept |= fits & (self._wording[found] == long)
        return np.setdiff1d(found[kept], members)

    def _statements(
        self, groups: Sequence[Array], allowed: Mask, scores: Sequence[float], min_confidence: float
    ) -> Iterator[Statement]:
        """Yield the statements that these groups of utterances are. What is known of the utterances of all is
        gathered at once: most statements have few."""
        if not groups:
            return
        wordings = [self._wording[members].astype(np.int64) for members in groups]
        held = sorted_unique(self._graph.holding(sorted_unique(np.concatenate(wordings)))[0])
        none = np.empty(0, np.int64)  # no utterance holds most of them
        holding = [
            self._holding(members, allowed) if _among(own, held).any() else none
            for members, own in zip(groups, wordings)
        ]
        utterances = np.concatenate([some for pair in zip(groups, holding) for some in pair])
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
        kinds = [SPEAKER_KINDS[kind] for kind in self._snapshot.quote_speaker_kind[said].tolist()]

        def ballot(n: int) -> Ballot:
            return Ballot(stories[n], speakers[n], confidences[n], kinds[n], partial(sizes.__getitem__, n))

        end = 0
        for members, long, score in zip(groups, holding, scores):
            first, last = end, end + len(members)
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
    def _graph(self) -> StatementGraph:
        return StatementGraph(self._snapshot.segments)

    @cached_property
    def _wording(self) -> Array:
        """The wording of each quotation's utterance."""
        numbered = zip(self._snapshot.segments, self._graph.bases)
        parts = [utterances_of(segment).wording_of + np.uint32(base) for segment, base in numbered]
        return np.concatenate([np.empty(0, np.uint32), *parts])

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
