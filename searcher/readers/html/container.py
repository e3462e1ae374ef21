"""Which element of a page holds the article, by how much text it holds: the idea of Readability.

It need not be right: what it says is one feature among others for the choice of blocks, which was trained
with the numbers below. Whoever changes one has to train anew (``training/pages.py``). How paragraphs make
points and share them with the elements around them is after https://github.com/mozilla/readability
(Readability.js).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from searcher.readers.html.blocks import Layout
from searcher.readers.html.outline import TAG_BITS, Floats, Outline, bit

__all__ = ["Container", "container", "without_comments"]

_COMMENTS = bit("comment")
#: Hints and tags of what stands beside articles, unless half of the page's prose has them: then it is a class
#: of the whole page.
_BESIDE = (
    "comment", "related", "share", "sidebar", "foot", "sign-up", "advert", "navigation", "cookie", "hidden",
    "author",
)  # fmt: skip
_BESIDE_TAGS = ("nav", "footer", "aside", "form")
_COMMON = 0.5
#: Characters of a block from which on it tells whether the comments are most of the page.
_TELLING = 40
#: How much text a page must have outside of comments for these to be comments. Of 42 labelled pages with
#: such classes 39 have none of their text in the article; in the others nearly all of the page is in them
#: (“comments-open”).
_LEAST_OWN, _LEAST_SHARE = 300, 0.04
_COMMAS = ",，、،;"
#: Characters of prose that a page must have outside of what stands beside articles for that to be left out:
#: one long sentence.
_LEAST_CLEAN = 100
#: The element around is taken instead where it has more than so many times the text of the one within and
#: more than this part of its points: then the paragraphs of the article lie in several boxes.
_AROUND_TEXT, _AROUND_POINTS = 1.25, 0.3
#: Shares of its points that a paragraph gives to the element around it, the one around that, and the next.
_PASSED_ON = (1, 0.5, 0.25)
#: How much more the points of an element count whose class says that it is a body.
_BODY = 1.5


def without_comments(found: Layout) -> Layout:
    """``found`` without the blocks that the page calls comments, unless it calls nearly everything so."""
    own = [block for block in found.blocks if not found.nodes[block.node].above & _COMMENTS]
    if len(own) == len(found.blocks):
        return found
    outside, everything = (
        sum(
            len(block.text)
            for block in blocks
            if len(block.text) > _TELLING and 2 * block.linked < len(block.text)
        )
        for blocks in (own, found.blocks)
    )
    return Layout(found.nodes, own) if outside >= max(_LEAST_OWN, _LEAST_SHARE * everything) else found


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
    apart = _apart(page)
    clean = np.where(apart, 0, page.prose)
    if clean.sum() < _LEAST_CLEAN:
        apart, clean = np.zeros_like(apart), page.prose
    scores = _scores(page, clean)
    element = int(np.argmax(scores))
    text = page.sums(clean)[:, 0]
    while element:
        around = int(page.parents[element])
        more = text[around] > _AROUND_TEXT * text[element]
        if not more or scores[around] <= _AROUND_POINTS * scores[element]:
            break
        element = around
    within = page.inside(element)[page.own] & ~apart
    return Container(element, scores, apart, within, (within & (page.links < 0.5)).astype(np.float32))


def _apart(page: Outline) -> NDArray[np.bool_]:
    hints = sum(one for one in map(bit, _BESIDE) if page.share(one) < _COMMON)
    tags = sum(one for tag in _BESIDE_TAGS if page.share(one := TAG_BITS[tag], tags=True) < _COMMON)
    return np.asarray((page.above[page.own] & hints != 0) | (page.tags[page.own] & tags != 0))


def _scores(page: Outline, clean: Floats) -> NDArray[np.float64]:
    """A paragraph speaks for the element around it, half as much for the one around that."""
    scores = np.zeros(len(page.parents), np.float64)
    numbers = np.flatnonzero(clean > 0)
    commas = np.array([sum(map(page.found.blocks[n].text.count, _COMMAS)) for n in numbers], np.float64)
    points = (1 + commas + np.minimum(3, page.lengths[numbers] / 100)) * (1 - page.links[numbers])
    element = page.own[numbers]
    for weight in _PASSED_ON:
        element = page.parents[element]
        np.add.at(scores, element, weight * points)
    return np.where(page.hints & bit("body"), _BODY, 1) * scores
