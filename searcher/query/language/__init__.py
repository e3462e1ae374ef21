"""The query language: text to tree and back.

``parse(render(tree)) == tree`` for every tree that :func:`parse` makes. The language is described in
``docs/query-language.md``.
"""

from __future__ import annotations

from searcher.query.language.parser import parse, plain
from searcher.query.language.printer import render as _render
from searcher.query.tree import Expr, SpanExpr, check_tree

__all__ = ["parse", "plain", "render"]


def render(expr: Expr | SpanExpr) -> str:
    """The tree in the query language. Raises UsageError for what is no tree, and QueryTooBroad."""
    check_tree(expr, Expr | SpanExpr)
    return _render(expr)
