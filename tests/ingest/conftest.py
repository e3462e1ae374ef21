"""An index in memory, and a folder for files to load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import searcher
from searcher import Index


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made
