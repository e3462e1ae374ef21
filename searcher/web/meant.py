"""What was probably meant by a query that finds nothing as it was written."""

from __future__ import annotations

from itertools import takewhile

from searcher.index import Index
from searcher.names.normalise import fold
from searcher.query.language import render
from searcher.query.request import Search
from searcher.query.tree import And, Expr, HasValue, Term, all_of

__all__ = ["with_whole_value"]


def with_whole_value(index: Index, search: Search) -> Search | None:
    """Return a search for a value of several words where only the first of them belongs to the field:
    tag:"old harbour" instead of tag:old harbour. None where the index has no such value."""
    tree = search.tree() if search.match == "all" else None
    if not isinstance(tree, And):
        return None
    for at, part in enumerate(tree.parts):
        if not isinstance(part, HasValue):
            continue
        value, size = _longest(index, part, _words(tree.parts[at + 1 :]))
        if size:
            meant = (*tree.parts[:at], HasValue(part.field, value), *tree.parts[at + 1 + size :])
            return search.replace(render(all_of(*meant)), offset=0)
    return None


def _words(parts: tuple[Expr, ...]) -> list[str]:
    """Return the bare words that parts of a query begin with."""
    first = takewhile(lambda part: isinstance(part, Term) and part.field == "text", parts)
    return [part.text for part in first if isinstance(part, Term)]


def _longest(index: Index, first: HasValue, words: list[str]) -> tuple[str, int]:
    """Return the value of an index that has most of these words behind its first, and how many of them."""
    values = {fold(value): value for value in index.values(first.field)} if words else {}
    for size in range(len(words), 0, -1):
        found = values.get(fold(" ".join([first.value, *words[:size]])))
        if found:
            return found, size
    return "", 0
