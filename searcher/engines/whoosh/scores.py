"""BM25 on arrays: the same operations in the same order as :func:`searcher.ranking.bm25`, so that scores
are equal to the last bit and ties fall alike."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher import ranking

__all__ = ["points", "top"]

Array = npt.NDArray[Any]
#: Sorting all scores takes longer than choosing from so many on, and looking at each from this many times the
#: number wanted on.
_MANY, _BLOCK = 100, 256


def points(tf: Array, df: int, norms: Array, documents: int) -> npt.NDArray[np.float64]:
    """What a part that ``df`` documents have gives to some of them."""
    idf = math.log(1 + (documents - df + 0.5) / (df + 0.5))
    given: npt.NDArray[np.float64] = idf * tf
    given *= ranking.K1 + 1
    given /= tf + norms
    return given


def top(scores: Array, count: int) -> Array:
    """The places of the ``count`` highest scores, highest first, equal ones in their order.

    Only those that are as high as the last one wanted are sorted. Where there are very many, the highest of
    each block tell how high one must be: ``count`` blocks hold one that high.
    """
    if count <= 0 or not len(scores):
        return np.empty(0, np.int64)
    places = None
    if len(scores) > _MANY:
        seen = scores
        if len(scores) > count * _BLOCK:
            seen = scores[: len(scores) - len(scores) % _BLOCK].reshape(-1, _BLOCK).max(axis=1)
        if len(seen) > count:
            least = np.partition(seen, len(seen) - count)[len(seen) - count]
            places = (scores >= least).nonzero()[0]
            scores = scores.take(places)
    order = (-scores).argsort(kind="stable")[:count]
    return order if places is None else places.take(order)
