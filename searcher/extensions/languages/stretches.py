"""Find possible speech: text between marks, and text without marks that the encoder labels as speech."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from searcher.extract.quotes.marks import Span, find_spans, strip_place

if TYPE_CHECKING:
    from searcher.extract.encoder.encoded_text import EncodedText


_LINE_END: Final = re.compile("\n")
_DASH: Final = re.compile(r"[–—―‒-]\s*")
_EDGES: Final = ' \t\n\u00a0\u2009\u202f–—―‒-,"“”„«»'
#: Minimum words of speech after a dash.
MIN_WORDS: Final = 1
#: Minimum words of speech with neither a dash nor quotation marks.
MIN_WORDS_UNMARKED: Final = 5
#: Minimum probability of speech after a dash.
MIN_SHARE: Final = 0.5
#: Minimum probability of speech with neither a dash nor quotation marks.
MIN_SHARE_UNMARKED: Final = 0.8
#: Cost, in log odds, of starting or ending speech after punctuation.
TURN_COST: Final = 2.0
#: Cost of starting or ending speech elsewhere.
TURN_COST_ELSEWHERE: Final = 8.0
#: Added to the log odds of speech for words outside quotation marks in a line that starts with a dash.
DASH_LOG_ODDS: Final = 1.0
_TURNS: Final = frozenset(',.!?…:;–—―‒-»”"')


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A place in the body that may be speech.

    Attributes:
        outer_start, outer_end: The place including the marks.
        paragraph: Start of its line.
        closed: False if the quotation is not closed.
        marked: True between quotation marks.
        speech_probability: Mean probability of speech of its words.
        label: Place of a transcript's label.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    paragraph: int
    closed: bool = True
    marked: bool = True
    speech_probability: float = 1.0
    label: tuple[int, int] | None = None


def possible_speech(body: str, reading: EncodedText, offset: int) -> list[Stretch]:
    """Return possible speech in order, without overlaps. The body starts at ``offset`` of the text read."""
    lines = [0, *(match.end() for match in _LINE_END.finditer(body))]
    marked = [_quoted_stretch(lines, span) for span in find_spans(body)]
    unmarked = list(_unmarked_stretches(body, reading, offset, marked, lines))
    outside = [one for one in marked if not _is_covered(one, unmarked)]
    return sorted([*outside, *unmarked])


def _quoted_stretch(lines: Sequence[int], span: Span) -> Stretch:
    outer = (span.outer_start, span.outer_end)
    return Stretch(span.start, span.end, *outer, _begin(lines, span.start), span.closed, label=span.label)


def _begin(lines: Sequence[int], place: int) -> int:
    """Return the start of the line of a place."""
    return lines[bisect_right(lines, place) - 1]


def _is_covered(one: Stretch, unmarked: Sequence[Stretch]) -> bool:
    """Return True if one of the stretches without marks contains a marked one."""
    place = bisect_right(unmarked, one.outer_start, key=lambda other: other.start)
    return place > 0 and _holds(unmarked[place - 1].start, unmarked[place - 1].end, one)


def _unmarked_stretches(
    body: str, reading: EncodedText, offset: int, marked: Sequence[Stretch], lines: Sequence[int]
) -> Iterator[Stretch]:
    place = 0
    for line in _lines(reading, offset):
        start = reading.units[line.start].start - offset
        dash = _DASH.match(body, _begin(lines, start)) is not None
        least, words = (MIN_SHARE, MIN_WORDS) if dash else (MIN_SHARE_UNMARKED, MIN_WORDS_UNMARKED)
        spoken = np.clip(1 - np.exp(reading.speech[line, 0]), 0.001, 0.999)
        odds = np.log(spoken / (1 - spoken))
        if dash:
            odds = np.where(reading.stream.inside[reading.stream.begins[line]], 0.0, odds + DASH_LOG_ODDS)
        for first, last in _spoken_runs(reading, line.start, odds.tolist()):
            place_of_run = reading.units[first].start - offset, reading.units[last].end - offset
            start, end = strip_place(body, *place_of_run, _EDGES)
            while place < len(marked) and marked[place].outer_end <= start:
                place += 1
            after = bisect_left(marked, end, place, key=lambda other: other.outer_start)
            if not all(_holds(start, end, other) for other in marked[place:after]):
                continue
            share = float(spoken[first - line.start : last + 1 - line.start].mean())
            if share >= least and last - first + 1 >= words and any(map(str.isalnum, body[start:end])):
                yield Stretch(
                    start, end, start, end, _begin(lines, start), marked=False, speech_probability=share
                )


def _lines(reading: EncodedText, offset: int) -> Iterator[slice]:
    """Yield the units of each line of the body that may contain speech."""
    likely = reading.speech[:, 0] < math.log(0.5)
    begin = 0
    for number, unit in enumerate([*reading.units, None]):
        if unit is None or unit.breaks or unit.start < offset:
            if number > begin and reading.units[begin].start >= offset and likely[begin:number].any():
                yield slice(begin, number)
            begin = number


def _spoken_runs(reading: EncodedText, begin: int, odds: list[float]) -> list[tuple[int, int]]:
    """Return the first and last unit of each run of speech in a line, by Viterbi's algorithm."""
    spoken, silent = odds[0], 0.0
    back: list[tuple[bool, bool]] = []  # for both states, True if the best previous state is speech
    for number, value in enumerate(odds[1:], begin + 1):
        turns = reading.text[reading.units[number - 1].end - 1] in _TURNS
        costs = TURN_COST if turns else TURN_COST_ELSEWHERE
        back.append((spoken >= silent - costs, spoken - costs > silent))
        spoken, silent = max(spoken, silent - costs) + value, max(silent, spoken - costs)
    states = [spoken > silent]
    for of_spoken, of_silent in reversed(back):
        states.append(of_spoken if states[-1] else of_silent)
    states.reverse()
    runs: list[tuple[int, int]] = []
    for number, state in enumerate(states, begin):
        if state and runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        elif state:
            runs.append((number, number))
    return runs


def _holds(start: int, end: int, other: Stretch) -> bool:
    """Return True if a place contains a marked stretch and more text."""
    longer = other.outer_end - other.outer_start < end - start
    return longer and start <= other.outer_start and other.outer_end <= end
