"""A file of records, for indexes that know where their articles came from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Three articles, r0 to r2, in JSON Lines."""
    file = tmp_path / "records.jsonl"
    lines = (json.dumps({"id": f"r{n}", "body": f"Bridge {n} opens."}) + "\n" for n in range(3))
    file.write_text("".join(lines))
    return file
