"""Lines of transcripts: ``WALLACE: …`` and ``Jane Roe: …`` at the start of paragraphs."""

from __future__ import annotations

import re
from collections import Counter

from searcher.extract.quotes import lexicon

__all__ = ["transcript_lines"]

_CAPITALS = re.compile(
    r"[“\"'‘]?((?:[A-Z][A-Z.\-’']{1,20})(?: [A-Z][A-Z.\-’']*){0,4})(?:,? \([^)\n]{0,40}\))?: +(?=\S)"
)
_MIXED = re.compile(r"((?:[A-Z][\w.\-’']{1,20})(?: [A-Z][\w.\-’']{0,20}){0,2}): +(?=[A-Z“\"‘'\[(…])")
_NOT_NAMES = lexicon.words(
    "Q A PHOTO PHOTOS VIDEO WATCH READ UPDATE CORRECTION NOTE RELATED MORE SOURCE QUESTION ANSWER BREAKING "
    "DEAR EXCLUSIVE LIVE LISTEN ALSO CROSSTALK OPINION ANALYSIS EDITORIAL"
)
_MIXED_NEEDED = 4  # paragraphs; fewer are list items ("Pros: …") more often than speech


def transcript_lines(text: str, places: list[tuple[int, int]]) -> dict[int, tuple[tuple[int, int], int, int]]:
    """By paragraph number: the place of the label, and the start and end of what is said.

    Capitals need two lines. Names in mixed case need four, and each label must come back.
    """
    capitals = _labelled(_CAPITALS, text, places)
    capitals = {n: line for n, line in capitals.items() if text[slice(*line[0])].split()[0] not in _NOT_NAMES}
    if len(capitals) >= 2:
        return capitals
    mixed = _labelled(_MIXED, text, places)
    counts = Counter(text[slice(*line[0])] for line in mixed.values())
    mixed = {n: line for n, line in mixed.items() if counts[text[slice(*line[0])]] >= 2}
    return mixed if len(mixed) >= _MIXED_NEEDED and len(counts) >= 2 else {}


def _labelled(
    pattern: re.Pattern[str], text: str, places: list[tuple[int, int]]
) -> dict[int, tuple[tuple[int, int], int, int]]:
    found = {}
    for number, (start, end) in enumerate(places):
        match = pattern.match(text, start, end)
        if match:
            stop = end
            while stop > match.end() and text[stop - 1] in "\"”’' ":
                stop -= 1
            begin = match.end()
            if text[begin] in '"“' and stop < end:
                begin += 1
            found[number] = ((match.start(1), match.end(1)), begin, stop)
    return found
