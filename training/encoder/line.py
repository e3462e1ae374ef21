"""Draw the line between pieces that may belong to a name and all others: ``python -m training.encoder.line
DATA FOLDER``, where FOLDER has what ``export`` wrote.

What the shared layers give tells it already, by a weighted sum; the layers of names then read a fifth of the
pieces. The sum is learned from the answers of these layers where they read everything, and added to
``heads.npz``.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812

from searcher.extract.encoder.model import MIN_NAME_ODDS, Encoder
from searcher.extract.encoder.stream import SIZE, stream_of, window_starts
from searcher.extract.network import session
from training.encoder.names import read_sources

__all__ = ["add_line", "fitted"]

Floats = NDArray[np.float32]

MAY = 0.05  # probability of a name from which a piece has to be read
WINDOWS, OF_ARTICLE = 16, 2  # of each file of training texts, and of one article
SHORTEST = 60  # pieces of an article
STEPS, BATCH, RATE, LATE_RATE = 1500, 4096, 0.02, 0.004
MISSED = 3.0  # how much more a name that is missed counts than a piece that is read for nothing


def examples(data: Path, folder: Path, rng: random.Random) -> Iterator[tuple[Floats, Floats]]:
    """The vectors of windows of training texts, with the probability that each piece belongs to a name."""
    encoder, upper = Encoder(folder), session(folder / "names.onnx")
    for source in read_sources(data):
        left = WINDOWS
        for article in rng.sample(source.articles, len(source.articles)):
            stream = stream_of(encoder.pieces.units(article["text"]), encoder.line_break, [])
            if len(stream) < SHORTEST:
                continue
            for start in window_starts(len(stream))[: min(OF_ARTICLE, left)]:
                places = slice(start, start + SIZE)
                hidden = encoder.run(stream.ids[places], stream.inside[places]).hidden
                (scores,) = upper.run(["names"], {"hidden": hidden[None]})
                yield hidden, 1 - torch.softmax(torch.from_numpy(scores[0]), -1)[:, 0].numpy()
                left -= 1
            if not left:
                break


def fitted(vectors: Floats, names: Floats) -> tuple[Floats, Floats]:
    """Weights and bias of the log odds that a piece belongs to a name (logistic regression)."""
    x, y = torch.from_numpy(vectors), torch.from_numpy((names > MAY).astype(np.float32))
    weight = torch.zeros(x.shape[1], requires_grad=True)
    bias = torch.full((1,), -3.0, requires_grad=True)
    optimiser = torch.optim.Adam([weight, bias], RATE)
    generator = torch.Generator().manual_seed(1)
    for step in range(STEPS):
        if step == STEPS * 2 // 3:
            optimiser.param_groups[0]["lr"] = LATE_RATE
        rows = torch.randint(0, len(x), (BATCH,), generator=generator)
        loss = F.binary_cross_entropy_with_logits(
            x[rows] @ weight + bias, y[rows], pos_weight=torch.tensor(MISSED)
        )
        optimiser.zero_grad()
        (loss + 1e-5 * (weight**2).sum()).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return weight.detach().numpy(), bias.detach().numpy()


def add_line(path: Path, weight: Floats, bias: Floats) -> None:
    """Write a line to a file of heads, in the place of one that is there."""
    with np.load(path, allow_pickle=False) as stored:
        matrices = {name: stored[name] for name in stored.files}
    matrices |= {"maybe.weight": weight.astype(np.float16), "maybe.bias": bias.astype(np.float16)}
    written = path.with_suffix(".new.npz")
    np.savez(written, **matrices)
    os.replace(written, path)


def _report(odds: Floats, names: Floats) -> Sequence[str]:
    read = odds > MIN_NAME_ODDS
    missed = names > MAY
    return (
        f"{len(odds)} pieces, of which {read.mean():.3f} are read",
        f"not read: {(~read & missed).sum()} of {missed.sum()} that may be names",
        f"not read: {(~read & (names > 0.5)).sum()} of {(names > 0.5).sum()} that are",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    found = list(examples(options.data, options.folder, random.Random(1)))
    vectors = np.concatenate([vectors for vectors, _ in found])
    names = np.concatenate([names for _, names in found])
    weight, bias = fitted(vectors, names)
    print("\n".join(_report(vectors @ weight + bias, names)))
    add_line(options.folder / "heads.npz", weight, bias)


if __name__ == "__main__":
    main()
