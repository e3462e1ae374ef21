"""Queries, independent of engines and indexes.

``tree`` defines the nodes, ``language`` converts between text and tree, ``spans`` defines where a node
matches in a text, ``expansion`` and ``synonyms`` add alternative words, and ``request`` is a complete search.

Invariants: a new node of the tree needs a case in ``language``, ``spans``, ``synonyms`` and each engine. An
option of a search is one row of ``OPTIONS`` in ``arguments``, an attribute of ``Search`` and a key of
``Arguments``.
"""

from __future__ import annotations

from searcher.query.tree import And as And
from searcher.query.tree import AtLeast as AtLeast
from searcher.query.tree import Expr as Expr
from searcher.query.tree import Fuzzy as Fuzzy
from searcher.query.tree import HasValue as HasValue
from searcher.query.tree import InQuote as InQuote
from searcher.query.tree import MatchAll as MatchAll
from searcher.query.tree import Near as Near
from searcher.query.tree import Not as Not
from searcher.query.tree import Or as Or
from searcher.query.tree import Phrase as Phrase
from searcher.query.tree import Range as Range
from searcher.query.tree import SpanExpr as SpanExpr
from searcher.query.tree import SpanOr as SpanOr
from searcher.query.tree import Term as Term
from searcher.query.tree import Wildcard as Wildcard
from searcher.query.tree import all_of as all_of
from searcher.query.tree import any_of as any_of
