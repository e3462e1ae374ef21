"""The neural tagger: text to spans of people, organisations, places, …, with a confidence each.

`model.onnx` and `vocabulary.txt` lie beside this file; `MODEL_CARD.md` says how they were made.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from searcher.extract.names.chunks import Chunk, passages
from searcher.extract.names.wordpiece import WordPiece
from searcher.extract.network import session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LABELS", "TYPES", "Kind", "Span", "Tagger", "shared_tagger"]

Kind = Literal["PER", "ORG", "LOC", "NORP", "Facility", "Product", "Misc"]

TYPES: Final[tuple[Kind, ...]] = ("PER", "ORG", "LOC", "NORP", "Facility", "Product", "Misc")
LABELS: Final = ("O", *(f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"))


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``text[start:end]`` names something of this kind.

    ``confidence`` (0..1) is the mean probability of that kind over its words.
    """

    start: int
    end: int
    kind: Kind
    confidence: float = 1.0


class Tagger:
    """A loaded model. Safe to share between threads; each call runs on one core."""

    def __init__(self, folder: Path) -> None:
        lines = (folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
        vocabulary = {piece: number for number, piece in enumerate(lines)}
        self._first, self._last = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._wordpiece = WordPiece(vocabulary)
        self._session = session(folder / "model.onnx")

    def tag(self, text: str) -> list[Span]:
        """All spans of ``text``, in order, none overlapping another."""
        spans: list[Span] = []
        # One passage a run: batches are no faster on one core, and without them no padding is needed.
        for chunk in passages(self._wordpiece, text):
            spans += _decoded(text, chunk, self._probabilities(chunk))
        return spans

    def _probabilities(self, chunk: Chunk) -> NDArray[np.float32]:
        """For every word of the passage the probability of each label, judged at its first piece."""
        import numpy as np

        ids, cases, firsts = [self._first], [0], []
        for word in chunk:
            firsts.append(len(ids))
            ids += word.pieces
            cases += [word.case] * len(word.pieces)
        ids.append(self._last)
        cases.append(0)
        feed = {
            "ids": np.array([ids], np.int32),
            "cases": np.array([cases], np.int32),
            "places.ids": np.arange(len(ids), dtype=np.int32),
        }
        (probabilities,) = self._session.run(None, feed)
        words: NDArray[np.float32] = probabilities[0, firsts]
        return words


@functools.cache
def shared_tagger() -> Tagger:
    """The tagger that ships with the package, loaded once (about 0.1 s)."""
    return Tagger(Path(__file__).parent)


def _decoded(text: str, chunk: Chunk, probabilities: NDArray[np.float32]) -> list[Span]:
    """Runs of labels to spans. A run goes on with I-, but not over a sentence that was left out between two
    words; a kind that changes inside a name is outvoted."""
    best: Sequence[int] = probabilities.argmax(-1).tolist()
    runs: list[list[int]] = []
    for number, label in enumerate(best):
        if label == 0:
            continue
        inside = label % 2 == 0
        if inside and runs and runs[-1][-1] == number - 1 and _adjoin(text, chunk, number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return [_span(chunk, run, probabilities) for run in runs]


def _adjoin(text: str, chunk: Chunk, number: int) -> bool:
    """Whether nothing but space lies between a word of the passage and the one before it."""
    return not text[chunk[number - 1].end : chunk[number].start].strip()


def _span(chunk: Chunk, run: Sequence[int], probabilities: NDArray[np.float32]) -> Span:
    """The kind with the most probability over the words of a run, B- and I- together."""
    rows = probabilities[run]
    by_kind = (rows[:, 1::2] + rows[:, 2::2]).mean(axis=0)
    kind = int(by_kind.argmax())  # type: ignore[call-overload, unused-ignore]
    return Span(chunk[run[0]].start, chunk[run[-1]].end, TYPES[kind], round(float(by_kind[kind]), 3))
