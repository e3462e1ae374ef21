"""The tagger in PyTorch: the first layers of a small BERT, with letter case beside its words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from searcher.extract.names.tagger import LABELS

__all__ = ["CASES", "WEIGHT_STEPS", "Shape", "Tagger"]

CASES = 5  # what letter_case of searcher.extract.names.wordpiece tells apart
WEIGHT_STEPS = 63  # of the signed byte: see training.names.export


@dataclass(frozen=True, slots=True)
class Shape:
    layers: int = 4
    width: int = 384
    heads: int = 12
    hidden: int = 1024  # all-MiniLM-L6-v2 has 1536; the least used third is cut away before training
    vocabulary: int = 30522
    positions: int = 512


class _Rounded(torch.autograd.Function):
    """Numbers as multiples of a step; the gradient passes as if nothing had been rounded."""

    @staticmethod
    def forward(_context: object, x: Tensor, step: Tensor) -> Tensor:
        return (x / step).round_().mul_(step)

    @staticmethod
    def backward(_context: object, gradient: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return gradient, None


class Product(nn.Linear):
    """A linear layer whose weights have the few steps that the exported ones have.

    What training does not see costs a point of organisations in the exported model.
    """

    def forward(self, x: Tensor) -> Tensor:
        step = self.weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-8) / WEIGHT_STEPS
        return F.linear(x, _Rounded.apply(self.weight, step), self.bias)


def in_steps(x: Tensor) -> Tensor:
    """Each passage of a batch in the 256 steps that it will have between its least and greatest number."""
    least, greatest = x.detach().flatten(1).aminmax(dim=1)
    step = (greatest.clamp(min=0) - least.clamp(max=0)).clamp(min=1e-8) / 255
    rounded: Tensor = _Rounded.apply(x, step[:, None, None])
    return rounded


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.query = Product(width, width)
        self.key = Product(width, width)
        self.value = Product(width, width)
        self.out = Product(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = Product(width, shape.hidden)
        self.down = Product(shape.hidden, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape

        def by_head(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        steps = in_steps(x)
        q, k, v = by_head(self.query(steps)), by_head(self.key(steps)), by_head(self.value(steps))
        weights = ((q * (width // self.heads) ** -0.5) @ k.transpose(-1, -2) + bias).softmax(-1)
        context = (weights @ v).transpose(1, 2).reshape(batch, length, width)
        x = self.norm1(x + self.drop(self.out(in_steps(context))))
        return self.norm2(x + self.drop(self.down(in_steps(F.gelu(self.up(in_steps(x)))))))


class Tagger(nn.Module):
    """Piece numbers, letter cases and a mask (1 where there is a piece) to label scores."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.cases = nn.Embedding(CASES, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.drop = nn.Dropout(0.1)
        self.late_cases = nn.Embedding(CASES, 32)
        self.labels = nn.Linear(shape.width + 32, len(LABELS))
        self.words.requires_grad_(False)
        self.places.requires_grad_(False)

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor) -> Tensor:
        places = self.places.weight[: ids.shape[1]][None]
        x = self.drop(self.norm(self.words(ids) + places + self.cases(cases)))
        bias = (1 - mask.float())[:, None, None, :] * -1e4
        if torch.is_autocast_enabled("cpu"):
            x, bias = x.bfloat16(), bias.bfloat16()
        for layer in self.layers:
            x = layer(x, bias)
        return self.labels(torch.cat([self.drop(x), self.late_cases(cases)], -1))

    def start_from(self, weights: Path) -> None:
        """Take the base model's weights; of each feed-forward block the neurons with the largest norms."""
        base = {k.removeprefix("bert."): v for k, v in load_file(str(weights)).items()}
        _copy(self.words.weight, base["embeddings.word_embeddings.weight"])
        _copy(self.places.weight, base["embeddings.position_embeddings.weight"])
        self.cases.weight.data.normal_(0, 0.02).add_(base["embeddings.token_type_embeddings.weight"][0])
        _copy(self.norm.weight, base["embeddings.LayerNorm.weight"])
        _copy(self.norm.bias, base["embeddings.LayerNorm.bias"])
        for number, layer in enumerate(self.layers):
            _start_layer(layer, base, f"encoder.layer.{number}.")


def _start_layer(layer: Layer, base: dict[str, Tensor], prefix: str) -> None:
    for part, name in (
        (layer.query, "attention.self.query"),
        (layer.key, "attention.self.key"),
        (layer.value, "attention.self.value"),
        (layer.out, "attention.output.dense"),
        (layer.norm1, "attention.output.LayerNorm"),
        (layer.norm2, "output.LayerNorm"),
    ):
        _copy(part.weight, base[f"{prefix}{name}.weight"])
        _copy(part.bias, base[f"{prefix}{name}.bias"])
    up, down = base[f"{prefix}intermediate.dense.weight"], base[f"{prefix}output.dense.weight"]
    best = (up.norm(dim=1) * down.norm(dim=0)).topk(layer.up.out_features).indices.sort().values
    _copy(layer.up.weight, up[best])
    _copy(layer.up.bias, base[f"{prefix}intermediate.dense.bias"][best])
    _copy(layer.down.weight, down[:, best])
    _copy(layer.down.bias, base[f"{prefix}output.dense.bias"])


def _copy(parameter: Tensor, value: Tensor) -> None:
    parameter.data.copy_(value)
