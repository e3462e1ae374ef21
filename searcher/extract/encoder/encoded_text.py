"""A text read by the encoder: labels of its words and answers about its spans."""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from searcher.article import Article
from searcher.extract.article_text import body_offset, joined_text
from searcher.extract.encoder.model import (
    WINDOW_PIECES,
    Answer,
    Stream,
    Unit,
    Window,
    shared_encoder,
    stream_of,
    window_starts,
)
from searcher.extract.quotes.marks import find_spans

#: Maximum characters read of a body. Few books are longer.
MAX_CHARACTERS: Final = 1_000_000
#: Number of pieces read before a single span. Chosen on labelled articles.
PIECES_BEFORE: Final = 160
#: Number of pieces read after it.
PIECES_AFTER: Final = 48
#: Maximum pieces of the span itself.
MAX_SPAN_PIECES: Final = WINDOW_PIECES - PIECES_BEFORE - PIECES_AFTER
#: Maximum windows in memory in addition to those that cover the text. Each takes 300 kB.
MAX_SPAN_WINDOWS: Final = 64

#: A range of pieces in a stream: the first one, and the one after the last.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Question:
    """The answer about a span, its window, and the unit of each piece of the window (-1: none)."""

    answer: Answer
    unit: NDArray[np.int32]
    window: Place


