"""One module for each engine: how it indexes the articles and how it is asked the questions.

Each has a class with ``index(articles, folder)``, ``open(folder)`` and ``ask(question)``, which gives the ids
of ten hits and the number of all. Modules import nothing of this project's dependencies but their engine,
since Debian's Xapian runs in Debian's Python.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["PEERS", "load"]

#: Engine to the module and the class that drive it, and what must be importable.
PEERS = {
    "searcher": ("searcher_", "Searcher", "searcher"),
    "whoosh": ("whoosh_", "Whoosh", "whoosh"),
    "fts5": ("fts5", "Fts5", "sqlite3"),
    "tantivy": ("tantivy_", "Tantivy", "tantivy"),
    "xapian": ("xapian_", "Xapian", "xapian"),
    "bm25s": ("bm25s_", "Bm25s", "bm25s"),
}


def load(name: str) -> Any:
    """An engine of that name. Raises ImportError where it is not installed."""
    module, cls, _ = PEERS[name]
    return getattr(importlib.import_module(f"benchmarks.speed.peers.{module}"), cls)()
