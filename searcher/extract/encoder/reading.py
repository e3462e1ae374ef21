"""What the encoder makes of one text, kept for the stages that ask one after another."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from searcher.article import Article
from searcher.extract.encoder.heads import Answer
from searcher.extract.encoder.model import Encoder, Window, shared_encoder
from searcher.extract.encoder.pieces import Unit
from searcher.extract.encoder.stream import SIZE, Stream, stream_of, window_starts
from searcher.extract.names.wrapping import body_offset, joined_text
from searcher.extract.quotes.marks import find_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Question", "Reading", "read", "read_article"]

#: Characters of a body that are looked at; longer than almost any book.
MAX_CHARACTERS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """An answer to one span, with the units that the pieces of its window stand for (-1: none)."""

    answer: Answer
    unit: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read.

    ``names`` and ``speech`` hold for each unit the log probability of every label; ``windows`` the vectors
    (float16) of each window that begins at the piece of ``starts``.
    """

    text: str
    stream: Stream
    names: NDArray[np.float32]
    speech: NDArray[np.float32]
    starts: Sequence[int]
    windows: Sequence[NDArray[np.float16]]
    encoder: Encoder

    @property
    def units(self) -> Sequence[Unit]:
        return self.stream.units

    def unit_at(self, place: int) -> int:
        """The number of the first unit that ends behind a place of the text (the last one beyond it)."""
        from bisect import bisect_right

        found = bisect_right(self.units, place, key=lambda unit: unit.end)
        return min(found, len(self.units) - 1)

    def ask(self, spans: Sequence[tuple[int, int]]) -> list[Question]:
        """The answers to spans of the text (start and end), each asked where it has most around it."""
        import numpy as np

        by_window: dict[int, list[tuple[int, tuple[int, int]]]] = {}
        for number, span in enumerate(spans):
            first, last = self._pieces(span)
            window = self._widest(first, last)
            by_window.setdefault(window, []).append((number, (first, last)))
        found: dict[int, Question] = {}
        for window, asked in by_window.items():
            start, hidden = self.starts[window], self.windows[window].astype(np.float32)
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
            end = start + len(self.windows[window]) - 3
            held = min(last, end) - max(first, start)
            return min(held, last - first), min(first - start, end - last)

        return max(range(len(self.starts)), key=room)


def read_article(article: Article) -> Reading:
    """Title and body of an article, as :func:`joined_text` has them.

    The last two are kept, so that names and quotations cost one pass.
    """
    return _read(article.title[:MAX_CHARACTERS], article.body[:MAX_CHARACTERS])


@functools.lru_cache(maxsize=2)
def _read(title: str, body: str) -> Reading:
    article = Article("", title, body)
    offset = body_offset(article)
    return read(joined_text(article), [(offset + span.start, offset + span.end) for span in find_spans(body)])


def read(text: str, marked: Sequence[tuple[int, int]]) -> Reading:
    """A text as the encoder reads it; ``marked`` are its places between quotation marks, in order."""
    import numpy as np

    encoder = shared_encoder()
    stream = stream_of(encoder.pieces.units(text), encoder.line_break, marked)
    starts = [_snapped(stream, start) for start in window_starts(len(stream))] if len(stream) else []
    names = np.full((len(stream.units), 5), -np.inf, np.float32)
    speech = np.full((len(stream.units), 3), -np.inf, np.float32)
    windows: list[NDArray[np.float16]] = []
    for number, start in enumerate(starts):
        end = min(start + SIZE, len(stream))
        window = encoder.run(stream.ids[start:end], stream.inside[start:end])
        windows.append(window.hidden.astype(np.float16))
        _store(stream, starts, number, window, names, speech)
    return Reading(text, stream, names, speech, starts, windows, encoder)


def _snapped(stream: Stream, start: int) -> int:
    """The first piece from here on that begins a unit."""
    while start and start < len(stream) - 1 and not stream.first[start]:
        start += 1
    return start


def _store(
    stream: Stream,
    starts: Sequence[int],
    number: int,
    window: Window,
    names: NDArray[np.float32],
    speech: NDArray[np.float32],
) -> None:
    """Keep the labels of those units that lie deeper in this window than in its neighbours: up to the
    middle of what they share."""
    import numpy as np

    start, size = starts[number], len(window.hidden) - 2
    low = start if number == 0 else (start + starts[number - 1] + SIZE) // 2
    high = start + size if number + 1 == len(starts) else (starts[number + 1] + start + size) // 2
    begin, end = np.searchsorted(stream.begins, [low, high])
    places = stream.begins[begin:end] - start + 1
    names[begin:end] = window.names[places]
    speech[begin:end] = window.speech[places]
