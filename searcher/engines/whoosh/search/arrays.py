"""Small tools on NumPy arrays that several modules share."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "DTYPES",
    "Array",
    "changes",
    "distinct",
    "offsets",
    "pieces",
    "ranges",
    "sizes",
    "typecode",
    "view",
]

Array = npt.NDArray[Any]
DTYPES = {"B": np.uint8, "H": np.uint16, "I": np.uint32, "Q": np.uint64, "q": np.int64, "d": np.float64}


def view(data: memoryview | array[Any]) -> Array:
    """The same memory as a NumPy array."""
    kind = data.format if isinstance(data, memoryview) else data.typecode
    return np.frombuffer(data, DTYPES[kind]) if len(data) else np.empty(0, DTYPES[kind])


def offsets(counts: Array) -> Array:
    """Where each group begins, given their sizes; one entry more: where the last one ends."""
    edges = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, dtype=np.int64, out=edges[1:])
    return edges


def ranges(starts: Array, counts: Array) -> Array:
    """The numbers from each start on, as many as its count, all in a row."""
    ends = counts.cumsum(dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Array = np.repeat(starts - (ends - counts), counts)
    numbers += np.arange(total, dtype=np.int64)
    return numbers


def pieces(sizes: Array, at_once: int) -> Iterator[tuple[int, int]]:
    """Ranges of groups with at most ``at_once`` elements (but one group at least) and 65,536 groups."""
    low = 0
    while low < len(sizes):
        total = sizes[low : low + 65_536].cumsum(dtype=np.int64)
        high = low + max(1, int(np.searchsorted(total, at_once, side="right")))
        yield low, high
        low = high


def changes(*sorted_columns: Array) -> Array:
    """The places where any of the columns differs from the place before; the first one too."""
    first, *others = sorted_columns
    if not len(first):
        return np.empty(0, np.int64)
    new = np.empty(len(first), np.bool_)
    new[0] = True
    np.not_equal(first[1:], first[:-1], out=new[1:])
    for column in others:
        new[1:] |= column[1:] != column[:-1]
    return new.nonzero()[0]


def distinct(numbers: Array) -> Array:
    """Each number once, in order. ``numpy.unique`` of NumPy 2.4 hashes them: sixty times slower with 350,000
    that are nearly in order, as articles with their names are."""
    ordered = np.sort(numbers)
    return ordered[changes(ordered)]


def sizes(starts: Array, end: int) -> Array:
    """How far each start is from the next one, and the last one from the end."""
    found = np.empty_like(starts)
    found[:-1] = starts[1:]
    found[-1:] = end
    found -= starts
    return found


def typecode(top: int, least: str) -> str:
    """The code of the narrowest unsigned type, ``least`` or wider, that holds numbers up to ``top``."""
    wide_enough = next(code for code, bits in (("B", 8), ("H", 16), ("I", 32), ("Q", 64)) if top < 1 << bits)
    return max(wide_enough, least, key="BHIQ".index)
