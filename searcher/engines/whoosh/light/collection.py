"""All segments as one collection, numbered through, and how much of it may still be gone through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from searcher.article import Article
from searcher.engines.whoosh.format.segment import Segment

__all__ = ["MOST", "Collection", "Declined"]

#: Entries that one question may go through, and all of a process: some 60 ms, where importing NumPy takes
#: 80.
MOST = 400_000


class Declined(Exception):
    """The question is not for this package, or takes too long here."""


class Collection:
    """The articles of segments; ``deleted`` are the numbers of those that are gone."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        """``deleted``: of each segment, in its own numbers."""
        self.segments = segments
        bases = [0, *accumulate(segment.size for segment in segments)]
        self.bases = bases[:-1]
        self.size = bases[-1]
        self.deleted = {base + n for base, own in zip(self.bases, deleted) for n in own}
        self.spent = 0

    def __len__(self) -> int:
        """The number of articles."""
        return self.size - len(self.deleted)

    def __iter__(self) -> Iterator[tuple[Segment, int]]:
        """Each segment with the number of its first article."""
        return zip(self.segments, self.bases)

    def spend(self, entries: int) -> None:
        """Go through so many entries. Raises Declined when they are too many with those before."""
        self.spent += entries
        if self.spent > MOST:
            raise Declined

    def all(self) -> set[int]:
        self.spend(self.size)
        return set(range(self.size)) - self.deleted

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment of an article, and its number there."""
        for segment, base in zip(reversed(self.segments), reversed(self.bases)):
            if number >= base:
                return segment, number - base
        raise IndexError(number)

    def value(self, column: str, number: int) -> int:
        """What a column has for an article."""
        segment, own = self.place(number)
        return int(segment.column(column)[own])

    def article(self, number: int) -> Article:
        segment, own = self.place(number)
        return segment.article(own)

    def find(self, id: str) -> Article | None:
        """The living article of that id."""
        for segment, base in zip(reversed(self.segments), reversed(self.bases)):
            number = segment.find_article(id)
            if number >= 0 and base + number not in self.deleted:
                return segment.article(number)
        return None
