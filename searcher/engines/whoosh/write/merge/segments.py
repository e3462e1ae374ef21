"""Merging: several segments become one, without their deleted articles.

Everything is read once, a block at a time, and written as it is read. Memory holds some megabytes of each
segment at a time, and besides some numbers a document and a term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, as_array, blocks, offsets
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.layout import ALL_VALUES, ARRAYS, ARTICLES, QUOTES
from searcher.engines.whoosh.format.manifest import SegmentRecord, record_file
from searcher.engines.whoosh.format.segment import Segment, segment_path
from searcher.engines.whoosh.write.merge.postings import write_words
from searcher.engines.whoosh.write.merge.sources import MergeSource, merge_sources, merged_column
from searcher.engines.whoosh.write.merge.utterances import write_merged_utterances
from searcher.engines.whoosh.write.merge.values import write_values
from searcher.engines.whoosh.write.segment_writer import write_articles

__all__ = ["merge_segments"]

#: Bytes of stored articles that are copied together.
_MAX_COPIED_BYTES = 1 << 20


def merge_segments(
    folder: Path, segment_id: str, segments: Sequence[tuple[Segment, Sequence[int]]]
) -> SegmentRecord:
    """Write neighbouring segments, each given with its deleted articles, as one."""
    sources = list(merge_sources(segments))
    arrays, articles = (segment_path(folder, segment_id, suffix) for suffix in (ARRAYS, ARTICLES))
    writer = ArrayWriter(arrays)
    try:
        _write_arrays(writer, sources)
    except BaseException:
        writer.abandon()
        raise
    write_articles(articles, (block for source in sources for block in _packed_blocks(source)))
    return SegmentRecord(
        segment_id,
        sum(int(source.live_articles.sum()) for source in sources),
        sum(int(source.live_quotes.sum()) for source in sources),
        (record_file(arrays), record_file(articles)),
    )


def _write_arrays(writer: ArrayWriter, sources: Sequence[MergeSource]) -> None:
    tokens = write_words(writer, sources)
    for name in ALL_VALUES:
        write_values(writer, name, sources)
    _write_columns(writer, sources)
    words = sum(int(source.column("length")[source.live_articles].sum()) for source in sources)
    body_offset = max(source.segment.body_offset for source in sources)
    writer.close({"gap": body_offset, "tokens": tokens, "words": words})


def _write_columns(writer: ArrayWriter, sources: Sequence[MergeSource]) -> None:
    quotes = np.concatenate([np.diff(one.column("quote_starts"))[one.live_articles] for one in sources])
    writer.add("length", "I", merged_column(sources, "length"))
    writer.add("body_length", "I", merged_column(sources, "body_length"))
    writer.add("when", "q", merged_column(sources, "when"))
    writer.add("quote_starts", "I", offsets(quotes).astype(np.uint32))
    writer.add("quote_article", "I", np.repeat(np.arange(len(quotes), dtype=np.uint32), quotes))
    writer.add("quote_length", "I", merged_column(sources, "quote_length", QUOTES))
    writer.add("quote_kind", "B", merged_column(sources, "quote_kind", QUOTES))
    writer.add("quote_confidence", "d", merged_column(sources, "quote_confidence", QUOTES))
    write_merged_utterances(writer, sources)


def _packed_blocks(source: MergeSource) -> Iterator[tuple[bytes, Array]]:
    """Yield the live articles as stored, neighbours together: their bytes, and the size of each."""
    sizes = np.diff(as_array(source.segment.packed_ends), prepend=np.uint64(0))
    for first, last in _runs(source.live_articles):
        for low, high in blocks(sizes[first:last], _MAX_COPIED_BYTES):
            start, stop = first + low, first + high
            yield source.segment.packed_range(start, stop), sizes[start:stop]


def _runs(flags: Mask) -> Iterator[tuple[int, int]]:
    """Yield where runs of true flags begin and end."""
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).tolist()
    yield from zip(edges[::2], edges[1::2])
