"""Facets in plain Python: which articles have a name, and how many articles each name has."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from searcher.engines.whoosh.format.layout import encoded
from searcher.engines.whoosh.light.collection import Collection, NotSupported
from searcher.engines.whoosh.names.base import NO_NAME
from searcher.engines.whoosh.names.numbering import Numbering
from searcher.engines.whoosh.names.stored import StoredNames

__all__ = ["LightFacets"]


class LightFacets:
    """Looks up and counts the names of a collection."""

    def __init__(self, collection: Collection, names: StoredNames | None) -> None:
        """``names``: None where they have to be decided first, which is not for this package."""
        self._collection = collection
        self._stored_names = names

    @property
    def _names(self) -> StoredNames:
        if self._stored_names is None:
            raise NotSupported
        return self._stored_names

    def docs_with(self, field: str, values: Sequence[str]) -> set[int]:
        """Return the live articles with a name that any of these values asks for."""
        terms = [encoded(value) for value in self._names.values_meant(field, values)]
        found: set[int] = set()
        for segment, base in self._collection:
            stored = segment.values(field)
            for number in map(stored.find, terms):
                if number >= 0:
                    docs = stored.docs[stored.starts[number] : stored.starts[number + 1]]
                    self._collection.charge(len(docs))
                    found.update(base + doc for doc in docs)
        return found - self._collection.deleted

    def count(self, field: str, among: set[int]) -> Mapping[str, int]:
        """Return how many of these articles each name has, without names that have none."""
        self._collection.charge(8 * len(among))
        names = Numbering(self._names, field)
        found: list[int] = []
        numbers = sorted(among)
        for segment, base in self._collection:
            stored, name_at = segment.values(field), names.at(segment)
            starts, values = stored.value_starts, stored.values
            first, end = bisect_left(numbers, base), bisect_left(numbers, base + segment.size)
            for number in numbers[first:end]:
                own = values[starts[number - base] : starts[number - base + 1]]
                if len(own) == 1:
                    found.append(name_at[own[0]])
                elif len(own):
                    found += {name_at[value] for value in own}
        counts = Counter(found)
        del counts[NO_NAME]
        return names.counts(counts)
