"""Lines of transcripts: ``WALLACE: …`` and ``Jane Roe: …`` at the start of paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from searcher.extract.quotes import lexicon
from searcher.names.first_names import first_name_gender
from searcher.names.normalise import word_set

__all__ = ["PARTS", "transcript_lines"]

_CAPITALS = re.compile(
    r"[“\"'‘]?((?:[A-Z][A-Z.\-’']{1,20})(?: [A-Z][A-Z.\-’']*){0,4})(?:,? \([^)\n]{0,40}\))?: +(?=\S)"
)
_MIXED = re.compile(r"((?:[A-Z][\w.\-’']{1,20})(?: [A-Z][\w.\-’']{0,20}){0,2}): +(?=[A-Z“\"‘'\[(…])")
_NOT_NAMES = word_set(
    "Q A PHOTO PHOTOS VIDEO WATCH READ UPDATE CORRECTION NOTE RELATED MORE SOURCE QUESTION ANSWER BREAKING "
    "DEAR EXCLUSIVE LIVE LISTEN ALSO CROSSTALK OPINION ANALYSIS EDITORIAL"
)
_WORD = re.compile(r"[^\W\d_]+")
#: What the speakers of a transcript are called who have no name in it.
PARTS = word_set("host moderator reporter interviewer anchor narrator announcer male female voice")
_FINAL = frozenset(".!?…)]-–—")  # of a turn: its stop, a stage direction, or that somebody broke in
_MIXED_NEEDED = 4  # paragraphs; fewer are list items ("Pros: …") more often than speech

#: The place of a label, and the start and end of what is said.
Line = tuple[tuple[int, int], int, int]


def transcript_lines(text: str, places: list[tuple[int, int]]) -> dict[int, Line]:
    """By paragraph number: the place of the label, and the start and end of what is said.

    Capitals need two lines. Names in mixed case need four, and each label must come back. In both cases
    half of the labels must be somebody's name or role ("PRICE:" is not), and half of the lines must end as
    sentences do, which those of lists, tables and error messages do not.
    """
    capitals = _labelled(_CAPITALS, text, places)
    capitals = {n: line for n, line in capitals.items() if text[slice(*line[0])].split()[0] not in _NOT_NAMES}
    if len(capitals) >= 2 and _are_turns(capitals, text):
        return capitals
    mixed = _labelled(_MIXED, text, places)
    counts = Counter(text[slice(*line[0])] for line in mixed.values())
    mixed = {n: line for n, line in mixed.items() if counts[text[slice(*line[0])]] >= 2}
    enough = len(mixed) >= _MIXED_NEEDED and len(counts) >= 2
    return mixed if enough and _are_turns(mixed, text) else {}


def _are_turns(lines: Mapping[int, Line], text: str) -> bool:
    """Whether labelled lines are what somebody says."""
    ended = sum(text[end - 1] in _FINAL for _, _, end in lines.values())
    labels = Counter(text[slice(*label)] for label, _, _ in lines.values())
    return 2 * ended >= len(lines) and _are_names(labels, text)


def _are_names(labels: Counter[str], text: str) -> bool:
    """Whether at least half of the labels are names or roles."""
    counts = Counter(_WORD.findall(text))
    for label, number in labels.items():
        for word in _WORD.findall(label):
            counts[word] -= number  # a label is no witness for itself
    return 2 * sum(_is_name(label, counts) for label in labels) >= len(labels)


def _is_name(label: str, counts: Counter[str]) -> bool:
    """A role, a first and a last name, or a word that the text has as a name more often than as a word."""
    words = _WORD.findall(label.lower())
    if any(word in lexicon.ROLES or word in lexicon.TITLES or word in PARTS for word in words):
        return True
    if len(words) > 1 and first_name_gender(words[0]) and not counts[words[-1]]:
        return True
    return counts[words[-1].capitalize()] > counts[words[-1]]


def _labelled(pattern: re.Pattern[str], text: str, places: list[tuple[int, int]]) -> dict[int, Line]:
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
