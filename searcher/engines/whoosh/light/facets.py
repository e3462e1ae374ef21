"""Facets in plain Python: which articles have a name, and how many articles each name has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from searcher.engines.whoosh.format.layout import SAID_BY, decoded
from searcher.engines.whoosh.light.collection import Collection
from searcher.engines.whoosh.names import NameResolver
from searcher.names.resolution import Identities

__all__ = ["LightFacets"]


class LightFacets(NameResolver):
    """Resolves, looks up and counts the values of a collection."""

    def __init__(self, collection: Collection, identities: Identities) -> None:
        super().__init__(identities)
        self._collection = collection

    def docs_with(self, field: str, values: Sequence[str]) -> set[int]:
        """Return the live articles with a name that any of these values asks for."""
        canonical, wanted = self.canonical(field), self.names_for(field, values)
        found: set[int] = set()
        for segment, base in self._collection:
            stored = segment.values(field)
            for number, text in enumerate(stored.texts()):
                if canonical.get(text) in wanted:
                    docs = stored.docs[stored.starts[number] : stored.starts[number + 1]]
                    self._collection.charge(len(docs))
                    found.update(base + doc for doc in docs)
        return found - self._collection.deleted

    def count(self, field: str, among: set[int]) -> Mapping[str, int]:
        """Return how many of these articles each name has, without names that have none."""
        self._collection.charge(8 * len(among) + self._collection.size)
        canonical = self.canonical(field)
        counts: Counter[str] = Counter()
        for segment, base in self._collection:
            stored = segment.values(field)
            names = [canonical.get(text) for text in stored.texts()]
            for number in among & set(range(base, base + segment.size)):
                first, last = stored.value_starts[number - base], stored.value_starts[number - base + 1]
                counts.update({name for v in stored.values[first:last] if (name := names[v])})
        return counts

    def _article_counts(self, field: str) -> Mapping[str, int]:
        counts: Counter[str] = Counter()
        for segment, _ in self._collection:
            stored = segment.values(field)
            self._collection.charge(4 * len(stored))
            edges = pairwise(stored.starts)
            counts.update({text: end - begin for text, (begin, end) in zip(stored.texts(), edges)})
        for number in self._collection.deleted:
            segment, own = self._collection.locate(number)
            stored = segment.values(field)
            for value in stored.values[stored.value_starts[own] : stored.value_starts[own + 1]]:
                counts[decoded(stored.term(value))] -= 1
        return +counts

    def _speaker_counts(self) -> Mapping[str, int]:
        counts: Counter[str] = Counter()
        for segment, base in self._collection:
            stored = segment.values(SAID_BY)
            self._collection.charge(2 * segment.quotes + 4 * len(stored))
            texts, owners = list(stored.texts()), segment.column("quote_article")
            spoken = {
                (owners[quote], value)
                for quote, (begin, end) in enumerate(pairwise(stored.value_starts))
                for value in stored.values[begin:end]
            }
            deleted = self._collection.deleted
            counts.update(texts[value] for owner, value in spoken if base + owner not in deleted)
        return counts
