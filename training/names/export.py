"""Write the tagger for use: `python -m training.names.export CHECKPOINT… --base BASE --out FOLDER`.

Of several checkpoints (or exported models) that began alike the mean is taken.

The graph is put together by hand from the fused operators that onnxruntime runs fastest on a CPU (attention,
quantised products, skip connections with their normalisation), with eight-bit weights: four times smaller and
about three times faster than the plain export.

Weights use 7 of the 8 bits: processors without VNNI add two products in 16 bits, which whole bytes overflow.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from training.names.model import WEIGHT_STEPS, Shape
from training.names.recover import mean, weights

__all__ = ["export", "kept_pieces"]

CONTRIB = "com.microsoft"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def kept_pieces(vocabulary: list[str]) -> list[int]:
    """Numbers of the pieces that English news needs: no spare rows, no scripts other than Latin."""
    return [
        number
        for number, piece in enumerate(vocabulary)
        if piece in SPECIAL
        or (piece and not re.fullmatch(r"\[\w+\]", piece) and all(map(_latin, piece.removeprefix("##"))))
    ]


def _latin(char: str) -> bool:
    return char.isascii() or not char.isalpha() or "LATIN" in unicodedata.name(char, "")


class Graph:
    """Collects nodes and weights under names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: NDArray[np.generic]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def product(self, x: str, weight: NDArray[np.float32], bias: NDArray[np.float32], name: str) -> str:
        """x @ weight + bias, both quantised: a scale for every column."""
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-8) / WEIGHT_STEPS
        steps = np.clip(np.round(weight / scale), -WEIGHT_STEPS, WEIGHT_STEPS).astype(np.int8)
        inputs = [
            x,
            self.weight(f"{name}.w", steps),
            self.weight(f"{name}.s", scale.astype(np.float32)),
            self.weight(f"{name}.z", np.zeros(len(scale), np.int8)),
            self.weight(f"{name}.b", bias),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, name, CONTRIB)


def export(state: Mapping[str, Tensor], vocabulary: list[str], out: Path, shape: Shape) -> None:
    """Write `model.onnx` and `vocabulary.txt`."""
    values = {name: tensor.float().numpy() for name, tensor in state.items()}
    kept = kept_pieces(vocabulary)
    graph = Graph()
    x = _embedded(graph, values, kept)
    for number in range(shape.layers):
        x = _layer(graph, values, number, x, shape)
    late = graph.node("Gather", [graph.weight("late", values["late_cases.weight"]), "cases"], "late.rows")
    joined = graph.node("Concat", [x, late], "joined", axis=-1)
    product = graph.node(
        "MatMul", [joined, graph.weight("labels.w", values["labels.weight"].T)], "scores.product"
    )
    scores = graph.node("Add", [product, graph.weight("labels.b", values["labels.bias"])], "scores")
    graph.node("Softmax", [scores], "probabilities", axis=-1)
    _save(graph, out / "model.onnx")
    lines = "".join(f"{vocabulary[number]}\n" for number in kept)
    (out / "vocabulary.txt").write_text(lines, encoding="utf-8")


def _embedded(graph: Graph, values: dict[str, NDArray[np.float32]], kept: list[int]) -> str:
    """Words (a byte a number, a scale a row) plus place plus letter case, normalised."""
    words = values["words.weight"][kept]
    scale = np.abs(words).max(axis=1, keepdims=True) / 127
    table = graph.weight("words.rows", np.round(words / scale).astype(np.int8))
    rows = graph.node("Gather", [table, "ids"], "words.bytes")
    floats = graph.node("Cast", [rows], "words.floats", to=TensorProto.FLOAT)
    scales = graph.node(
        "Gather", [graph.weight("words.scale", scale.astype(np.float32)), "ids"], "words.scales"
    )
    word = graph.node("Mul", [floats, scales], "words")
    places = graph.weight("places", values["places.weight"][:128])
    place = graph.node("Gather", [places, "places.ids"], "place")
    case = graph.node("Gather", [graph.weight("cases.rows", values["cases.weight"]), "cases"], "case")
    total = graph.node("Add", [graph.node("Add", [word, case], "word.case"), place], "embedded")
    return _normalised(graph, total, values, "norm")


def _normalised(graph: Graph, x: str, values: dict[str, NDArray[np.float32]], name: str) -> str:
    inputs = [
        x,
        graph.weight(f"{name}.g", values[f"{name}.weight"]),
        graph.weight(f"{name}.b", values[f"{name}.bias"]),
    ]
    return graph.node("LayerNormalization", inputs, f"{name}.out", epsilon=1e-12, axis=-1)


def _layer(graph: Graph, values: dict[str, NDArray[np.float32]], number: int, x: str, shape: Shape) -> str:
    prefix = f"layers.{number}."

    def product(part: str, source: str, bias: bool = True) -> str:
        weight, offset = values[f"{prefix}{part}.weight"].T, values[f"{prefix}{part}.bias"]
        return graph.product(source, weight, offset if bias else np.zeros_like(offset), f"{prefix}{part}")

    def skip(old: str, new: str, part: str) -> str:
        total = graph.node("Add", [old, new], f"{prefix}{part}.in")
        return _normalised(graph, total, values, f"{prefix}{part}")

    parts = [product(part, x) for part in ("query", "key", "value")]
    attended = graph.node("MultiHeadAttention", parts, f"{prefix}attended", CONTRIB, num_heads=shape.heads)
    x = skip(x, product("out", attended), "norm1")
    hidden = graph.node("Gelu", [product("up", x)], f"{prefix}gelu", CONTRIB)
    return skip(x, product("down", hidden), "norm2")


def _save(graph: Graph, path: Path) -> None:
    def value(name: str, kind: int, dims: list[str | int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, dims)

    made = helper.make_graph(
        graph.nodes,
        "names",
        [
            value("ids", TensorProto.INT32, ["b", "t"]),
            value("cases", TensorProto.INT32, ["b", "t"]),
            value("places.ids", TensorProto.INT32, ["t"]),
        ],
        [value("probabilities", TensorProto.FLOAT, ["b", "t", "l"])],
        graph.weights,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIB, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=8), str(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    vocabulary = (options.base / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    options.out.mkdir(parents=True, exist_ok=True)
    state = mean([weights(path, options.base) for path in options.checkpoints])
    export(state, vocabulary, options.out, Shape())


if __name__ == "__main__":
    main()
