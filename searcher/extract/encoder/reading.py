"""What the encoder makes of one text, kept for the stages that ask one after another."""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.extract.encoder.heads import Answer
from searcher.extract.encoder.model import shared_encoder
from searcher.extract.encoder.pieces import Unit
from searcher.extract.encoder.stream import SIZE, Stream, stream_of, window_starts
from searcher.extract.names.wrapping import body_offset, joined_text
from searcher.extract.quotes.marks import find_spans

__all__ = ["Question", "Reading", "forget_readings", "read_article"]

#: Characters of a body that are looked at; longer than almost any book.
MAX_CHARACTERS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """An answer to one span, with the units that the pieces of its window stand for (-1: none)."""

    answer: Answer
    unit: NDArray[np.int32]


class Reading:
    """A text as the encoder reads it, window by window, each when it is first asked for.

    ``starts`` are the pieces at which the windows begin.
    """

    def __init__(self, text: str, marked: Sequence[tuple[int, int]]) -> None:
        """``marked`` are the places of the text between quotation marks, in order."""
        self.text = text
        self.encoder = shared_encoder()
        self.stream = stream_of(self.encoder.pieces.units(text), self.encoder.line_break, marked)
        starts = window_starts(len(self.stream)) if len(self.stream) else []
        self.starts = [_snapped(self.stream, start) for start in starts]
        self._windows: dict[int, _KeptWindow] = {}

    @functools.cached_property
    def names(self) -> NDArray[np.float32]:
        """For each unit the log probability of every label of a name, shape (units, 5)."""
        return self._labels(lambda window: self.encoder.names(window.hidden.astype(np.float32)), 5)

    @functools.cached_property
    def speech(self) -> NDArray[np.float32]:
        """For each unit the log probability of every label of speech, shape (units, 3)."""
        return self._labels(lambda window: window.speech, 3)

    @property
    def units(self) -> Sequence[Unit]:
        return self.stream.units

    @property
    def end(self) -> int:
        """The place behind the last word that is read; of a very long text not all is."""
        return self.units[-1].end if self.units else 0

    def unit_at(self, place: int) -> int:
        """The number of the first unit that ends behind a place of the text (the last one beyond it)."""
        found = bisect_right(self.units, place, key=lambda unit: unit.end)
        return min(found, len(self.units) - 1)

    def ask(self, spans: Sequence[tuple[int, int]]) -> list[Question]:
        """The answers to spans of the text (start and end), each asked where it has most around it."""
        by_window: dict[int, list[tuple[int, tuple[int, int]]]] = {}
        for number, span in enumerate(spans):
            first, last = self._pieces(span)
            window = self._widest(first, last)
            by_window.setdefault(window, []).append((number, (first, last)))
        found: dict[int, Question] = {}
        for window, asked in by_window.items():
            start, hidden = self.starts[window], self._window(window).hidden.astype(np.float32)
            size = len(hidden) - 2
            begins = np.concatenate([[True], self.stream.first[start : start + size], [False]])
            unit = np.concatenate([[-1], self.stream.unit[start : start + size], [-1]])
            inside = [(max(0, a - start) + 1, min(size - 1, b - start) + 1) for _, (a, b) in asked]
            answers = self.encoder.heads.ask(hidden, begins, inside)
            found |= {number: Question(answer, unit) for (number, _), answer in zip(asked, answers)}
        return [found[number] for number in range(len(spans))]

    def _pieces(self, span: tuple[int, int]) -> tuple[int, int]:
        """The first and the last piece of a span of the text."""
        begins = self.stream.begins
        first = self.unit_at(span[0])
        last = max(first, self.unit_at(span[1] - 1))
        end = int(begins[last + 1]) if last + 1 < len(begins) else len(self.stream)
        while end - 1 > begins[last] and self.stream.unit[end - 1] < 0:
            end -= 1
        return int(begins[first]), end - 1

    def _widest(self, first: int, last: int) -> int:
        """The window with most of the span in it, and then with most on the poorer side of it."""

        def room(window: int) -> tuple[int, int]:
            start = self.starts[window]
            end = self._end(window) - 1
            held = min(last, end) - max(first, start)
            return min(held, last - first), min(first - start, end - last)

        return max(range(len(self.starts)), key=room)

    def _end(self, number: int) -> int:
        """The piece behind the last one of a window."""
        return min(self.starts[number] + SIZE, len(self.stream))

    def _window(self, number: int) -> _KeptWindow:
        if number not in self._windows:
            places = slice(self.starts[number], self._end(number))
            found = self.encoder.run(self.stream.ids[places], self.stream.inside[places])
            self._windows[number] = _KeptWindow(found.hidden.astype(np.float16), found.speech)
        return self._windows[number]

    def _labels(self, of: Callable[[_KeptWindow], NDArray[np.float32]], count: int) -> NDArray[np.float32]:
        """The labels of each unit by the window in which it lies deepest: those of neighbours count up to
        the middle of what they share."""
        labels = np.full((len(self.units), count), -np.inf, np.float32)
        for number, start in enumerate(self.starts):
            low, high = start, self._end(number)
            if number:
                low = (start + self._end(number - 1)) // 2
            if number + 1 < len(self.starts):
                high = (self.starts[number + 1] + high) // 2
            begin, end = np.searchsorted(self.stream.begins, [low, high])
            labels[begin:end] = of(self._window(number))[self.stream.begins[begin:end] - start + 1]
        return labels


@dataclass(frozen=True, slots=True)
class _KeptWindow:
    """The vectors of a window (float16) and the labels of speech of its pieces."""

    hidden: NDArray[np.float16]
    speech: NDArray[np.float32]


def read_article(article: Article) -> Reading:
    """The title and the body of an article, as :func:`joined_text` has them.

    The last two are kept, so that names and quotations cost one pass.
    """
    return _read(article.title[:MAX_CHARACTERS], article.body[:MAX_CHARACTERS])


def forget_readings() -> None:
    """Read the last articles anew when they are asked for: the weights are others."""
    _read.cache_clear()


@functools.lru_cache(maxsize=2)
def _read(title: str, body: str) -> Reading:
    article = Article("", title, body)
    offset = body_offset(article)
    return Reading(
        joined_text(article), [(offset + span.start, offset + span.end) for span in find_spans(body)]
    )


def _snapped(stream: Stream, start: int) -> int:
    """The first piece from here on that begins a unit."""
    while start and start < len(stream) - 1 and not stream.first[start]:
        start += 1
    return start
