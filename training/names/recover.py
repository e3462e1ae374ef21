"""The weights of a checkpoint, or those of an exported model, for a course to go on from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file
from torch import Tensor

__all__ = ["mean", "weights"]

_NAMES = {
    "late": "late_cases.weight",
    "labels.w": "labels.weight",
    "labels.b": "labels.bias",
    "cases.rows": "cases.weight",
}


def weights(path: Path, base: Path) -> dict[str, Tensor]:
    """The state of a `training.names.model.Tagger`. Words and places are those of ``base``, as always."""
    if path.suffix != ".onnx":
        return dict(torch.load(path, weights_only=True))
    parts = {w.name: torch.tensor(numpy_helper.to_array(w)) for w in onnx.load(str(path)).graph.initializer}
    start = {k.removeprefix("bert."): v for k, v in load_file(str(base / "model.safetensors")).items()}
    state = {
        "words.weight": start["embeddings.word_embeddings.weight"],
        "places.weight": start["embeddings.position_embeddings.weight"],
    }
    for name, value in parts.items():
        part, _, kind = name.rpartition(".")
        if name in _NAMES:
            state[_NAMES[name]] = value.T if name == "labels.w" else value
        elif "norm" in name:
            state[f"{part}.{'weight' if kind == 'g' else 'bias'}"] = value
        elif name.startswith("layers.") and kind == "w":
            state[f"{part}.weight"] = (value.float() * parts[f"{part}.s"]).T.contiguous()
            state[f"{part}.bias"] = parts[f"{part}.b"]
    return state


def mean(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of several models of one shape."""
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
