"""Opens the networks of the package."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime  # type: ignore[import-untyped]


def session(path: Path) -> onnxruntime.InferenceSession:
    """Load a network that runs on one core and reports to nobody."""
    # ONNX Runtime (1.32 for Linux) creates a machine ID and sends telemetry to Microsoft on import, before
    # disable_telemetry_events() can be called. Set this variable to 0 to allow it.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The file's operators are fused already. Higher levels replace normalisation with a slower operator.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
