"""Labelled text as the network reads it: windows of pieces with the labels of pieces and the questions of
spans."""

from __future__ import annotations

import random
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from searcher.extract.encoder.pieces import Unigram
from searcher.extract.encoder.stream import SIZE, stream_of
from training.encoder.articles import Article, Place
from training.encoder.base import BOS, EOS, LINE_BREAK, PADDING

__all__ = ["IGNORED", "Asked", "Batch", "Pieces", "Window", "batch_of", "windows_of"]

IGNORED = -100  # the label of a piece that is not learned from
OUTSIDE, BEGINS, WITHIN = 0, 1, 2  # of speech
ENOUGH = 150  # pieces on a side of a span, beyond which more text does not matter
ROOM = 60  # pieces that a long span leaves for what surrounds it
RECASED, LOWERED = 0.05, 0.75  # shares of articles in one letter case, and of these in small letters
_SENTENCE = re.compile(r"[^\n.!?。！？]{25,220}[.!?。！？]")
SENTENCES = 12  # one in so many sentences is asked about though nobody says it


class Pieces:
    """The pieces of a text with the places of their units."""

    def __init__(self, cutter: Unigram, text: str, marked: Sequence[Place]) -> None:
        stream = stream_of(cutter.units(text), LINE_BREAK, marked)
        self.ids: list[int] = stream.ids.tolist()
        self.unit: list[int] = stream.unit.tolist()
        self.first: list[bool] = stream.first.tolist()
        self.inside: list[int] = stream.inside.tolist()
        self.begins: list[int] = stream.begins.tolist()
        self.starts = [unit.start for unit in stream.units][: len(self.begins)]
        self.ends = [unit.end for unit in stream.units][: len(self.begins)]

    def __len__(self) -> int:
        return len(self.ids)

    def between(self, place: Place) -> Place | None:
        """The first and the last piece of a place of the text."""
        first, last = bisect_right(self.ends, place[0]), bisect_left(self.starts, place[1]) - 1
        if first > last or first >= len(self.begins):
            return None
        end = self.begins[last + 1] if last + 1 < len(self.begins) else len(self)
        while end - 1 > self.begins[last] and self.unit[end - 1] < 0:
            end -= 1
        return self.begins[first], end - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in pieces of its window (0 is the mark of the beginning): see ``articles.Question``."""

    first: int
    last: int
    speech: bool | None = None
    mention: tuple[Place, ...] | None = None
    names: tuple[int, ...] | None = None
    trust: float = 1.0
    words: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces with both marks; ``may`` says which a pointer may choose, ``labels`` are of names or of
    speech."""

    ids: list[int]
    may: list[bool]
    inside: list[int]
    labels: list[int]
    asked: list[Asked] = field(default_factory=list)


def windows_of(
    article: Article, cutter: Unigram, rng: random.Random, stride: int, marks: bool = True
) -> Iterator[Window]:
    """The windows of an article that hold a question, each question in the one with most around it."""
    text = recased(article.text, rng) if rng.random() < RECASED else article.text
    pieces = Pieces(cutter, text, [(span.start, span.end) for span in article.spans] if marks else [])
    asked = [*_questions(pieces, article)]
    labels = [IGNORED] * len(pieces)
    if article.speech is not None:
        labels = _speech_labels(pieces, article.speech)
        asked += _nobody_says(pieces, labels, text, rng)
    begins = _begins(len(pieces), stride, rng)
    held: dict[int, list[Asked]] = defaultdict(list)
    for question in asked:
        last = min(question.last, question.first + SIZE - ROOM)
        best = max(begins, key=lambda at: (_around(at, question.first, last), -at))
        if best <= question.first and last < best + SIZE:
            held[best].append(_moved(question, last, best))
    for at, questions in held.items():
        yield window(pieces, range(at, min(at + SIZE, len(pieces))), labels, questions)


