"""Spans: where the leaves of a query match in a text. All engines must agree with this definition.

A text is a list of positions, each with its forms (see :mod:`searcher.analysis`). A span is the first and the
last position of a match. The memory engine and the snippets use this code, which is simple rather than fast.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import assert_never

from searcher import analysis
from searcher.languages import all_languages
from searcher.query.tree import Expr, Fuzzy, Near, Or, Phrase, SpanExpr, SpanOr, Term, Wildcard

Terms = Sequence[tuple[str, ...]]
Span = tuple[int, int]


def field_of(leaf: SpanExpr) -> str:
    """Return the field of a leaf. The parts of a Near or SpanOr share it."""
    match leaf:
        case Near(left=left):
            return field_of(left)
        case SpanOr(parts):
            return field_of(parts[0])
        case _:
            return leaf.field


def span_expr(expr: Expr) -> SpanExpr | None:
    """Return the tree as one with positions. None if it has none, or mixes fields."""
    match expr:
        case Term() | Phrase() | Wildcard() | Fuzzy() | Near():
            return expr
        case Or(parts):
            inner = [part for part in map(span_expr, parts) if part]
            whole = len(inner) == len(parts) and len(set(map(field_of, inner))) == 1
            return SpanOr(tuple(inner)) if whole else None
        case _:
            return None


def spans(leaf: SpanExpr, text: Terms) -> list[Span]:
    """Return all distinct spans of ``leaf`` in ``text``, in order."""
    match leaf:
        case Term(text=word, exact=exact):
            return _sequence(analysis.query_terms(word, exact, all_languages()), text)
        case Phrase(text=phrase):
            return _sequence(analysis.query_terms(phrase, languages=all_languages()), text)
        case Wildcard(pattern=pattern):
            folded = analysis.fold_pattern(pattern)
            return _surfaces(lambda surface: analysis.pattern_matches(folded, surface), text)
        case Fuzzy(text=word, edits=edits):
            folded = analysis.fold_pattern(word)
            return _surfaces(lambda surface: analysis.within_edits(folded, surface, edits), text)
        case Near():
            return _near_spans(leaf, text)
        case SpanOr(parts):
            return sorted({span for part in parts for span in spans(part, text)})
        case _:
            assert_never(leaf)


def _sequence(slots: Sequence[tuple[str, ...]], text: Terms) -> list[Span]:
    """Return the spans of consecutive positions that match."""
    if not (width := len(slots)):
        return []
    acceptable = [frozenset(forms) for forms in slots]
    return [
        (start, start + width - 1)
        for start in range(len(text) - width + 1)
        if all(not acceptable[i].isdisjoint(text[start + i]) for i in range(width))
    ]


def _surfaces(accepts: Callable[[str], bool], text: Terms) -> list[Span]:
    return [
        (position, position)
        for position, forms in enumerate(text)
        if any(analysis.is_surface(form) and accepts(form) for form in forms)
    ]


def _near_spans(near: Near, text: Terms) -> list[Span]:
    left, right = spans(near.left, text), spans(near.right, text)
    matches = _following_spans(left, right, near.distance)
    if not near.ordered:
        matches |= _following_spans(right, left, near.distance)
    return sorted(matches)


def _following_spans(firsts: Sequence[Span], seconds: Sequence[Span], distance: int) -> set[Span]:
    """Return the spans from each first span to a second one that starts at most ``distance`` after its
    end."""
    matches: set[Span] = set()
    starts = [start for start, _ in seconds]
    for start, end in firsts:
        near = slice(bisect_right(starts, end), bisect_right(starts, end + distance))
        matches.update((start, last) for _, last in seconds[near])
    return matches
