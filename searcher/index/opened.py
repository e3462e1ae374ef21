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
from searcher.textfiles import Place, Watched

if TYPE_CHECKING:
    # what only changes need is not loaded for a search
    from searcher.ingest.run import Records

__all__ = ["OpenedIndex"]


class OpenedIndex:
    """An engine with the texts beside its index, until it is closed."""

    def __init__(
        self,
        engine: Engine,
        beside: Place | None,
        names: Watched[DecidedNames] | None = None,
        folder: Path | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        """``beside``: where the texts beside the index stand, its folder mostly. ``names``: those that the
        engine resolves by, where they were read from there already. ``folder``: for what is kept of the files
        that are loaded, where ``beside`` is no folder. ``ledger``: what other machines share of it."""
        self._curated = CuratedEngine(OwnFieldsEngine(engine), beside, names)
        self.beside = beside
        self._folder = beside if isinstance(beside, Path) else folder
        self._ledger = ledger
        self._records: Records | None = None
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
        self._drop_records()

    def _drop_records(self) -> None:
        """Close the records; they are opened anew when they are asked for."""
        with self._once:
            if self._records is not None:
                self._records.close()
                self._records = None

    @property
    def _engine(self) -> Engine:
        """The engine. Raises UsageError once the index is closed."""
        return self._curated.require_open()

    def _answering(self) -> Answering:
        """The engine with the names and synonyms as their files are now."""
        return self._curated.answering()

    def _kept_records(self) -> Records:
        """What is kept of files, stories and tags, as it is now on all machines."""
        from searcher.ingest.run import Records

        self._curated.require_open()
        with self._once:
            if self._records is None:
                if self._folder:
                    self._folder.mkdir(parents=True, exist_ok=True)
                self._records = Records.of(self._folder, self.beside, self._ledger)
            records = self._records
        records.pull()
        return records
