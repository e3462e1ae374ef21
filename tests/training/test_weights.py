"""What ships as weights is what the table of digests says."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

#: What a program made and nobody could write down by hand.
WEIGHTS = re.compile(r"\.(onnx|npz)$|/model\.json$")


def test_weights_are_those_of_the_table(project: Path) -> None:
    package = project / "searcher"
    table = re.findall(
        r"^\| `(.+?)` \| ([0-9a-f]{64}) \|", (project / "training/README.md").read_text(), re.M
    )

    assert dict(table) == {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in package.rglob("*")
        if WEIGHTS.search(path.as_posix())
    }
