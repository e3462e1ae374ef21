"""Text to units (words, marks, or pieces of words) and to the pieces of the encoder's vocabulary.

A unit is what carries a label: a word or a mark, and every piece for itself where words run together (Han,
kana, Hangul, Thai, Lao, Burmese, Khmer). Every word is normalised (NFKC) and cut into those pieces of the
vocabulary whose log probabilities have the greatest sum (a unigram model, by Viterbi's algorithm).

Written here instead of taken from the ``sentencepiece`` package, because words repeat: CONTRIBUTING.md has
the measurement.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher.languages import UNSPACED, is_unspaced
from searcher.sanitize import normal_form

#: Stands at the beginning of a piece that has a space before it.
SPACE: Final = "\u2581"

_JOINING: Final = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u097f\u200c\u200d\u00ad"
_WORD: Final = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}](?:[^\W{UNSPACED}]|[{_JOINING}])*|\S")
#: What a piece that is missing costs beside the rarest piece (the constant of the unigram model's authors).
_UNKNOWN_COSTS: Final = 10.0
_NEVER: Final = float("-inf")
_MAX_CACHED: Final = 50_000  # words; news repeats nine words in ten
_MAX_CACHED_LENGTH: Final = 40  # characters; longer ones come once
_MAX_WORD: Final = 2_000  # characters that are cut at once, so that no hostile word takes long


class Unit(NamedTuple):
    """``text[start:end]`` and its pieces, row numbers of the vocabulary; ``breaks`` if a line begins here."""

    start: int
    end: int
    pieces: tuple[int, ...]
    breaks: bool


class Unigram:
    """Cuts words by a vocabulary of pieces and their log probabilities."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self._rows = {piece: row for row, piece in enumerate(pieces)}
        self._scores = list(scores)
        self._unknown = unknown
        self._missing = min(self._scores) - _UNKNOWN_COSTS
        self._longest: dict[str, int] = {}  # by the first two letters of a piece
        for piece in pieces:
            self._longest[piece[:2]] = max(len(piece), self._longest.get(piece[:2], 1))
        self._cached = functools.lru_cache(maxsize=_MAX_CACHED)(self._word)

    def units(self, text: str) -> Iterator[Unit]:
        """The units of a text in order; together they cover all of it but white space."""
        last = 0
        for match in _WORD.finditer(text):
            start, end = match.span()
            gap = text[last:start]
            breaks = "\n" in gap
            word, spaced = match.group(), bool(gap) or start == 0
            last = end
            if not is_unspaced(word[0]):
                cut = self._cached if end - start <= _MAX_CACHED_LENGTH else self._word
                yield Unit(start, end, cut(word, spaced), breaks)
                continue
            for first, stop, pieces in self._run(word, spaced):
                yield Unit(start + first, start + stop, pieces, breaks)
                breaks = False

    def _word(self, word: str, spaced: bool) -> tuple[int, ...]:
        """The pieces of a word that carries one label."""
        plain = normal_form("NFKC", word).replace(" ", "") or "?"
        text = SPACE + plain if spaced else plain
        rows: list[int] = []
        for start in range(0, len(text), _MAX_WORD):
            rows += [row for row, _ in self._cut(text[start : start + _MAX_WORD])]
        return tuple(rows)

    def _run(self, word: str, spaced: bool) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Start, end and pieces of each unit of a run of letters without spaces."""
        for begin in range(0, len(word), _MAX_WORD):
            part = word[begin : begin + _MAX_WORD]
            yield from _grouped(self._placed(part, spaced and not begin), begin, begin + len(part))

    def _placed(self, word: str, spaced: bool) -> list[tuple[int, int]]:
        """Every piece with the place in the word where it begins. What normalising makes longer keeps it."""
        letters = [unicodedata.normalize("NFKC", char) for char in word]
        places = [place for place, made in enumerate(letters) for _ in made]
        text = "".join(letters)
        shift = int(spaced)
        cut = self._cut(SPACE + text if spaced else text)
        return [(row, places[max(0, at - shift)]) for row, at in cut]

    def _cut(self, text: str) -> list[tuple[int, int]]:
        """The likeliest pieces with where each begins; neighbouring unknown letters are one."""
        rows, scores, longest = self._rows, self._scores, self._longest
        size = len(text)
        best = [_NEVER] * (size + 1)
        best[0] = 0.0
        back: list[tuple[int, int]] = [(0, 0)] * (size + 1)  # where the piece that ends here begins; its row
        for start in range(size):
            so_far = best[start]
            row = rows.get(text[start], self._unknown)
            value = so_far + (self._missing if row == self._unknown else scores[row])
            if value > best[start + 1]:
                best[start + 1], back[start + 1] = value, (start, row)
            stop = start + longest.get(text[start : start + 2], 1)
            for end in range(start + 2, min(size, stop) + 1):
                piece = text[start:end]
                if piece in rows:
                    row = rows[piece]
                    value = so_far + scores[row]
                    if value > best[end]:
                        best[end], back[end] = value, (start, row)
        return _traced(back, size, self._unknown)


def _traced(back: Sequence[tuple[int, int]], end: int, unknown: int) -> list[tuple[int, int]]:
    """The way back from the end, as (row, start) in order."""
    found: list[tuple[int, int]] = []
    while end:
        start, row = back[end]
        if row == unknown and found and found[-1][0] == unknown:
            found[-1] = (row, start)
        else:
            found.append((row, start))
        end = start
    return found[::-1]


def _grouped(
    placed: Sequence[tuple[int, int]], begin: int, end: int
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Pieces that begin at one place are one unit: the mark of a space, and what one letter became."""
    number = 0
    while number < len(placed):
        stop = number + 1
        while stop < len(placed) and placed[stop][1] == placed[number][1]:
            stop += 1
        until = begin + placed[stop][1] if stop < len(placed) else end
        yield begin + placed[number][1], until, tuple(row for row, _ in placed[number:stop])
        number = stop


