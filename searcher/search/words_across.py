"""The words of an index across languages, as something installed reads and compares them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from searcher import plugins
from searcher.locations import WORDS_ACROSS
from searcher.query import deadline
from searcher.query.tree import Expr, Term
from searcher.results.articles import Equivalent, Hit

if TYPE_CHECKING:
    from searcher.engines.base import Engine

#: Up to this many articles, a question reads the words of the index again: that takes less than a second.
_FEW_ARTICLES: Final = 300


class Found(NamedTuple):
    """A word that is looked for in the place of another, with the leaf of the query that finds it."""

    translation: Equivalent
    term: Term
    row: int


class WordTable(Protocol):
    """The words of an index by what they mean: the entry point “words” of ``searcher.languages``."""

    total: int
    written: dict[int, str]

    def write(self, path: Path, /) -> None: ...

    def serves(self, state: str, total: int, /) -> bool:
        """Return True if an index in this state has but few words more."""
        ...

    def meant(
        self, expr: Expr, named: Callable[[str], float] = ..., /
    ) -> tuple[Expr, Mapping[str, Sequence[Found]]]:
        """Return what the words of a tree mean in other languages, and the tree that is asked beside it."""
        ...

    def told(self, hit: Hit, where: Expr, /, *, explained: bool) -> Hit:
        """Return a hit with the words of other languages that it has."""
        ...

    def put_beside(self, expr: Expr, found: Mapping[str, Sequence[Found]], /) -> Expr:
        """Return a tree with other words beside those that mean the same."""
        ...


def _tables() -> Any:
    """Return the class of tables. Raises UsageError if none is installed."""
    return plugins.find("searcher.languages", "words")


class WordsAcross:
    """The words of an index across languages and what they mean, kept in a file beside it.

    Reading them from a large index takes minutes, so that a question is answered with those read last.
    """

    def __init__(self, engine: Engine, folder: Path | None) -> None:
        self._engine, self._path = engine, folder / WORDS_ACROSS if folder else None
        self._lock = threading.Lock()
        self._table: WordTable | None = None
        self._written = 0

    @property
    def ready(self) -> bool:
        """Whether it was asked for before."""
        return self._table is not None or (self._path is not None and self._path.exists())

    def current(self, *, may_lag: bool = True) -> WordTable:
        """Return the words of the index. If they ``may_lag``, they are read again only for an index that is
        small, or has grown to twice its size."""
        with deadline.unlimited(), self._lock:  # later questions gain by it
            state, total = self._engine.storage().state(), self._engine.count()
            if self._table is None or not self._table.serves(state, total):
                self._read_file()
            table = self._table
            is_enough = table is not None and _FEW_ARTICLES < total <= 2 * table.total
            if table is None or not (table.serves(state, total) or (may_lag and is_enough)):
                table = self._table = _tables().of(self._engine, table)
                if self._path:
                    with suppress(OSError):  # a folder that may be read alone
                        table.write(self._path)
            return table

    def _read_file(self) -> None:
        """Read the file again if another process has written it."""
        try:
            written = self._path.stat().st_mtime_ns if self._path else self._written
        except FileNotFoundError:
            return
        if self._path and written != self._written:
            self._table, self._written = _tables().read(self._path) or self._table, written

    def verify(self) -> tuple[str, ...]:
        """Return the file of the words if it is there and not as it was written."""
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
        return () if whole else (WORDS_ACROSS,)
