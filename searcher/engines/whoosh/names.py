"""The names of values across articles, resolved over all live articles of a generation."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from searcher.engines.base import values_for_resolution
from searcher.names.resolution import Identities

__all__ = ["NameResolver"]


class NameResolver(ABC):
    """Resolves the values of each field once, when it is first asked for. Subclasses count the values."""

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._lock = threading.RLock()
        self._canonical: dict[str, Mapping[str, str]] = {}

    def canonical(self, field: str) -> Mapping[str, str]:
        """Return for every value of a field (and for speakers every person's) the name that it goes by."""
        with self._lock:
            names = self._canonical.get(field)
            if names is None:
                counts = {field: self._article_counts(field)}
                if field == "speaker":
                    counts = {"person": self._article_counts("person"), field: self._speaker_counts()}
                names = self._identities.resolve(field, values_for_resolution(field, counts))
                self._canonical[field] = names
        return names

    def names_for(self, field: str, values: Sequence[str]) -> frozenset[str]:
        """Return the names that any of these values may ask for."""
        names = set(self.canonical(field).values())
        return frozenset().union(*(self._identities.matching_names(field, value, names) for value in values))

    @abstractmethod
    def _article_counts(self, field: str) -> Mapping[str, int]:
        """Return the number of live articles of each value that has any."""

    @abstractmethod
    def _speaker_counts(self) -> Mapping[str, int]:
        """Return for each speaker the number of live articles with a quotation of his."""
