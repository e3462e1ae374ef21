"""The encoder: its tokenizer, the network and the heads that answer questions (``MODEL_CARD.md``)."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from searcher.extract.network import session
from searcher.languages import UNSPACED, is_unspaced, pieces_and_scores
from searcher.models import models_folder
from searcher.sanitize import normal_form

if TYPE_CHECKING:
    import onnxruntime  # type: ignore[import-untyped]


#: First character of a piece that starts a word.
SPACE: Final = "\u2581"

_JOINING: Final = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u097f\u200c\u200d\u00ad"
_WORD: Final = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}](?:[^\W{UNSPACED}]|[{_JOINING}])*|\S")
#: An unknown piece scores this much below the rarest one, as in SentencePiece.
_UNKNOWN_COSTS: Final = 10.0
_NEVER: Final = float("-inf")
_MAX_CACHED_WORDS: Final = 50_000  # maximum words in the cache, which serves nine in ten words of news
_MAX_CACHED_CHARACTERS: Final = 40  # longer words are not cached, because they are rarely repeated
_MAX_WORD_CHARACTERS: Final = 2_000  # bounds the run time on hostile input


class Unit(NamedTuple):
    """``text[start:end]`` and its pieces, rows of the vocabulary. ``breaks``: it starts a line."""

    start: int
    end: int
    pieces: tuple[int, ...]
    breaks: bool


class Unigram:
    """Split words into pieces by a unigram model (pieces with log probabilities)."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self._rows = {piece: row for row, piece in enumerate(pieces)}
        self._scores = list(scores)
        self._unknown = unknown
        self._missing = min(self._scores) - _UNKNOWN_COSTS
        self._longest: dict[str, int] = {}  # maximum length of a piece, by its first two letters
        for piece in pieces:
            self._longest[piece[:2]] = max(len(piece), self._longest.get(piece[:2], 1))
        self._cached = functools.lru_cache(maxsize=_MAX_CACHED_WORDS)(self._word)

    def units(self, text: str) -> Iterator[Unit]:
        """Yield the units of a text. They cover all of it except white space."""
        last = 0
        for match in _WORD.finditer(text):
            start, end = match.span()
            gap = text[last:start]
            breaks = "\n" in gap
            word, spaced = match.group(), bool(gap) or start == 0
            last = end
            if not is_unspaced(word[0]):
                cut = self._cached if end - start <= _MAX_CACHED_CHARACTERS else self._word
                yield Unit(start, end, cut(word, spaced), breaks)
                continue
            for first, stop, pieces in self._run(word, spaced):
                yield Unit(start + first, start + stop, pieces, breaks)
                breaks = False

    def _word(self, word: str, spaced: bool) -> tuple[int, ...]:
        """Return the pieces of a word."""
        plain = normal_form("NFKC", word).replace(" ", "") or "?"
        text = SPACE + plain if spaced else plain
        rows: list[int] = []
        for start in range(0, len(text), _MAX_WORD_CHARACTERS):
            rows += [row for row, _ in self._cut(text[start : start + _MAX_WORD_CHARACTERS])]
        return tuple(rows)

    def _run(self, word: str, spaced: bool) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """Yield start, end and pieces of each unit of text in a script without spaces."""
        for begin in range(0, len(word), _MAX_WORD_CHARACTERS):
            part = word[begin : begin + _MAX_WORD_CHARACTERS]
            yield from _piece_units(self._piece_places(part, spaced and not begin), begin, begin + len(part))

    def _piece_places(self, word: str, spaced: bool) -> list[tuple[int, int]]:
        """Return the pieces with their places in the word as written, before normalisation."""
        letters = [unicodedata.normalize("NFKC", char) for char in word]
        places = [place for place, made in enumerate(letters) for _ in made]
        text = "".join(letters)
        shift = int(spaced)
        cut = self._cut(SPACE + text if spaced else text)
        return [(row, places[max(0, at - shift)]) for row, at in cut]

    def _cut(self, text: str) -> list[tuple[int, int]]:
        """Return the most likely pieces with their places. Adjacent unknown letters are one piece."""
        rows, scores, longest = self._rows, self._scores, self._longest
        size = len(text)
        best = [_NEVER] * (size + 1)
        best[0] = 0.0
        back: list[tuple[int, int]] = [(0, 0)] * (size + 1)  # start and row of the best piece that ends here
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
        return _way_back(back, size, self._unknown)


def _way_back(back: Sequence[tuple[int, int]], end: int, unknown: int) -> list[tuple[int, int]]:
    """Follow the best path back from the end. Return (row, start) in order."""
    path: list[tuple[int, int]] = []
    while end:
        start, row = back[end]
        if row == unknown and path and path[-1][0] == unknown:
            path[-1] = (row, start)
        else:
            path.append((row, start))
        end = start
    return path[::-1]


