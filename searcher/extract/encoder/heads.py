"""The questions that a quotation asks of the words around it: is it speech, who is named beside it, who is
it?

A span asks with its first, last and mean vector. Two small layers say whether it is speech. Three pointers
choose a word of the window: the first and the last word of the mention that attributes it, and a name of
whoever spoke. The place of the window's beginning mark stands for "nobody". How far a word is from the span
is a learned addition to each pointer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["Answer", "Heads"]

_WIDTH: Final = 384
_STEPS: Final = 7  # classes of distance for each doubling
_FARTHEST: Final = 64  # the last class on either side; the next one is the beginning mark's
_MASKED: Final = -1e4


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
        import numpy as np

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
    import numpy as np

    away = np.minimum(places - firsts[:, None], 0) + np.maximum(places - lasts[:, None], 0)
    steps = np.minimum(np.log2(np.abs(away).astype(np.float32) + 1) * _STEPS, _FARTHEST).astype(np.int64)
    rows: NDArray[np.int64] = np.sign(away) * steps + _FARTHEST
    rows[:, 0] = 2 * _FARTHEST + 1
    return rows


def _gelu(x: Floats) -> Floats:
    import numpy as np

    half = np.vectorize(math.erf, otypes=[np.float32])(x / np.float32(2**0.5))
    activated: Floats = np.float32(0.5) * x * (1 + half)
    return activated


def _softmax(x: Floats) -> Floats:
    import numpy as np

    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares
