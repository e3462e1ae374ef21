"""What was probably meant by a query that finds nothing as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from searcher.errors import QueryError
from searcher.index import Index
from searcher.names.normalise import fold
from searcher.names.table import bare
from searcher.query.language import render
from searcher.query.request import Search
from searcher.query.tree import And, Expr, HasValue, Term, all_of
from searcher.web import who
from searcher.web.strings import Strings

#: Quotation marks around a phrase, as the query language knows them.
_MARKS: Final = re.compile('["“”„«»‟]')


def ways_on(index: Index, search: Search, words: Strings) -> list[tuple[str, Search]]:
    """Return what finds something where a search finds nothing, each with what it is called."""
    return [
        (label, other) for label, other in _ways(search, words) if other != search and finds(index, other)
    ]


def finds(index: Index, search: Search) -> bool:
    """Tell whether a search finds anything, with any of its words where none has all."""
    try:
        found = index.quotes(search, limit=0) if search.quotes else index.search(search, limit=0)
    except QueryError:
        return False
    return bool(found.total)


def _ways(search: Search, words: Strings) -> Iterator[tuple[str, Search]]:
    if search.every_in_use:
        yield words.text("Any of those chosen, not all at once"), search.replace(every=(), offset=0)
    plain = " ".join(_MARKS.sub(" ", search.text).split())
    if plain != search.text:
        yield words.text("Search for the words without quotation marks"), search.replace(plain, offset=0)
    if not search.text:
        return
    alone = Search(search.query, quotes=search.quotes, correct=search.correct)
    if alone.core() != search.core():
        yield words.text("Search all of the archive for “{text}”", text=search.text), alone
    if search.speakers:
        name = ", ".join(bare("speaker", one) for one in search.speakers)
        yield words.text("Everything said by {name}", name=name), search.replace("", offset=0)


def with_whole_value(index: Index, search: Search) -> Search | None:
    """Return a search for a value of several words where only the first of them belongs to the field:
    tag:"old harbour" instead of tag:old harbour. None where the index has no such value."""
    tree = search.tree(index.fields) if search.match == "all" else None
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


def said_about(index: Index, search: Search) -> tuple[str, str, Search] | None:
    """Return who and what a search for statements asks about where a name was typed among its words, and the
    search for that; None where nobody is named or said anything."""
    found = None if search.speakers else who.speaker_within(index, search.text)
    if found is None:
        return None
    name, words = found
    asked = search.replace(words, said_by=name, offset=0)
    wide = asked.replace("", about=words) if words and not search.about else asked
    # What an article is about need not be said in it.
    offered = [(words, asked), (words, wide), ("", asked.replace(""))]
    return next(((name, about, one) for about, one in offered if index.count(one.core())), None)


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
