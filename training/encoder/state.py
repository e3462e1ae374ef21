"""Checkpoints: the parts of the network that learn, in 16 bits."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from torch import nn

__all__ = ["load", "save"]

FIXED = ("words.", "positions", "segment")  # come from the base


def save(network: nn.Module, path: Path) -> None:
    """Write a checkpoint; an older one of that name stays whole until this one is."""
    kept = {name: value.half() for name, value in network.state_dict().items() if not name.startswith(FIXED)}
    written = path.with_suffix(".new")
    torch.save(kept, written)
    os.replace(written, path)


def load(network: nn.Module, path: Path) -> None:
    """Take the weights of a checkpoint."""
    kept = torch.load(path, weights_only=True)
    unknown = network.load_state_dict(kept, strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"{path} has unknown tensors {unknown}")
