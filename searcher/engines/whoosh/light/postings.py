"""Which articles have a word or a phrase, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from searcher import analysis
from searcher.engines import scoring
from searcher.engines.whoosh.format.segment import FieldPostings, Segment, TermGroup
from searcher.engines.whoosh.light.collection import Collection
from searcher.query.tree import Phrase, Term

__all__ = ["Leaves"]

#: How often articles have something, by their numbers.
Counts = dict[int, int]


class Leaves:
    """Finds leaves, each once."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._found: dict[Term | Phrase, Counts] = {}

    def counts(self, leaf: Term | Phrase) -> Counts:
        """The living articles with the leaf, and how often each has it."""
        found = self._found.get(leaf)
        if found is None:
            slots = (
                analysis.sought(leaf.text, leaf.exact)
                if isinstance(leaf, Term)
                else analysis.sought(leaf.text)
            )
            found = {}
            for segment, base in self._collection:
                own = self._in_segment(segment, leaf.field, [segment.dictionary.groups(s) for s in slots])
                found.update((base + number, count) for number, count in own.items())
            for number in self._collection.deleted & found.keys():
                del found[number]
            self._found[leaf] = found
        return found

    def weighted(self, leaf: Term | Phrase) -> Mapping[int, float]:
        """As often as the leaf counts: in titles more than in bodies."""
        counts = self.counts(leaf)
        if leaf.field != "text" or scoring.TITLE_WEIGHT == 1:
            return counts
        more = scoring.TITLE_WEIGHT - 1
        titled = self.counts(replace(leaf, field="title"))
        return {number: count + more * titled.get(number, 0) for number, count in counts.items()}

    def _in_segment(self, segment: Segment, field: str, slots: Sequence[Sequence[TermGroup]]) -> Counts:
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

    def _union(self, segment: Segment, field: str, parts: Iterable[TermGroup]) -> Counts:
        postings = segment.postings(field)
        counts: Counts = {}
        for part in parts:
            begin, end = postings.starts[part.group], postings.starts[part.group + 1]
            self._collection.spend(end - begin)
            if part.variants is None:
                own = dict(zip(postings.docs[begin:end].tolist(), postings.tf[begin:end].tolist()))
            else:
                self._spend_positions(postings, part)
                own = {number: len(places) for number, places in postings.positions_of(part)}
            if counts:
                for number, count in own.items():
                    counts[number] = counts.get(number, 0) + count
            else:
                counts = own
        return counts

    def _places(
        self, segment: Segment, field: str, parts: Iterable[TermGroup], candidates: set[int]
    ) -> dict[int, set[int]]:
        """The positions of tokens in the candidates. No title is so long that a body follows at once."""
        postings = segment.postings(field)
        found: dict[int, set[int]] = {number: set() for number in candidates}
        for part in parts:
            self._spend_positions(postings, part)
            for number, places in postings.positions_of(part):
                if number in candidates:
                    found[number].update(places)
        return found

    def _spend_positions(self, postings: FieldPostings, part: TermGroup) -> None:
        starts = postings.position_starts
        self._collection.spend(starts[part.group + 1] - starts[part.group])
