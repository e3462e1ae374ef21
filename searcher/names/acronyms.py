"""Acronyms that articles explain: one that names a body in full and by initials says what these stand for.

Such an explanation is indexed with the names of the bodies, as a value that is nobody's name: “EC = European
Community”. So a group holds the evidence by which its acronyms are decided, with the number of articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from searcher.article import Article
from searcher.names.bodies import without_form, word_or_initials
from searcher.names.normalise import fold

__all__ = ["Explanation", "explanations", "read"]

_EQUALS = " = "
#: Letters of an acronym at most: what has more in capitals is a word of a headline.
_MAX_LETTERS = 7


class Explanation(NamedTuple):
    """An acronym and the full name that it stands for, as names of bodies are compared."""

    acronym: str
    full: str


def explanations(article: Article) -> Iterator[str]:
    """Yield the acronyms that an article uses for the bodies that it names in full, each as a value."""
    for mention in article.mentions:
        if mention.kind == "organisation":
            text = article.title if mention.part == "title" else article.body
            acronym = _letters(text[mention.start : mention.end])
            short, full = fold(acronym), fold(mention.name)
            # “EC” in “EC Commission” is part of a name, and stands for no more than it does alone.
            if acronym and short not in full.split() and _explains(full, short):
                yield f"{acronym}{_EQUALS}{mention.name}"


def read(values: Iterable[str]) -> dict[str, Explanation]:
    """Return those of the values that are explanations, with what they say. A body may be named “BBC = Big”:
    that explains nothing, and is its name."""
    parts = {value: value.partition(_EQUALS) for value in values if _EQUALS in value}
    return {
        value: Explanation(fold(acronym), without_form(fold(full)))
        for value, (acronym, _, full) in parts.items()
        if _letters(acronym) and _explains(fold(full), fold(acronym))
    }


def _explains(full: str, acronym: str) -> bool:
    """Tell whether a full name, folded, has more than one word, and the initials that an acronym has."""
    return " " in full and word_or_initials(full) == word_or_initials(acronym)


def _letters(written: str) -> str:
    """Return the letters of what is written as an acronym, as “W.T.O.’s” is; nothing where it is not."""
    letters = written.replace(".", "").replace("’", "'").removesuffix("'s")
    return letters if 1 < len(letters) <= _MAX_LETTERS and letters.isalpha() and letters.isupper() else ""
