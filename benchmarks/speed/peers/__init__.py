"""One module for each engine: how it indexes the articles and how it is asked the questions.

Each has a :class:`benchmarks.speed.peers.peer.Peer`. Modules import nothing of this project's dependencies
but their engine, since Debian's Xapian runs in Debian's Python.
"""

from __future__ import annotations

import importlib

from benchmarks.speed.peers.peer import Peer

__all__ = ["PEERS", "STILL", "load"]

#: Engine to the module and the class that drive it, and what must be importable.
PEERS = {
    "searcher": ("searcher_", "Searcher", "searcher"),
    "whoosh": ("whoosh_", "Whoosh", "whoosh"),
    "fts5": ("fts5", "Fts5", "sqlite3"),
    "tantivy": ("tantivy_", "Tantivy", "tantivy"),
    "xapian": ("xapian_", "Xapian", "xapian"),
    "bm25s": ("bm25s_", "Bm25s", "bm25s"),
}
#: Those to which nothing can be added.
STILL = frozenset({"bm25s"})


def load(name: str) -> Peer:
    """An engine of that name. Raises ImportError where it is not installed."""
    module, cls, _ = PEERS[name]
    made: Peer = getattr(importlib.import_module(f"benchmarks.speed.peers.{module}"), cls)()
    return made
