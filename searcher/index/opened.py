"""What every use of an index begins with: its engine, what stands beside it, and closing."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from searcher.engines.base import Engine, Ledger
from searcher.engines.own_fields import OwnFieldsEngine
from searcher.search.answering import Answering
from searcher.search.curated import CuratedEngine, DecidedNames
from searcher.textfiles import MemoryTexts, Texts, Watched

if TYPE_CHECKING:
    # what only changes need is not loaded for a search
    from searcher.ingest.replica import Replica
    from searcher.ingest.run import Records
    from searcher.records.store import Store

__all__ = ["OpenedIndex"]


class OpenedIndex:
    """An engine with the texts beside its index, until it is closed."""

    def __init__(
        self,
        engine: Engine,
        beside: Texts | None,
        names: Watched[DecidedNames] | None = None,
        folder: Path | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """``beside``: the texts beside the index; None for one in memory, which has them as long as it is
        open. ``names``: those that the engine resolves by, where they were read from there already.
        ``folder``: for what is recorded of the index. ``ledger``: what other machines share of that."""
        self.beside = beside
        self._texts = beside or MemoryTexts()
        self._curated = CuratedEngine(OwnFieldsEngine(engine), self._texts, names)
        self._folder = folder
        self._ledger = ledger
        self._store: Store | None = None
        self._replica: Replica | None = None
        self._once = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files; the index cannot be used any more. Results stay usable: they are detached."""
        self._curated.close()
        if self._store is not None:
            self._store.close()

    @property
    def _engine(self) -> Engine:
        """The engine. Raises UsageError once the index is closed."""
        return self._curated.require_open()

    def _answering(self) -> Answering:
        """The engine with the names and synonyms as their files are now."""
        return self._curated.answering()

    @property
    def store(self) -> Store:
        """What was recorded beside the index, as it is now on all machines."""
        from searcher.records.store import Store

        self._curated.require_open()
        with self._once:
            if self._store is None and self._ledger and self._folder:
                from searcher.ingest.replica import Replica

                self._replica = Replica(self._folder, self._ledger)
                self._store = self._replica.store
            self._store = self._store or Store(self._folder)
        if self._replica:
            self._replica.pull()
        return self._store

    def share(self) -> None:
        """Let other machines see what has changed in the store."""
        if self._replica:
            self._replica.push()

    def _kept_records(self) -> Records:
        """What is kept of files, stories and tags, as it is now on all machines."""
        from searcher.ingest.run import Records

        return Records(self.store, self._texts, self._replica)
