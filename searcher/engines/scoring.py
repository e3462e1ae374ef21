"""Scoring: BM25 over the leaves of a query tree, and which leaves count how much.

The functions are pure: engines supply the counts. Every engine calls them, so that scores are equal.
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

#: The saturation of term frequency and the weight of length normalisation of BM25. Swept over six test
#: collections: 1.0 to 1.5 and .5 to .75 differ by .002 in mean nDCG@10, .65 is the middle of the best; less
#: than .5 loses more.
K1 = 1.2
B = 0.65
#: The weight of an occurrence in the title, in occurrences in the body: +.002 nDCG@10, and nothing more for
#: 3.
TITLE_WEIGHT = 2.0
#: The saturation of a word's repetitions in the query: a word given twice counts 1⅓, given often nearly 2.
#: Better by .005 than counting every repetition; the repetitions of a long query do tell something.
K3 = 1.0
#: The weight of a pair of neighbouring query words as a phrase: +.003; more than .2 helps titles and hurts
#: terse queries.
BIGRAM_WEIGHT = 0.1
#: Leaves of one query that are scored. In a longer query (a whole paragraph) the first ones suffice.
MAX_SCORED_LEAVES = 300


class WeightedLeaf(NamedTuple):
    """A leaf of a query that adds ``weight`` times its BM25 to the score. ``pair``: it is no leaf of the
    query itself, but two neighbouring words of it as a phrase."""

    leaf: SpanExpr
    weight: float
    pair: bool = False


@lru_cache(maxsize=256)  # the light path asks once an article
def idf(df: int, articles: int) -> float:
    """Return Lucene's inverse document frequency, which is never negative: ``df`` of ``articles`` have the
    leaf."""
    return math.log(1 + (articles - df + 0.5) / (df + 0.5))


def bm25(tf: float, df: int, articles: int, length: int, average: float) -> float:
    """Return the Okapi BM25 of a leaf with ``tf`` occurrences in an article of ``length`` words. ``df`` of
    ``articles`` have the leaf; ``average`` is the mean length of all articles, in words."""
    norm = K1 * (1 - B + B * length / average) if average else K1
    return idf(df, articles) * tf * (K1 + 1) / (tf + norm)


@lru_cache(maxsize=256)  # a query is asked again for its next page and for each facet chosen
def weigh(expr: Expr) -> tuple[WeightedLeaf, ...]:
    """Return the leaves that count: those that look at words, and each pair of neighbouring words as a
    phrase. Stop words count only where there is nothing else."""
    leaves = list(_leaves(expr))
    content = [leaf for leaf in leaves if not is_stop(leaf)]
    return (*_weighted_leaves(content or leaves), *_weighted_leaves(_word_pairs(expr), pair=True))


def _weighted_leaves(leaves: Iterable[SpanExpr], pair: bool = False) -> Iterator[WeightedLeaf]:
    """Yield each leaf once, weighted by how often it is repeated."""
    weight = BIGRAM_WEIGHT if pair else 1.0
    repetitions: dict[SpanExpr, int] = {}  # with a Counter weighing one word takes half as long again
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
        case _:  # filters, negations and quotations choose articles but do not rank them
            return


def _word_pairs(expr: Expr) -> Iterator[tree.Phrase]:
    """Yield neighbouring words of one And or Or as phrases; stop words between them are left out."""
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
