"""Ranking: the scores of matching documents, and the best of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from searcher.engines import scoring
from searcher.engines.whoosh.arrays import Array
from searcher.engines.whoosh.search.docset import DocSet
from searcher.engines.whoosh.search.leaf_cache import QueryLeaves
from searcher.engines.whoosh.search.leaf_hits import LeafHits
from searcher.engines.whoosh.search.snapshot import Documents
from searcher.engines.whoosh.search.top_k import approximate_top, top
from searcher.query.spans import field_of
from searcher.query.tree import Expr, strip_in_quote

__all__ = ["ScoredLeaf", "best", "score", "scored_leaves"]

#: A leaf that counts for the score, with its weight, and its hits.
ScoredLeaf = tuple[scoring.WeightedLeaf, LeafHits]
#: Computing the exact scores of all candidates is faster than preselecting some of them while they are fewer
#: than this many times the documents wanted, or one in _MAX_LOOKUP_SHARE of all documents and as few of the
#: postings of all leaves, or one in _MAX_SPARSE_SHARE of all documents (preselecting fills an array of all).
_MIN_PRESELECTED, _MAX_LOOKUP_SHARE, _MAX_SPARSE_SHARE = 4, 4, 64
#: A score above 0, the score of documents that do not match, and below every score of a leaf.
_TINY_SCORE = np.float32(1e-30)


def scored_leaves(where: Expr, leaves: QueryLeaves, in_quotes: bool = False) -> list[ScoredLeaf]:
    """Return the leaves of a query that count for the score; for quotations those that look at their own
    words."""
    if not in_quotes:
        return [(leaf, leaves.hits(leaf.leaf)) for leaf in scoring.weigh(where)]
    own = [leaf for leaf in scoring.weigh(strip_in_quote(where)) if field_of(leaf.leaf) == "text"]
    return [(leaf, leaves.hits(leaf.leaf, in_quotes=True)) for leaf in own]


def best(
    leaves: Sequence[ScoredLeaf], found: DocSet, documents: Documents, count: int
) -> tuple[Array, npt.NDArray[np.float64]]:
    """Return the ``count`` best documents found and their scores, best first, equal scores in their order.

    From very many documents, single precision selects those that may be among the best; exact scores are
    computed for these alone.
    """
    if not leaves:
        ids = found.ids[:count]
        return ids, np.zeros(len(ids))
    few = _are_few(leaves, found, count)
    ids = found.ids if few else _preselected(leaves, found, documents, count)
    scores = score(leaves, ids, documents)
    order = top(scores, count)
    return ids.take(order), scores.take(order)


def score(leaves: Sequence[ScoredLeaf], ids: Array, documents: Documents) -> npt.NDArray[np.float64]:
    """Return the score of each of the sorted documents. Leaves are added in their order, as in every
    engine."""
    total, norms = np.zeros(len(ids)), documents.norms.take(ids)
    for leaf, hits in leaves:
        if len(hits):
            total += leaf.weight * hits.scores(ids, norms)
    return total


def _are_few(leaves: Sequence[ScoredLeaf], found: DocSet, count: int) -> bool:
    """Tell whether computing all exact scores takes no longer than preselecting documents."""
    bound = found.upper_bound
    if bound < count * _MIN_PRESELECTED:
        return True
    if bound * _MAX_LOOKUP_SHARE >= found.size:
        return False
    postings = sum([len(hits) for _, hits in leaves])
    return bound * _MAX_LOOKUP_SHARE < postings or bound * _MAX_SPARSE_SHARE < found.size


def _preselected(leaves: Sequence[ScoredLeaf], found: DocSet, documents: Documents, count: int) -> Array:
    """Return the numbers of all documents found that may be among the best, and of some more."""
    # Documents with a pair have its words. Sets without documents are left out of unions.
    any_leaf = found.is_union_of([hits.docs for leaf, hits in leaves if len(hits) and not leaf.pair])
    if len(leaves) == 1 and any_leaf:
        hits = leaves[0][1]
        return hits.ids.take(approximate_top(hits.approximate_scores(), count))
    totals = documents.scratch()
    for number, (leaf, hits) in enumerate(leaves):
        scores = hits.approximate_scores()
        scores *= np.float32(leaf.weight * hits.idf)
        if number:
            scores += totals.take(hits.ids)
        totals[hits.ids] = scores
    if any_leaf:  # every document with a score was asked for
        found.set_mask(totals > 0)
        return approximate_top(totals, count) if len(found) > count else found.ids
    if not found.dense:
        return found.ids.take(approximate_top(totals.take(found.ids), count))
    totals += _TINY_SCORE
    totals *= found.mask
    return approximate_top(totals, count)
