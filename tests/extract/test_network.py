"""Networks that come with the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from searcher.models import models_folder


def test_a_network_tells_nobody_that_it_was_loaded(project: Path, tmp_path: Path) -> None:
    network = models_folder() / "encoder" / "names.onnx"
    code = f"import pathlib, searcher.extract.network as it; it.session(pathlib.Path({str(network)!r}))"
    kept = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={**environment, "HOME": str(tmp_path), "PYTHONPATH": str(project)},
    )

    assert [] == list(tmp_path.iterdir())