class EncodedText:
    """A text as the encoder reads it, in overlapping ``windows``."""

    def __init__(self, text: str, marked: Sequence[tuple[int, int]]) -> None:
        """``marked`` are the places between quotation marks, in order."""
        self.text = text
        self.encoder = shared_encoder()
        self.stream = stream_of(self.encoder.pieces.units(text), self.encoder.line_break, marked)
        size = len(self.stream)
        starts = [_unit_start(self.stream, start) for start in window_starts(size)] if size else []
        self.windows: Sequence[Place] = [(start, min(start + WINDOW_PIECES, size)) for start in starts]
        self._window = functools.lru_cache(maxsize=len(starts) + MAX_SPAN_WINDOWS)(self._read)
        # Windows for single spans, sorted by place. The third number is the order in which they were added.
        self._near_windows: list[tuple[int, int, int]] = []

    @functools.cached_property
    def names(self) -> NDArray[np.float32]:
        """Log probabilities of the labels of names, shape (units, 5)."""
        return self._labels(lambda window: self.encoder.names(window.vectors.astype(np.float32)), 5)

    @functools.cached_property
    def speech(self) -> NDArray[np.float32]:
        """Log probabilities of the labels of speech, shape (units, 3)."""
        return self._labels(lambda window: window.speech, 3)

    @property
    def units(self) -> Sequence[Unit]:
        return self.stream.units

    @property
    def end(self) -> int:
        """The end of the last word read. The rest of a very long text is not read."""
        return self.units[-1].end if self.units else 0

    def unit_at(self, place: int) -> int:
        """Return the number of the first unit that ends after a place, or of the last unit."""
        return min(bisect_right(self.units, place, key=lambda unit: unit.end), len(self.units) - 1)

    def ask(self, spans: Sequence[tuple[int, int]]) -> list[Question]:
        """Return the answers about spans of the text, each from the window with the most context."""
        by_window: dict[Place, list[tuple[int, Place]]] = {}
        for number, span in enumerate(spans):
            pieces = self._pieces(span)
            by_window.setdefault(self._widest(*pieces), []).append((number, pieces))
        questions: dict[int, Question] = {}
        for window, numbered in by_window.items():
            answers = self._window_answers(window, [pieces for _, pieces in numbered])
            questions |= {number: answer for (number, _), answer in zip(numbered, answers)}
        return [questions[number] for number in range(len(spans))]

    def expect(self, spans: Sequence[tuple[int, int]]) -> None:
        """Prepare shared windows for spans that :meth:`ask_near` will probably be called for."""
        joined = _joined_places([self._near(span)[0] for span in spans])
        self._near_windows = [(*place, order) for order, place in enumerate(joined)]

    def ask_near(self, span: tuple[int, int]) -> Question:
        """Return the answer about one span. Reads only the text near it."""
        near, pieces = self._near(span)
        # A window that contains this one starts at most WINDOW_PIECES before its end.
        begin = bisect_left(self._near_windows, (near[1] - WINDOW_PIECES,))
        end = bisect_right(self._near_windows, (near[0], len(self.stream) + 1))
        containing = [one for one in self._near_windows[begin:end] if near[1] <= one[1]]
        if containing:
            first, last, _ = min(containing, key=lambda one: one[2])
            return self._window_answers((first, last), [pieces])[0]
        # Do not use the windows that cover the text: the answer would depend on which of them had been read.
        insort(self._near_windows, (*near, len(self._near_windows)))
        return self._window_answers(near, [pieces])[0]

    def ask_in(self, window: Place, span: tuple[int, int]) -> Question:
        """Return the answer about a few words in a window of another question."""
        return self._window_answers(window, [self._pieces(span)])[0]

    def _near(self, span: tuple[int, int]) -> tuple[Place, Place]:
        """Return the window for a single span, and the first and last piece of the span."""
        first, last = self._pieces(span)
        last = min(last, first + MAX_SPAN_PIECES - 1)
        begin = _unit_start(self.stream, max(0, first - PIECES_BEFORE))
        return (begin, min(last + 1 + PIECES_AFTER, len(self.stream))), (first, last)

    def _window_answers(self, window: Place, spans: Sequence[Place]) -> list[Question]:
        start = window[0]
        vectors = self._window(window).vectors.astype(np.float32)
        size = len(vectors) - 2
        begins = np.concatenate([[True], self.stream.first[start : start + size], [False]])
        unit = np.concatenate([[-1], self.stream.unit[start : start + size], [-1]])
        inside = [(max(0, first - start) + 1, min(size - 1, last - start) + 1) for first, last in spans]
        return [Question(answer, unit, window) for answer in self.encoder.heads.ask(vectors, begins, inside)]

    def _pieces(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return the first and last piece of a span of the text."""
        begins = self.stream.begins
        first = self.unit_at(span[0])
        last = max(first, self.unit_at(span[1] - 1))
        end = int(begins[last + 1]) if last + 1 < len(begins) else len(self.stream)
        while end - 1 > begins[last] and self.stream.unit[end - 1] < 0:
            end -= 1
        return int(begins[first]), end - 1

    def _widest(self, first: int, last: int) -> Place:
        """Return the window with most of the pieces, and among those the one with most context."""

        def room(window: Place) -> tuple[int, int]:
            start, end = window[0], window[1] - 1
            covered = min(last, end) - max(first, start)
            return min(covered, last - first), min(first - start, end - last)

        begin = bisect_left(self.windows, first, key=lambda window: window[1] - 1)
        end = bisect_right(self.windows, last, key=lambda window: window[0])
        return max(self.windows[begin:end] or self.windows, key=room)

    def _read(self, window: Place) -> Window:
        places = slice(*window)
        result = self.encoder.run(self.stream.ids[places], self.stream.inside[places])
        return Window(result.vectors.astype(np.float16), result.speech)

    def _labels(self, of: Callable[[Window], NDArray[np.float32]], count: int) -> NDArray[np.float32]:
        """Return the labels of each unit, from the window in which it is farthest from the edges."""
        labels = np.full((len(self.units), count), -np.inf, np.float32)
        for number, (start, end) in enumerate(self.windows):
            low = (start + self.windows[number - 1][1]) // 2 if number else start
            high = (self.windows[number + 1][0] + end) // 2 if number + 1 < len(self.windows) else end
            first, last = np.searchsorted(self.stream.begins, [low, high])
            window_labels = of(self._window((start, end)))
            labels[first:last] = window_labels[self.stream.begins[first:last] - start + 1]
        return labels


def read_article(article: Article) -> EncodedText:
    """Read the title and body of an article (see :func:`joined_text`). The last two articles are cached."""
    return _encoded_text(article.title[:MAX_CHARACTERS], article.body[:MAX_CHARACTERS])


@functools.lru_cache(maxsize=2)
def _encoded_text(title: str, body: str) -> EncodedText:
    article = Article("", title, body)
    offset = body_offset(article)
    marked = [(offset + span.start, offset + span.end) for span in find_spans(body)]
    return EncodedText(joined_text(article), marked)


def _joined_places(places: Sequence[Place]) -> list[Place]:
    """Merge overlapping places that together fit into one window."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1] and end - joined[-1][0] <= WINDOW_PIECES:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _unit_start(stream: Stream, start: int) -> int:
    """Return the first piece from here on that starts a unit."""
    while start and start < len(stream) - 1 and not stream.first[start]:
        start += 1
    return start
