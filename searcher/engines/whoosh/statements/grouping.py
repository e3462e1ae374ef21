"""Grouping: which utterances are one statement, by their wordings, their speakers and the links of these.

The same as :func:`searcher.statements.grouping.groups`, for many at once. A *node* stands for utterances that
are the same as one another: all of one wording or, where this is so short that only one speaker's are the
same, those of one speaker.
"""

from __future__ import annotations

import numpy as np

from searcher.engines.whoosh.arrays import Array, Mask, components, concatenated_ranges, sorted_unique
from searcher.engines.whoosh.statements.graph import StatementGraph
from searcher.engines.whoosh.statements.likeness import Links
from searcher.statements.likeness import BY_ANY

__all__ = ["Grouping", "grouped"]

_HALF = np.uint64(32)
#: What tells the nodes of a wording apart: 0 for all of them, the number of a speaker and 1, or, where nobody
#: is named, this and the number of the utterance.
_NOBODY = 1 << 31


class Grouping:
    """Utterances, ascending, with the label of the statement that each is part of."""

    def __init__(self, utterances: Array, labels: Array) -> None:
        self._utterances = utterances
        self._labels = labels
        self._order = np.argsort(labels, kind="stable")
        self._sorted = labels[self._order]

    def labels_of(self, utterances: Array) -> Array:
        """Return the labels of some of the utterances."""
        return self._labels[np.searchsorted(self._utterances, utterances)]

    def has(self, utterances: Array) -> bool:
        """Tell whether all of these are among the utterances."""
        return bool(_among(utterances, self._utterances).all())

    def members(self, label: int) -> Array:
        """Return the utterances of a statement, ascending."""
        first, last = np.searchsorted(self._sorted, (label, label + 1))
        return self._utterances[self._order[first:last]]


def grouped(
    graph: StatementGraph,
    wordings: Array,
    links: Links,
    utterances: Array,
    own: Array,
    speakers: Array,
    reported: Mask,
) -> Grouping:
    """Group utterances, ascending, of the wordings ``own`` by these speakers (-1: nobody), some of them
    reported. ``wordings`` are all of these, ascending, and ``links`` those that go out from them."""
    apart = np.where(speakers >= 0, speakers + 1, _NOBODY + np.arange(len(own)))
    keys = _pairs(own, np.where(graph.lengths[own] < BY_ANY.equal, apart, 0))
    nodes, node_of = np.unique(keys, return_inverse=True)
    if reported.any():
        links = _of_reports(graph, links, sorted_unique(own[~reported]))
    left, right = _node_links(links, wordings, nodes, node_of, own, speakers)
    labels = _with_phrases(len(nodes), left, right, graph.is_phrase[(nodes >> _HALF).astype(np.int64)])
    return Grouping(utterances, labels[node_of])


def _of_reports(graph: StatementGraph, links: Links, quoted: Array) -> Links:
    """Return the links as they are where these wordings alone are more than reported: one that is only
    reported is the same as another, said by anybody, if all the words are."""
    reported = np.flatnonzero(links.by_any & ~(_among(links.left, quoted) & _among(links.right, quoted)))
    by_any = links.by_any.copy()
    by_any[reported] = graph.keys(links.left[reported]) == graph.keys(links.right[reported])
    return links._replace(by_any=by_any)


def _node_links(
    links: Links, wordings: Array, nodes: Array, node_of: Array, own: Array, speakers: Array
) -> tuple[Array, Array]:
    """Return the links between nodes, given those between wordings."""
    inside = (links.left < links.right) & _among(links.right, wordings)
    left, right, by_any = (part[inside] for part in links)
    strong = left[by_any], right[by_any]
    of_all = [np.searchsorted(nodes, _pairs(side, np.zeros(len(side)))) for side in strong]
    said, first = np.unique(_pairs(own, speakers)[speakers >= 0], return_index=True)
    node_of_said = node_of[speakers >= 0][first]
    weak_left, weak_right = left[~by_any], right[~by_any]
    low = np.searchsorted(said, _pairs(weak_left, np.zeros(len(weak_left))))
    counts = np.searchsorted(said, _pairs(weak_left + 1, np.zeros(len(weak_left)))) - low
    at = concatenated_ranges(low, counts)
    wanted = _pairs(np.repeat(weak_right, counts), said[at] & np.uint64(0xFFFFFFFF))
    also = _among(wanted, said)
    other = np.searchsorted(said, wanted[also])
    return (
        np.concatenate([of_all[0], node_of_said[at[also]]]),
        np.concatenate([of_all[1], node_of_said[other]]),
    )


def _with_phrases(size: int, left: Array, right: Array, is_phrase: Mask) -> Array:
    """Return the label of each node. Phrases are joined with phrases and wholes with wholes; then a phrase
    belongs to the one statement that it is a part of, if there is but one."""
    alike = is_phrase[left] == is_phrase[right]
    labels = components(size, left[alike], right[alike])
    one, other = left[~alike], right[~alike]
    phrases = labels[np.where(is_phrase[one], one, other)]
    wholes = labels[np.where(is_phrase[one], other, one)]
    pairs = sorted_unique(_pairs(phrases, wholes))
    phrases = (pairs >> _HALF).astype(np.int64)
    single = np.bincount(phrases, minlength=size)[phrases] == 1
    belongs = np.arange(size)
    belongs[phrases[single]] = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)[single]
    return belongs[labels]


def _pairs(one: Array, other: Array) -> Array:
    """Return each two numbers of 32 bits as one."""
    return one.astype(np.uint64) << _HALF | other.astype(np.uint64)


def _among(numbers: Array, ascending: Array) -> Mask:
    """Tell which of the numbers are among some that ascend."""
    if not len(ascending):
        return np.zeros(len(numbers), np.bool_)
    at = np.searchsorted(ascending, numbers)
    among: Mask = ascending.take(at, mode="clip") == numbers
    return among
