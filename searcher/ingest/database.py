"""The SQLite files beside an index: opened for each call, in transactions, and checked.

SQLite is atomic, crash-safe and in the standard library.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from searcher.errors import IndexDamaged, IndexFailure

__all__ = ["Database", "as_bytes", "from_sql", "to_sql"]

#: Seconds that a call waits for another process that is writing.
MAX_WAIT = 60


class Database:
    """An SQLite file, or a database in memory that lives as long as this object.

    ``file`` is None for one in memory, ``prepare`` makes the tables of a connection just opened, ``name``
    says in messages what the file holds, and ``remedy`` what to do about a damaged one. Safe between threads
    and processes: each call opens the file anew, and the one in memory serves one thread at a time.
    """

    def __init__(
        self, file: Path | None, prepare: Callable[[sqlite3.Connection], object], *, name: str, remedy: str
    ) -> None:
        self.file = file
        self._prepare = prepare
        self._name = name
        self._remedy = remedy
        self._lock = threading.RLock()
        self._local = threading.local()
        self._memory_db = None if file else self._open()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything that this thread asks and writes inside is one transaction, done or not done as a whole.

        A transaction within another one is part of it. Many statements in one transaction are far cheaper
        than alone: opening the file takes as long as a hundred of them.

        Raises IndexFailure where the system refuses to read or write, and IndexDamaged.
        """
        outer = getattr(self._local, "db", None)
        if outer is not None:
            yield outer
            return
        with self._lock if self._memory_db else nullcontext(), self._connected() as db:
            self._local.db = db
            try:
                yield db
            finally:
                self._local.db = None

    def verify(self) -> bool:
        """Whether the file is sound, as far as SQLite can tell. Raises IndexFailure."""
        with self.transaction() as db:
            sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return sound and not db.execute("PRAGMA foreign_key_check").fetchall()

    def close(self) -> None:
        """Drop a database in memory; a file is not held open."""
        if self._memory_db is not None:
            self._memory_db.close()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.file or ":memory:", timeout=MAX_WAIT, check_same_thread=False)
        try:
            db.execute("PRAGMA foreign_keys = ON")
            self._prepare(db)
        except BaseException:  # whatever stops it, the file is not held open
            db.close()
            raise
        return db

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._memory_db or self._open()
            try:
                with db:
                    yield db
            finally:
                if db is not self._memory_db:
                    db.close()
        except sqlite3.OperationalError as error:  # locked, full, not writable: not damaged
            raise IndexFailure(f"The {self._name} {self.file} cannot be used: {error}.") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"The {self._name} {self.file} cannot be used ({error}). {self._remedy}"
            ) from error


def to_sql(text: str) -> str | bytes:
    """Return a text as SQLite takes it: names of files, and ids, need not be Unicode; those are kept as
    bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return as_bytes(text)
    return text


def as_bytes(text: str) -> bytes:
    """Return the bytes by which a text is kept that is not Unicode."""
    return text.encode("utf-8", "surrogatepass")


def from_sql(kept: object) -> str:
    """Return a text that was kept. Raises DatabaseError for anything else, which a damaged file may hold."""
    if isinstance(kept, bytes):
        return kept.decode("utf-8", "surrogatepass")
    if not isinstance(kept, str):
        raise sqlite3.DatabaseError("it holds what is no text")
    return kept
