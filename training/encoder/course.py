"""A course of training: batches by a plan, a rate that rises and falls, gradients averaged over processes.

Each process computes on one core. That is faster than one process with several threads where other work
shares the machine, since processes wait for one another once a step and not once an operation.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import mean

import torch
import torch.distributed as dist
from torch import Tensor, nn

from searcher.extract.encoder.pieces import Unigram
from training.encoder.articles import Article
from training.encoder.augment import retyped
from training.encoder.losses import names_loss, quotations_loss
from training.encoder.model import Network
from training.encoder.state import save
from training.encoder.windows import Window, batch_of, windows_of

__all__ = ["Course", "Windows", "descend", "optimiser_of", "quotations", "run", "together"]

NEW = ("inside", "names", "tags", "q.", "ask", "key", "far", "speech")  # parts that begin at random
WARM_UP, LAST_RATE = 0.04, 0.05  # shares of the steps and of the rate
REPORTED, SAVED = 20, 100  # steps
STRIDE = 300  # pieces from window to window
POOL = 200  # windows that are shuffled
UNMARKED = 0.3  # share of articles whose pieces do not know that they stand between marks
ONLY_REPORTED = 0.35  # share of windows kept that hold no quotation

Windows = Iterator[list[Window]]


@dataclass(frozen=True, slots=True)
class Course:
    """``plan`` names the stream of each step, over and over; process ``n`` begins at its ``n * shift``-th."""

    steps: int
    rate: float
    faster: float  # how many times the new parts' rate
    frozen: int  # lowest layers that do not learn
    plan: tuple[str, ...]
    marks_learn: bool = True  # whether the embedding of what stands between marks learns
    rounded: float = 0.0  # last share of the steps in which the layers compute as the exported ones do
    seed: int = 1


def quotations(
    articles: Sequence[Article], cutter: Unigram, rng: random.Random, windows: int, strength: float = 1.0
) -> Windows:
    """Batches of labelled quotations without end, every article retyped anew each time; ValueError without
    articles."""
    if not articles:
        raise ValueError("no labelled articles to learn from")
    pool: list[Window] = []
    while True:
        for article in rng.sample(articles, len(articles)):
            retold = retyped(article, rng, strength)
            for one in windows_of(retold, cutter, rng, STRIDE, rng.random() >= UNMARKED * strength):
                said = any(asked.speech is not None or asked.words for asked in one.asked)
                if said or rng.random() < ONLY_REPORTED:
                    pool.append(one)
            if len(pool) > POOL:
                rng.shuffle(pool)
                while len(pool) > POOL - 20:
                    yield [pool.pop() for _ in range(windows)]
        rng.shuffle(pool)
        while len(pool) >= windows:
            yield [pool.pop() for _ in range(windows)]


def run(
    network: Network, course: Course, streams: dict[str, Windows], out: Path, rank: int, world: int
) -> None:
    """Train; the process of rank 0 writes checkpoints to ``out``."""
    for layer in network.layers[: course.frozen]:
        layer.requires_grad_(False)
    network.inside.requires_grad_(course.marks_learn)
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():  # half the time where the processor has it
        network.halve()
    optimiser = optimiser_of(network, course.rate, course.faster)
    learning = [p for group in optimiser.param_groups for p in group["params"]]
    if world > 1:
        for parameter in learning:
            dist.broadcast(parameter.data, 0)

    def losses(step: int) -> tuple[dict[str, Tensor], int]:
        if course.rounded and step == round(course.steps * (1 - course.rounded)):
            network.round()
        kind = course.plan[(step + rank) % len(course.plan)]
        batch = batch_of(next(streams[kind]))
        return (names_loss if kind == "names" else quotations_loss)(network, batch), int(batch.valid.sum())

    network.train()
    descend(network, optimiser, course.steps, losses, out if rank == 0 else None, world)


def descend(
    module: nn.Module,
    optimiser: torch.optim.Optimizer,
    steps: int,
    losses: Callable[[int], tuple[dict[str, Tensor], int]],
    out: Path | None,
    world: int = 1,
) -> None:
    """Take the steps of a course, with gradients averaged over ``world`` processes.

    ``losses`` gives those of one step by their names, and how many pieces were read for them. Where ``out``
    is given, checkpoints of ``module`` go there, and the mean losses to the screen.
    """
    learning = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    peaks = [group["lr"] for group in optimiser.param_groups]
    report = _Report()
    for step in range(steps):
        for group, peak in zip(optimiser.param_groups, peaks):
            group["lr"] = peak * share_of_rate(step / steps)
        optimiser.zero_grad(set_to_none=True)
        parts, pieces = losses(step)
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]
        if world > 1:
            _average(learning, world)
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimiser.step()
        report.add(parts, pieces)
        if out and step % REPORTED == REPORTED - 1:
            report.show(step + 1)
        if out and step % SAVED == SAVED - 1:
            save(module, out)
    if out:
        save(module, out)


class _Report:
    """The mean of each loss since it was last shown, and the speed."""

    def __init__(self) -> None:
        self._losses: dict[str, list[float]] = defaultdict(list)
        self._began, self._pieces = time.monotonic(), 0

    def add(self, losses: dict[str, Tensor], pieces: int) -> None:
        self._pieces += pieces
        for name, loss in losses.items():
            self._losses[name].append(loss.item())

    def show(self, step: int) -> None:
        minutes = (time.monotonic() - self._began) / 60
        shown = " ".join(f"{name} {mean(self._losses[name]):.3f}" for name in sorted(self._losses))
        print(
            f"step {step}, {minutes:.1f} min, {self._pieces / minutes / 60:.0f} pieces/s: {shown}", flush=True
        )
        self._losses.clear()


def share_of_rate(done: float) -> float:
    """The rate's share of its peak: up in a line, then down in a line."""
    if done < WARM_UP:
        return max(1e-3, done / WARM_UP)
    return max(LAST_RATE, (1 - done) / (1 - WARM_UP))