def window(pieces: Pieces, chosen: Sequence[int], labels: list[int], asked: list[Asked]) -> Window:
    """Some pieces between both marks."""
    return Window(
        [BOS, *(pieces.ids[at] for at in chosen), EOS],
        [True, *(pieces.first[at] for at in chosen), False],
        [0, *(pieces.inside[at] for at in chosen), 0],
        [IGNORED, *(labels[at] for at in chosen), IGNORED],
        asked,
    )


def recased(text: str, rng: random.Random) -> str:
    """A text in small or capital letters, if that moves nothing."""
    made = text.lower() if rng.random() < LOWERED else text.upper()
    return made if len(made) == len(text) else text


def _speech_labels(pieces: Pieces, speech: Sequence[Place]) -> list[int]:
    labels = [OUTSIDE if unit >= 0 else IGNORED for unit in pieces.unit]
    for place in speech:
        found = pieces.between(place)
        if found:
            for at in range(found[0], found[1] + 1):
                labels[at] = WITHIN if labels[at] != IGNORED else IGNORED
            labels[found[0]] = BEGINS
    return labels


def _questions(pieces: Pieces, article: Article) -> Iterator[Asked]:
    """The article's questions in its pieces, mentions and names included."""
    for question in article.questions:
        found = pieces.between((question.start, question.end))
        if not found:
            continue
        mention, names = question.mention, None
        if mention:
            place = pieces.between(mention[0])
            mention = (place,) if place else None
        if question.names is not None:
            places = [pieces.between(place) for place in question.names]
            starts = tuple(place[0] for place in places if place)
            names = starts if starts or not question.names else None
        yield Asked(*found, question.speech, mention, names, question.trust, question.words)


def _nobody_says(pieces: Pieces, labels: list[int], text: str, rng: random.Random) -> Iterator[Asked]:
    """A few plain sentences: no speech."""
    sentences = [match.span() for match in _SENTENCE.finditer(text)]
    for place in rng.sample(sentences, min(len(sentences), max(1, len(sentences) // SENTENCES))):
        found = pieces.between(place)
        if found and all(labels[at] <= OUTSIDE for at in range(found[0], found[1] + 1)):
            yield Asked(*found, speech=False)


def _begins(length: int, stride: int, rng: random.Random) -> list[int]:
    lead = rng.randrange(stride)
    last = max(0, length - SIZE)
    return sorted({max(0, min(at, last)) for at in range(-lead, max(1, last + stride), stride)})


def _around(at: int, first: int, last: int) -> float:
    """How much of what matters stands around a span in the window that begins there."""
    if at > first or last >= at + SIZE:
        return float("-inf")
    return min(first - at, ENOUGH) + min(at + SIZE - 1 - last, ENOUGH)


def _moved(asked: Asked, last: int, at: int) -> Asked:
    """The question in a window; what lies outside of it is unknown there."""
    mention, names = asked.mention, asked.names
    if mention:
        first, end = mention[0][0] - at + 1, mention[0][1] - at + 1
        mention = ((first, end),) if 1 <= first and end <= SIZE else None
    if names:
        names = tuple(place - at + 1 for place in names if 0 <= place - at < SIZE) or None
    return replace(asked, first=asked.first - at + 1, last=last - at + 1, mention=mention, names=names)


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of one shape: each (batch, length); ``spans`` are (row, first, last) of all questions in
    order."""

    ids: Tensor
    valid: Tensor
    may: Tensor
    inside: Tensor
    labels: Tensor
    spans: Tensor
    asked: list[Asked]


def batch_of(windows: Sequence[Window]) -> Batch:
    """Windows filled up to the longest of them."""
    length = max(len(one.ids) for one in windows)

    def filled(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
        return torch.tensor([[*row, *[filler] * (length - len(row))] for row in rows])

    ids = filled([one.ids for one in windows], PADDING)
    asked = [(row, question) for row, one in enumerate(windows) for question in one.asked]
    return Batch(
        ids,
        ids != PADDING,
        filled([one.may for one in windows], 0).bool(),
        filled([one.inside for one in windows], 0),
        filled([one.labels for one in windows], IGNORED),
        torch.tensor([(row, q.first, q.last) for row, q in asked], dtype=torch.long).view(-1, 3),
        [question for _, question in asked],
    )
