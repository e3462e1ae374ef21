"""Queries: what can be asked, apart from any engine and from any index.

``tree`` defines the closed set of nodes, ``language`` turns text into a tree and back, ``spans`` says where
in a text a node matches, ``expansion`` and ``synonyms`` say which other words stand for a word, and
``request`` is all that a search asks for. The nodes are public here.
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
