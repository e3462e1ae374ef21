"""BM25 on arrays: the same operations in the same order as :func:`searcher.engines.scoring.bm25`.

So scores are equal to the last bit, and ties fall alike.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring

__all__ = ["points", "rarity", "roughly_top", "top"]

Array = npt.NDArray[Any]
#: Sorting all scores takes longer than choosing from so many on, and choosing from them all longer than from
#: the highest of each so many, while there are many times more of these than wanted.
_MANY, _TOGETHER, _ENOUGH = 100, 64, 8
#: Scores in single precision are off by less than this share: each step of the 300 parts that a question may
#: have by 6e-8 at most.
_OFF = 1e-4


def rarity(df: int, documents: int) -> float:
    """How much a part tells that ``df`` of all documents have."""
    return math.log(1 + (documents - df + 0.5) / (df + 0.5))


def points(tf: Array, df: int, norms: Array, documents: int) -> npt.NDArray[np.float64]:
    """What a part that ``df`` documents have gives to some of them."""
    given: npt.NDArray[np.float64] = rarity(df, documents) * tf
    given *= scoring.K1 + 1
    given /= tf + norms
    return given


def top(scores: Array, count: int) -> Array:
    """The places of the ``count`` highest scores, highest first, equal ones in their order."""
    if count <= 0 or not len(scores):
        return np.empty(0, np.int64)
    places = None
    if len(scores) > _MANY:
        places = (scores >= _least(scores, count)).nonzero()[0]
        scores = scores.take(places)
    order = (-scores).argsort(kind="stable")[:count]
    return order if places is None else places.take(order)


def roughly_top(scores: Array, count: int) -> Array:
    """The places of the ``count`` highest scores and of all that, in single precision, may be as high."""
    return (scores >= _least(scores, count) * (1 - _OFF)).nonzero()[0]


def _least(scores: Array, count: int) -> float:
    """So high are the ``count`` highest scores at least. Where there are very many, the highest of every so
    many tell: ``count`` of these are that high. (Those put together lie far apart: so they are compared by
    the row, five times as fast as neighbours, and copies of one article, which lie together, count each.)"""
    groups = len(scores) // _TOGETHER
    if groups > count * _ENOUGH:
        scores = scores[: groups * _TOGETHER].reshape(_TOGETHER, groups).max(axis=0)
    if len(scores) <= count:
        return float(scores.min(initial=0.0))
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
