"""The index of the commands' tests, for models."""

from __future__ import annotations

from tests.cli.conftest import built_index, run_searcher

__all__ = ["built_index", "run_searcher"]
