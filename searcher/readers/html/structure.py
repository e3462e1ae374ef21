"""Where in a page a block stands: in which elements, among which others.

Nearly all is said in proportion to the page, since a class or a depth by itself means something else on
every site.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import HINTS
from searcher.readers.html.container import Container
from searcher.readers.html.outline import Bits, Floats, Indices, Outline, bit, numbered

__all__ = ["spread", "structure"]

_BESIDE = (
    "comment", "related", "share", "author", "caption", "sign-up", "advert", "tags", "sidebar", "navigation",
    "foot", "head", "cookie", "hidden",
)  # fmt: skip


def structure(page: Outline, likely: Container) -> Floats:
    """A row for each block of ``page``."""
    parts = [part(page, likely) for part in (_regions, _places, _alike, _distances)]
    parts += [part(page) for part in (_relative, _common, _company)]
    parts += [_dressed(page, likely), _pictured(page)]
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


def _alike(page: Outline, likely: Container) -> Floats:
    """The blocks made alike, wherever they stand: what a page repeats is all article or all not.

    How much of the others is likely (-1 where there are none), their share of links, their usual length,
    how many they are and how much of the page.
    """
    nodes = page.found.nodes
    makes: list[tuple[object, ...]] = []
    for own in page.own.tolist():
        node = nodes[own]
        above = nodes[max(0, node.parent)]
        makes.append((node.tag, node.hints, node.depth, above.tag, above.hints))
    return _of_groups(page, likely, numbered(makes))


def _dressed(page: Outline, likely: Container) -> Floats:
    """The same of the blocks that look alike."""
    return _of_groups(page, likely, page.dressed)


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
    shared, depth = page.shared(element)[own], page.depths[element]
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
        for names in (_BESIDE, ("body", "content"))
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
    shared = page.shared(best)[page.own]
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


def _pictured(page: Outline) -> Floats:
    """How many pictures and controls stand with a block: before and after it, in the elements around it, and
    how much text the nearest element holds that has any."""
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
