"""Represent the element tree of a page as arrays, find the element that likely contains the article, and
describe the position of each block relative to it.

The likely element is found in the way of Readability (https://github.com/mozilla/readability). It is one
feature of a trained choice: after changing a number below, train again (``training/pages.py``).
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

#: Bits of :data:`OUTER_TAGS` by name.
TAG_BITS = {tag: 1 << number for number, tag in enumerate(OUTER_TAGS)}
#: Maximum length of blocks that are not prose: headings, names, dates. Used in training.
_MIN_PROSE_CHARACTERS = 40


def bit(*hints: str) -> int:
    """Return the bits of these HINTS."""
    return sum(1 << list(HINTS).index(hint) for hint in hints)


def group_of(values: Iterable[Hashable]) -> Indices:
    """Number the distinct values, and return the number of each value."""
    groups: dict[Hashable, int] = {}
    return np.array([groups.setdefault(value, len(groups)) for value in values], np.intp)


class Outline:
    """The element tree of a page as arrays.

    Attributes:
        parents: Per element, like ``depths``, ``above``, ``hints`` and ``tags`` (see :class:`Node`).
        own: Per block, the index of its element.
        lengths: Per block, the length of its text.
        links: Per block, the share of linked text.
        prose: Per block, the length of text that is not mostly links.
    """

    def __init__(self, page_layout: Layout) -> None:
        nodes, blocks = page_layout.nodes, page_layout.blocks
        self.layout = page_layout
        around, self.depths, self.above, self.hints, self.tags = (
            np.fromiter(map(attrgetter(name), nodes), np.int64, len(nodes))
            for name in ("parent", "depth", "all_hints", "hints", "tags")
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
        """Groups of blocks that look alike: same tag and class, in elements of the same tag and class."""
        nodes = self.layout.nodes
        pairs = [(nodes[own], nodes[max(0, nodes[own].parent)]) for own in self.own.tolist()]
        return group_of((node.tag, node.classes, above.tag, above.classes) for node, above in pairs)

    def sums(self, *values: NDArray[Any]) -> NDArray[np.float64]:
        """Return for each element the sums of block values in it and its descendants, one column per
        value."""
        count = len(self.parents)
        return self.add_descendants(
            np.stack([np.bincount(self.own, column, count) for column in values], axis=1)
        )

    def add_descendants(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the rows of all descendants to each element's row of ``table``."""
        for level in reversed(self._levels):
            np.add.at(table, self.parents[level], table[level])
        return table

    def inside(self, element: int) -> NDArray[np.bool_]:
        """Return which elements are ``element`` or inside it."""
        return np.asarray(self.shared_depths(element) == self.depths[element])

    def nearest_marked(self, marked: NDArray[np.bool_]) -> Indices:
        """Return for each element the nearest marked one among itself and its ancestors, or 0."""
        out = np.where(marked, np.arange(len(marked)), 0)
        for level in self._levels:
            out[level] = np.where(marked[level], level, out[self.parents[level]])
        return out

    def shared_depths(self, element: int) -> Indices:
        """Return for each element the depth of the deepest common ancestor with ``element``. Relies on
        document order."""
        around = self.depths - 1
        after = np.minimum.accumulate(np.append(self.depths[element], around[element + 1 :]))
        before = np.minimum.accumulate(around[element:0:-1])[::-1]
        return np.append(np.minimum(self.depths[:element], before), after)

    def core(self, amounts: NDArray[np.float64], share: float) -> int:
        """Return the deepest element with at least ``share`` of the total."""
        enough = np.flatnonzero(amounts >= share * max(amounts[0], 1))
        return int(enough[np.argmax(self.depths[enough])]) if len(enough) else 0

    def share(self, bits: int, *, tags: bool = False) -> float:
        """Return the share of prose in elements with one of these hints (or OUTER_TAGS tags)."""
        marked = (self.tags if tags else self.above)[self.own] & bits != 0
        return float(self.prose[marked].sum()) / max(1.0, float(self.prose.sum()))


_COMMENTS = bit("comment")
#: Hints and tags of page parts outside articles, ignored if half of the page's prose has them.
_OUTSIDE_HINTS = (
    "comment", "related", "share", "sidebar", "foot", "sign-up", "advert", "navigation", "cookie", "hidden",
    "author",
)  # fmt: skip
_OUTSIDE_TAGS = ("nav", "footer", "aside", "form")
_MAX_OUTSIDE_SHARE = 0.5  # share of the page's prose; above it the part is the page itself
#: Minimum length of blocks used to decide whether comments are most of the page.
_MIN_TELLING_CHARACTERS = 40
#: Minimum text outside comments: on some pages everything is marked as comments.
_MIN_OWN_CHARACTERS, _MIN_OWN_SHARE = 300, 0.04
#: Text that is certainly an article, however long the comments are.
_SURELY_OWN_CHARACTERS = 2_000
_COMMAS = ",，、،;"
#: Minimum prose outside marked parts for these to be ignored: one long sentence.
_MIN_CLEAN_CHARACTERS = 100
#: Move to the parent if it has more than this multiple of the text and this share of the score, because
#: the paragraphs are then spread over several boxes.
_MIN_RATIO_OF_TEXT, _MIN_RATIO_OF_POINTS = 1.25, 0.3
#: Shares of a paragraph's score that its three innermost ancestors receive.
_PASSED_SHARES = (1, 0.5, 0.25)
#: Score factor for elements whose class marks them as the body.
_BODY_WEIGHT = 1.5


