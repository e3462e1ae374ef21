"""All segments as one collection of articles, numbered through, and the budget for reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from searcher.article import Article
from searcher.engines.whoosh.format.segment import Segment

__all__ = ["Collection", "NotSupported"]


class NotSupported(Exception):
    """The query is not for this package, or would read too many entries."""


class Collection:
    """The articles of all segments."""

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]], max_entries: int
    ) -> None:
        """``deleted``: for each segment the numbers of its deleted articles. ``max_entries``: see
        :class:`.LightPolicy`."""
        self._max_entries = max_entries
        self.segments = segments
        bases = [0, *accumulate(segment.size for segment in segments)]
        self.doc_bases = bases[:-1]
        self.size = bases[-1]
        self.deleted = {base + n for base, numbers in zip(self.doc_bases, deleted) for n in numbers}
        self.entries_read = 0

    def __len__(self) -> int:
        """Return the number of live articles."""
        return self.size - len(self.deleted)

    def __iter__(self) -> Iterator[tuple[Segment, int]]:
        """Yield each segment with the number of its first article."""
        return zip(self.segments, self.doc_bases)

    def charge(self, entries: int) -> None:
        """Count entries about to be read. Raises NotSupported when they are too many with those before."""
        self.entries_read += entries
        if self.entries_read > self._max_entries:
            raise NotSupported

    def all(self) -> set[int]:
        """Return all live articles."""
        self.charge(self.size)
        return set(range(self.size)) - self.deleted

    def locate(self, number: int) -> tuple[Segment, int]:
        """Return the segment of an article, and its number there."""
        for segment, base in zip(reversed(self.segments), reversed(self.doc_bases)):
            if number >= base:
                return segment, number - base
        raise IndexError(number)

    def value(self, column: str, number: int) -> int:
        """Return a column's value for an article."""
        segment, own = self.locate(number)
        return int(segment.column(column)[own])

    def reader(self, column: str) -> Callable[[int], int]:
        """Return a function from an article to its value in a column."""
        if len(self.segments) == 1:
            return self.segments[0].column(column).__getitem__
        return lambda number: self.value(column, number)

    def article(self, number: int) -> Article:
        segment, own = self.locate(number)
        return segment.article(own)

    def find(self, id: str) -> Article | None:
        """Return the live article of that id."""
        for segment, base in zip(reversed(self.segments), reversed(self.doc_bases)):
            number = segment.find_article(id)
            if number >= 0 and base + number not in self.deleted:
                return segment.article(number)
        return None
