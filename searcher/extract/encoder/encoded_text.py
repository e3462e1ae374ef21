"""The encoder of many languages: what it makes of one text, in one pass, kept for the stages that ask."""

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

#: Characters of a body that are looked at; longer than almost any book.
MAX_CHARACTERS: Final = 1_000_000
#: For a span that is asked by itself: pieces read before (chosen among 112, 160 and 224:
#: benchmarks/quality/README.md) and behind it, and the most of its own.
PIECES_BEFORE: Final = 160
PIECES_BEHIND: Final = 48
MAX_SPAN_PIECES: Final = WINDOW_PIECES - PIECES_BEFORE - PIECES_BEHIND
#: Windows that are kept of those which spans ask for one by one: 300 kB each.
MAX_ASKED_WINDOWS: Final = 64

#: The first piece of a stretch of a stream, and the one behind its last.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Question:
    """An answer to one span, with its window and the units that the pieces of it stand for
    (-1: none)."""

    answer: Answer
    unit: NDArray[np.int32]
    window: Place


class EncodedText:
    """A text as the encoder reads it; ``windows`` hold the first piece of each and the one behind it."""

    def __init__(self, text: str, marked: Sequence[tuple[int, int]]) -> None:
        """``marked`` are the places of the text between quotation marks, in order."""
        self.text = text
        self.encoder = shared_encoder()
        self.stream = stream_of(self.encoder.pieces.units(text), self.encoder.line_break, marked)
        size = len(self.stream)
        starts = [_unit_start(self.stream, start) for start in window_starts(size)] if size else []
        self.windows: Sequence[Place] = [(start, min(start + WINDOW_PIECES, size)) for start in starts]
        self._read: dict[Place, Window] = {}
        self._asked_lately: dict[Place, Window] = {}  # windows that are none of these, by last use
        self._asked_last: tuple[Place, NDArray[np.float32]] = ((-1, -1), np.empty(0, np.float32))
        self._laid = frozenset(self.windows)
        # What is read for spans that are asked one by one, by place, each with its number.
        self._expected: list[tuple[int, int, int]] = []

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
        by_window: dict[Place, list[tuple[int, Place]]] = {}
        for number, span in enumerate(spans):
            pieces = self._pieces(span)
            by_window.setdefault(self._widest(*pieces), []).append((number, pieces))
        found: dict[int, Question] = {}
        for window, asked in by_window.items():
            answers = self._window_answers(window, [pieces for _, pieces in asked])
            found |= {number: answer for (number, _), answer in zip(asked, answers)}
        return [found[number] for number in range(len(spans))]

    def expect(self, spans: Sequence[tuple[int, int]]) -> None:
        """Spans of the text that :meth:`ask_near` is asked about: those close together are read at once."""
        joined = _joined_places([self._near(span)[0] for span in spans])
        self._expected = [(*place, order) for order, place in enumerate(joined)]

    def ask_near(self, span: tuple[int, int]) -> Question:
        """The answer to one span, for which no more is read than what stands near it."""
        near, pieces = self._near(span)
        # None is longer than a window, so that what holds it begins no further before it.
        begin = bisect_left(self._expected, (near[1] - WINDOW_PIECES,))
        end = bisect_right(self._expected, (near[0], len(self.stream) + 1))
        held = [one for one in self._expected[begin:end] if near[1] <= one[1]]
        if held:
            first, last, _ = min(held, key=lambda one: one[2])
            return self._window_answers((first, last), [pieces])[0]
        # What other questions have read is left aside: the answer would depend on them.
        insort(self._expected, (*near, len(self._expected)))
        return self._window_answers(near, [pieces])[0]

    def ask_in(self, window: Place, span: tuple[int, int]) -> Question:
        """The answer to a few words in a window that has been read for what they stand beside."""
        return self._window_answers(window, [self._pieces(span)])[0]

    def _near(self, span: tuple[int, int]) -> tuple[Place, Place]:
        """The stretch of pieces to be read for a span, and the first and the last piece of the span."""
        first, last = self._pieces(span)
        last = min(last, first + MAX_SPAN_PIECES - 1)
        begin = _unit_start(self.stream, max(0, first - PIECES_BEFORE))
        return (begin, min(last + 1 + PIECES_BEHIND, len(self.stream))), (first, last)

    def _window_answers(self, window: Place, spans: Sequence[Place]) -> list[Question]:
        """The answers to spans of pieces of one window."""
        start = window[0]
        if window != self._asked_last[0]:  # mostly several are asked in one
            self._asked_last = window, self._window(window).hidden.astype(np.float32)
        hidden = self._asked_last[1]
        size = len(hidden) - 2
        begins = np.concatenate([[True], self.stream.first[start : start + size], [False]])
        unit = np.concatenate([[-1], self.stream.unit[start : start + size], [-1]])
        inside = [(max(0, first - start) + 1, min(size - 1, last - start) + 1) for first, last in spans]
        return [Question(answer, unit, window) for answer in self.encoder.heads.ask(hidden, begins, inside)]

    def _pieces(self, span: tuple[int, int]) -> tuple[int, int]:
        """The first and the last piece of a span of the text."""
        begins = self.stream.begins
        first = self.unit_at(span[0])
        last = max(first, self.unit_at(span[1] - 1))
        end = int(begins[last + 1]) if last + 1 < len(begins) else len(self.stream)
        while end - 1 > begins[last] and self.stream.unit[end - 1] < 0:
            end -= 1
        return int(begins[first]), end - 1

    def _widest(self, first: int, last: int) -> Place:
        """The window with most of a span of pieces in it, and then with most on the poorer side of it."""

        def room(window: Place) -> tuple[int, int]:
            start, end = window[0], window[1] - 1
            held = min(last, end) - max(first, start)
            return min(held, last - first), min(first - start, end - last)

        begin = bisect_left(self.windows, first, key=lambda window: window[1] - 1)
        end = bisect_right(self.windows, last, key=lambda window: window[0])
        return max(self.windows[begin:end] or self.windows, key=room)

    def _window(self, window: Place) -> Window:
        """What the encoder makes of a stretch of pieces; of those that only spans ask for few are kept."""
        kept = self._read.get(window) or self._asked_lately.pop(window, None)
        if kept is None:
            places = slice(*window)
            found = self.encoder.run(self.stream.ids[places], self.stream.inside[places])
            kept = Window(found.hidden.astype(np.float16), found.speech)
        if window in self._laid:
            self._read[window] = kept
            return kept
        self._asked_lately[window] = kept
        if len(self._asked_lately) > MAX_ASKED_WINDOWS:
            del self._asked_lately[next(iter(self._asked_lately))]
        return kept

    def _labels(self, of: Callable[[Window], NDArray[np.float32]], count: int) -> NDArray[np.float32]:
        """The labels of each unit by the window in which it lies deepest."""
        labels = np.full((len(self.units), count), -np.inf, np.float32)
        for number, (start, end) in enumerate(self.windows):
            low = (start + self.windows[number - 1][1]) // 2 if number else start
            high = (self.windows[number + 1][0] + end) // 2 if number + 1 < len(self.windows) else end
            first, last = np.searchsorted(self.stream.begins, [low, high])
            found = of(self._window((start, end)))
            labels[first:last] = found[self.stream.begins[first:last] - start + 1]
        return labels


def read_article(article: Article) -> EncodedText:
    """The title and the body of an article, as :func:`joined_text` has them; the last two are kept."""
    return _encoded_text(article.title[:MAX_CHARACTERS], article.body[:MAX_CHARACTERS])


@functools.lru_cache(maxsize=2)
def _encoded_text(title: str, body: str) -> EncodedText:
    article = Article("", title, body)
    offset = body_offset(article)
    marked = [(offset + span.start, offset + span.end) for span in find_spans(body)]
    return EncodedText(joined_text(article), marked)


def _joined_places(stretches: Sequence[Place]) -> list[Place]:
    """Stretches of pieces, those made one that overlap and together are no longer than a window."""
    joined: list[Place] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] and end - joined[-1][0] <= WINDOW_PIECES:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _unit_start(stream: Stream, start: int) -> int:
    """The first piece from here on that begins a unit."""
    while start and start < len(stream) - 1 and not stream.first[start]:
        start += 1
    return start
