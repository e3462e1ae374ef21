"""Queries: what can be asked, apart from any engine and from any index.

``tree`` defines the closed set of nodes, ``language`` turns text into a tree and back, ``spans`` says where
in a text a node matches, ``expansion`` and ``synonyms`` say which other words stand for a word, and
``request`` is all that a search asks for. The nodes are public here.
"""

from __future__ import annotations

from searcher.query.tree import (
    And,
    AtLeast,
    Expr,
    Fuzzy,
    HasValue,
    InQuote,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    Range,
    SpanExpr,
    SpanOr,
    Term,
    Wildcard,
    all_of,
    any_of,
)

__all__ = [
    "And",
    "AtLeast",
    "Expr",
    "Fuzzy",
    "HasValue",
    "InQuote",
    "MatchAll",
    "Near",
    "Not",
    "Or",
    "Phrase",
    "Range",
    "SpanExpr",
    "SpanOr",
    "Term",
    "Wildcard",
    "all_of",
    "any_of",
]
