"""What an article is worth to a query: BM25 over the parts of the query tree.

Pure: engines supply the counts. Every engine calls these functions, so that scores are equal.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from searcher.query import (
    And,
    AtLeast,
    Expr,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Positional,
    Said,
    Term,
    Wildcard,
    all_of,
    any_of,
)
from searcher.words.analysis import ACRONYM_WORDS
from searcher.words.stems import STOP_WORDS

__all__ = [
    "B",
    "BIGRAM_WEIGHT",
    "K1",
    "TITLE_WEIGHT",
    "Weighted",
    "bm25",
    "is_stop_word",
    "relax",
    "terms",
    "weigh",
]

#: How soon more occurrences of a word stop counting, and how much long articles are discounted.
K1 = 1.2
B = 0.75
#: An occurrence in the title counts as so many in the body.
TITLE_WEIGHT = 1.0
#: Two neighbouring words of the query that stand together in the article count so much more.
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


def weigh(expr: Expr) -> tuple[Weighted, ...]:
    """The parts of a query that count: its leaves that look at words, repeats included, and each pair of
    neighbouring words. Stop words count only where there is nothing else."""
    found = list(_leaves(expr))
    telling = [leaf for leaf in found if not (isinstance(leaf, Term) and is_stop_word(leaf.text))]
    parts = [Weighted(leaf, 1.0) for leaf in (telling or found)[:MOST_PARTS]]
    pairs = [Weighted(pair, BIGRAM_WEIGHT) for pair in _pairs(expr)][:MOST_PARTS]
    return (*parts, *pairs)


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
    """Neighbouring words of one And or Or as phrases; a stop word parts its neighbours."""
    if not isinstance(expr, And | Or):
        return
    for first, second in pairwise(expr.parts):
        match first, second:
            case Term(a, field, False), Term(b, other, False) if field == other:
                if not (is_stop_word(a) or is_stop_word(b)):
                    yield Phrase(f"{a} {b}", field)
            case _:
                pass
    for part in expr.parts:
        yield from _pairs(part)


def terms(expr: Expr) -> list[Term]:
    """The single words of a query that are looked for by their stem, in order; none under Not, and those
    inside Said too: what may have been misspelt."""
    match expr:
        case Term(exact=False):
            return [expr]
        case And(parts) | Or(parts):
            return [term for part in parts for term in terms(part)]
        case Near(left=left, right=right):
            return [*terms(left), *terms(right)]
        case AtLeast(part=part):
            return terms(part)
        case Said(where):
            return terms(where)
        case _:
            return []


def relax(expr: Expr) -> Expr | None:
    """The same question with any of its words instead of all; filters and negations stay as they are.

    None if there is nothing to relax. Words that do not count for the score are left out where others
    remain, since nearly every article has them.
    """
    if not isinstance(expr, And):
        return None
    wanted = [part for part in expr.parts if _is_words(part)]
    kept = [part for part in expr.parts if not _is_words(part)]
    telling = [part for part in wanted if not (isinstance(part, Term) and is_stop_word(part.text))] or wanted
    if len(wanted) < 2:
        return None
    return all_of(any_of(*telling) or wanted[0], *kept)


def _is_words(part: Expr) -> bool:
    match part:
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near() | AtLeast():
            return True
        case Or(parts) | And(parts):
            return all(_is_words(inner) for inner in parts)
        case Not():
            return False
        case _:
            return False
