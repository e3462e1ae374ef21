"""The fixtures of the commands, for those that an extension brings."""

from tests.cli.conftest import built_index, change, interruptible, own_index, run_search, run_searcher

__all__ = ["built_index", "change", "interruptible", "own_index", "run_search", "run_searcher"]
