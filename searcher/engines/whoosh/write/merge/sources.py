"""The segments that are merged, as their documents become those of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from searcher.engines.whoosh.format.layout import QUOTES, SAID_BY
from searcher.engines.whoosh.format.segment import Segment
from searcher.engines.whoosh.search.arrays import Array, ranges, view
from searcher.engines.whoosh.write.merge.terms import Mask

__all__ = ["AT_ONCE", "Part", "destinations", "joined", "numbered", "release"]

#: Postings, positions or values that are in memory together.
AT_ONCE = 1 << 19


@dataclass(frozen=True, slots=True)
class Part:
    """One of the segments: which of its documents stay, and their numbers in the merged one."""

    segment: Segment
    articles: Mask
    quotes: Mask
    article_numbers: Array
    quote_numbers: Array

    def kept(self, field: str) -> Mask:
        return self.quotes if field in (QUOTES, SAID_BY) else self.articles

    def numbers(self, field: str) -> Array:
        return self.quote_numbers if field in (QUOTES, SAID_BY) else self.article_numbers

    def column(self, name: str) -> Array:
        return view(self.segment.column(name))


def numbered(segments: Sequence[tuple[Segment, Sequence[int]]]) -> Iterator[Part]:
    """Segments, each with its deleted articles, in the order in which they come together."""
    articles_before = quotes_before = 0
    for segment, deleted in segments:
        articles = np.ones(segment.size, np.bool_)
        articles[np.asarray(deleted, np.int64)] = False
        quotes = articles[view(segment.column("quote_article"))]
        article_numbers = np.cumsum(articles, dtype=np.uint32) + np.uint32(articles_before) - np.uint32(1)
        quote_numbers = np.cumsum(quotes, dtype=np.uint32) + np.uint32(quotes_before) - np.uint32(1)
        yield Part(segment, articles, quotes, article_numbers, quote_numbers)
        articles_before += int(articles.sum())
        quotes_before += int(quotes.sum())


def release(parts: Iterable[Part]) -> None:
    """Have what was read of the segments count no longer: merging reads everything once."""
    for part in parts:
        part.segment.file.release()


def joined(parts: Sequence[Part], name: str, field: str = "text") -> Array:
    """A column of all, as far as its documents (those of ``field``) stay."""
    return np.concatenate([part.column(name)[part.kept(field)] for part in parts])


def destinations(runs: Iterable[tuple[Array, Array]], sizes: Array) -> Iterator[Array]:
    """Where the elements of each part go, so that those of one group come together, those of earlier parts
    first. ``runs``: of each part its groups, each of which has elements once, and their numbers; ``sizes``:
    how many elements each group has in all parts."""
    following = np.cumsum(sizes, dtype=np.int64) - sizes
    for groups, counts in runs:
        there = counts > 0
        groups, counts = groups[there], counts[there]
        yield ranges(following[groups], counts)
        following[groups] += counts
