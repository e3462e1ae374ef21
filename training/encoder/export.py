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
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.encoder.base import WIDTH, Base, fetch, read
from training.encoder.model import Network, Upper, begin, begin_upper
from training.encoder.state import load

__all__ = ["export"]

SMALL = ("q", "ask", "key", "speech.0", "speech.3")
#: Kept out of the eight bits: linear layers whose rounding costs more than their size saves. None is needed.
EXACT: tuple[str, ...] = ()
#: The plain sentences that the course asks about make the answer too rarely "speech"; by folds 0 and 2 were
#: worse.
SPEECH = 1.0


class Exported(nn.Module):
    """The shared part of the network in ONNX: embeddings in, vectors and the labels of speech out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, embeddings: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.network.read(embeddings, None)
        return hidden, self.network.tags(hidden)


class ExportedUpper(nn.Module):
    """The part of names: the vectors of a window in, the scores of its labels out."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.upper = upper

    def forward(self, hidden: Tensor) -> Tensor:
        scores: Tensor = self.upper(hidden, None)
        return scores


def write_onnx(part: nn.Module, takes: str, gives: Sequence[str], path: Path) -> None:
    """Layers as an ONNX file with weights of eight bits."""
    from onnxruntime.quantization import (  # type: ignore[import-untyped]
        QuantType,
        quantize_dynamic,
    )

    example = (torch.randn(1, 17, WIDTH),)
    axes = {name: {0: "batch", 1: "length"} for name in [takes, *gives]}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        with torch.no_grad():
            torch.onnx.export(
                part.eval(),
                example,
                str(whole),
                input_names=[takes],
                output_names=list(gives),
                dynamic_axes=axes,
                opset_version=17,
                dynamo=False,
            )
        quantize_dynamic(
            whole,
            path,
            per_channel=True,
            weight_type=QuantType.QInt8,
            reduce_range=True,  # 7 bits: products of whole bytes overflow on processors without VNNI
            op_types_to_quantize=["MatMul", "Gemm"],
            nodes_to_exclude=list(EXACT),
        )


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
    write_onnx(Exported(network), "embeddings", ("hidden", "speech"), made["encoder.onnx"])
    if upper:
        made["names.onnx"] = out / "names.new.onnx"
        write_onnx(ExportedUpper(upper), "hidden", ("names",), made["names.onnx"])
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
