"""Signatures that the markup of a page tells by where they stand: in a row, an office."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from searcher.readers import bylines
from searcher.readers.html.headline import Nearby
from searcher.readers.html.meta import words

__all__ = ["beside", "has_checked", "office"]

#: Elements that may hold a name and what is no text.
_INLINE = frozenset(("a", "span", "li", "strong"))
#: Elements from a name upwards that may stand in a row with others.
_NEAR = 4
#: What stands between two names of a row.
_JOINS = re.compile(r"[,;|·•/&+]|and|und|et|y|e|och|og|en|i|и|та|ve|ja", re.I)
_CHECKED = re.compile(r"\b(?:(?:checked|reviewed|edited) by:?|editor\s*:)\s*$", re.I)
#: Characters of a title before a name: “Dr.”, “Prof. Dr.”.
_LONGEST_TITLE = 11
#: Elements on either side of a name that are looked at, and the longest text of one that may hold names.
_MAX_BESIDE, _MAX_CHARACTERS = 12, 300
_MARKED = 40  # elements marked as a byline that are looked at


def beside(people: tuple[str, ...], near: Nearby) -> tuple[str, ...]:
    """The names in the first row of elements near the headline that holds one of ``people`` and others."""
    for element in near.around() if people else ():
        if (element.tag in _INLINE or not len(element)) and _holds(element, people):
            for one in (element, *islice(element.iterancestors(), _NEAR - 1)):
                if not _holds(one, people):
                    break
                if len(row := _row(one, people)) > 1:
                    return row
    return ()


def _holds(element: Any, people: tuple[str, ...]) -> bool:
    """Whether an element holds one of the names, perhaps with a title before it, and nothing else."""
    text = words(element).rstrip(" ,;|·&")
    return any(text.endswith(name) and len(text) <= len(name) + _LONGEST_TITLE for name in people)


def _row(element: Any, people: tuple[str, ...]) -> tuple[str, ...]:
    """The names in the elements before and after one that are made like it, as far as each holds names and
    nothing else."""
    row = [bylines.names(words(element), shown=True)]
    for preceding in (True, False):
        for one in islice(element.itersiblings(preceding=preceding), _MAX_BESIDE):
            alike = (one.tag, one.get("class")) == (element.tag, element.get("class"))
            if not _is_short(one) or has_checked(one):
                break
            found = bylines.names(words(one), shown=True) if alike else ()
            if found and (all(map(bylines.is_name, found)) or _holds(one, people)):
                row.insert(0 if preceding else len(row), found)
            elif (text := words(one)) and not _JOINS.fullmatch(text):
                break
    return tuple(dict.fromkeys(name for found in row for name in found))


def has_checked(element: Any) -> bool:
    """Whether the words just before an element say that who is named in it has checked the text."""
    before, around = element.getprevious(), element.getparent()
    label = before.tail if before is not None else around.text if around is not None else ""
    return bool(_CHECKED.search(label or ""))


def _is_short(element: Any) -> bool:
    """Whether an element has at most so many characters of text; no more of it is read."""
    left = _MAX_CHARACTERS
    for text in element.itertext():
        left -= len(text)
        if left < 0:
            return False
    return True


def office(near: Nearby, classes: Iterable[re.Pattern[str]]) -> tuple[str, ...]:
    """The office that signs where one of ``classes`` marks a byline: “By Staff Writer”."""
    marked = [element for pattern in classes for element in near.classed(pattern)][:_MARKED]
    return next(filter(None, (bylines.office(words(element)) for element in near.nearest(marked))), ())
