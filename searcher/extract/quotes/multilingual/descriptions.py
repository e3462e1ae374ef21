"""Whom words describe that name nobody: “the coach” is who is called so beside his name elsewhere.

Words are compared by their beginnings, so that case and number matter little, and short ones are left out:
no language needs a list of articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from searcher.extract.quotes.multilingual.pointers import Named

__all__ = ["described"]

#: Letters of a word that may describe somebody, at least, and those of them that are compared; characters on
#: either side of a name, within its line, that describe who it is. Swept together on the articles that
#: :mod:`.speakers` is judged on: 74.5 F1, and 73.4 to 74.4 a step beside.
MIN_LETTERS: Final = 6
MAX_DISTANCE: Final = 30
_WORD: Final = re.compile(r"[^\W\d_]+")


def described(
    text: str, mention: tuple[int, int], places: Iterable[tuple[int, int, Named]]
) -> Mapping[Named, float]:
    """Return the people beside whose name, elsewhere in the text, words of a mention stand, each with the
    share of these words."""
    wanted = _beginnings(text[slice(*mention)])
    found: dict[Named, float] = {}
    if not wanted:
        return found
    text = text[: mention[0]] + "\n" * (mention[1] - mention[0]) + text[mention[1] :]
    for start, end, who in places:
        if who.kind != "person" or (start < mention[1] and mention[0] < end):
            continue
        before = text[max(0, start - MAX_DISTANCE) : start].rpartition("\n")[2]
        after = text[end : end + MAX_DISTANCE].partition("\n")[0]
        shared = wanted & _beginnings(f"{before} {after}")
        if shared:
            found[who] = max(len(shared) / len(wanted), found.get(who, 0.0))
    return found


def _beginnings(words: str) -> set[str]:
    return {word[:MIN_LETTERS] for word in _WORD.findall(words.lower()) if len(word) >= MIN_LETTERS}
