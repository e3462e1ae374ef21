"""The elements around the blocks of a page as arrays, so that a whole page is summed up at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import AROUND, HINTS, Layout
from searcher.readers.html.lines import width

__all__ = ["Bits", "Floats", "Indices", "Outline", "TAG_BITS", "bit", "numbered"]

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]
Bits = NDArray[np.int64]

#: The tags of :data:`AROUND` by name, one bit each.
TAG_BITS = {tag: 1 << number for number, tag in enumerate(AROUND)}
#: Characters of a block that is no prose: headings, names, dates. The choice of blocks was trained with it.
_SHORT = 40


def bit(*hints: str) -> int:
    """The bits of some of HINTS."""
    return sum(1 << list(HINTS).index(hint) for hint in hints)


def numbered(values: Iterable[Hashable]) -> Indices:
    """The number of the group of each value: equal ones have the same."""
    groups: dict[Hashable, int] = {}
    return np.array([groups.setdefault(value, len(groups)) for value in values], np.intp)


class Outline:
    """``parents``, ``depths``, ``above``, ``hints`` and ``tags`` have a value for each element (see
    :class:`Node`); ``own`` (the element of a block), ``lengths``, ``links`` (the share of a block that is
    linked) and ``prose`` (the length of what reads like text) one for each block."""

    def __init__(self, found: Layout) -> None:
        nodes, blocks = found.nodes, found.blocks
        self.found = found
        self.parents: Indices = np.array([max(0, node.parent) for node in nodes], np.intp)
        self.depths: Indices = np.array([node.depth for node in nodes], np.intp)
        self.above: Bits = np.array([node.above for node in nodes], np.int64)
        self.hints: Bits = np.array([node.hints for node in nodes], np.int64)
        self.tags: Bits = np.array([node.tags for node in nodes], np.int64)
        self.own: Indices = np.array([block.node for block in blocks], np.intp)
        sizes = np.array([max(1, len(block.text)) for block in blocks], np.float32)
        self.lengths: Floats = np.array([width(block.text) for block in blocks], np.float32)
        self.links: Floats = np.array([block.linked for block in blocks], np.float32) / sizes
        reads = (self.links < 0.5) & (self.lengths > _SHORT)
        self.prose: Floats = np.where(reads, self.lengths * (1 - self.links), 0).astype(np.float32)
        order = np.argsort(self.depths, kind="stable")
        self._levels = np.split(order, np.flatnonzero(np.diff(self.depths[order])) + 1)[1:]

    @cached_property
    def dressed(self) -> Indices:
        """The groups of blocks that look alike: of one tag and class, in elements of one tag and class."""
        nodes = self.found.nodes
        pairs = [(nodes[own], nodes[max(0, nodes[own].parent)]) for own in self.own.tolist()]
        return numbered((node.tag, node.look, above.tag, above.look) for node, above in pairs)

    def sums(self, *values: NDArray[Any]) -> NDArray[np.float64]:
        """For each element what its blocks and all those inside it have of some values, a column each."""
        count = len(self.parents)
        return self.risen(np.stack([np.bincount(self.own, column, count) for column in values], axis=1))

    def risen(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """``table``, a row for each element, with the rows of all elements inside it added to each."""
        for level in reversed(self._levels):
            np.add.at(table, self.parents[level], table[level])
        return table

    def inside(self, element: int) -> NDArray[np.bool_]:
        """Which elements are ``element`` or in it."""
        return np.asarray(self.shared(element) == self.depths[element])

    def nearest(self, marked: NDArray[np.bool_]) -> Indices:
        """For each element the nearest that is marked, itself or one around it; 0 where none is."""
        out = np.where(marked, np.arange(len(marked)), 0)
        for level in self._levels:
            out[level] = np.where(marked[level], level, out[self.parents[level]])
        return out

    def shared(self, element: int) -> Indices:
        """For each element the depth of the deepest that holds both it and ``element``: as elements are in
        their order, one of those between two, or the later of them, stands right in it."""
        around = self.depths - 1
        after = np.minimum.accumulate(np.append(self.depths[element], around[element + 1 :]))
        before = np.minimum.accumulate(around[element:0:-1])[::-1]
        return np.append(np.minimum(self.depths[:element], before), after)

    def core(self, held: NDArray[np.float64], share: float) -> int:
        """The deepest element that holds ``share`` of something."""
        enough = np.flatnonzero(held >= share * max(held[0], 1))
        return int(enough[np.argmax(self.depths[enough])]) if len(enough) else 0

    def share(self, bits: int, *, tags: bool = False) -> float:
        """How much of the prose stands in elements that have one of these hints (or AROUND tags)."""
        marked = (self.tags if tags else self.above)[self.own] & bits != 0
        return float(self.prose[marked].sum()) / max(1.0, float(self.prose.sum()))
