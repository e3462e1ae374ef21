"""Write the tagger for use: `python -m training.names.export CHECKPOINT… --base BASE --out FOLDER`.

Of several checkpoints (or exported models) that began alike the mean is taken.

The graph is put together by hand: see ``training.onnx_graph``.
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
from onnx import TensorProto, helper
from torch import Tensor

from training.names.model import WEIGHT_STEPS, Shape
from training.names.recover import mean, weights
from training.onnx_graph import Graph

__all__ = ["export", "kept_pieces"]

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


def export(state: Mapping[str, Tensor], vocabulary: list[str], out: Path, shape: Shape) -> None:
    """Write `model.onnx` and `vocabulary.txt`."""
    values = {name: tensor.float().numpy() for name, tensor in state.items()}
    kept = kept_pieces(vocabulary)
    graph = Graph(WEIGHT_STEPS)
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
    return graph.normalised(total, _norm(values, "norm"), "norm")


def _layer(graph: Graph, values: dict[str, NDArray[np.float32]], number: int, x: str, shape: Shape) -> str:
    prefix = f"layers.{number}."
    products = ("query", "key", "value", "out", "up", "down")
    parts = {part: (values[f"{prefix}{part}.weight"].T, values[f"{prefix}{part}.bias"]) for part in products}
    parts |= {part: _norm(values, f"{prefix}{part}") for part in ("norm1", "norm2")}
    return graph.layer(x, parts, prefix, shape.heads)


def _norm(
    values: dict[str, NDArray[np.float32]], name: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return values[f"{name}.weight"], values[f"{name}.bias"]


def _save(graph: Graph, path: Path) -> None:
    def value(name: str, kind: int, dims: list[str | int]) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, dims)

    graph.save(
        path,
        [
            value("ids", TensorProto.INT32, ["b", "t"]),
            value("cases", TensorProto.INT32, ["b", "t"]),
            value("places.ids", TensorProto.INT32, ["t"]),
        ],
        [value("probabilities", TensorProto.FLOAT, ["b", "t", "l"])],
    )


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
