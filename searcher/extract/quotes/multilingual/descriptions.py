"""Whom words describe that name nobody: “the coach” is who is called so beside his name elsewhere.

Words are compared by their beginnings, so that case and number matter little, and short ones are left out:
no language needs a list of articles.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from searcher.extract.quotes.multilingual.pointers import Named

__all__ = ["Descriptions"]

#: Letters of a word that may describe somebody, at least, and those of them that are compared; characters on
#: either side of a name, within its line, that describe who it is. Swept together on the articles that
#: :mod:`.speakers` is judged on: 74.5 F1, and 73.4 to 74.4 a step beside.
MIN_LETTERS: Final = 6
MAX_DISTANCE: Final = 30
#: Places with one word beside them that are looked at, the first: an article of news has fewer than 20.
MAX_PLACES: Final = 100
_WORD: Final = re.compile(r"[^\W\d_]+")


class Descriptions:
    """The words beside the names of people in a text."""

    def __init__(self, text: str, places: Iterable[tuple[int, int, Named]]) -> None:
        self._text = text
        self._places = [place for place in places if place[2].kind == "person"]

    def of(self, mention: tuple[int, int]) -> Mapping[Named, float]:
        """Return the people beside whose name, elsewhere in the text, words of a mention stand, each with the
        share of these words."""
        wanted = _beginnings(self._text[slice(*mention)])
        found: dict[Named, float] = {}
        numbers = {number for word in wanted for number in self._beside.get(word, ())}
        for number in sorted(numbers):
            start, end, who = self._places[number]
            if start < mention[1] and mention[0] < end:
                continue
            shared = wanted & _beginnings(self._around(start, end, mention))
            if shared:
                found[who] = max(len(shared) / len(wanted), found.get(who, 0.0))
        return found

    @cached_property
    def _beside(self) -> Mapping[str, list[int]]:
        """By the beginning of a word: the numbers of the places that it stands beside."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, (start, end, _) in enumerate(self._places):
            for word in _beginnings(self._around(start, end)):
                if len(found[word]) < MAX_PLACES:
                    found[word].append(number)
        return found

    def _around(self, start: int, end: int, mention: tuple[int, int] = (-1, -1)) -> str:
        """What stands on either side of a name in its line, as far as no mention stands between."""
        before = self._text[max(0, start - MAX_DISTANCE, mention[1] if mention[1] <= start else 0) : start]
        stop = end + MAX_DISTANCE
        after = self._text[end : min(stop, mention[0]) if mention[0] >= end else stop]
        return " ".join((before.rpartition("\n")[2], after.partition("\n")[0]))


def _beginnings(words: str) -> set[str]:
    return {word[:MIN_LETTERS] for word in _WORD.findall(words.lower()) if len(word) >= MIN_LETTERS}