#: Pieces of a window, without the mark of its beginning and that of its end.
SIZE: Final = 382
#: Pieces that neighbouring windows share at least, so that every word is read with some of what surrounds it.
OVERLAP: Final = 64
#: Pieces of an article that are read, some 65,000 words: ten seconds and 80 MB of what is found, and up to
#: twice that where English asks about spans one by one all over it.
MAX_PIECES: Final = 100_000
#: Pieces of one unit that are read: less than what windows share.
MAX_UNIT: Final = 48


@dataclass(frozen=True, slots=True)
class Stream:
    """The pieces of a text in order, with one for each line break between.

    ``ids`` are rows of the embedding; ``unit`` the number of the unit that a piece belongs to (-1: a line
    break); ``first`` says whether it begins its unit, ``inside`` whether it stands between quotation marks;
    ``begins`` is the place of each unit's first piece.
    """

    units: Sequence[Unit]
    ids: NDArray[np.int32]
    unit: NDArray[np.int32]
    first: NDArray[np.bool_]
    inside: NDArray[np.int8]
    begins: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)


def stream_of(units: Iterable[Unit], line_break: int, marked: Sequence[tuple[int, int]]) -> Stream:
    """The stream of a text; ``marked`` are the places between quotation marks, in order."""
    kept: list[Unit] = []
    ids: list[int] = []
    unit: list[int] = []
    begins: list[int] = []
    inside: list[int] = []
    place = 0
    for one in units:
        if len(ids) >= MAX_PIECES:
            break
        pieces = one.pieces[:MAX_UNIT]
        if one.breaks and ids:
            ids.append(line_break)
            unit.append(-1)
            inside.append(0)
        while place < len(marked) and marked[place][1] <= one.start:
            place += 1
        quoted = int(place < len(marked) and marked[place][0] <= one.start)
        begins.append(len(ids))
        ids += pieces
        unit += [len(kept)] * len(pieces)
        inside += [quoted] * len(pieces)
        kept.append(one)
    first = np.zeros(len(ids), np.bool_)
    first[begins] = True
    whole = np.array(begins, np.int32)
    return Stream(
        kept, np.array(ids, np.int32), np.array(unit, np.int32), first, np.array(inside, np.int8), whole
    )


def window_starts(length: int) -> list[int]:
    """Where windows of :data:`SIZE` pieces begin that cover a stream of this length, evenly spread."""
    if length <= SIZE:
        return [0]
    count = -(-(length - OVERLAP) // (SIZE - OVERLAP))
    last = length - SIZE
    return [round(number * last / (count - 1)) for number in range(count)]
