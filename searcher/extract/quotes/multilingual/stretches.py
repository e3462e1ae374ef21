"""Stretches of an article that may be speech: what stands between marks, and what the encoder labels as
spoken.

Labels find what no marks delimit: dialogue behind a dash, and quotations of which a mark is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.extract.quotes.marks import find_spans

if TYPE_CHECKING:
    from searcher.extract.encoder import Reading

__all__ = ["Stretch", "stretches_of"]

_DASH: Final = re.compile(r"[–—―‒-]\s*")
_EDGES: Final = ' \t\n\u00a0\u2009\u202f–—―‒-,"“”„«»'
#: Words that speech without marks has at least, behind a dash and without one, and its least mean
#: probability.
MIN_WORDS: Final = 1
MIN_WORDS_UNMARKED: Final = 5
MIN_SHARE: Final = 0.5
MIN_SHARE_UNMARKED: Final = 0.8


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """``body[start:end]`` may be speech, ``outer`` with its marks; ``paragraph`` is where its line begins.

    ``closed`` says that its closing mark is there; ``spoken`` is the mean probability of speech that the
    labels give to its words.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    paragraph: int
    closed: bool = True
    marked: bool = True
    spoken: float = 1.0


def stretches_of(body: str, reading: Reading, offset: int) -> list[Stretch]:
    """All of them in order, none overlapping another; ``offset`` is where the body begins in what was
    read."""
    marked = [
        Stretch(span.start, span.end, span.outer_start, span.outer_end, _line(body, span.start), span.closed)
        for span in find_spans(body)
    ]
    unmarked = list(_unmarked(body, reading, offset, marked))
    outside = [one for one in marked if not any(_holds(other.start, other.end, one) for other in unmarked)]
    return sorted([*outside, *unmarked])


def _line(body: str, place: int) -> int:
    return body.rfind("\n", 0, place) + 1


def _unmarked(body: str, reading: Reading, offset: int, marked: Sequence[Stretch]) -> Iterator[Stretch]:
    import numpy as np

    spoken = 1 - np.exp(reading.speech[:, 0])
    place = 0
    for first, last in _runs(reading, offset):
        start, end = reading.units[first].start - offset, reading.units[last].end - offset
        while place < len(marked) and marked[place].outer_end <= start:
            place += 1
        if place < len(marked) and marked[place].outer_start < end and not _holds(start, end, marked[place]):
            continue
        while start < end and body[start] in _EDGES:
            start += 1
        while end > start and body[end - 1] in _EDGES:
            end -= 1
        line = _line(body, start)
        share = float(spoken[first : last + 1].mean())
        dash = _DASH.match(body, line) is not None
        least, words = (MIN_SHARE, MIN_WORDS) if dash else (MIN_SHARE_UNMARKED, MIN_WORDS_UNMARKED)
        if share >= least and last - first + 1 >= words and any(map(str.isalnum, body[start:end])):
            yield Stretch(start, end, start, end, line, marked=False, spoken=share)


def _holds(start: int, end: int, other: Stretch) -> bool:
    """Whether a stretch behind a dash holds one between marks and more: a title, or somebody's words in
    it."""
    return start < other.outer_start and other.outer_end <= end


def _runs(reading: Reading, offset: int) -> Iterator[tuple[int, int]]:
    """First and last unit of each run of spoken words within a line of the body."""
    likely = reading.speech.argmax(axis=1).tolist()
    begin: int | None = None
    for number, unit in enumerate(reading.units):
        label = likely[number] if unit.start >= offset else 0
        if begin is not None and (label != 2 or unit.breaks):
            yield begin, number - 1
            begin = None
        if begin is None and label:
            begin = number
    if begin is not None:
        yield begin, len(reading.units) - 1
