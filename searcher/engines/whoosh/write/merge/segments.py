"""Several segments made one, without their deleted articles.

Everything is read once, a range after another, and written as it comes. Memory holds some megabytes of each
segment at a time, and besides what a document or a term costs as a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import ALL_VALUES, ARRAYS, ARTICLES, QUOTES
from searcher.engines.whoosh.format.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.format.segment import Segment, segment_path
from searcher.engines.whoosh.search.arrays import Array, offsets, pieces, view
from searcher.engines.whoosh.write.inverter import write_articles
from searcher.engines.whoosh.write.merge.postings import write_words
from searcher.engines.whoosh.write.merge.sources import Part, joined, numbered
from searcher.engines.whoosh.write.merge.values import write_values

__all__ = ["merge_segments"]

#: Bytes of stored articles that are copied together.
_COPIED = 1 << 20


def merge_segments(
    folder: Path, segment_id: str, segments: Sequence[tuple[Segment, Sequence[int]]]
) -> SegmentRecord:
    """Write neighbouring segments, each with its deleted articles, as one."""
    parts = list(numbered(segments))
    arrays, articles = (segment_path(folder, segment_id, suffix) for suffix in (ARRAYS, ARTICLES))
    writer = ArrayWriter(arrays)
    try:
        _write_arrays(writer, parts)
    except BaseException:
        writer.abandon()
        raise
    write_articles(articles, (block for part in parts for block in _stored(part)))
    return SegmentRecord(
        segment_id,
        sum(int(part.articles.sum()) for part in parts),
        sum(int(part.quotes.sum()) for part in parts),
        (record_file(arrays), record_file(articles)),
    )


def _write_arrays(writer: ArrayWriter, parts: Sequence[Part]) -> None:
    tokens = write_words(writer, parts)
    for name in ALL_VALUES:
        write_values(writer, name, parts)
    _write_columns(writer, parts)
    total = sum(int(part.column("length")[part.articles].sum()) for part in parts)
    gap = max(part.segment.gap for part in parts)
    writer.close({"gap": gap, "tokens": tokens, "words": total})


def _write_columns(writer: ArrayWriter, parts: Sequence[Part]) -> None:
    quotes = np.concatenate([np.diff(part.column("quote_starts"))[part.articles] for part in parts])
    writer.add("length", "I", joined(parts, "length"))
    writer.add("body_length", "I", joined(parts, "body_length"))
    writer.add("when", "q", joined(parts, "when"))
    writer.add("quote_starts", "I", offsets(quotes).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quotes), dtype=np.uint32), quotes))
    writer.add("quote_length", "I", joined(parts, "quote_length", QUOTES))
    writer.add("quote_kind", "B", joined(parts, "quote_kind", QUOTES))
    writer.add("quote_confidence", "d", joined(parts, "quote_confidence", QUOTES))


def _stored(part: Part) -> Iterator[tuple[bytes, Array]]:
    """The stored articles that stay, as many as lie together."""
    sizes = np.diff(view(part.segment.packed_ends), prepend=np.uint64(0))
    for first, last in _runs(part.articles):
        for low, high in pieces(sizes[first:last], _COPIED):
            start, stop = first + low, first + high
            yield part.segment.packed_together(start, stop), sizes[start:stop]


def _runs(flags: Array) -> Iterator[tuple[int, int]]:
    """Where rows of true flags begin and end."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).tolist()
    yield from zip(edges[::2], edges[1::2])
