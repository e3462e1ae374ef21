"""NumPy helpers for writing and searching.

BM25 on arrays performs the operations of :func:`searcher.engines.scoring.bm25` in the same order, so that
scores and ties are the same to the last bit.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring

Array = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
DTYPES = {"B": np.uint8, "H": np.uint16, "I": np.uint32, "Q": np.uint64, "q": np.int64, "d": np.float64}
#: Maximum number of postings, positions or values that a merge holds in memory.
MAX_BLOCK_ENTRIES = 1 << 19
#: Maximum number of groups per block of :func:`blocks`, so that their numbers fit into 16 bits.
_MAX_BLOCK_GROUPS = 65_536


def as_array(data: memoryview | array[Any]) -> Array:
    """Return a NumPy array that shares the same memory."""
    kind = data.format if isinstance(data, memoryview) else data.typecode
    return np.frombuffer(data, DTYPES[kind]) if len(data) else np.empty(0, DTYPES[kind])


def all_but(size: int, numbers: Sequence[int]) -> Mask:
    """Return a flag for each document: False for these numbers."""
    flags = np.ones(size, np.bool_)
    flags[np.asarray(numbers, np.int64)] = False
    return flags


def join_arrays(parts: Sequence[Array], empty: type) -> Array:
    """Concatenate arrays, without copying a single one. ``empty``: the type of an empty result."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, empty)


def offsets(counts: Array) -> Array:
    """Return the start of each of n groups, and the end of the last, given their sizes."""
    edges = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, dtype=np.int64, out=edges[1:])
    return edges


def concatenated_ranges(starts: Array, counts: Array) -> Array:
    """Return the concatenated ranges from each start to start + count."""
    ends = counts.cumsum(dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Array = np.repeat(starts - (ends - counts), counts)
    numbers += np.arange(total, dtype=np.int64)
    return numbers


def blocks(sizes: Array, max_entries: int) -> Iterator[tuple[int, int]]:
    """Divide groups of these sizes into blocks ``(first, end)``. A block has at most ``max_entries`` entries,
    or a single group, and at most 65,536 groups."""
    low = 0
    while low < len(sizes):
        total = sizes[low : low + _MAX_BLOCK_GROUPS].cumsum(dtype=np.int64)
        high = low + max(1, int(np.searchsorted(total, max_entries, side="right")))
        yield low, high
        low = high


def live_counts(starts: memoryview, docs: memoryview, live: Mask | None) -> Array:
    """Return the number of live documents of each value, given their starts. ``live`` None: all are live."""
    edges = as_array(starts)
    counts = np.diff(edges)
    if live is None or live.all():
        return counts
    for low, high in blocks(counts, MAX_BLOCK_ENTRIES):
        own = live[as_array(docs)[edges[low] : edges[high]]]
        of = np.repeat(np.arange(high - low), counts[low:high])
        counts[low:high] = np.bincount(of[own], minlength=high - low)
    return counts


def run_starts(*sorted_columns: Array) -> Array:
    """Return the indices at which any of the columns differs from the entry before, including the first."""
    first, *columns = sorted_columns
    if not len(first):
        return np.empty(0, np.int64)
    new = np.empty(len(first), np.bool_)
    new[0] = True
    np.not_equal(first[1:], first[:-1], out=new[1:])
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new.nonzero()[0]


def run_lengths(starts: Array, end: int) -> Array:
    """Return the length of each run, given the starts and the end of the last."""
    lengths = np.empty_like(starts)
    lengths[:-1] = starts[1:]
    lengths[-1:] = end
    lengths -= starts
    return lengths


def sorted_unique(numbers: Array) -> Array:
    """Return the distinct numbers, sorted. ``numpy.unique`` uses hashing since NumPy 2.4, which is much
    slower for nearly sorted numbers."""
    ordered = np.sort(numbers)
    return ordered[run_starts(ordered)]


def typecode(maximum: int, narrowest: str) -> str:
    """Return the code of the narrowest unsigned type that fits ``maximum``, at least ``narrowest``."""
    fitting = next(code for code, bits in (("B", 8), ("H", 16), ("I", 32), ("Q", 64)) if maximum < 1 << bits)
    return max(fitting, narrowest, key="BHIQ".index)


#: Minimum number of scores for which partitioning is faster than sorting.
_MIN_PARTITIONED = 100
#: Number of scores per group. Partitioning the maxima of groups is faster than partitioning all scores if
#: there are more than _MIN_GROUPS_PER_HIT groups per wanted document.
_GROUP_SIZE, _MIN_GROUPS_PER_HIT = 64, 8
#: Upper bound of the relative error of a score in single precision. Each operation adds at most 6e-8, and a
#: query has at most 300 leaves.
_MAX_ROUNDING_ERROR = 1e-4


def bm25(tf: Array, df: int, norms: Array, documents: int) -> npt.NDArray[np.float64]:
    """Return the scores of a leaf in some documents, given their term frequencies and length norms, and the
    number of documents with the leaf and of all."""
    scores: npt.NDArray[np.float64] = scoring.idf(df, documents) * tf
    scores *= scoring.K1 + 1
    scores /= tf + norms
    return scores


def top(scores: Array, count: int) -> Array:
    """Return the indices of the ``count`` highest scores, highest first, ties in their order."""
    if count <= 0 or not len(scores):
        return np.empty(0, np.int64)
    indices = None
    if len(scores) > _MIN_PARTITIONED:
        indices = (scores >= _threshold(scores, count)).nonzero()[0]
        scores = scores.take(indices)
    order = (-scores).argsort(kind="stable")[:count]
    return order if indices is None else indices.take(order)


def approximate_top(scores: Array, count: int) -> Array:
    """Return the indices of scores in single precision that may be among the ``count`` highest."""
    return (scores >= _threshold(scores, count) * (1 - _MAX_ROUNDING_ERROR)).nonzero()[0]


def _threshold(scores: Array, count: int) -> float:
    """Return a threshold that at least ``count`` scores reach.

    For very many scores, it is the lowest of the ``count`` highest group maxima. Groups are the columns of a
    matrix: this is faster than groups of neighbours, and copies of an article, which are often neighbours,
    are in different groups.
    """
    groups = len(scores) // _GROUP_SIZE
    if groups > count * _MIN_GROUPS_PER_HIT:
        scores = scores[: groups * _GROUP_SIZE].reshape(_GROUP_SIZE, groups).max(axis=0)
    if len(scores) <= count:
        return float(scores.min(initial=0.0))
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
