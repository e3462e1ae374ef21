"""Checkpoints: the parts of the network that learn, in 16 bits."""

from __future__ import annotations

import os
from pathlib import Path

import torch
from torch import nn

__all__ = ["load", "save"]

UPPER = "upper."
FIXED = ("words.", "positions", "segment")  # come from the base


def save(network: nn.Module, path: Path) -> None:
    """Write a checkpoint; an older one of that name stays whole until this one is."""
    kept = {name: value.half() for name, value in network.state_dict().items() if not name.startswith(FIXED)}
    written = path.with_suffix(".new")
    torch.save(kept, written)
    os.replace(written, path)


def load(network: nn.Module, path: Path) -> None:
    """Take the weights of a checkpoint; of one that holds shared and upper layers, those that are wanted."""
    kept = torch.load(path, weights_only=True)
    wanted = network.state_dict().keys()
    upper = {name.removeprefix(UPPER): value for name, value in kept.items() if name.startswith(UPPER)}
    if upper and not any(name.startswith(UPPER) for name in wanted):
        shared = {name: value for name, value in kept.items() if not name.startswith(UPPER)}
        kept = shared if "inside.weight" in wanted else upper
    unknown = network.load_state_dict(kept, strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"{path} has unknown tensors {unknown}")
