"""BM25 on arrays, and the choice of the best documents.

The operations are those of :func:`searcher.engines.scoring.bm25` in the same order, so that scores are equal
to the last bit and ties fall alike.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array

__all__ = ["approximate_top", "bm25", "top"]

#: Scores from which on partitioning is faster than sorting all.
_MIN_PARTITIONED = 100
#: Scores that one maximum stands for, and the number of maxima, in multiples of the documents wanted, from
#: which on partitioning the maxima is faster than partitioning all scores.
_GROUP_SIZE, _MIN_GROUPS_PER_HIT = 64, 8
#: The relative error of a score in single precision, at most: 6e-8 for each of the 300 parts of a query and
#: the few operations of each part.
_MAX_ROUNDING_ERROR = 1e-4


def bm25(tf: Array, df: int, norms: Array, documents: int) -> npt.NDArray[np.float64]:
    """Return the scores that a leaf gives to some documents.

    ``tf`` and ``norms`` have one entry a document; ``df`` of all ``documents`` have the leaf.
    """
    scores: npt.NDArray[np.float64] = scoring.idf(df, documents) * tf
    scores *= scoring.K1 + 1
    scores /= tf + norms
    return scores


def top(scores: Array, count: int) -> Array:
    """Return the indices of the ``count`` highest scores, highest first, equal scores in their order."""
    if count <= 0 or not len(scores):
        return np.empty(0, np.int64)
    indices = None
    if len(scores) > _MIN_PARTITIONED:
        indices = (scores >= _threshold(scores, count)).nonzero()[0]
        scores = scores.take(indices)
    order = (-scores).argsort(kind="stable")[:count]
    return order if indices is None else indices.take(order)


def approximate_top(scores: Array, count: int) -> Array:
    """Return the indices of all scores in single precision that may be among the ``count`` highest."""
    return (scores >= _threshold(scores, count) * (1 - _MAX_ROUNDING_ERROR)).nonzero()[0]


def _threshold(scores: Array, count: int) -> float:
    """Return a number that at least ``count`` scores reach, all the highest ones among them.

    Of very many scores it is the lowest of the ``count`` highest group maxima. The members of a group lie far
    apart: maxima are taken over the rows of a matrix, five times as fast as over neighbours, and copies of
    one article, which are neighbours, are in different groups.
    """
    groups = len(scores) // _GROUP_SIZE
    if groups > count * _MIN_GROUPS_PER_HIT:
        scores = scores[: groups * _GROUP_SIZE].reshape(_GROUP_SIZE, groups).max(axis=0)
    if len(scores) <= count:
        return float(scores.min(initial=0.0))
    return float(np.partition(scores, len(scores) - count)[len(scores) - count])