def optimiser_of(network: nn.Module, rate: float, faster: float) -> torch.optim.AdamW:
    """The new parts learn so many times faster than the others."""
    new: list[nn.Parameter] = []
    matrices: list[nn.Parameter] = []
    rest: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            group = (
                new
                if name.removeprefix("upper.").startswith(NEW)
                else matrices
                if parameter.dim() > 1
                else rest
            )
            group.append(parameter)
    groups = [
        {"params": matrices, "lr": rate, "weight_decay": 0.01},
        {"params": rest, "lr": rate, "weight_decay": 0.0},
        {"params": new, "lr": rate * faster, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)


def _average(parameters: Sequence[nn.Parameter], world: int) -> None:
    """The mean gradient of all processes; a part that a batch did not use counts as 0."""
    whole = torch.cat(
        [p.grad.flatten() if p.grad is not None else torch.zeros(p.numel()) for p in parameters]
    )
    dist.all_reduce(whole)
    start = 0
    for parameter in parameters:
        part: Tensor = whole[start : start + parameter.numel()] / world
        parameter.grad = part.view_as(parameter)
        start += parameter.numel()


def together(work: Callable[[int, int], None], processes: int, port: int) -> None:
    """Run ``work(rank, processes)`` in so many processes of one thread each."""
    if processes == 1:
        torch.set_num_threads(1)
        work(0, 1)
        return
    fork = get_context("fork")  # what was read is shared
    started = [fork.Process(target=_joined, args=(rank, work, processes, port)) for rank in range(processes)]
    for one in started:
        one.start()
    for one in started:
        one.join()
    if any(one.exitcode for one in started):
        raise RuntimeError("a process of the course failed")


def _joined(rank: int, work: Callable[[int, int], None], processes: int, port: int) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=processes)
    torch.manual_seed(rank)
    work(rank, processes)
    dist.destroy_process_group()
