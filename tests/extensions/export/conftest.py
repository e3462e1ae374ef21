"""The sample articles in an index, and what an export makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searcher import Index, open_index
from searcher.extensions.export.database import save_database

DEVELOPMENT = "a development tool: pip install -e '.[dev]'"


@pytest.fixture(scope="package")
def index(seeds: Path) -> Iterator[Index]:
    with open_index(":memory:") as index:
        index.load([seeds])
        yield index


@pytest.fixture(scope="package")
def database(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole index as a database."""
    path = tmp_path_factory.mktemp("export") / "news.db"
    save_database(path, index.scan(snippets=False))
    return path
