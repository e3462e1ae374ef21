"""The choice of the blocks of the article, which was learned: by what is known of each and those around."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.features import Candidates
from searcher.readers.html.outline import Floats, Indices, Outline, numbered

_Values = NDArray[np.float64]
# The numbers below were there when the choice of blocks was trained, and were not varied.
#: The characters for which a block counts in a mean: all have some, and none counts for more than a long
#: paragraph.
_SOME, _LONG = 20, 400
#: Blocks on either side.
_BESIDE, _WINDOWS = (-3, -2, -1, 1, 2, 3), (3, 8, 20)
#: Likely blocks of more characters than this mark where the article begins and ends.
_SOLID = 40
#: A block as probable as this is near, if it is among so many.
_SURE, _FAR = 0.6, 30
_LISTS = frozenset(("table", "ul", "ol", "dl"))


def context(page: Outline, worth: Indices, probabilities: Floats) -> Floats:
    """A row for each of the blocks ``worth`` judging, by the ``probabilities`` of all of them."""
    chances = np.zeros(len(page.lengths), np.float64)
    chances[worth] = probabilities
    weights = np.minimum(page.lengths, _LONG).astype(np.float64) + _SOME
    text = chances * page.lengths
    held = page.sums(text, page.lengths, np.ones_like(chances))
    parts: list[Iterable[_Values]] = [
        _beside(chances, weights),
        _alike_others(page, chances, weights),
        _around(page, text, held),
        _listed(page, chances, weights, held),
        _whole(page, worth, chances),
        _between(page, chances),
        _sections(page, chances, weights),
        _deepest(page, held),
    ]
    return np.stack([column for part in parts for column in part], axis=1).astype(np.float32)[worth]


def _beside(chances: _Values, weights: _Values) -> Iterable[_Values]:
    """The blocks before and after, and means of more of them."""
    yield chances
    count = len(chances)
    padded = np.concatenate([np.zeros(_FAR), chances, np.zeros(_FAR)])
    for step in _BESIDE:
        yield padded[_FAR + step : _FAR + step + count]
    sums, masses = (np.concatenate([[0.0], np.cumsum(values)]) for values in (chances * weights, weights))
    index = np.arange(count)
    for reach in _WINDOWS:
        first, last = np.maximum(index - reach, 0), np.minimum(index + reach + 1, count)
        held = sums[last] - sums[first] - chances * weights
        yield held / np.maximum(masses[last] - masses[first] - weights, 1)


def _others(groups: Indices, chances: _Values, weights: _Values) -> _Values:
    """The mean of the other blocks of each block's group, -1 where there are none."""
    own = chances * weights
    held, mass = np.bincount(groups, own)[groups] - own, np.bincount(groups, weights)[groups] - weights
    return np.where(mass > 1e-6, held / np.maximum(mass, 1e-6), -1)


def _alike_others(page: Outline, chances: _Values, weights: _Values) -> Iterable[_Values]:
    """The blocks in the same element and in those around it, and those that are made alike."""
    up = page.parents[page.own]
    for groups in (page.own, up, page.parents[up], page.dressed):
        yield _others(groups, chances, weights)
    nodes = page.found.nodes
    siblings = numbered((around, nodes[own].tag) for around, own in zip(up.tolist(), page.own.tolist()))
    yield _others(siblings, chances, np.ones_like(chances))


def _around(page: Outline, text: _Values, held: _Values) -> Iterable[_Values]:
    """How much of the other text in the three elements around a block is likely, and how much there is."""
    lengths = page.lengths
    around = page.own
    shares = []
    for step in range(3):
        around = page.parents[around]
        other = held[around, 1] - lengths
        yield np.where(other > 0, (held[around, 0] - text) / np.maximum(other, 1), -1)
        yield np.log1p(held[around, 0])
        if step < 2:
            shares.append(held[around, 0] / max(float(held[0, 0]), 1.0))
    yield from shares


def _listed(page: Outline, chances: _Values, weights: _Values, held: _Values) -> Iterable[_Values]:
    """The other blocks of the table or list that a block stands in, and how many these are."""
    lists = np.array([node.tag in _LISTS for node in page.found.nodes])
    box = page.nearest(lists)[page.own]
    yield np.where(box > 0, _others(box, chances, weights), -2)
    yield np.where(box > 0, held[box, 2], 0)


def _whole(page: Outline, worth: Indices, chances: _Values) -> Iterable[_Values]:
    """How surely the page was judged, and how much of it is likely: the same for all blocks."""
    best = np.sort(chances)[::-1]
    text = float((chances * page.lengths).sum())
    doubt = float(np.abs(chances[worth] - 0.5).mean()) if len(worth) else 0.0
    likely, share = float((chances > 0.5).mean()), text / max(float(page.lengths.sum()), 1.0)
    for value in (best[0], best[:5].mean(), likely, np.log1p(text), share, doubt):
        yield np.full(len(chances), value)


def _between(page: Outline, chances: _Values) -> Iterable[_Values]:
    """Where a block stands between the first and the last that are likely, and how far from the next ones."""
    count = len(chances)
    index = np.arange(count)
    solid = np.flatnonzero((chances > 0.5) & (page.lengths > _SOLID))
    first, last = (solid[0], solid[-1]) if len(solid) else (int(np.argmax(chances)),) * 2
    yield np.clip(first - index, -_FAR, _FAR).astype(np.float64)
    yield np.clip(index - last, -_FAR, _FAR).astype(np.float64)
    before = np.cumsum(chances * page.lengths)
    yield before / max(float(before[-1]), 1.0)
    sure = chances > _SURE
    yield _since(sure)
    yield _since(sure[::-1])[::-1]


def _since(marked: NDArray[np.bool_]) -> _Values:
    """How many places before each the last marked one is, at most so many."""
    index = np.arange(len(marked))
    seen = np.maximum.accumulate(np.where(marked, index, -_FAR))
    last = np.concatenate([[-_FAR], seen[:-1]])
    return np.asarray(np.minimum(index - last, _FAR), np.float64)


def _sections(page: Outline, chances: _Values, weights: _Values) -> Iterable[_Values]:
    """The other blocks under the same heading, the heading, the sections before and after, and the other
    headings of its level."""
    nodes = page.found.nodes
    levels = np.array([nodes[own].level for own in page.own.tolist()], np.intp)
    heads = levels > 0
    section: Indices = np.cumsum(heads)
    yield _others(section, chances, weights)
    heading = np.full(int(section[-1]) + 1, -1.0)
    heading[section[heads]] = chances[heads]
    yield heading[section]
    means = np.bincount(section, chances * weights) / np.maximum(np.bincount(section, weights), 1)
    yield means[np.maximum(section - 1, 0)]
    yield means[np.minimum(section + 1, len(means) - 1)]
    yield np.where(heads, _others(levels, chances, np.ones_like(chances)), -1)


def _deepest(page: Outline, held: _Values) -> Iterable[Any]:
    """How far up and down the tree the deepest elements are that hold most of the likely text."""
    for share in (0.8, 0.5):
        core = page.core(held[:, 0], share)
        shared = page.shared(core)[page.own]
        yield page.inside(core)[page.own]
        yield page.depths[core] - shared
        yield page.depths[page.own] - shared


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


class Chooser:
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
def choice() -> Chooser:
    """The trained choice that comes with the package."""
    with files("searcher.readers.html").joinpath("choice.npz").open("rb") as file:
        return Chooser(dict(np.load(file, allow_pickle=False)))
