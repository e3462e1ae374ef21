"""Sets of documents: as sorted numbers while they are few, as a mask where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from searcher.engines.whoosh.arrays import distinct

__all__ = ["DocSet"]

Ids = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

#: Looking every member of the smaller set up in the larger one pays while it is so many times smaller.
_MUCH_SMALLER = 16
#: Sorting all numbers of several lists is faster than a mask, whose members have to be looked for, while they
#: are at most this share of all.
_SPARSE = 4


class DocSet:
    """Documents among ``size``. Either form is made from the other when it is first needed."""

    __slots__ = ("_count", "_ids", "_mask", "size")

    def __init__(self, size: int, ids: Ids | None = None, mask: Mask | None = None) -> None:
        self.size = size
        self._ids = ids
        self._mask = mask
        self._count = len(ids) if ids is not None else -1

    @classmethod
    def empty(cls, size: int) -> Self:
        return cls(size, np.empty(0, np.int64))

    @classmethod
    def union(cls, size: int, parts: Sequence[DocSet]) -> DocSet:
        """What is in any of them."""
        parts = [part for part in parts if part._weight()]
        if len(parts) < 2:
            return parts[0] if parts else cls.empty(size)
        lists = [part._ids for part in parts if part._ids is not None]
        if len(lists) == len(parts) and sum(map(len, lists)) * _SPARSE <= size:
            return cls(size, distinct(np.concatenate(lists)))
        mask = np.zeros(size, np.bool_)
        for part in parts:
            if part._ids is None:
                mask |= part.mask
            else:
                mask[part._ids] = True
        return cls(size, mask=mask)

    @property
    def ids(self) -> Ids:
        if self._ids is None:
            self._ids = np.flatnonzero(self.mask)
            self._count = len(self._ids)
        return self._ids

    @property
    def mask(self) -> Mask:
        if self._mask is None:
            self._mask = np.zeros(self.size, np.bool_)
            self._mask[self._ids] = True
        return self._mask

    @property
    def dense(self) -> bool:
        """Whether only the mask is known."""
        return self._ids is None

    def __len__(self) -> int:
        if self._count < 0:
            self._count = int(np.count_nonzero(self.mask))
        return self._count

    def __and__(self, other: DocSet) -> DocSet:
        few, many = (self, other) if self._weight() <= other._weight() else (other, self)
        if few._ids is None:
            return DocSet(self.size, mask=few.mask & many.mask)
        if many._mask is None and len(few) * _MUCH_SMALLER < len(many):
            return DocSet(self.size, few.ids.compress(_among(few.ids, many.ids)))
        return DocSet(self.size, few.ids.compress(many.mask.take(few.ids)))

    def __sub__(self, other: DocSet) -> DocSet:
        if self._ids is not None:
            return DocSet(self.size, self._ids[~other.mask[self._ids]])
        return DocSet(self.size, mask=self.mask & ~other.mask)

    def _weight(self) -> int:
        """What going through it costs."""
        return len(self._ids) if self._ids is not None else self.size


def _among(wanted: Ids, held: Ids) -> Mask:
    """Which of the sorted ``wanted`` are in the sorted ``held``, which is not empty."""
    found: Mask = held.take(held.searchsorted(wanted), mode="clip") == wanted
    return found
