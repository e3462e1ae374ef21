"""Where in a page a block stands: the tree of its elements as numbers, the element that likely holds the
article, and for each block where it stands beside that.

The likely element is told as Readability does (https://github.com/mozilla/readability). It is one feature
among others of a choice that was trained with the numbers below: whoever changes one has to train anew
(``training/pages.py``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import HINTS, OUTER_TAGS, Layout
from searcher.readers.html.lines import width

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]
Bits = NDArray[np.int64]

#: The tags of :data:`OUTER_TAGS` by name, one bit each.
TAG_BITS = {tag: 1 << number for number, tag in enumerate(OUTER_TAGS)}
#: Characters of a block that is no prose: headings, names, dates. The choice of blocks was trained with it.
_MIN_PROSE_CHARACTERS = 40


def bit(*hints: str) -> int:
    """The bits of some of HINTS."""
    return sum(1 << list(HINTS).index(hint) for hint in hints)


def group_of(values: Iterable[Hashable]) -> Indices:
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
        around, self.depths, self.above, self.hints, self.tags = (
            np.fromiter(map(attrgetter(name), nodes), np.int64, len(nodes))
            for name in ("parent", "depth", "above", "hints", "tags")
        )
        self.parents = np.maximum(around, 0)
        self.own: Indices = np.array([block.node for block in blocks], np.intp)
        sizes = np.array([max(1, len(block.text)) for block in blocks], np.float32)
        self.lengths: Floats = np.array([width(block.text) for block in blocks], np.float32)
        self.links: Floats = np.array([block.linked for block in blocks], np.float32) / sizes
        reads = (self.links < 0.5) & (self.lengths > _MIN_PROSE_CHARACTERS)
        self.prose: Floats = np.where(reads, self.lengths * (1 - self.links), 0).astype(np.float32)
        order = np.argsort(self.depths, kind="stable")
        self._levels = np.split(order, np.flatnonzero(np.diff(self.depths[order])) + 1)[1:]

    @cached_property
    def look_groups(self) -> Indices:
        """The groups of blocks that look alike: of one tag and class, in elements of one tag and class."""
        nodes = self.found.nodes
        pairs = [(nodes[own], nodes[max(0, nodes[own].parent)]) for own in self.own.tolist()]
        return group_of((node.tag, node.look, above.tag, above.look) for node, above in pairs)

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
        return np.asarray(self.shared_depths(element) == self.depths[element])

    def nearest(self, marked: NDArray[np.bool_]) -> Indices:
        """For each element the nearest that is marked, itself or one around it; 0 where none is."""
        out = np.where(marked, np.arange(len(marked)), 0)
        for level in self._levels:
            out[level] = np.where(marked[level], level, out[self.parents[level]])
        return out

    def shared_depths(self, element: int) -> Indices:
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
        """How much of the prose stands in elements that have one of these hints (or OUTER_TAGS tags)."""
        marked = (self.tags if tags else self.above)[self.own] & bits != 0
        return float(self.prose[marked].sum()) / max(1.0, float(self.prose.sum()))


_COMMENTS = bit("comment")
#: Hints and tags of what stands beside articles, unless half of the page's prose has them.
_APART_HINTS = (
    "comment", "related", "share", "sidebar", "foot", "sign-up", "advert", "navigation", "cookie", "hidden",
    "author",
)  # fmt: skip
_APART_TAGS = ("nav", "footer", "aside", "form")
_MAX_APART_SHARE = 0.5  # of the text of a page: what holds more is the page itself
#: Characters of a block from which on it tells whether the comments are most of the page.
_MIN_TELLING_CHARACTERS = 40
#: How much text a page must have outside of comments for these to be comments: some hold all of it.
_MIN_OWN_CHARACTERS, _MIN_OWN_SHARE = 300, 0.04
#: Characters that are an article, however long its readers talk of it below.
_SURELY_OWN_CHARACTERS = 2_000
_COMMAS = ",，、،;"
#: Characters of prose outside of what stands beside articles for that to be left out: one long sentence.
_MIN_CLEAN_CHARACTERS = 100
#: The element around is taken instead where it has more than so many times the text of the one within and
#: more than this part of its points: then the paragraphs of the article lie in several boxes.
_MIN_RATIO_OF_TEXT, _MIN_RATIO_OF_POINTS = 1.25, 0.3
#: Shares of its points that a paragraph gives to the element around it, the one around that, and the next.
_PASSED_SHARES = (1, 0.5, 0.25)
#: How much more the points of an element count whose class says that it is a body.
_BODY_WEIGHT = 1.5


def without_comments(found: Layout) -> Layout:
    """``found`` without the blocks that the page calls comments, unless it calls nearly everything so."""
    own = [block for block in found.blocks if not found.nodes[block.node].above & _COMMENTS]
    if len(own) == len(found.blocks):
        return found
    outside, everything = (
        sum(
            size
            for block in blocks
            if (size := width(block.text)) > _MIN_TELLING_CHARACTERS and 2 * block.linked < len(block.text)
        )
        for blocks in (own, found.blocks)
    )
    least = min(_SURELY_OWN_CHARACTERS, max(_MIN_OWN_CHARACTERS, _MIN_OWN_SHARE * everything))
    return Layout(found.nodes, own) if outside >= least else found


@dataclass(frozen=True, slots=True)
class Container:
    """``element`` is the likeliest, ``scores`` those of all; ``apart`` says which blocks stand in something
    beside articles, ``within`` which are in the likeliest element and not apart, ``held`` those of them that
    are no links."""

    element: int
    scores: NDArray[np.float64]
    apart: NDArray[np.bool_]
    within: NDArray[np.bool_]
    held: Floats


def container(page: Outline) -> Container:
    """The element that is likeliest to hold the article."""
    apart = _apart_blocks(page)
    clean = np.where(apart, 0, page.prose)
    if clean.sum() < _MIN_CLEAN_CHARACTERS:
        apart, clean = np.zeros_like(apart), page.prose
    scores = _scores(page, clean)
    element = int(np.argmax(scores))
    text = page.sums(clean)[:, 0]
    while element:
        around = int(page.parents[element])
        more = text[around] > _MIN_RATIO_OF_TEXT * text[element]
        if not more or scores[around] <= _MIN_RATIO_OF_POINTS * scores[element]:
            break
        element = around
    within = page.inside(element)[page.own] & ~apart
    return Container(element, scores, apart, within, (within & (page.links < 0.5)).astype(np.float32))


def _apart_blocks(page: Outline) -> NDArray[np.bool_]:
    hints = sum(one for one in map(bit, _APART_HINTS) if page.share(one) < _MAX_APART_SHARE)
    tags = sum(one for tag in _APART_TAGS if page.share(one := TAG_BITS[tag], tags=True) < _MAX_APART_SHARE)
    return np.asarray((page.above[page.own] & hints != 0) | (page.tags[page.own] & tags != 0))


def _scores(page: Outline, clean: Floats) -> NDArray[np.float64]:
    """A paragraph speaks for the element around it, half as much for the one around that."""
    scores = np.zeros(len(page.parents), np.float64)
    numbers = np.flatnonzero(clean > 0)
    commas = np.array([sum(map(page.found.blocks[n].text.count, _COMMAS)) for n in numbers], np.float64)
    points = (1 + commas + np.minimum(3, page.lengths[numbers] / 100)) * (1 - page.links[numbers])
    element = page.own[numbers]
    for weight in _PASSED_SHARES:
        element = page.parents[element]
        np.add.at(scores, element, weight * points)
    return np.where(page.hints & bit("body"), _BODY_WEIGHT, 1) * scores


_BESIDE_HINTS = (
    "comment", "related", "share", "author", "caption", "sign-up", "advert", "tags", "sidebar", "navigation",
    "foot", "head", "cookie", "hidden",
)  # fmt: skip


def structure(page: Outline, likely: Container) -> Floats:
    """A row for each block of ``page``."""
    parts = [part(page, likely) for part in (_regions, _places, _alike_values, _distances)]
    parts += [part(page) for part in (_relative, _common, _company)]
    parts += [_of_groups(page, likely, page.look_groups), _picture_values(page)]
    return np.concatenate([*parts, likely.apart[:, None]], axis=1, dtype=np.float32)


def spread(bits: Bits, size: int) -> Bits:
    """A column for each of the first ``size`` bits."""
    return bits[:, None] >> np.arange(size) & 1


def _stack(*columns: NDArray[Any]) -> Floats:
    return np.stack(columns, axis=1).astype(np.float32)


def _regions(page: Outline, likely: Container) -> Floats:
    """How much text, likely text and prose the elements around a block hold."""
    lengths = page.lengths
    sums = page.sums(lengths, lengths * likely.held, page.prose, np.ones_like(lengths))
    total = np.maximum(sums[0], 1)
    own, up = page.own, page.parents[page.own]
    top = page.parents[up]
    shares = sums / total
    dense = sums[:, 1:3] / np.maximum(sums[:, :1], 1)
    inside = [page.inside(page.core(sums[:, column], share))[own] for column, share in ((1, 0.8), (2, 0.6))]
    whole = np.array([total[1] / total[0], total[2] / total[0], np.log1p(total[0]), np.log1p(total[3])])
    columns = [dense[own], dense[up], dense[top], shares[own, 1:3], shares[up, 1:3], shares[top, 1:3]]
    return np.concatenate(
        [*columns, np.log1p(sums[up, 3:]), _stack(*inside), np.tile(whole, (len(own), 1))], axis=1
    ).astype(np.float32)


def _places(page: Outline, likely: Container) -> Floats:
    """Where in the page a block stands, and where beside the likely text."""
    lengths = page.lengths
    count = len(lengths)
    index = np.arange(count)
    solid = np.flatnonzero((likely.held > 0.5) & (lengths > 40))
    first, last = (solid[0], solid[-1]) if len(solid) else (0, -1)
    before = np.cumsum(lengths) - lengths
    return _stack(
        index / count,
        before / max(1.0, float(lengths.sum())),
        (first <= index) & (index <= last),
        np.clip((first - index) / 20, 0, 1),
        np.clip((index - last) / 20, 0, 1),
    )


def _alike_values(page: Outline, likely: Container) -> Floats:
    """The blocks made alike, wherever they stand: how much of the others is likely (-1 where there are none),
    their share of links, their usual length, how many they are and how much of the page."""
    nodes = page.found.nodes
    makes: list[tuple[object, ...]] = []
    for own in page.own.tolist():
        node = nodes[own]
        above = nodes[max(0, node.parent)]
        makes.append((node.tag, node.hints, node.depth, above.tag, above.hints))
    return _of_groups(page, likely, group_of(makes))


def _of_groups(page: Outline, likely: Container, group: Indices) -> Floats:
    lengths = page.lengths
    taken = (lengths * likely.held).astype(np.float64)
    held, kept, linked, count = (
        np.bincount(group, weights)[group] for weights in (lengths, taken, lengths * page.links, None)
    )
    others = held - lengths
    share = np.where(others > 0, (kept - taken) / np.maximum(others, 1), -1)
    whole = max(1.0, float(lengths.sum()))
    return _stack(share, linked / np.maximum(held, 1), np.log1p(held / count), np.log1p(count), held / whole)


def _distances(page: Outline, likely: Container) -> Floats:
    """How far up and down the tree the likeliest container is; what the elements around score beside it."""
    element, scores, own = likely.element, likely.scores, page.own
    shared, depth = page.shared_depths(element)[own], page.depths[element]
    best = max(float(scores[element]), 1e-6)
    up = page.parents[own]
    return _stack(
        shared == depth,
        shared / max(1, depth),
        page.depths[own] - shared,
        depth - shared,
        scores[up] / best,
        scores[page.parents[up]] / best,
        np.full(len(own), np.log1p(best)),
    )


def _relative(page: Outline) -> Floats:
    """Hints of elements below the one that holds most of the prose: those above it tell blocks not apart."""
    core = page.core(page.sums(page.prose)[:, 0], 0.8)
    return spread(page.above[page.own] & ~page.above[core], len(HINTS)).astype(np.float32)


def _common(page: Outline) -> Floats:
    """How common the hints of a block are in the page: “related” on all of it means nothing."""
    bits = spread(page.above[page.own], len(HINTS))
    shares = (bits * page.prose[:, None]).sum(axis=0) / max(1.0, float(page.prose.sum()))
    beside, body = (
        [number for number, name in enumerate(HINTS) if name in names]
        for names in (_BESIDE_HINTS, ("body", "content"))
    )
    rarest = np.where(bits[:, beside] == 1, shares[beside], 1.0).min(axis=1)
    signed = np.where(bits[:, body] == 1, shares[body], -shares[body])
    comments = np.full((len(bits), 1), page.share(bit("comment")))
    return np.concatenate([rarest[:, None], signed, comments], axis=1).astype(np.float32)


def _company(page: Outline) -> Floats:
    """How much prose lies beside a block, how far the element is that has most of it directly in it."""
    up = page.parents[page.own]
    direct = np.bincount(up, page.prose, len(page.parents))
    best = int(np.argmax(direct))
    shared = page.shared_depths(best)[page.own]
    whole = max(1.0, float(page.prose.sum()))
    nodes = page.found.nodes
    makes = [(nodes[number].tag, nodes[number].hints, nodes[number].depth) for number in up.tolist()]
    like = dict.fromkeys(makes, 0.0)
    for make, size in zip(makes, page.prose.tolist()):
        like[make] += size
    return _stack(
        direct[up] / max(1.0, float(direct[best])),
        direct[up] / whole,
        shared / max(1, page.depths[best]),
        page.depths[page.own] - shared,
        page.depths[best] - shared,
        np.array([like[make] for make in makes]) / whole,
    )


def _picture_values(page: Outline) -> Floats:
    """How many pictures and controls stand with a block, and how much text beside those."""
    nodes, own = page.found.nodes, page.own
    before = np.array([block.images for block in page.found.blocks], np.float32)
    columns = [np.minimum(before, 3), np.minimum(np.append(before[1:], 0), 3)]
    text = page.sums(page.lengths)[:, 0]
    for name in ("images", "controls"):
        held = page.risen(np.array([getattr(node, name) for node in nodes], np.float64))
        place, far = own, np.zeros(len(own))
        for _ in range(4):
            columns.append(np.minimum(held[place], 5))
            none = held[place] == 0
            far += none
            place = np.where(none, page.parents[place], place)
        columns += [far, np.log1p(text[place]), held[place] / (1 + text[place] / 200)]
    return _stack(*columns)
