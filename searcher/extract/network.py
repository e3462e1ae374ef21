"""Opens the networks that come with the package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime  # type: ignore[import-untyped]


def session(path: Path) -> onnxruntime.InferenceSession:
    """Load a network that computes on one core, and that tells nobody of it."""
    # As it is imported, ONNX Runtime (1.32 for Linux) makes an id of the machine and begins to report to
    # Microsoft what it computes; disable_telemetry_events() comes too late. Whoever wants that sets it to 0.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graphs are built of fused operators; more fusing brings a slower normalisation.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
