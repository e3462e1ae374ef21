"""The values of fields under the names that they go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from searcher.engines.base import values_for_resolution
from searcher.engines.whoosh.format.layout import SAID_BY
from searcher.engines.whoosh.format.segment import ValueField
from searcher.engines.whoosh.light.collection import Collection
from searcher.names.resolution import Identities

__all__ = ["Names"]


class Names:
    """Resolves, looks up and counts values."""

    def __init__(self, collection: Collection, identities: Identities) -> None:
        self._collection = collection
        self._identities = identities
        self._canonical: dict[str, Mapping[str, str]] = {}

    def holding(self, field: str, asked: Sequence[str]) -> set[int]:
        """The living articles with a value that any of the names asked for goes by."""
        canonical = self._resolved(field)
        names = set(canonical.values())
        wanted = frozenset().union(*(self._identities.matching_names(field, value, names) for value in asked))
        found: set[int] = set()
        for segment, base in self._collection:
            values = segment.values(field)
            for number, text in enumerate(_texts(values)):
                if canonical.get(text) in wanted:
                    docs = values.docs[values.starts[number] : values.starts[number + 1]]
                    self._collection.charge(len(docs))
                    found.update(base + doc for doc in docs)
        return found - self._collection.deleted

    def count(self, field: str, among: set[int]) -> Mapping[str, int]:
        """How many of the articles have each name."""
        self._collection.charge(8 * len(among) + self._collection.size)
        canonical = self._resolved(field)
        counts: Counter[str] = Counter()
        for segment, base in self._collection:
            values = segment.values(field)
            names = [canonical.get(text) for text in _texts(values)]
            for number in among & set(range(base, base + segment.size)):
                first, last = values.value_starts[number - base], values.value_starts[number - base + 1]
                counts.update({known for v in values.values[first:last] if (known := names[v])})
        return counts

    def _resolved(self, field: str) -> Mapping[str, str]:
        """For every value of a field the name that it goes by."""
        found = self._canonical.get(field)
        if found is None:
            counts = {field: self._counts(field)}
            if field == "speaker":
                counts = {"person": self._counts("person"), field: self._speaking()}
            found = self._identities.resolve(field, values_for_resolution(field, counts))
            self._canonical[field] = found
        return found

    def _counts(self, field: str) -> dict[str, int]:
        """In how many living articles each value is."""
        counts: Counter[str] = Counter()
        for segment, _ in self._collection:
            values = segment.values(field)
            self._collection.charge(4 * len(values))
            edges = pairwise(values.starts)
            counts.update({text: end - begin for text, (begin, end) in zip(_texts(values), edges)})
        for number in self._collection.deleted:
            segment, own = self._collection.locate(number)
            values = segment.values(field)
            for value in values.values[values.value_starts[own] : values.value_starts[own + 1]]:
                counts[_text(values.term(value))] -= 1
        return {text: count for text, count in counts.items() if count > 0}

    def _speaking(self) -> dict[str, int]:
        """In how many living articles each speaker says anything."""
        counts: Counter[str] = Counter()
        for segment, base in self._collection:
            values = segment.values(SAID_BY)
            self._collection.charge(2 * segment.quotes + 4 * len(values))
            texts, owners = list(_texts(values)), segment.column("quote_article")
            spoken = {
                (owners[quote], value)
                for quote, (begin, end) in enumerate(pairwise(values.value_starts))
                for value in values.values[begin:end]
            }
            deleted = self._collection.deleted
            counts.update(texts[value] for owner, value in spoken if base + owner not in deleted)
        return dict(counts)


def _texts(values: ValueField) -> Iterable[str]:
    return map(_text, values.terms())


def _text(term: bytes) -> str:
    return term.decode("utf-8", "surrogatepass")
