"""The query language: text to tree and back.

``parse(render(tree)) == tree`` for every tree that :func:`parse` makes. The language is described in
``docs/query-language.md``.
"""

from __future__ import annotations

import re
from functools import reduce
from typing import assert_never

from searcher.query import tree
from searcher.query.language.parser import QUOTES, parse, plain
from searcher.query.tree import Expr, SpanExpr, check_tree

__all__ = ["parse", "plain", "render"]


def render(expr: Expr | SpanExpr) -> str:
    """Write a tree in the query language. Raises UsageError for an invalid tree, and QueryTooBroad."""
    check_tree(expr, Expr | SpanExpr)
    return _render(expr)


_INITIAL = re.compile(r"[A-Z]\.")
_ENDS_INITIAL = re.compile(r"[A-Z]\.$")


def _render(expr: Expr | SpanExpr) -> str:
    match expr:
        case tree.MatchAll():
            return "*:*"
        case tree.Term(text, field, exact):
            return _prefix(field) + (_quoted_text(text) if exact else text)
        case tree.Phrase(text, field):
            return _prefix(field) + _quoted_text(text)
        case tree.Wildcard(pattern, field):
            return _prefix(field) + pattern
        case tree.Fuzzy(text, edits, field):
            return f"{_prefix(field)}{text}~{edits if edits > 1 else ''}"
        case tree.Near(left, right, distance, ordered):
            return f"{_grouped_text(left)} {'pre' if ordered else 'w'}/{distance} {_grouped_text(right)}"
        case tree.AtLeast(part, count):
            return f"atleast{count}({_render(part)})"
        case tree.Range(field, None, None) | tree.HasAny(field):
            return f"has:{field}"
        case tree.Range(field, low, high):
            return f"{field}:{low}" if low == high else f"{field}:{_bound_text(low)}..{_bound_text(high)}"
        case tree.HasValue(field, value):
            return f"{field}:{_quoted_text(value)}"
        case tree.InQuote(where, kind):
            return f"{kind or 'said'}:({_render(where)})"
        case tree.And(parts):
            return reduce(_join_parts, map(_grouped_text, parts))
        case tree.Or(parts) | tree.SpanOr(parts):
            return " OR ".join(_grouped_text(part) for part in parts)
        case tree.Not(part):
            return f"NOT {_grouped_text(part)}"
        case _:
            assert_never(expr)


def _join_parts(before: str, after: str) -> str:
    """Join required parts. Initials next to each other would be read as one word, “J. D.”."""
    separator = " AND " if _ENDS_INITIAL.search(before) and _INITIAL.match(after) else " "
    return f"{before}{separator}{after}"


def _prefix(field: str) -> str:
    return "" if field == "text" else f"{field}:"


def _quoted_text(text: str) -> str:
    return f'"{QUOTES.sub(" ", text)}"'


def _bound_text(value: object) -> str:
    return "" if value is None else str(value)


def _grouped_text(expr: Expr | SpanExpr) -> str:
    several = isinstance(expr, tree.And | tree.Or | tree.SpanOr | tree.Near)
    return f"({_render(expr)})" if several else _render(expr)