def _piece_units(
    placed: Sequence[tuple[int, int]], begin: int, end: int
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Join pieces that start at the same character: a space mark and the piece after it, or the parts of a
    letter that normalisation split."""
    number = 0
    while number < len(placed):
        stop = number + 1
        while stop < len(placed) and placed[stop][1] == placed[number][1]:
            stop += 1
        until = begin + placed[stop][1] if stop < len(placed) else end
        yield begin + placed[number][1], until, tuple(row for row, _ in placed[number:stop])
        number = stop


#: Pieces per window, without its start and end marks. Fixed in training.
WINDOW_PIECES: Final = 382
#: Minimum overlap of two windows, in pieces, so that every word is read with some context.
MIN_SHARED_PIECES: Final = 64
#: Maximum pieces read per article: about 65,000 words, which take ten seconds and 80 MB (up to twice that for
#: English).
MAX_PIECES: Final = 100_000
#: Maximum pieces read per unit. It must be less than the overlap.
MAX_UNIT_PIECES: Final = 48


@dataclass(frozen=True, slots=True)
class Stream:
    """The pieces of a text, with one for each line break.

    Attributes:
        ids: Rows of the embedding.
        unit: Number of the unit of each piece (-1: a line break).
        first: True for the first piece of a unit.
        inside: 1 between quotation marks.
        begins: Place of the first piece of each unit.
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
    """Return the stream of a text. ``marked`` are the places between quotation marks, in order."""
    read: list[Unit] = []
    ids: list[int] = []
    unit: list[int] = []
    begins: list[int] = []
    inside: list[int] = []
    place = 0
    for one in units:
        if len(ids) >= MAX_PIECES:
            break
        pieces = one.pieces[:MAX_UNIT_PIECES]
        if one.breaks and ids:
            ids.append(line_break)
            unit.append(-1)
            inside.append(0)
        while place < len(marked) and marked[place][1] <= one.start:
            place += 1
        quoted = int(place < len(marked) and marked[place][0] <= one.start)
        begins.append(len(ids))
        ids += pieces
        unit += [len(read)] * len(pieces)
        inside += [quoted] * len(pieces)
        read.append(one)
    first = np.zeros(len(ids), np.bool_)
    first[begins] = True
    return Stream(
        read,
        ids=np.array(ids, np.int32),
        unit=np.array(unit, np.int32),
        first=first,
        inside=np.array(inside, np.int8),
        begins=np.array(begins, np.int32),
    )


def window_starts(length: int) -> list[int]:
    """Return the starts of evenly spaced windows that cover a stream of this length."""
    if length <= WINDOW_PIECES:
        return [0]
    count = -(-(length - MIN_SHARED_PIECES) // (WINDOW_PIECES - MIN_SHARED_PIECES))
    last = length - WINDOW_PIECES
    return [round(number * last / (count - 1)) for number in range(count)]


Floats = NDArray[np.float32]

_ZERO_NIBBLE = 8  # the four-bit number that represents 0


class FourBitRows:
    """A quantised matrix, in blocks of 32 numbers.

    A block is a scale (float16) and 16 bytes: byte ``k`` has number ``k`` in its lower half and ``k + 16`` in
    its upper half. A number is (half - 8) times the scale.
    """

    def __init__(self, scales: NDArray[np.float16], halves: NDArray[np.uint8]) -> None:
        rows, blocks = scales.shape
        self._scales = scales
        self._halves = halves.reshape(rows, blocks, 16)

    def __getitem__(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return rows as floats, shape (len(rows), width)."""
        halves = self._halves[rows]
        numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - _ZERO_NIBBLE
        scaled = numbers * self._scales[rows].astype(np.float32)[:, :, None]
        return scaled.reshape(len(rows), -1)


# The model was trained with these values. Changing one requires retraining.
_VECTOR_WIDTH: Final = 384
_STEPS: Final = 7  # number of distance classes per doubling of the distance
_MAX_DISTANCE: Final = 64  # highest distance class in each direction; the start mark has the one after it
_MASKED_SCORE: Final = -1e4  # score of a piece that cannot be the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer about a span.

    Attributes:
        speech: Log odds that it is speech.
        starts, ends: Probability of each piece of the window to start or end the words that attribute.
        names: Probability of each piece to start a name of the speaker.
    """

    speech: float
    starts: Floats
    ends: Floats
    names: Floats


class Heads:
    """The layers that answer questions about spans."""

    def __init__(self, matrices: Mapping[str, Floats]) -> None:
        self._m = matrices

    def ask(self, vectors: Floats, first: NDArray[np.bool_], spans: list[tuple[int, int]]) -> list[Answer]:
        """Return the answers about spans of pieces of a window.

        Args:
            vectors: The vectors of the pieces.
            first: True for pieces that start a word.
        """
        firsts = np.array([span[0] for span in spans])
        lasts = np.array([span[1] for span in spans])
        means = np.array([vectors[begin : end + 1].mean(axis=0) for begin, end in spans])
        asking = np.tanh(self._linear("q", np.concatenate([vectors[firsts], vectors[lasts], means], axis=1)))
        speech = self._linear("speech.3", _gelu(self._linear("speech.0", asking)))[:, 0]
        # Multiply the question by the key matrix, which is cheaper than computing the keys of all words.
        # Their bias does not affect the softmax.
        queries = self._linear("ask", asking).reshape(-1, 3, 1, _VECTOR_WIDTH)
        turned = (queries @ self._m["key.weight"].reshape(3, _VECTOR_WIDTH, _VECTOR_WIDTH))[:, :, 0]
        scores = turned @ vectors.T / np.float32(_VECTOR_WIDTH**0.5)
        places = np.arange(len(vectors))
        scores += self._m["far"][_distances(places, firsts, lasts)].transpose(0, 2, 1)
        own = (places >= firsts[:, None]) & (places <= lasts[:, None])
        scores = np.where((first & ~own)[:, None, :], scores, np.float32(_MASKED_SCORE))
        shares = _softmax(scores.astype(np.float32))
        return [Answer(float(speech[n]), *shares[n]) for n in range(len(spans))]

    def _linear(self, name: str, x: Floats) -> Floats:
        return x @ self._m[f"{name}.weight"].T + self._m[f"{name}.bias"]


def _distances(
    places: NDArray[np.int64], firsts: NDArray[np.int64], lasts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the row of the distance bias for each span and place: signed and logarithmic."""
    away = np.minimum(places - firsts[:, None], 0) + np.maximum(places - lasts[:, None], 0)
    steps = np.minimum(np.log2(np.abs(away).astype(np.float32) + 1) * _STEPS, _MAX_DISTANCE).astype(np.int64)
    rows: NDArray[np.int64] = np.sign(away) * steps + _MAX_DISTANCE
    rows[:, 0] = 2 * _MAX_DISTANCE + 1
    return rows


def _gelu(x: Floats) -> Floats:
    half = np.vectorize(math.erf, otypes=[np.float32])(x / np.float32(2**0.5))
    activated: Floats = np.float32(0.5) * x * (1 + half)
    return activated


def _softmax(x: Floats) -> Floats:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


#: Number of labels per word: O, B-PER, I-PER, B-ORG and I-ORG.
NAME_LABELS: Final = 5
#: Log probability of an excluded label.
RULED_OUT: Final = -20.0
#: The name layers skip pieces for which a linear classifier gives lower log odds (MODEL_CARD.md).
MIN_NAME_ODDS: Final = -4.0
_BEGIN_ROW, _END_ROW, _UNKNOWN_ROW = 0, 2, 3  # rows of the vocabulary; 1 is padding


def embeddings() -> FourBitRows:
    """Return the vectors of the pieces."""
    with np.load(models_folder() / "encoder" / "embedding.npz", allow_pickle=False) as stored:
        return FourBitRows(stored["scales"], stored["halves"])


@dataclass(frozen=True, slots=True)
class Window:
    """The network's output for a window and the marks around it: vectors, and labels of speech."""

    vectors: NDArray[np.floating[Any]]
    speech: Floats


class Encoder:
    """The loaded network. Thread-safe; each call uses one core."""

    def __init__(self) -> None:
        folder = models_folder() / "encoder"
        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            matrices = {name: stored[name].astype(np.float32) for name in stored.files}
        self._rows = embeddings()
        self.pieces = Unigram(*pieces_and_scores(), _UNKNOWN_ROW)
        self.heads = Heads(matrices)
        self._positions = matrices["positions"] + matrices["type"]
        self._inside = matrices["inside"]
        self._line = matrices["maybe.weight"], matrices["maybe.bias"]
        self._session = session(folder / "encoder.onnx")
        self._folder = folder

    #: The piece that stands for a line break.
    line_break: Final = _END_ROW

    def run(self, ids: NDArray[np.int32], inside: NDArray[np.int8]) -> Window:
        """Read the pieces of a window. ``inside`` is 1 between quotation marks."""
        rows = np.concatenate([[_BEGIN_ROW], ids, [_END_ROW]])
        marked = np.concatenate([[0], inside, [0]])
        embeddings = self._rows[rows] + self._positions[: len(rows)] + self._inside[marked]
        vectors, speech = self._session.run(["hidden", "speech"], {"embeddings": embeddings[None]})
        return Window(vectors[0], _log_softmax(speech[0]))

    def names(self, vectors: Floats) -> Floats:
        """Return log probabilities of the labels of names, shape (pieces, 5), for the vectors of a window."""
        weight, bias = self._line
        read: NDArray[np.bool_] = vectors @ weight + bias > MIN_NAME_ODDS
        read[[0, -1]] = True
        labels = np.full((len(vectors), NAME_LABELS), RULED_OUT, np.float32)
        labels[:, 0] = 0.0
        labels[read] = _log_softmax(self._name_layers.run(["names"], {"hidden": vectors[read][None]})[0][0])
        return labels

    @functools.cached_property
    def _name_layers(self) -> onnxruntime.InferenceSession:
        return session(self._folder / "names.onnx")


@functools.cache
def shared_encoder() -> Encoder:
    """Return the encoder that ships with the package."""
    return Encoder()


def _log_softmax(scores: Floats) -> Floats:
    above: Floats = scores - scores.max(axis=-1, keepdims=True)
    logs: Floats = above - np.log(np.exp(above).sum(axis=-1, keepdims=True))
    return logs
