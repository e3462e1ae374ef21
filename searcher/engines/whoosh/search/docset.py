"""Sets of documents: as sorted numbers while they are few, as a mask where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from searcher.engines.whoosh.arrays import sorted_unique

__all__ = ["DocSet"]

Ids = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

#: Looking every member of the smaller set up in the larger one pays while it is so many times smaller.
_MUCH_SMALLER = 16
#: Sorting all numbers of several lists is faster than a mask, whose members have to be looked for, while they
#: are at most this share of all.
_SPARSE = 4


class DocSet:
    """Documents among ``size``. Either form is made from the other when it is first needed, and a union of
    others only then too."""

    __slots__ = ("_count", "_ids", "_mask", "size", "united")

    def __init__(
        self, size: int, ids: Ids | None = None, mask: Mask | None = None, united: Sequence[DocSet] = ()
    ) -> None:
        """``united``: what it is the union of, where nothing else is given."""
        self.size = size
        self.united = united
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
        return cls(size, united=parts)

    @property
    def ids(self) -> Ids:
        if self._ids is None:
            self._ids = self._sorted() if self._is_sparse() else np.flatnonzero(self.mask)
            self._count = len(self._ids)
        return self._ids

    @property
    def mask(self) -> Mask:
        if self._mask is None:
            self._mask = np.zeros(self.size, np.bool_)
            for part in (self,) if self._ids is not None else self.united:
                if part._ids is None:
                    self._mask |= part.mask
                else:
                    self._mask[part._ids] = True
        return self._mask

    def tell(self, mask: Mask) -> None:
        """What it turned out to be."""
        self._mask = mask
        self._count = int(np.count_nonzero(mask))

    @property
    def dense(self) -> bool:
        """Whether its numbers are not known and too many to be sorted."""
        return self._ids is None and not self._is_sparse()

    def __len__(self) -> int:
        """The number of documents."""
        if self._count < 0:
            if self._mask is None and self._is_sparse():
                return len(self.ids)
            self._count = int(np.count_nonzero(self.mask))
        return self._count

    @property
    def most(self) -> int:
        """It has no more than so many; its length, where that is known."""
        if self._ids is None and self._mask is None:
            return sum([part.most for part in self.united])
        return len(self)

    def _is_sparse(self) -> bool:
        """Whether it is a union of so few that sorting them is the fastest way to number them."""
        return bool(self.united) and self.most * _SPARSE <= self.size

    def _sorted(self) -> Ids:
        return sorted_unique(np.concatenate([part.ids for part in self.united]))

    def __and__(self, other: DocSet) -> DocSet:
        few, many = (self, other) if self._weight() <= other._weight() else (other, self)
        if few.dense:
            return DocSet(self.size, mask=few.mask & many.mask)
        if many._mask is None and not many.dense and len(few) * _MUCH_SMALLER < len(many):
            return DocSet(self.size, few.ids.compress(_among(few.ids, many.ids)))
        return DocSet(self.size, few.ids.compress(many.mask.take(few.ids)))

    def __sub__(self, other: DocSet) -> DocSet:
        if not self.dense:
            return DocSet(self.size, self.ids[~other.mask[self.ids]])
        return DocSet(self.size, mask=self.mask & ~other.mask)

    def _weight(self) -> int:
        """What going through it costs."""
        return len(self.ids) if not self.dense else self.size


def _among(wanted: Ids, held: Ids) -> Mask:
    """Which of the sorted ``wanted`` are in the sorted ``held``, which is not empty."""
    found: Mask = held.take(held.searchsorted(wanted), mode="clip") == wanted
    return found
