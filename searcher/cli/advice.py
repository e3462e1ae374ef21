"""Why nothing was found, where that can be told: a name that nobody has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from searcher.cli.safe import clean
from searcher.identity import Identities, fold
from searcher.query import Expr, Is, Said, leaves
from searcher.saved import Question
from searcher.syntax import parse

if TYPE_CHECKING:
    from searcher.index import Index

__all__ = ["advice", "near"]

SUGGESTED = 3


def advice(index: Index, question: Question) -> Iterator[str]:
    """A line for each value that narrows to nothing by itself, and one for what is left out as not sure."""
    asked = [(name, value) for name, values in question.only.items() for value in values]
    asked += [("speaker", value) for value in question.said_by]
    if question.match == "all":
        asked += _values(parse(question.text))
    who = Identities(index.curation)
    for name, value in dict.fromkeys(asked):
        counts = index.values(name)
        if who.answering(name, value, counts):
            continue
        line = f"No article has the {name} “{clean(value)}”."
        like = near(counts, value)
        yield f"{line} There is: {', '.join(map(clean, like))}." if like else line
    if left := question.less_sure(index, 0):
        yield f"With less confidence in the speaker there would be {left:,}: add --confidence 0."


def _values(where: Expr) -> Iterator[tuple[str, str]]:
    """The values that a query asks for in its own words: person:Quill."""
    for leaf in leaves(where):
        match leaf:
            case Is(name, value):
                yield name, value
            case Said(said):
                yield from _values(said)
            case _:
                pass


def near(counts: Mapping[str, int], value: str) -> list[str]:
    """Names that share a word with the one asked for, or have one like it; the most frequent first."""
    by_word: dict[str, set[str]] = defaultdict(set)
    for name in counts:
        for word in fold(name).split():
            by_word[word].add(name)
    words = fold(value).split()
    found = {name for word in words for name in by_word.get(word, ())}
    if not found:
        like = (close for word in words for close in get_close_matches(word, by_word, SUGGESTED, 0.75))
        found = {name for word in like for name in by_word[word]}
    return sorted(found, key=lambda name: (-counts[name], name))[:SUGGESTED]
