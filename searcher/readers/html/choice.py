"""Which blocks of a page are the article: two forests of small decision trees over the features of each.

The first judges each block by itself. The second judges all of them again, and knows what the first said
of the blocks around each (:mod:`searcher.readers.html.context`): stacking, after Wolpert (Neural Networks,
1992). The trees were trained on labelled pages (``training/pages.py``). Measured on pages of publishers that
they were not trained on, they are right more often than the extractors that others have made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.context import context
from searcher.readers.html.features import Candidates
from searcher.readers.html.outline import Floats

__all__ = ["STAGES", "Choice", "Forest", "again", "choice"]

STAGES = ("first", "second")
#: Rows that are judged at once, so that what is made of them stays small.
_TOGETHER = 256

Tables = Mapping[str, NDArray[np.generic]]


class Forest:
    """Gradient-boosted trees as tables with a row for each tree.

    A node asks whether its ``feature`` is more than its ``threshold``: then the leaves on its left are out,
    and ``mask`` has a bit for each of the others. The first leaf that all nodes of a tree leave is the one
    that a row comes to (QuickScorer, Lucchese et al., SIGIR 2015). The values of these leaves add up to a
    logit.
    """

    def __init__(self, tables: Tables) -> None:
        self._trees, self._nodes = tables["feature"].shape
        # The first node of each tree, then the second of each: what is put together at once lies apart.
        feature, threshold, mask = (
            tables[name].T.reshape(-1, 1) for name in ("feature", "threshold", "mask")
        )
        self._feature = feature.astype(np.intp).ravel()
        self._threshold, self._mask = threshold.astype(np.float32), mask.astype(np.uint16)
        self._value = tables["value"].astype(np.float32).ravel()
        leaves = tables["value"].shape[1]
        self._every = np.uint16((1 << leaves) - 1)
        self._first = np.array([(bits & -bits).bit_length() - 1 for bits in range(1 << leaves)], np.intp)
        self._offset = (np.arange(self._trees) * leaves).reshape(-1, 1)

    def probabilities(self, rows: Floats) -> Floats:
        """For each row the probability that its block belongs to the article."""
        parts = [self._logits(rows[start : start + _TOGETHER]) for start in range(0, len(rows), _TOGETHER)]
        logits = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def _logits(self, rows: Floats) -> Floats:
        asked = np.ascontiguousarray(rows.T).take(self._feature, axis=0)
        kept = np.multiply(asked <= self._threshold, self._every, dtype=np.uint16)
        kept |= self._mask
        left = np.bitwise_and.reduce(kept.reshape(self._nodes, self._trees, len(rows)), axis=0)
        leaf = self._first.take(left)
        return np.asarray(self._value.take(leaf + self._offset).sum(axis=0), np.float32)


class Choice:
    """Both forests; the tables of each have its stage in their names: ``first_mask``."""

    def __init__(self, tables: Tables) -> None:
        self.first, self.second = (
            Forest(
                {name.partition("_")[2]: table for name, table in tables.items() if name.startswith(stage)}
            )
            for stage in STAGES
        )

    def probabilities(self, judged: Candidates) -> Floats:
        """For each block that is worth judging the probability that it belongs to the article."""
        return self.second.probabilities(again(judged, self.first.probabilities(judged.rows)))


def again(judged: Candidates, probabilities: Floats) -> Floats:
    """The rows of some blocks with what the first judgement says of those around each."""
    return np.concatenate([judged.rows, context(judged.page, judged.worth, probabilities)], axis=1)


@cache
def choice() -> Choice:
    """The trained choice that comes with the package."""
    with files("searcher.readers.html").joinpath("choice.npz").open("rb") as file:
        return Choice(dict(np.load(file, allow_pickle=False)))