def without_comments(page_layout: Layout) -> Layout:
    """Remove blocks marked as comments, unless nearly everything is."""
    own = [block for block in page_layout.blocks if not page_layout.nodes[block.node].all_hints & _COMMENTS]
    if len(own) == len(page_layout.blocks):
        return page_layout
    outside, everything = (
        sum(
            size
            for block in blocks
            if (size := width(block.text)) > _MIN_TELLING_CHARACTERS and 2 * block.linked < len(block.text)
        )
        for blocks in (own, page_layout.blocks)
    )
    least = min(_SURELY_OWN_CHARACTERS, max(_MIN_OWN_CHARACTERS, _MIN_OWN_SHARE * everything))
    return Layout(page_layout.nodes, own) if outside >= least else page_layout


@dataclass(frozen=True, slots=True)
class Container:
    """The element that likely contains the article.

    Attributes:
        scores: Scores of all elements.
        outside: Per block, whether it is in a part outside articles.
        is_inside: Per block, whether it is in the element and not ``outside``.
        inside_weights: Per block, 1 if ``is_inside`` and not a link.
    """

    element: int
    scores: NDArray[np.float64]
    outside: NDArray[np.bool_]
    is_inside: NDArray[np.bool_]
    inside_weights: Floats


def container(page: Outline) -> Container:
    """Return the element that most likely contains the article."""
    outside = _outside_blocks(page)
    clean = np.where(outside, 0, page.prose)
    if clean.sum() < _MIN_CLEAN_CHARACTERS:
        outside, clean = np.zeros_like(outside), page.prose
    scores = _scores(page, clean)
    element = int(np.argmax(scores))
    text = page.sums(clean)[:, 0]
    while element:
        around = int(page.parents[element])
        more = text[around] > _MIN_RATIO_OF_TEXT * text[element]
        if not more or scores[around] <= _MIN_RATIO_OF_POINTS * scores[element]:
            break
        element = around
    is_inside = page.inside(element)[page.own] & ~outside
    return Container(element, scores, outside, is_inside, (is_inside & (page.links < 0.5)).astype(np.float32))


def _outside_blocks(page: Outline) -> NDArray[np.bool_]:
    hints = sum(one for one in map(bit, _OUTSIDE_HINTS) if page.share(one) < _MAX_OUTSIDE_SHARE)
    tags = sum(
        one for tag in _OUTSIDE_TAGS if page.share(one := TAG_BITS[tag], tags=True) < _MAX_OUTSIDE_SHARE
    )
    return np.asarray((page.above[page.own] & hints != 0) | (page.tags[page.own] & tags != 0))


def _scores(page: Outline, clean: Floats) -> NDArray[np.float64]:
    """Score elements by the paragraphs in them: fully for the parent, less for its ancestors."""
    scores = np.zeros(len(page.parents), np.float64)
    numbers = np.flatnonzero(clean > 0)
    commas = np.array([sum(map(page.layout.blocks[n].text.count, _COMMAS)) for n in numbers], np.float64)
    points = (1 + commas + np.minimum(3, page.lengths[numbers] / 100)) * (1 - page.links[numbers])
    element = page.own[numbers]
    for weight in _PASSED_SHARES:
        element = page.parents[element]
        np.add.at(scores, element, weight * points)
    return np.where(page.hints & bit("body"), _BODY_WEIGHT, 1) * scores


_SURROUNDING_HINTS = (
    "comment", "related", "share", "author", "caption", "sign-up", "advert", "tags", "sidebar", "navigation",
    "foot", "head", "cookie", "hidden",
)  # fmt: skip


def structure(page: Outline, likely: Container) -> Floats:
    """Return a row of features for each block."""
    parts = [part(page, likely) for part in (_regions, _positions, _make_features, _distances)]
    parts += [part(page) for part in (_relative_hints, _hint_frequencies, _prose_nearby)]
    parts += [_group_features(page, likely, page.look_groups), _picture_values(page)]
    return np.concatenate([*parts, likely.outside[:, None]], axis=1, dtype=np.float32)


