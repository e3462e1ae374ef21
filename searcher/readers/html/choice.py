"""Which blocks of a page are the article: a forest of small decision trees over the features of each.

The trees were trained on labelled pages (``training/pages.py``). Measured on pages of publishers that they
were not trained on, they are right more often than the extractors that others have made.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.outline import Floats

__all__ = ["Forest", "forest"]


class Forest:
    """Gradient-boosted trees as flat tables: ``tables[name][tree, node]``.

    A node sends a row to ``left`` where its ``feature`` is at most the ``threshold``, else to ``right``; a
    leaf sends it to itself. The values of the leaves add up to a logit.
    """

    def __init__(self, tables: dict[str, NDArray[np.generic]]) -> None:
        self._feature = tables["feature"].astype(np.intp)
        self._threshold = tables["threshold"].astype(np.float32)
        self._left = tables["left"].astype(np.intp)
        self._right = tables["right"].astype(np.intp)
        self._value = tables["value"].astype(np.float32)
        self._depth = int(tables["depth"])
        self._base = float(tables["base"])

    @property
    def width(self) -> int:
        """How many features a row must have at least."""
        return int(self._feature.max()) + 1  # type: ignore[call-overload, unused-ignore]

    def probabilities(self, rows: Floats) -> Floats:
        """For each row the probability that its block belongs to the article."""
        width = self._feature.shape[1]
        root = np.arange(len(self._feature)) * width  # the tables laid end to end
        features, thresholds = self._feature.ravel(), self._threshold.ravel()
        step = np.stack([self._right.ravel(), self._left.ravel()]) + np.repeat(root, width)
        node = np.broadcast_to(root, (len(rows), len(root)))
        place = np.arange(len(rows))[:, None] * rows.shape[1]
        values = np.ascontiguousarray(rows).ravel()
        for _ in range(self._depth):
            small = values.take(place + features.take(node)) <= thresholds.take(node)
            node = np.where(small, step[1].take(node), step[0].take(node))
        logit = self._base + self._value.ravel().take(node).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-logit)), np.float32)


@cache
def forest() -> Forest:
    """The trained forest that comes with the package."""
    with files("searcher.readers.html").joinpath("choice.npz").open("rb") as file:
        return Forest(dict(np.load(file, allow_pickle=False)))
