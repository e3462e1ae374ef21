"""The models of Searcher: neural networks that find names and quotations, and their vocabularies.

What each file is, what it was trained on and how accurate it is: ``encoder/MODEL_CARD.md`` and
``tagger/MODEL_CARD.md``. Versions are those of the weights: Searcher accepts one series (1.0.x), because the
names in an index depend on them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

__version__ = "1.0.0"

FOLDER: Final = Path(__file__).parent


def altered_files(folder: Path = FOLDER) -> list[str]:
    """Return the names of model files that are missing or do not have the digest in ``SHA256SUMS``."""
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    expected = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    return [name for name, digest in expected.items() if digest != _digest(folder / name)]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