def bit_columns(bits: Bits, size: int) -> Bits:
    """Expand the first ``size`` bits to columns."""
    return bits[:, None] >> np.arange(size) & 1


def _stack(*columns: NDArray[Any]) -> Floats:
    return np.stack(columns, axis=1).astype(np.float32)


def _regions(page: Outline, likely: Container) -> Floats:
    """Text, likely text and prose in the enclosing elements."""
    lengths = page.lengths
    sums = page.sums(lengths, lengths * likely.inside_weights, page.prose, np.ones_like(lengths))
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


def _positions(page: Outline, likely: Container) -> Floats:
    lengths = page.lengths
    count = len(lengths)
    index = np.arange(count)
    solid = np.flatnonzero((likely.inside_weights > 0.5) & (lengths > 40))
    first, last = (solid[0], solid[-1]) if len(solid) else (0, -1)
    before = np.cumsum(lengths) - lengths
    return _stack(
        index / count,
        before / max(1.0, float(lengths.sum())),
        (first <= index) & (index <= last),
        np.clip((first - index) / 20, 0, 1),
        np.clip((index - last) / 20, 0, 1),
    )


def _make_features(page: Outline, likely: Container) -> Floats:
    """Blocks of the same make anywhere: share of likely text among the others (or -1), share of links, usual
    length, number, share of the page."""
    nodes = page.layout.nodes
    makes: list[tuple[object, ...]] = []
    for own in page.own.tolist():
        node = nodes[own]
        above = nodes[max(0, node.parent)]
        makes.append((node.tag, node.hints, node.depth, above.tag, above.hints))
    return _group_features(page, likely, group_of(makes))


def _group_features(page: Outline, likely: Container, group: Indices) -> Floats:
    lengths = page.lengths
    likely_text = (lengths * likely.inside_weights).astype(np.float64)
    total, likely_total, linked, count = (
        np.bincount(group, weights)[group] for weights in (lengths, likely_text, lengths * page.links, None)
    )
    other_lengths = total - lengths
    share = np.where(other_lengths > 0, (likely_total - likely_text) / np.maximum(other_lengths, 1), -1)
    whole = max(1.0, float(lengths.sum()))
    return _stack(
        share, linked / np.maximum(total, 1), np.log1p(total / count), np.log1p(count), total / whole
    )


def _distances(page: Outline, likely: Container) -> Floats:
    """Distances in the tree to the likeliest container, and relative scores of the enclosing elements."""
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


def _relative_hints(page: Outline) -> Floats:
    """Hints from elements below the one with most of the prose: those above it apply to all blocks."""
    core = page.core(page.sums(page.prose)[:, 0], 0.8)
    return bit_columns(page.above[page.own] & ~page.above[core], len(HINTS)).astype(np.float32)


def _hint_frequencies(page: Outline) -> Floats:
    """How common the hints of a block are on the page: "related" on everything means nothing."""
    bits = bit_columns(page.above[page.own], len(HINTS))
    shares = (bits * page.prose[:, None]).sum(axis=0) / max(1.0, float(page.prose.sum()))
    surrounding, body = (
        [number for number, name in enumerate(HINTS) if name in names]
        for names in (_SURROUNDING_HINTS, ("body", "content"))
    )
    rarest = np.where(bits[:, surrounding] == 1, shares[surrounding], 1.0).min(axis=1)
    signed = np.where(bits[:, body] == 1, shares[body], -shares[body])
    comments = np.full((len(bits), 1), page.share(bit("comment")))
    return np.concatenate([rarest[:, None], signed, comments], axis=1).astype(np.float32)


def _prose_nearby(page: Outline) -> Floats:
    """Prose next to a block, and distance to the element with most prose directly inside."""
    up = page.parents[page.own]
    direct = np.bincount(up, page.prose, len(page.parents))
    best = int(np.argmax(direct))
    shared = page.shared_depths(best)[page.own]
    whole = max(1.0, float(page.prose.sum()))
    nodes = page.layout.nodes
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
    """Images and controls near a block, and the text around them."""
    nodes, own = page.layout.nodes, page.own
    before = np.array([block.images for block in page.layout.blocks], np.float32)
    columns = [np.minimum(before, 3), np.minimum(np.append(before[1:], 0), 3)]
    text = page.sums(page.lengths)[:, 0]
    for name in ("images", "controls"):
        counts = page.add_descendants(np.array([getattr(node, name) for node in nodes], np.float64))
        place, far = own, np.zeros(len(own))
        for _ in range(4):
            columns.append(np.minimum(counts[place], 5))
            none = counts[place] == 0
            far += none
            place = np.where(none, page.parents[place], place)
        columns += [far, np.log1p(text[place]), counts[place] / (1 + text[place] / 200)]
    return _stack(*columns)
