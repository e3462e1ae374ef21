"""Write what ships: ``python -m training.encoder.export WORK CHECKPOINT OUT [--upper CHECKPOINT]``.

The shared layers go to ``encoder.onnx``, those of names to ``names.onnx``, with weights of eight bits (one
scale for each output channel; activations are rounded as they come), the word embedding of the kept pieces to
``embedding.npz`` in its own blocks of four bits, which is exact since it never learned, everything small to
``heads.npz`` (float16), the pieces to ``pieces.tsv``.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper

from training.encoder.base import WIDTH, Base, fetch, read
from training.encoder.model import HEADS, MAX_WEIGHT, Network, Upper, begin, begin_upper
from training.encoder.state import load
from training.onnx_graph import Graph

Floats = NDArray[np.float32]

__all__ = ["export"]

SMALL = ("q", "ask", "key", "speech.0", "speech.3")
#: The parts of a layer, as ``training.onnx_graph`` and as :class:`training.encoder.model.Layer` name them.
PRODUCTS = {"out": "o", "up": "up", "down": "down"}
NORMS = {"norm1": "ln1", "norm2": "ln2"}
#: The plain sentences that the course asks about make the answer too rarely "speech"; by folds 0 and 2 were
#: worse.
SPEECH = 1.0


def write_encoder(network: Network, path: Path) -> None:
    """The shared layers in ONNX: embeddings in, vectors and the scores of the labels of speech out."""
    values = {name: tensor.float().numpy() for name, tensor in network.state_dict().items()}
    graph = Graph(MAX_WEIGHT)
    x = graph.normalised("embeddings", _norm(values, "norm"), "norm")
    for number in range(len(network.layers)):
        x = _layer(graph, values, number, x)
    hidden = graph.node("Identity", [x], "hidden")
    graph.product(hidden, _linear(values, "tags"), "speech")
    graph.save(path, [_floats("embeddings", WIDTH)], [_floats("hidden", WIDTH), _floats("speech", "labels")])


def write_upper(upper: Upper, path: Path) -> None:
    """The layers of names in ONNX: the vectors of a window in, the scores of its labels out."""
    values = {name: tensor.float().numpy() for name, tensor in upper.state_dict().items()}
    graph = Graph(MAX_WEIGHT)
    x = "hidden"
    for number in range(len(upper.layers)):
        x = _layer(graph, values, number, x)
    graph.product(x, _linear(values, "names"), "names")
    graph.save(path, [_floats("hidden", WIDTH)], [_floats("names", "labels")])


def _layer(graph: Graph, values: Mapping[str, Floats], number: int, x: str) -> str:
    prefix = f"layers.{number}."
    weight, bias = _linear(values, f"{prefix}qkv")
    parts = {
        part: (weight[:, place : place + WIDTH], bias[place : place + WIDTH])
        for part, place in (("query", 0), ("key", WIDTH), ("value", 2 * WIDTH))
    }
    parts |= {part: _linear(values, f"{prefix}{name}") for part, name in PRODUCTS.items()}
    parts |= {part: _norm(values, f"{prefix}{name}") for part, name in NORMS.items()}
    return graph.layer(x, parts, prefix, HEADS)


def _linear(values: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    return values[f"{name}.weight"].T, values[f"{name}.bias"]


def _norm(values: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    return values[f"{name}.weight"], values[f"{name}.bias"]


def _floats(name: str, width: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length", width])


def small_parts(network: Network) -> dict[str, np.ndarray]:
    """What NumPy applies: the questions' matrices and what is added to the words' rows."""
    state = network.state_dict()
    parts = {name: tensor for name, tensor in state.items() if name.startswith(tuple(f"{s}." for s in SMALL))}
    parts |= {
        "far": state["far.weight"],
        "inside": state["inside.weight"],
        "positions": state["positions"],
        "type": state["segment"],
    }
    return {name: tensor.numpy().astype(np.float16) for name, tensor in parts.items()}


def export(network: Network, upper: Upper | None, base: Base, rows: list[int], out: Path) -> None:
    """Write the files, each whole or not at all; without upper layers ``names.onnx`` stays as it is."""
    out.mkdir(parents=True, exist_ok=True)
    made = {"encoder.onnx": out / "encoder.new.onnx", "pieces.tsv": out / "pieces.new.tsv"}
    made |= {name: out / name.replace(".npz", ".new.npz") for name in ("embedding.npz", "heads.npz")}
    write_encoder(network, made["encoder.onnx"])
    if upper:
        made["names.onnx"] = out / "names.new.onnx"
        write_upper(upper, made["names.onnx"])
    np.savez(made["embedding.npz"], scales=base.scales[rows], halves=base.halves[rows].reshape(len(rows), -1))
    np.savez(made["heads.npz"], **small_parts(network))  # type: ignore[arg-type]
    lines = (f"{base.pieces[row]}\t{base.scores[row]:.4f}\n" for row in rows if row < len(base.pieces))
    made["pieces.tsv"].write_text("".join(lines), encoding="utf-8")
    for name, path in made.items():
        os.replace(path, out / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--upper", type=Path, help="checkpoint of the layers of names")
    parser.add_argument("--speech", type=float, default=SPEECH, help="added to the log odds of speech")
    options = parser.parse_args()
    base = read(fetch(options.work))
    network = begin(base)
    load(network, options.checkpoint)
    with torch.no_grad():
        network.speech[3].bias += options.speech
    rows = json.loads((options.work / "kept.json").read_text())
    upper = begin_upper(base) if options.upper else None
    if upper:
        load(upper, options.upper)
    export(network, upper, base, rows, options.out)
    for path in sorted(options.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
