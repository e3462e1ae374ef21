"""The teacher: a tagger as large as all-mpnet-base-v2, which labels the text that the small one learns from.

It has the interface of `training.names.model.Tagger` (the same piece numbers, cases and labels), so that one
course trains either. It is never shipped.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from searcher.extract.names.tagger import LABELS
from training.names.model import CASES

__all__ = ["Teacher"]

# The last two of the twelve layers serve what the base was made for, comparing sentences.
WIDTH, HEADS, HIDDEN, LAYERS = 768, 12, 3072, 10
FROZEN = 3  # layers that stay as they were, which saves a third of the time of a step
BUCKETS, FARTHEST = 32, 128  # of the relative positions
POSITIONS = 128  # pieces of a passage, its marks included
_FIRST_POSITION = 2  # MPNet numbers places from here
# MPNet's vocabulary is BERT's behind four marks of its own; it has its own [CLS], [SEP] and [PAD].
_MARKS = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.up = nn.Linear(WIDTH, HIDDEN)
        self.down = nn.Linear(HIDDEN, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, width = x.shape

        def by_head(y: Tensor) -> Tensor:
            return y.view(batch, length, HEADS, width // HEADS).transpose(1, 2)

        q, k, v = by_head(self.query(x)), by_head(self.key(x)), by_head(self.value(x))
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        x = self.norm1(x + self.drop(self.out(context.transpose(1, 2).reshape(batch, length, width))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Teacher(nn.Module):
    """Piece numbers, letter cases and a mask (1 where there is a piece) to label scores."""

    def __init__(self, vocabulary: int = 30522) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(POSITIONS, WIDTH)
        self.cases = nn.Embedding(CASES, WIDTH)
        self.relative = nn.Embedding(BUCKETS, HEADS)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-5)
        self.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.late_cases = nn.Embedding(CASES, 32)
        self.labels = nn.Linear(WIDTH + 32, len(LABELS))
        for part in (self.words, self.places, self.relative, self.norm, *self.layers[:FROZEN]):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor) -> Tensor:
        length = ids.shape[1]
        places = self.places.weight[:length][None]
        x = self.norm(self.words(ids) + places)
        # What the relative positions are worth stays as it was: attention is far faster with a constant mask.
        near = self.relative.weight.detach()[_buckets(length)].permute(2, 0, 1)[None]
        bias = near + (1 - mask.float())[:, None, None, :] * -1e4
        if torch.is_autocast_enabled("cpu"):
            x, bias = x.bfloat16(), bias.bfloat16()
        with torch.no_grad():
            for layer in self.layers[:FROZEN]:
                x = layer(x, bias)
        x = x + self.cases(cases).to(x.dtype)
        for layer in self.layers[FROZEN:]:
            x = layer(x, bias)
        return self.labels(torch.cat([self.drop(x), self.late_cases(cases)], -1))

    def start_from(self, base: Path, vocabulary: list[str]) -> None:
        """Take the weights in the folder ``base``, with the word rows in the order of ``vocabulary``."""
        theirs = (base / "vocab.txt").read_text(encoding="utf-8").split("\n")
        number = {piece: place for place, piece in enumerate(theirs)}
        rows = [number[_MARKS.get(piece, piece)] for piece in vocabulary]
        state = {k.removeprefix("mpnet."): v for k, v in load_file(str(base / "model.safetensors")).items()}
        self.words.weight.data.copy_(state["embeddings.word_embeddings.weight"][rows])
        places = state["embeddings.position_embeddings.weight"]
        self.places.weight.data.copy_(places[_FIRST_POSITION : _FIRST_POSITION + POSITIONS])
        self.cases.weight.data.normal_(0, 0.02)
        self.relative.weight.data.copy_(state["encoder.relative_attention_bias.weight"])
        _take(self.norm, state, "embeddings.LayerNorm")
        for place, layer in enumerate(self.layers):
            for part, name in (
                ("query", "attention.attn.q"),
                ("key", "attention.attn.k"),
                ("value", "attention.attn.v"),
                ("out", "attention.attn.o"),
                ("norm1", "attention.LayerNorm"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("norm2", "output.LayerNorm"),
            ):
                _take(getattr(layer, part), state, f"encoder.layer.{place}.{name}")


def _take(part: nn.Module, state: dict[str, Tensor], name: str) -> None:
    part.load_state_dict({kind: state[f"{name}.{kind}"] for kind in ("weight", "bias")})


def _buckets(length: int) -> Tensor:
    """MPNet's (T5's) numbers of distances: half for each direction, exact when near, then logarithmic."""
    here = torch.arange(length)
    away = here[:, None] - here[None, :]  # negative: the other stands behind
    half = BUCKETS // 2
    sides = (away < 0).long() * half
    away = away.abs()
    exact = half // 2
    far = (
        exact
        + (torch.log(away.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)).long()
    )
    return sides + torch.where(away < exact, away, far.clamp(max=half - 1))
