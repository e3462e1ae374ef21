"""What an article is worth to a query: BM25 over the parts of the query tree.

Pure: engines supply the counts. Every engine calls these functions, so that scores are equal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from searcher.analysis.stemming import STOP_WORDS
from searcher.analysis.terms import ACRONYM_WORDS
from searcher.query.tree import (
    And,
    AtLeast,
    Expr,
    Fuzzy,
    Near,
    Or,
    Phrase,
    Positional,
    Term,
    Wildcard,
    all_of,
    any_of,
)

__all__ = [
    "B",
    "BIGRAM_WEIGHT",
    "K1",
    "K3",
    "MOST_PARTS",
    "TITLE_WEIGHT",
    "Weighted",
    "bm25",
    "is_stop_word",
    "relax",
    "weigh",
]

#: How soon more occurrences of a word stop counting, and how much long articles are discounted. Swept over
#: six test collections: 1.0 to 1.5 and .5 to .75 differ by .002 in mean nDCG@10, .65 is the middle of the
#: best; less than .5 loses more.
K1 = 1.2
B = 0.65
#: An occurrence in the title counts as so many in the body: +.002, and nothing more for 3.
TITLE_WEIGHT = 2.0
#: How soon repeating a word in the query stops counting: twice is 1⅓, often is nearly 2. Better by .005 than
#: counting every repetition; repetitions of a long query do tell something, so they are not ignored.
K3 = 1.0
#: Two neighbouring words of the query that stand together in the article count so much more: +.003; more
#: than .2 helps titles and hurts terse queries.
BIGRAM_WEIGHT = 0.1
#: Parts of one query that are scored. A query of more words (a whole paragraph) is long enough to be told
#: from others by its first ones.
MOST_PARTS = 300


@dataclass(frozen=True, slots=True)
class Weighted:
    """A part of a query that counts for the score: ``weight`` times its BM25."""

    leaf: Positional
    weight: float


def bm25(tf: float, df: int, articles: int, length: int, average: float) -> float:
    """Okapi BM25 with Lucene's idf, which is never negative.

    ``tf`` occurrences in an article of ``length`` words, where ``df`` of ``articles`` have any and the
    ``average`` length is that over all articles.
    """
    idf = math.log(1 + (articles - df + 0.5) / (df + 0.5))
    norm = K1 * (1 - B + B * length / average) if average else K1
    return idf * tf * (K1 + 1) / (tf + norm)


def is_stop_word(word: str) -> bool:
    """Whether a word does not count for the score; an acronym in capitals (US, IT, WHO) does."""
    folded = word.lower()
    return folded in STOP_WORDS and not (len(word) > 1 and word.isupper() and folded in ACRONYM_WORDS)


@lru_cache(maxsize=256)  # a question is asked again for its next page and for each facet chosen
def weigh(expr: Expr) -> tuple[Weighted, ...]:
    """The parts of a query that count: its leaves that look at words, and each pair of neighbouring words.
    Stop words count only where there is nothing else."""
    found = list(_leaves(expr))
    telling = [leaf for leaf in found if not _is_stop(leaf)]
    return (*_counted(telling or found, 1.0), *_counted(_pairs(expr), BIGRAM_WEIGHT))


def _counted(leaves: Iterable[Positional], weight: float) -> Iterator[Weighted]:
    """Each leaf once, weighted by how often it is repeated."""
    repeated: dict[Positional, int] = {}
    for leaf in islice(leaves, MOST_PARTS):
        repeated[leaf] = repeated.get(leaf, 0) + 1
    return (Weighted(leaf, weight * n * (K3 + 1) / (K3 + n)) for leaf, n in repeated.items())


def _is_stop(expr: Expr) -> bool:
    return isinstance(expr, Term) and is_stop_word(expr.text)


def _leaves(expr: Expr) -> Iterator[Positional]:
    match expr:
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near():
            yield expr
        case AtLeast(part=part):
            yield part
        case And(parts) | Or(parts):
            for inner in parts:
                yield from _leaves(inner)
        case _:  # filters, negations and quotations choose articles but do not rank them
            return


def _pairs(expr: Expr) -> Iterator[Phrase]:
    """Neighbouring words of one And or Or as phrases, stop words between them left out."""
    if not isinstance(expr, And | Or):
        return
    telling = [part for part in expr.parts if not _is_stop(part)]
    for first, second in pairwise(telling or expr.parts):
        match first, second:
            case Term(a, field, False), Term(b, other, False) if field == other:
                yield Phrase(f"{a} {b}", field)
            case _:
                pass
    for part in expr.parts:
        yield from _pairs(part)


def relax(expr: Expr) -> Expr | None:
    """The same question with any of its words instead of all; filters and negations stay as they are.

    None if there is nothing to relax. Words that do not count for the score are left out where others
    remain, since nearly every article has them.
    """
    if not isinstance(expr, And):
        return None
    wanted = [part for part in expr.parts if _is_words(part)]
    kept = [part for part in expr.parts if not _is_words(part)]
    if len(wanted) < 2:
        return None
    telling = [part for part in wanted if not _is_stop(part)] or wanted
    return all_of(any_of(*telling) or wanted[0], *kept)


def _is_words(part: Expr) -> bool:
    match part:
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near() | AtLeast():
            return True
        case Or(parts) | And(parts):
            return all(_is_words(inner) for inner in parts)
        case _:
            return False
