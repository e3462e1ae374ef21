"""Term frequencies of words and phrases, read from the postings in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from searcher import analysis
from searcher.engines import scoring
from searcher.engines.whoosh.format.segment import FieldPostings, Segment, TermGroup, languages_of
from searcher.engines.whoosh.light.collection import Collection
from searcher.query.tree import Phrase, Term

__all__ = ["LeafFrequencies"]

#: The number of an article, and how often it has a leaf.
Frequencies = dict[int, int]


class LeafFrequencies:
    """Finds how often articles have a leaf; each leaf is looked up once."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._languages = languages_of(collection.segments)
        self._cached: dict[Term | Phrase, Frequencies] = {}

    def frequencies(self, leaf: Term | Phrase) -> Frequencies:
        """Return the live articles with the leaf, and how often each has it. Raises NotSupported."""
        cached = self._cached.get(leaf)
        if cached is None:
            exact = isinstance(leaf, Term) and leaf.exact
            slots = analysis.query_terms(leaf.text, exact, self._languages)
            cached = {}
            for segment, base in self._collection:
                own = self._in_segment(segment, leaf.field, [segment.dictionary.groups(s) for s in slots])
                cached |= {base + number: count for number, count in own.items()} if base else own
            for number in self._collection.deleted & cached.keys():
                del cached[number]
            self._cached[leaf] = cached
        return cached

    def weighted(self, leaf: Term | Phrase) -> Mapping[int, float]:
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
