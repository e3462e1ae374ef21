"""What is open while an index is open: its engine, the texts and the records stored with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searcher import locations
from searcher.engines.base import Engine, SharedRecords, closed_error
from searcher.errors import UsageError
from searcher.fields import Fields
from searcher.names import decisions
from searcher.query.deadline import DEFAULT_MAX_SECONDS
from searcher.query.request import Search
from searcher.query.tree import Expr
from searcher.search.answers import Answers, LoadedIdentities, load_fields, load_identities, load_synonyms
from searcher.search.words_across import WordsAcross
from searcher.textfiles import MemoryTexts, Texts, WatchedText

if TYPE_CHECKING:
    # Searches do not need these.
    from searcher.ingest.run import Records
    from searcher.records.store import Store


class Session:
    """An open index, as the parts of :class:`~searcher.index.index.Index` share it.

    ``texts`` are the editable text files of the index, or None for an index in memory. ``names`` are the
    decisions about names that the engine already uses, if they were read before. ``folder`` holds the records
    of the index. ``shared_records`` opens records that several machines share.
    """

    def __init__(
        self,
        engine: Engine,
        texts: Texts | None = None,
        names: WatchedText[LoadedIdentities] | None = None,
        folder: Path | None = None,
        shared_records: Callable[[Path], SharedRecords] | None = None,
        patience: float = DEFAULT_MAX_SECONDS,
    ) -> None:
        self.is_persistent = texts is not None
        self.texts = texts or MemoryTexts()
        self.decided_names = names or WatchedText(self.texts, decisions.FILE, load_identities)
        self.words = WordsAcross(engine, folder)
        self.has_shared_records = shared_records is not None
        self._engine: Engine | None = engine
        self._open_files = ExitStack()
        self._open_files.callback(engine.close)
        self._synonyms = WatchedText(self.texts, locations.SYNONYMS, load_synonyms)
        self._fields = WatchedText(self.texts, locations.OWN_FIELDS, load_fields)
        self._names_in_use = names.current() if names else None
        self._folder = folder
        self._open_shared_records = shared_records
        self._shared: SharedRecords | None = None
        self._store: Store | None = None
        self._store_lock = threading.Lock()
        self._patience = patience
        if texts and not names:
            self.answers()  # makes the engine use the decisions about names

    def close(self) -> None:
        self._engine = None
        self._open_files.close()

    @property
    def engine(self) -> Engine:
        """The engine, with the decisions about names as last read. Raises UsageError when closed."""
        if self._engine is None:
            raise closed_error()
        return self._engine

    @property
    def fields(self) -> Fields:
        return self._fields.current()

    def request(self, query: str | Expr | Search, arguments: Mapping[str, Any]) -> Search:
        """Return a query and its arguments as one request, checked against the fields of this index."""
        search = query if isinstance(query, Search) else Search(query, **arguments)
        if arguments and search is query:
            search = search.replace(**arguments)
        search.require(lambda: self.fields)
        return search

    def article_request(self, query: str | Expr | Search, arguments: Mapping[str, Any]) -> Search:
        """Return a request for articles. Raises UsageError if it asks for quotations."""
        search = self.request(query, arguments)
        if search.quotes:
            raise UsageError("This search is for quotations: pass it to Index.quotes or Index.scan_quotes.")
        return search

    def answers(self) -> Answers:
        """Return the engine with the names, synonyms and own fields that their files contain now."""
        engine, names = self.engine, self.decided_names.current()
        if names is not self._names_in_use:
            if names.identities is not None:
                engine.use_names(names.identities)
            self._names_in_use = names
        return Answers(engine, self._synonyms.current(), self.fields, self._patience, self.words)

    @property
    def store(self) -> Store:
        """The records stored with the index, including those that other machines have written."""
        from searcher.records.store import Store

        _ = self.engine  # raises an error if the index is closed
        with self._store_lock:
            if self._store is None:
                if self._open_shared_records and self._folder:
                    self._shared = self._open_shared_records(self._folder)
                self._store = self._shared.store if self._shared else Store(self._folder)
                self._open_files.callback(self._store.close)
        if self._shared:
            self._shared.pull()
        return self._store

    def share(self) -> None:
        """Send changes of the store to the other machines that use this index."""
        if self._shared:
            self._shared.push()

    def records(self) -> Records:
        """Return the records of files, stories and tags, including those that other machines have written."""
        from searcher.ingest.run import Records

        records = Records(self.store, self.texts, self._shared)
        records.restore(self.engine)
        return records
