"""The segments that are merged, and the numbers that their documents get in the merged one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, as_array, concatenated_ranges
from searcher.engines.whoosh.format.layout import QUOTES, SAID_BY
from searcher.engines.whoosh.format.segment import Segment

__all__ = [
    "MAX_BLOCK_ENTRIES",
    "MergeSource",
    "destinations",
    "merge_sources",
    "merged_column",
    "release_pages",
]

#: Postings, positions or values that are in memory together.
MAX_BLOCK_ENTRIES = 1 << 19


@dataclass(frozen=True, slots=True)
class MergeSource:
    """A segment to be merged. Of its articles and its quotations: which are not deleted (masks), and their
    numbers in the merged segment (meaningless for deleted ones)."""

    segment: Segment
    live_articles: Mask
    live_quotes: Mask
    article_numbers: Array
    quote_numbers: Array

    def live(self, field: str) -> Mask:
        """Which documents of a field are not deleted."""
        return self.live_quotes if field in (QUOTES, SAID_BY) else self.live_articles

    def new_numbers(self, field: str) -> Array:
        """The numbers of a field's documents in the merged segment."""
        return self.quote_numbers if field in (QUOTES, SAID_BY) else self.article_numbers

    def column(self, name: str) -> Array:
        return as_array(self.segment.column(name))


def merge_sources(segments: Sequence[tuple[Segment, Sequence[int]]]) -> Iterator[MergeSource]:
    """Number the documents of segments, each given with its deleted articles, in the order of segments."""
    articles_before = quotes_before = 0
    for segment, deleted in segments:
        articles = np.ones(segment.size, np.bool_)
        articles[np.asarray(deleted, np.int64)] = False
        quotes = articles[as_array(segment.column("quote_article"))]
        article_numbers = np.cumsum(articles, dtype=np.uint32) + np.uint32(articles_before) - np.uint32(1)
        quote_numbers = np.cumsum(quotes, dtype=np.uint32) + np.uint32(quotes_before) - np.uint32(1)
        yield MergeSource(segment, articles, quotes, article_numbers, quote_numbers)
        articles_before += int(articles.sum())
        quotes_before += int(quotes.sum())


def release_pages(sources: Iterable[MergeSource]) -> None:
    """Give back the memory of what was read of the segments: merging reads everything once."""
    for source in sources:
        source.segment.file.release()


def merged_column(sources: Sequence[MergeSource], name: str, field: str = "text") -> Array:
    """Return a column of all segments without deleted documents; ``field`` is one of articles or
    quotations."""
    return np.concatenate([source.column(name)[source.live(field)] for source in sources])


def destinations(blocks: Iterable[tuple[Array, Array]], sizes: Array) -> Iterator[Array]:
    """Yield for each block the index in the merged array of each of its elements.

    A block is given by the groups it has elements of, each once, and how many elements of each; ``sizes[g]``
    is the number of elements of group g in all blocks. In the merged array the elements are sorted by group,
    and within a group by block.
    """
    next_index = np.cumsum(sizes, dtype=np.int64) - sizes
    for groups, counts in blocks:
        nonempty = counts > 0
        groups, counts = groups[nonempty], counts[nonempty]
        yield concatenated_ranges(next_index[groups], counts)
        next_index[groups] += counts
