"""The vocabulary of an index across languages; an extension provides the translations."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from searcher import plugins
from searcher.locations import TRANSLATIONS
from searcher.query import deadline
from searcher.query.tree import Expr, Term
from searcher.results.articles import Equivalent, Hit

if TYPE_CHECKING:
    from searcher.engines.base import Engine

#: Up to this many articles, the vocabulary is read again for every query, which takes less than a second.
_FEW_ARTICLES: Final = 300


class Translation(NamedTuple):
    """A translation, with the leaf of the query that finds it."""

    translation: Equivalent
    term: Term
    row: int


class WordTable(Protocol):
    """The vocabulary of an index by meaning: the entry point “words” of ``searcher.languages``."""

    total: int
    spellings: dict[int, str]

    def write(self, path: Path, /) -> None: ...

    def is_current(self, state: str, total: int, /) -> bool:
        """Return True if the index in this state has only few additional words."""
        ...

    def translate(
        self, expr: Expr, named: Callable[[str], float] = ..., /
    ) -> tuple[Expr, Mapping[str, Sequence[Translation]]]:
        """Return the tree to expand, and the translations of its words."""
        ...

    def with_translations(self, hit: Hit, where: Expr, /, *, explained: bool) -> Hit:
        """Return a hit with the translations that it contains."""
        ...

    def add_translations(self, expr: Expr, translations: Mapping[str, Sequence[Translation]], /) -> Expr:
        """Return a tree with its words expanded to their translations."""
        ...


def _table_class() -> Any:
    """Return the class of tables. Raises UsageError if none is installed."""
    return plugins.find("searcher.languages", "words")


class WordsAcross:
    """The vocabulary of an index across languages, cached in a file of its folder.

    Reading it from a large index takes minutes, so that queries may use an older version.
    """

    def __init__(self, engine: Engine, folder: Path | None) -> None:
        self._engine, self._path = engine, folder / TRANSLATIONS if folder else None
        self._lock = threading.Lock()
        self._table: WordTable | None = None
        self._written = 0

    @property
    def ready(self) -> bool:
        """Return True if the vocabulary was read before."""
        return self._table is not None or (self._path is not None and self._path.exists())

    def current(self, *, may_lag: bool = True) -> WordTable:
        """Return the vocabulary. If it ``may_lag``, it is read again only for an index that is small or has
        doubled in size."""
        with deadline.unlimited(), self._lock:  # no time limit, because later queries benefit
            state, total = self._engine.storage().version(), self._engine.count()
            if self._table is None or not self._table.is_current(state, total):
                self._read_file()
            table = self._table
            is_enough = table is not None and _FEW_ARTICLES < total <= 2 * table.total
            if table is None or not (table.is_current(state, total) or (may_lag and is_enough)):
                table = self._table = _table_class().from_engine(self._engine, table)
                if self._path:
                    with suppress(OSError):  # the folder may be read-only
                        table.write(self._path)
            return table

    def _read_file(self) -> None:
        """Read the file again if another process has written it."""
        try:
            written = self._path.stat().st_mtime_ns if self._path else self._written
        except FileNotFoundError:
            return
        if self._path and written != self._written:
            self._table, self._written = _table_class().read(self._path) or self._table, written

    def verify(self) -> tuple[str, ...]:
        """Return the name of the file if it is damaged."""
        import zipfile

        try:
            if self._path is None:
                return ()
            with zipfile.ZipFile(self._path) as archive:
                whole = archive.testzip() is None
        except FileNotFoundError:
            return ()
        except (OSError, zipfile.BadZipFile):
            whole = False
        return () if whole else (TRANSLATIONS,)
