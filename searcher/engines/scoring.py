"""Scoring: BM25 over the leaves of a query tree, and the weights of the leaves.

The functions are pure: engines supply the counts. All engines call them, so that their scores are equal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from searcher.query import tree
from searcher.query.stop_words import is_stop
from searcher.query.tree import Expr, SpanExpr

#: The two parameters of BM25, tuned on six test collections. K1 controls the saturation of the term
#: frequency, and B the strength of the length normalisation.
K1 = 1.2
B = 0.65
#: Weight of an occurrence in the title, relative to one in the body.
TITLE_WEIGHT = 2.0
#: Saturation of repeated query words. A word that occurs twice counts 1⅓ times; the limit is 2 times.
K3 = 1.0
#: Weight of a pair of neighbouring query words as a phrase. Values above 0.2 make short queries worse.
BIGRAM_WEIGHT = 0.1
#: Maximum number of scored leaves in a query, enough for a whole paragraph. The rest are not scored.
MAX_SCORED_LEAVES = 300


class WeightedLeaf(NamedTuple):
    """A leaf that adds ``weight`` times its BM25 to the score. ``pair``: the leaf is a phrase of two
    neighbouring words of the query."""

    leaf: SpanExpr
    weight: float
    pair: bool = False


@lru_cache(maxsize=256)  # cached because the light searcher calls this for every article
def idf(df: int, articles: int) -> float:
    """Return Lucene's inverse document frequency, which is never negative."""
    return math.log(1 + (articles - df + 0.5) / (df + 0.5))


def bm25(tf: float, df: int, articles: int, length: int, average: float) -> float:
    """Return the Okapi BM25 of a leaf in one article.

    Args:
        tf: Number of occurrences in the article.
        df: Number of articles that have the leaf.
        articles: Number of all articles.
        length: Words of the article.
        average: Mean number of words of all articles.
    """
    norm = K1 * (1 - B + B * length / average) if average else K1
    return idf(df, articles) * tf * (K1 + 1) / (tf + norm)


@lru_cache(maxsize=256)  # every results page and facet selection repeats the query
def weigh(expr: Expr) -> tuple[WeightedLeaf, ...]:
    """Return the weighted leaves: all leaves that match words, and each pair of neighbouring words as a
    phrase. Stop words count only if the query has no other words."""
    leaves = list(_leaves(expr))
    content = [leaf for leaf in leaves if not is_stop(leaf)]
    return (*_weighted_leaves(content or leaves), *_weighted_leaves(_word_pairs(expr), pair=True))


def _weighted_leaves(leaves: Iterable[SpanExpr], pair: bool = False) -> Iterator[WeightedLeaf]:
    """Yield the distinct leaves, weighted by their number of repetitions."""
    weight = BIGRAM_WEIGHT if pair else 1.0
    repetitions: dict[SpanExpr, int] = {}  # a plain dict, because a Counter is slower for a single word
    for leaf in islice(leaves, MAX_SCORED_LEAVES):
        repetitions[leaf] = repetitions.get(leaf, 0) + 1
    return (
        WeightedLeaf(
            leaf,
            weight * n * (K3 + 1) / (K3 + n) * (leaf.belief if isinstance(leaf, tree.Term) else 1.0),
            pair,
        )
        for leaf, n in repetitions.items()
    )


def _leaves(expr: Expr) -> Iterator[SpanExpr]:
    match expr:
        case tree.Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near():
            yield expr
        case tree.AtLeast(part=part):
            yield part
        case tree.And(parts) | tree.Or(parts):
            for inner in parts:
                yield from _leaves(inner)
        case _:  # filters, negations and quotations select articles but do not rank them
            return


def _word_pairs(expr: Expr) -> Iterator[tree.Phrase]:
    """Yield the neighbouring words of each And or Or as phrases, skipping stop words."""
    if not isinstance(expr, tree.And | tree.Or):
        return
    content = [part for part in expr.parts if not is_stop(part)]
    for first, second in pairwise(content or expr.parts):
        match first, second:
            case tree.Term(a, field, False, 1.0), tree.Term(b, other, False, 1.0) if field == other:
                yield tree.Phrase(f"{a} {b}", field)
            case _:
                pass
    for part in expr.parts:
        yield from _word_pairs(part)
