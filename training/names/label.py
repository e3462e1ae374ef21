"""Let the teacher label: `python -m training.names.label DATA --teacher WEIGHTS --base BASE --out FILE`.

DATA is the whole data folder. The texts come in random order, so the time given may end anywhere. FILE is
what `training.names.train --taught FILE` learns from.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from searcher.extract.names.chunks import Chunk, passages
from searcher.extract.names.wordpiece import WordPiece
from training.names.data import BEGIN, END, FOR_TEACHER, Mixture
from training.names.teacher import Teacher
from training.names.train import padded, read_wordpiece
from training.names.unlabelled import unlabelled

__all__ = ["Labeller"]

_TOGETHER = 24  # texts, whose passages of like length go through the network together
_BATCH = 16  # passages


class Labeller:
    """Gives every word of some texts the probabilities of its labels."""

    def __init__(self, teacher: Teacher, wordpiece: WordPiece) -> None:
        self._teacher = teacher.eval()
        self._wordpiece = wordpiece

    def label(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Tensor]]:
        """For each text where its words begin, and a row of probabilities for each."""
        every = [
            (number, chunk) for number, text in enumerate(texts) for chunk in passages(self._wordpiece, text)
        ]
        every.sort(key=lambda pair: sum(len(word.pieces) for word in pair[1]))
        starts: list[list[int]] = [[] for _ in texts]
        rows: list[list[Tensor]] = [[] for _ in texts]
        for first in range(0, len(every), _BATCH):
            some = every[first : first + _BATCH]
            for (number, chunk), found in zip(some, self._probabilities([chunk for _, chunk in some])):
                starts[number] += [word.start for word in chunk]
                rows[number].append(found)
        empty = torch.empty(0, self._teacher.labels.out_features, dtype=torch.half)
        return ((begin, torch.cat([empty, *found])) for begin, found in zip(starts, rows))

    def _probabilities(self, chunks: Sequence[Chunk]) -> Iterator[Tensor]:
        ids = [[BEGIN, *(piece for word in chunk for piece in word.pieces), END] for chunk in chunks]
        cases = [[0, *(word.case for word in chunk for _ in word.pieces), 0] for chunk in chunks]
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores = self._teacher(
                padded(ids, 0), padded(cases, 0), padded([[1] * len(row) for row in ids], 0)
            )
        probabilities = scores.float().softmax(-1).half()
        return (row[_firsts(chunk)] for row, chunk in zip(probabilities, chunks))


def _firsts(chunk: Chunk) -> list[int]:
    """The places of the words' first pieces."""
    places, place = [], 1
    for word in chunk:
        places.append(place)
        place += len(word.pieces)
    return places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    wordpiece, _ = read_wordpiece(options.base)
    teacher = Teacher()
    teacher.load_state_dict(torch.load(options.teacher, weights_only=True))
    labeller = Labeller(teacher, wordpiece)
    rnd = random.Random(options.seed)
    texts = unlabelled(options.data, rnd)
    texts += Mixture(options.data / "names", wordpiece, FOR_TEACHER).renamed("news-train", 0.7, 0.4)
    rnd.shuffle(texts)
    end = time.monotonic() + options.minutes * 60
    done: list[tuple[str, list[int], Tensor]] = []
    while texts and time.monotonic() < end:
        some, texts = texts[:_TOGETHER], texts[_TOGETHER:]
        done += [(text, starts, rows.clone()) for text, (starts, rows) in zip(some, labeller.label(some))]
    torch.save(done, options.out)
    words = sum(len(starts) for _, starts, _ in done)
    print(f"{len(done)} texts, {words} words labelled; {len(texts)} texts left")


if __name__ == "__main__":
    main()
