"""The weights of the encoder, loaded once in a process: the network, the embeddings and the heads.

``MODEL_CARD.md`` says how they were made.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from searcher.extract.encoder.embedding import FourBitRows
from searcher.extract.encoder.heads import Heads
from searcher.extract.encoder.pieces import Unigram
from searcher.extract.network import session
from searcher.languages.vocabulary import vocabulary

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime  # type: ignore[import-untyped]
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["Encoder", "Window", "shared_encoder"]

FOLDER: Final = Path(__file__).parent
#: Labels of names: O, B-PER, I-PER, B-ORG, I-ORG; the log probability of one that is ruled out.
LABELS: Final = 5
NEVER: Final = -20.0
#: The log odds of belonging to a name, by the straight line, below which the layers of names do not read a
#: piece. Of 162,261 pieces in 28 languages a fifth is read, and each of the 26,394 to which these
#: layers give a twentieth of being a name: in the windows that the line was fitted to
#: (MODEL_CARD.md).
MIN_NAME_ODDS: Final = -4.0
_BEGIN, _END, _UNKNOWN = 0, 2, 3  # rows of the vocabulary; 1 fills up windows in training


@dataclass(frozen=True, slots=True)
class Window:
    """What the network gives for the pieces of one window, the marks of its beginning and end included."""

    hidden: Floats
    speech: Floats


class Encoder:
    """The loaded network. Safe to share between threads; each call runs on one core."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        with np.load(folder / "heads.npz", allow_pickle=False) as stored:
            matrices = {name: stored[name].astype(np.float32) for name in stored.files}
        with np.load(folder / "embedding.npz", allow_pickle=False) as stored:
            self._rows = FourBitRows(stored["scales"], stored["halves"])
        lines = vocabulary().decode().rstrip("\n").split("\n")
        rows = [line.split("\t") for line in lines]
        self.pieces = Unigram([row[0] for row in rows], [float(row[1]) for row in rows], _UNKNOWN)
        self.heads = Heads(matrices)
        self._positions = matrices["positions"] + matrices["type"]
        self._inside = matrices["inside"]
        # Weights that were exported before the line was drawn have none: their layers read everything.
        nowhere = np.zeros(matrices["inside"].shape[1], np.float32), np.zeros(1, np.float32)
        self._line = (
            (matrices["maybe.weight"], matrices["maybe.bias"]) if "maybe.weight" in matrices else nowhere
        )
        self._session = session(folder / "encoder.onnx")
        self._folder = folder

    #: The piece that stands for a line break.
    line_break: Final = _END

    def run(self, ids: NDArray[np.int32], inside: NDArray[np.int8]) -> Window:
        """Read the pieces of one window; ``inside`` is 1 for those between quotation marks."""
        import numpy as np

        rows = np.concatenate([[_BEGIN], ids, [_END]])
        marked = np.concatenate([[0], inside, [0]])
        embeddings = self._rows[rows] + self._positions[: len(rows)] + self._inside[marked]
        hidden, speech = self._session.run(["hidden", "speech"], {"embeddings": embeddings[None]})
        return Window(hidden[0], _log_shares(speech[0]))

    def names(self, hidden: Floats) -> Floats:
        """The log probabilities of the labels of names, shape (pieces, 5), from the vectors of one window.

        The layers of names read those pieces alone that may belong to one.
        """
        import numpy as np

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
    import numpy as np

    above: Floats = scores - scores.max(axis=-1, keepdims=True)
    logs: Floats = above - np.log(np.exp(above).sum(axis=-1, keepdims=True))
    return logs
