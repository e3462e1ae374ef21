"""The weights of the encoder, loaded once in a process: the network, the embeddings and the heads.

``MODEL_CARD.md`` says how they were made.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from searcher.extract.encoder.pieces import Unigram
from searcher.extract.network import session
from searcher.languages import vocabulary

if TYPE_CHECKING:
    import onnxruntime  # type: ignore[import-untyped]

Floats = NDArray[np.float32]

_MIDDLE = 8  # what a nibble of no value holds


class FourBitRows:
    """A matrix in blocks of 32 numbers: a scale (float16), and 16 bytes that hold two of the numbers each.

    Byte ``k`` of a block holds number ``k`` in its lower half and number ``k + 16`` in its upper one; a
    number is (half - 8) times the scale.
    """

    def __init__(self, scales: NDArray[np.float16], halves: NDArray[np.uint8]) -> None:
        """``scales`` has a row of blocks for each row of the matrix, ``halves`` 16 bytes for each block."""
        rows, blocks = scales.shape
        self._scales = scales
        self._halves = halves.reshape(rows, blocks, 16)

    def __getitem__(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """The rows with these numbers, as floats: shape (len(rows), width)."""
        halves = self._halves[rows]
        numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - _MIDDLE
        scaled = numbers * self._scales[rows].astype(np.float32)[:, :, None]
        return scaled.reshape(len(rows), -1)


_WIDTH: Final = 384  # numbers of the vector of a piece
_STEPS: Final = 7  # classes of distance for each doubling
_MAX_DISTANCE: Final = 64  # the last class on either side; the next one is the beginning mark's
_MASKED: Final = -1e4  # the score of a piece that cannot be meant


@dataclass(frozen=True, slots=True)
class Answer:
    """What one span was told: log odds of speech, and over the pieces of its window the probability that the
    mention starts there, ends there, and that the piece begins a name of the speaker."""

    speech: float
    starts: Floats
    ends: Floats
    names: Floats


class Heads:
    """The matrices of the questions, by name as they are stored."""

    def __init__(self, matrices: Mapping[str, Floats]) -> None:
        self._m = matrices

    def ask(self, hidden: Floats, first: NDArray[np.bool_], spans: list[tuple[int, int]]) -> list[Answer]:
        """The answers to spans of pieces (first and last) of a window.

        ``hidden`` holds the vectors of the window with both marks, ``first`` which of its pieces begin a
        word.
        """
        firsts = np.array([span[0] for span in spans])
        lasts = np.array([span[1] for span in spans])
        means = np.array([hidden[begin : end + 1].mean(axis=0) for begin, end in spans])
        asking = np.tanh(self._linear("q", np.concatenate([hidden[firsts], hidden[lasts], means], axis=1)))
        speech = self._linear("speech.3", _gelu(self._linear("speech.0", asking)))[:, 0]
        # The keys of the words are never made: what is asked is turned by their matrix, and their bias
        # changes no softmax.
        wanted = self._linear("ask", asking).reshape(-1, 3, 1, _WIDTH)
        turned = (wanted @ self._m["key.weight"].reshape(3, _WIDTH, _WIDTH))[:, :, 0]
        scores = turned @ hidden.T / np.float32(_WIDTH**0.5)
        places = np.arange(len(hidden))
        scores += self._m["far"][_distances(places, firsts, lasts)].transpose(0, 2, 1)
        own = (places >= firsts[:, None]) & (places <= lasts[:, None])
        scores = np.where((first & ~own)[:, None, :], scores, np.float32(_MASKED))
        shares = _softmax(scores.astype(np.float32))
        return [Answer(float(speech[n]), *shares[n]) for n in range(len(spans))]

    def _linear(self, name: str, x: Floats) -> Floats:
        return x @ self._m[f"{name}.weight"].T + self._m[f"{name}.bias"]


def _distances(
    places: NDArray[np.int64], firsts: NDArray[np.int64], lasts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each span and place the row of the addition for distance: signed, by the logarithm."""
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
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


FOLDER: Final = Path(__file__).parent
#: Labels of names: O, B-PER, I-PER, B-ORG, I-ORG; the log probability of one that is ruled out.
LABELS: Final = 5
NEVER: Final = -20.0
#: The log odds of belonging to a name, by the straight line, below which the layers of names do not read a
#: piece: a fifth of the pieces is read, and each that these layers give a twentieth of being a name
#: (MODEL_CARD.md).
MIN_NAME_ODDS: Final = -4.0
_BEGIN, _END, _UNKNOWN = 0, 2, 3  # rows of the vocabulary; 1 fills up windows in training


def embeddings(folder: Path = FOLDER) -> FourBitRows:
    """Return the vectors of the pieces."""
    with np.load(folder / "embedding.npz", allow_pickle=False) as stored:
        return FourBitRows(stored["scales"], stored["halves"])


@dataclass(frozen=True, slots=True)
class Window:
    """What the network gives for the pieces of one window, the marks of its beginning and end included."""

    hidden: NDArray[np.floating[Any]]
    speech: Floats


class Encoder:
    """The loaded network. Safe to share between threads; each call runs on one core."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            matrices = {name: stored[name].astype(np.float32) for name in stored.files}
        self._rows = embeddings(folder)
        rows = [line.split("\t") for line in vocabulary().decode().rstrip("\n").split("\n")]
        self.pieces = Unigram([row[0] for row in rows], [float(row[1]) for row in rows], _UNKNOWN)
        self.heads = Heads(matrices)
        self._positions = matrices["positions"] + matrices["type"]
        self._inside = matrices["inside"]
        self._line = matrices["maybe.weight"], matrices["maybe.bias"]
        self._session = session(folder / "encoder.onnx")
        self._folder = folder

    #: The piece that stands for a line break.
    line_break: Final = _END

    def run(self, ids: NDArray[np.int32], inside: NDArray[np.int8]) -> Window:
        """Read the pieces of one window; ``inside`` is 1 for those between quotation marks."""
        rows = np.concatenate([[_BEGIN], ids, [_END]])
        marked = np.concatenate([[0], inside, [0]])
        embeddings = self._rows[rows] + self._positions[: len(rows)] + self._inside[marked]
        hidden, speech = self._session.run(["hidden", "speech"], {"embeddings": embeddings[None]})
        return Window(hidden[0], _log_shares(speech[0]))

    def names(self, hidden: Floats) -> Floats:
        """The log probabilities of the labels of names, shape (pieces, 5), from the vectors of one window.

        The layers of names read those pieces alone that may belong to one.
        """
        read = self._maybe(hidden)
        labels = np.full((len(hidden), LABELS), NEVER, np.float32)
        labels[:, 0] = 0.0
        labels[read] = _log_shares(self._upper.run(["names"], {"hidden": hidden[read][None]})[0][0])
        return labels

    def _maybe(self, hidden: Floats) -> NDArray[np.bool_]:
        """Which pieces may belong to a name, by a straight line through the vectors; the marks of the
        beginning and the end among them."""
        weight, bias = self._line
        read: NDArray[np.bool_] = hidden @ weight + bias > MIN_NAME_ODDS
        read[[0, -1]] = True
        return read

    @functools.cached_property
    def _upper(self) -> onnxruntime.InferenceSession:
        """The layers of names; English articles do without."""
        return session(self._folder / "names.onnx")


@functools.cache
def shared_encoder() -> Encoder:
    """The encoder that ships with the package."""
    return Encoder(FOLDER)


def _log_shares(scores: Floats) -> Floats:
    """The logarithms of the probabilities that scores stand for, by row."""
    above: Floats = scores - scores.max(axis=-1, keepdims=True)
    logs: Floats = above - np.log(np.exp(above).sum(axis=-1, keepdims=True))
    return logs
