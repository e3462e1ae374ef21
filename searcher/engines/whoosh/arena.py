"""Room for arrays that are kept from one question to the next.

A new page of memory takes 0.5 to 4 µs when it is first written to, which was a quarter of what a first question
took: the lists that it found are kept. Cut from one large block, which the system gives in pages of 2 MB, they
take a tenth of that.
"""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

from searcher.engines.whoosh.arrays import Array

__all__ = ["Arena"]

#: Bytes of a block. What is not touched takes no memory; NumPy asks for large pages from 4 MB on.
_BLOCK = 16 << 20
_ALIGNED = 64


class Arena:
    """Cuts arrays from blocks. A block is given back when none of its arrays is in use any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._block = np.empty(0, np.uint8)
        self._end = 0
        # Once so large a block was given back, what is free is kept for the next question (by glibc).
        del_me = np.empty(_BLOCK, np.uint8)
        del del_me

    def empty(self, count: int, dtype: npt.DTypeLike) -> Array:
        """An array with no values yet."""
        size = count * np.dtype(dtype).itemsize
        if size > _BLOCK:
            return np.empty(count, dtype)
        with self._lock:
            if self._end + size > len(self._block):
                self._block, self._end = np.empty(_BLOCK, np.uint8), 0
            begin = self._end
            self._end += size + -size % _ALIGNED
            return self._block[begin : begin + size].view(dtype)
