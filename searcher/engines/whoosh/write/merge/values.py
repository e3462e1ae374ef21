"""The values of several segments' documents made those of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from searcher.engines.whoosh.format.array_file import ArrayWriter
from searcher.engines.whoosh.format.segment import Values
from searcher.engines.whoosh.search.arrays import Array, pieces, view
from searcher.engines.whoosh.write.merge.sources import AT_ONCE, Part, destinations, release
from searcher.engines.whoosh.write.merge.terms import Mask, Union
from searcher.engines.whoosh.write.term_dictionary import write_starts, write_terms

__all__ = ["write_values"]


class _Source(NamedTuple):
    """One segment's values of a field: which documents stay, what their numbers become, how many of them
    each value has, and which of the merged values it is."""

    part: Part
    values: Values
    kept: Mask
    docs: Array
    counts: Array
    numbers: Array


class _Piece(NamedTuple):
    """Documents by value in one segment: of each value, how many."""

    terms: Array
    counts: Array
    docs: Array


def write_values(writer: ArrayWriter, name: str, parts: Sequence[Part]) -> None:
    """A value field: sorted terms, the documents of each, and the values of each document."""
    values = [part.segment.values(name) for part in parts]
    counts = [_live(own, part.kept(name)) for own, part in zip(values, parts)]
    union = Union(values, [own > 0 for own in counts])
    size = write_terms(writer, f"{name}.terms", union.windows())
    release(parts)
    sources = [
        _Source(part, own, part.kept(name), part.numbers(name), live, numbers)
        for part, own, live, numbers in zip(parts, values, counts, union.numbers)
    ]
    _write_documents(writer, name, sources, size)
    _write_by_document(writer, name, sources)


def _live(values: Values, kept: Mask) -> Array:
    """How many documents that stay each value has."""
    starts = view(values.starts)
    counts = np.diff(starts)
    if kept.all():
        return counts
    for low, high in pieces(counts, AT_ONCE):
        docs = view(values.docs)[starts[low] : starts[high]]
        of = np.repeat(np.arange(high - low), counts[low:high])
        counts[low:high] = np.bincount(of[kept[docs]], minlength=high - low)
    return counts


def _write_documents(writer: ArrayWriter, name: str, sources: Sequence[_Source], size: int) -> None:
    sizes = np.zeros(size, np.uint32)
    for own in sources:
        there = own.counts > 0  # what is not has no number of its own
        sizes[own.numbers[there]] += own.counts[there]
    write_starts(writer, f"{name}.starts", sizes)
    writer.begin(f"{name}.docs", "I")
    for low, high in pieces(sizes, AT_ONCE):
        read = [_piece(source, low, high) for source in sources]
        together = np.empty(int(sizes[low:high].sum()), np.uint32)
        runs = ((piece.terms, piece.counts) for piece in read)
        for piece, there in zip(read, destinations(runs, sizes[low:high])):
            together[there] = piece.docs
        writer.write(together)
        release(source.part for source in sources)


def _piece(source: _Source, low: int, high: int) -> _Piece:
    """The documents of the merged values from ``low`` to before ``high``."""
    first, last = np.searchsorted(source.numbers, (low, high)).tolist()
    docs = view(source.values.docs)[source.values.starts[first] : source.values.starts[last]]
    docs = source.docs[docs[source.kept[docs]]]
    return _Piece(source.numbers[first:last] - np.uint32(low), source.counts[first:last], docs)


def _write_by_document(writer: ArrayWriter, name: str, sources: Sequence[_Source]) -> None:
    counts = [np.diff(view(own.values.value_starts))[own.kept] for own in sources]
    write_starts(writer, f"{name}.value_starts", np.concatenate(counts))
    writer.begin(f"{name}.values", "I")
    for own in sources:
        starts = view(own.values.value_starts)
        for low, high in pieces(np.diff(starts), AT_ONCE):
            kept = np.repeat(own.kept[low:high], np.diff(starts[low : high + 1]))
            writer.write(own.numbers[view(own.values.values)[starts[low] : starts[high]][kept]])
        release([own.part])
