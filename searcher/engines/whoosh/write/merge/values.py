"""Merging of value fields: the values of several segments' documents become those of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, as_array, blocks
from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.segment import ValueField
from searcher.engines.whoosh.write.merge.sources import (
    MAX_BLOCK_ENTRIES,
    MergeSource,
    destinations,
    release_pages,
)
from searcher.engines.whoosh.write.merge.terms import TermUnion
from searcher.engines.whoosh.write.term_dictionary import write_starts, write_terms

__all__ = ["write_values"]


class _ValueSource(NamedTuple):
    """A value field of one segment. Of its documents: which are live, and their new numbers; of its values:
    the number of live documents, and their numbers in the union."""

    source: MergeSource
    values: ValueField
    live: Mask
    new_docs: Array
    counts: Array
    new_values: Array


class _ValueBlock(NamedTuple):
    """The live documents of some values in one segment, value by value, and how many each value has."""

    values: Array
    counts: Array
    docs: Array


def write_values(writer: ArrayWriter, name: str, sources: Sequence[MergeSource]) -> None:
    """Write a merged value field: sorted terms, the documents of each, and the values of each document."""
    fields = [source.segment.values(name) for source in sources]
    counts = [_live_counts(values, source.live(name)) for values, source in zip(fields, sources)]
    union = TermUnion(fields, [count > 0 for count in counts])
    size = write_terms(writer, f"{name}.terms", union.windows())
    release_pages(sources)
    merged = [
        _ValueSource(source, values, source.live(name), source.new_numbers(name), count, numbers)
        for source, values, count, numbers in zip(sources, fields, counts, union.numbers)
    ]
    _write_docs(writer, name, merged, size)
    _write_values_of_docs(writer, name, merged)


def _live_counts(values: ValueField, live: Mask) -> Array:
    """Return the number of live documents of each value."""
    starts = as_array(values.starts)
    counts = np.diff(starts)
    if live.all():
        return counts
    for low, high in blocks(counts, MAX_BLOCK_ENTRIES):
        docs = as_array(values.docs)[starts[low] : starts[high]]
        of = np.repeat(np.arange(high - low), counts[low:high])
        counts[low:high] = np.bincount(of[live[docs]], minlength=high - low)
    return counts


def _write_docs(writer: ArrayWriter, name: str, sources: Sequence[_ValueSource], size: int) -> None:
    """Write the documents of each of the ``size`` merged values."""
    sizes = np.zeros(size, np.uint32)
    for source in sources:
        used = source.counts > 0  # an unused value has no number of its own
        sizes[source.new_values[used]] += source.counts[used]
    write_starts(writer, f"{name}.starts", sizes)
    writer.begin(f"{name}.docs", "I")
    for low, high in blocks(sizes, MAX_BLOCK_ENTRIES):
        read = [_block(source, low, high) for source in sources]
        merged = np.empty(int(sizes[low:high].sum()), np.uint32)
        runs = ((block.values, block.counts) for block in read)
        for block, index in zip(read, destinations(runs, sizes[low:high])):
            merged[index] = block.docs
        writer.write(merged)
        release_pages(source.source for source in sources)


def _block(source: _ValueSource, low: int, high: int) -> _ValueBlock:
    """Return the documents of the merged values from ``low`` to before ``high``."""
    first, last = np.searchsorted(source.new_values, (low, high)).tolist()
    docs = as_array(source.values.docs)[source.values.starts[first] : source.values.starts[last]]
    docs = source.new_docs[docs[source.live[docs]]]
    return _ValueBlock(source.new_values[first:last] - np.uint32(low), source.counts[first:last], docs)


def _write_values_of_docs(writer: ArrayWriter, name: str, sources: Sequence[_ValueSource]) -> None:
    """Write the values of each live document."""
    counts = [np.diff(as_array(source.values.value_starts))[source.live] for source in sources]
    write_starts(writer, f"{name}.value_starts", np.concatenate(counts))
    writer.begin(f"{name}.values", "I")
    for source in sources:
        starts = as_array(source.values.value_starts)
        for low, high in blocks(np.diff(starts), MAX_BLOCK_ENTRIES):
            live = np.repeat(source.live[low:high], np.diff(starts[low : high + 1]))
            values = as_array(source.values.values)[starts[low] : starts[high]]
            writer.write(source.new_values[values[live]])
        release_pages([source.source])
