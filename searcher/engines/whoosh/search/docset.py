"""Sets of documents: sorted numbers while they are few, a mask where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, sorted_unique

__all__ = ["DocSet"]

#: Looking each member of the smaller set up in the larger one is faster than making a mask, if the larger one
#: is this many times as large.
_MIN_LOOKUP_RATIO = 16
#: Sorting the numbers of several lists is faster than a mask, whose members have to be collected, while they
#: are at most one in so many of all documents.
_SPARSE_RATIO = 4


class DocSet:
    """Documents among ``size``, as numbers or as a mask. Each form is made from the other when first needed,
    and a union is not computed before either is."""

    __slots__ = ("_count", "_ids", "_mask", "_union_of", "size")

    def __init__(
        self, size: int, ids: Array | None = None, mask: Mask | None = None, union_of: Sequence[DocSet] = ()
    ) -> None:
        """One of: ``ids``, sorted numbers; ``mask``, of ``size`` flags; ``union_of``, other sets."""
        self.size = size
        self._union_of = union_of
        self._ids = ids
        self._mask = mask
        self._count = len(ids) if ids is not None else -1

    @classmethod
    def empty(cls, size: int) -> Self:
        return cls(size, np.empty(0, np.int64))

    @classmethod
    def union(cls, size: int, sets: Sequence[DocSet]) -> DocSet:
        """Return the documents that are in any of the sets."""
        sets = [one for one in sets if one._cost()]
        if len(sets) < 2:
            return sets[0] if sets else cls.empty(size)
        return cls(size, union_of=sets)

    def is_union_of(self, sets: Sequence[DocSet]) -> bool:
        """Tell whether this set was made as the union of just these sets (the same objects), or is the
        one."""
        return {*map(id, self._union_of or (self,))} == {*map(id, sets)}

    @property
    def ids(self) -> Array:
        """The numbers of the documents, sorted."""
        if self._ids is None:
            self._ids = self._sorted() if self._is_sparse() else np.flatnonzero(self.mask)
            self._count = len(self._ids)
        return self._ids

    @property
    def mask(self) -> Mask:
        """A flag for each of ``size`` documents."""
        if self._mask is None:
            self._mask = np.zeros(self.size, np.bool_)
            for one in (self,) if self._ids is not None else self._union_of:
                if one._ids is None:
                    self._mask |= one.mask
                else:
                    self._mask[one._ids] = True
        return self._mask

    def set_mask(self, mask: Mask) -> None:
        """Set the mask of a union that was computed elsewhere on the way."""
        self._mask = mask
        self._count = int(np.count_nonzero(mask))

    @property
    def dense(self) -> bool:
        """Whether its numbers are not known and too many to be sorted."""
        return self._ids is None and not self._is_sparse()

    def __len__(self) -> int:
        """Return the number of documents."""
        if self._count < 0:
            if self._mask is None and self._is_sparse():
                return len(self.ids)
            self._count = int(np.count_nonzero(self.mask))
        return self._count

    @property
    def upper_bound(self) -> int:
        """A number that its length does not exceed; its length where that is known."""
        if self._ids is None and self._mask is None:
            return sum([one.upper_bound for one in self._union_of])
        return len(self)

    def _is_sparse(self) -> bool:
        """Whether it is a union of so few documents that sorting them is the fastest way to number them."""
        return bool(self._union_of) and self.upper_bound * _SPARSE_RATIO <= self.size

    def _sorted(self) -> Array:
        return sorted_unique(np.concatenate([one.ids for one in self._union_of]))

    def __and__(self, other: DocSet) -> DocSet:
        few, many = (self, other) if self._cost() <= other._cost() else (other, self)
        if few.dense:
            return DocSet(self.size, mask=few.mask & many.mask)
        if many._mask is None and not many.dense and len(few) * _MIN_LOOKUP_RATIO < len(many):
            return DocSet(self.size, few.ids.compress(_is_in(few.ids, many.ids)))
        return DocSet(self.size, few.ids.compress(many.mask.take(few.ids)))

    def __sub__(self, other: DocSet) -> DocSet:
        if not self.dense:
            return DocSet(self.size, self.ids[~other.mask[self.ids]])
        return DocSet(self.size, mask=self.mask & ~other.mask)

    def _cost(self) -> int:
        """The entries that are read to go through the set."""
        return len(self.ids) if not self.dense else self.size


def _is_in(ids: Array, others: Array) -> Mask:
    """Tell which of the sorted ``ids`` are in the sorted ``others``, which are not empty."""
    found: Mask = others.take(others.searchsorted(ids), mode="clip") == ids
    return found
