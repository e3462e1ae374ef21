"""The network: the lowest layers of multilingual E5 small, labels of pieces, and the questions of
quotations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from training.encoder.base import WIDTH, Base, rows_of

__all__ = ["HEADS", "LAYERS", "MAX_WEIGHT", "Network", "Upper", "begin", "begin_upper"]

LAYERS: Final = 8  # of the twelve, shared; the lowest ones
UPPER: Final = 4  # those above them, for names alone
HEADS: Final = 12
NAME_LABELS: Final = 5  # O, B-PER, I-PER, B-ORG, I-ORG
SPEECH_LABELS: Final = 3  # O, B, I
MAX_POSITIONS: Final = 512
FARTHEST: Final = (
    64  # the last class of distance on either side of a span; the next one is the beginning mark's
)
STEPS: Final = 7  # classes of distance for each doubling
MASKED: Final = -1e4
MAX_WEIGHT: Final = 64  # of a weight of 7 bits with its sign, as onnxruntime's reduce_range has it
MAX_INPUT: Final = 255  # of an input of 8 bits


class Linear(nn.Linear):
    """A linear layer that can compute as the exported one does, so that training meets its rounding.

    Rounded are weights to 7 bits with one scale an output channel and inputs to 8 bits with one scale a
    batch; gradients pass as if nothing had been (straight-through estimator, Bengio et al. 2013).
    """

    rounding = False

    def forward(self, x: Tensor) -> Tensor:
        if not self.rounding:
            return super().forward(x)
        return F.linear(_rounded_input(x), _rounded_weight(self.weight), self.bias)


def _rounded_weight(weight: Tensor) -> Tensor:
    with torch.no_grad():
        scale = weight.abs().amax(1, keepdim=True) / MAX_WEIGHT
        change = torch.round(weight / scale) * scale - weight
    return weight + change


def _rounded_input(x: Tensor) -> Tensor:
    with torch.no_grad():
        low, high = x.min().clamp(max=0), x.max().clamp(min=0)
        scale = (high - low) / MAX_INPUT
        change = torch.round(x / scale) * scale - x
    return x + change


class Layer(nn.Module):
    """A layer of BERT: attention, then two linear layers, each added to its input and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = Linear(WIDTH, 3 * WIDTH)
        self.o = Linear(WIDTH, WIDTH)
        self.up = Linear(WIDTH, 4 * WIDTH)
        self.down = Linear(4 * WIDTH, WIDTH)
        self.ln1 = nn.LayerNorm(WIDTH, 1e-12)
        self.ln2 = nn.LayerNorm(WIDTH, 1e-12)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        shape = (batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = self.qkv(x).view(shape).permute(2, 0, 3, 1, 4)
        # Written out: on a processor with bf16 its gradient takes a third of the built-in function's time.
        scores = (query * (WIDTH // HEADS) ** -0.5) @ key.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask.to(query.dtype)
        read = torch.softmax(scores, -1, dtype=query.dtype) @ value
        x = self.ln1(x + self.o(read.transpose(1, 2).reshape(batch, length, WIDTH)))
        out: Tensor = self.ln2(x + self.down(F.gelu(self.up(x))))
        return out


class Network(nn.Module):
    """All of it. The word embedding, the positions and the type never learn; names are those of the upper
    layers where there are some."""

    upper: Upper | None

    def __init__(self, rows: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.half = False  # whether the layers compute in bf16 while they learn
        self.words = nn.Embedding(rows, WIDTH).requires_grad_(False)
        self.positions = nn.Parameter(torch.zeros(MAX_POSITIONS, WIDTH), requires_grad=False)
        self.segment = nn.Parameter(torch.zeros(WIDTH), requires_grad=False)
        self.inside = nn.Embedding(2, WIDTH)  # whether a piece stands between quotation marks
        self.norm = nn.LayerNorm(WIDTH, 1e-12).requires_grad_(False)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.upper = None
        self.names = nn.Linear(WIDTH, NAME_LABELS)
        self.tags = nn.Linear(WIDTH, SPEECH_LABELS)
        self.q = nn.Linear(3 * WIDTH, WIDTH)
        self.ask = nn.Linear(WIDTH, 3 * WIDTH)
        self.key = nn.Linear(WIDTH, 3 * WIDTH)
        self.far = nn.Embedding(2 * FARTHEST + 3, 3)
        self.speech = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Dropout(0.1), nn.Linear(WIDTH, 1))
        for new in (self.inside, self.far):
            nn.init.zeros_(new.weight)
        for label in (self.names, self.tags):
            nn.init.normal_(label.weight, std=0.02)
            nn.init.zeros_(label.bias)

    def keep(self, rows: Sequence[int]) -> None:
        """Forget all other rows of the word embedding."""
        kept = nn.Embedding(len(rows), WIDTH).requires_grad_(False)
        kept.weight.copy_(self.words.weight[list(rows)])
        self.words = kept

    def embed(self, ids: Tensor, inside: Tensor) -> Tensor:
        """What enters the layers, before its normalisation."""
        x: Tensor = self.words(ids) + self.positions[: ids.shape[1]] + self.segment + self.inside(inside)
        return x

    def read(self, embedded: Tensor, valid: Tensor | None) -> Tensor:
        """The vectors of the pieces, shape (batch, length, 384). ``valid`` is false where a row is filled
        up (None: nowhere)."""
        return _through(self.layers, self.norm(embedded), valid, self.half and self.training)

    def name_scores(self, x: Tensor, valid: Tensor) -> Tensor:
        """The scores of the labels of names, shape (batch, length, 5)."""
        found: Tensor = self.upper(x, valid) if self.upper else self.names(x)
        return found

    def halve(self) -> None:
        """From now on the layers compute in bf16 while they learn."""
        self.half = True
        if self.upper:
            self.upper.half = True

    def round(self) -> None:
        """From now on the layers compute with the rounding of the exported ones."""
        _round(self.layers)
        if self.upper:
            self.upper.round()

    def answer(self, x: Tensor, may: Tensor, spans: Tensor) -> tuple[Tensor, Tensor]:
        """The answers to spans, given as (row of the batch, first piece, last piece).

        Gives the log odds of speech, shape (spans,), and the scores of the three pointers over the pieces,
        shape (spans, 3, length): where the mention begins, where it ends, a name of the speaker. ``may``
        marks pieces that a pointer may choose: those that begin a word, and the mark of the beginning,
        which is "nobody".
        """
        row, first, last = spans.T
        sums = torch.cumsum(torch.cat([x.new_zeros(len(x), 1, WIDTH), x], 1), 1)
        mean = (sums[row, last + 1] - sums[row, first]) / (last + 1 - first)[:, None]
        asking = torch.tanh(self.q(torch.cat([x[row, first], x[row, last], mean], -1)))
        keys = self.key(x).view(*x.shape[:2], 3, WIDTH)[row]
        scores = torch.einsum("qlh,qtlh->qlt", self.ask(asking).view(-1, 3, WIDTH), keys) / math.sqrt(WIDTH)
        places = torch.arange(x.shape[1])[None]
        own = (places >= first[:, None]) & (places <= last[:, None])
        scores = scores + self.far(_distance(places, first, last)).permute(0, 2, 1)
        scores = scores.masked_fill(~(may[row] & ~own)[:, None, :], MASKED)
        return self.speech(asking)[:, 0], scores


class Upper(nn.Module):
    """Further layers that only names need, and their labels, above the vectors of a :class:`Network`."""

    def __init__(self, layers: int = UPPER) -> None:
        super().__init__()
        self.half = False  # whether the layers compute in bf16 while they learn
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.names = nn.Linear(WIDTH, NAME_LABELS)
        nn.init.normal_(self.names.weight, std=0.02)
        nn.init.zeros_(self.names.bias)

    def forward(self, x: Tensor, valid: Tensor | None) -> Tensor:
        """The scores of the labels of the pieces, shape (batch, length, 5)."""
        found: Tensor = self.names(_through(self.layers, x, valid, self.half and self.training))
        return found

    def round(self) -> None:
        """From now on the layers compute with the rounding of the exported ones."""
        _round(self.layers)


def _through(layers: nn.ModuleList, x: Tensor, valid: Tensor | None, half: bool) -> Tensor:
    mask = None if valid is None else torch.where(valid, 0.0, MASKED)[:, None, None, :]
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        for layer in layers:
            x = layer(x, mask)
    return x.float()


def _round(layers: nn.ModuleList) -> None:
    for part in layers.modules():
        if isinstance(part, Linear):
            part.rounding = True


def _distance(places: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """The class of the distance of each place from each span: signed, by the logarithm."""
    away = (places - first[:, None]).clamp(max=0) + (places - last[:, None]).clamp(min=0)
    classes = torch.sign(away) * (torch.log2(away.abs().float() + 1) * STEPS).clamp(max=FARTHEST).long()
    classes[:, 0] = FARTHEST + 1
    return classes + FARTHEST


def begin(base: Base, layers: int = LAYERS) -> Network:
    """A network with the weights of E5 small, its new parts at random."""
    network = Network(len(base.scales), layers)
    take = {name: torch.from_numpy(tensor) for name, tensor in base.tensors.items()}
    state = {
        "words.weight": torch.from_numpy(rows_of(base.scales, base.halves)),
        "positions": take["emb.pos"].view(MAX_POSITIONS, WIDTH),
        "segment": take["emb.type"].view(-1, WIDTH)[0],
        "norm.weight": take["emb.ln.w"],
        "norm.bias": take["emb.ln.b"],
    }
    for number in range(layers):
        state |= _layer(take, number, number)
    missing = network.load_state_dict(state, strict=False)
    if missing.unexpected_keys:
        raise ValueError(f"unknown tensors {missing.unexpected_keys}")
    return network


def begin_upper(base: Base) -> Upper:
    """The layers above the shared ones with the weights of E5 small."""
    upper = Upper()
    take = {name: torch.from_numpy(tensor) for name, tensor in base.tensors.items()}
    state: dict[str, Tensor] = {}
    for number in range(UPPER):
        state |= _layer(take, LAYERS + number, number)
    upper.load_state_dict(state, strict=False)
    return upper


def _layer(take: dict[str, Tensor], theirs_number: int, number: int) -> dict[str, Tensor]:
    """The tensors of a layer of E5 under the name that it has here."""
    theirs, ours = f"l{theirs_number}.", f"layers.{number}."
    matrix = {"o": "ao", "up": "fi", "down": "fo"}
    norms = {"ln1": "aln", "ln2": "oln"}
    state = {
        f"{ours}qkv.weight": torch.cat([take[f"{theirs}{x}.w"] for x in "qkv"]),
        f"{ours}qkv.bias": torch.cat([take[f"{theirs}{x}.b"] for x in "qkv"]),
    }
    for mine, other in (matrix | norms).items():
        state[f"{ours}{mine}.weight"] = take[f"{theirs}{other}.w"]
        state[f"{ours}{mine}.bias"] = take[f"{theirs}{other}.b"]
    return state
