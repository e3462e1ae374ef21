"""Which file every article came from: what makes a second run cheap, and prune and rebuild possible.

The ledger is an SQLite file beside the index (atomic, crash-safe, in the standard library). It is written
after the engine has committed, so that a crash between the two only means that some files are read again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from searcher.errors import IndexDamaged, IndexFailure

__all__ = ["Ledger", "Plan", "Source"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, digest TEXT NOT NULL, mapping TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE, id TEXT NOT NULL, PRIMARY KEY (path, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS articles_by_id ON articles (id);
CREATE TABLE IF NOT EXISTS deleted (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unfinished (place TEXT NOT NULL, mapping TEXT NOT NULL, prune INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its path, the SHA-256 of its bytes, and the field mapping it was read with
    (``"title=headline,…"``, empty where none was given)."""

    path: str
    digest: str
    mapping: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run of loading: the files, folders and globs that were given, the field mapping (as in
    :class:`Source`), and whether what is gone is to be dropped."""

    paths: tuple[str, ...]
    mapping: str = ""
    prune: bool = False


class Ledger:
    """``place`` is the folder of the index, or None to keep the ledger in memory.

    Every method may raise IndexDamaged, and IndexFailure where the system refuses to read or write.
    """

    def __init__(self, place: Path | None) -> None:
        self.folder = place
        self._place = str(place / "sources.sqlite") if place else ":memory:"
        self._kept = None if place else self._open()
        self._turn = threading.RLock()
        self._own = threading.local()

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread asks and writes within is one transaction, done or not done as a whole.

        Opening the file takes as long as a hundred questions, and many things are on the disk as soon as one.
        """
        with self._transaction() as db:
            before, self._own.db = getattr(self._own, "db", None), db
            try:
                yield
            finally:
                self._own.db = before

    def get(self, path: str) -> Source | None:
        with self._transaction() as db:
            row = db.execute(
                "SELECT path, digest, mapping FROM files WHERE path = ?", (_in(path),)
            ).fetchone()
            return _source(row) if row else None

    def sources(self) -> list[Source]:
        """Every file, in the order of its path."""
        with self._transaction() as db:
            rows = db.execute("SELECT path, digest, mapping FROM files ORDER BY path").fetchall()
            return [_source(row) for row in rows]

    def ids(self, path: str) -> frozenset[str]:
        """The articles that a file gave."""
        with self._transaction() as db:
            return _ids(db.execute("SELECT id FROM articles WHERE path = ?", (_in(path),)))

    def count(self, path: str) -> int:
        """How many articles a file gave."""
        with self._transaction() as db:
            found: tuple[int] = db.execute(
                "SELECT count(*) FROM articles WHERE path = ?", (_in(path),)
            ).fetchone()
            return found[0]

    def others(self, id: str, path: str) -> bool:
        """Whether an article of that id came from another file than ``path``."""
        query = "SELECT 1 FROM articles WHERE id = ? AND path != ? LIMIT 1"
        with self._transaction() as db:
            return db.execute(query, (_in(id), _in(path))).fetchone() is not None

    def owned(self) -> frozenset[str]:
        """Every article that came from a file."""
        with self._transaction() as db:
            return _ids(db.execute("SELECT DISTINCT id FROM articles"))

    def owned_among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of ``ids`` that came from a file."""
        query = "SELECT 1 FROM articles WHERE id = ? LIMIT 1"
        with self._transaction() as db:
            return frozenset(id for id in ids if db.execute(query, (_in(id),)).fetchone())

    def orphans(self, path: str, ids: Iterable[str] = ()) -> frozenset[str]:
        """Articles that this file gave, that are not among ``ids`` and that no other file gives."""
        query = (
            "SELECT id FROM articles AS mine WHERE path = ? AND NOT EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path != mine.path)"
        )
        with self._transaction() as db:
            return _ids(db.execute(query, (_in(path),))) - frozenset(ids)

    def record(self, source: Source, ids: Iterable[str]) -> None:
        """A file has been read and these articles of it are in the index."""
        path = _in(source.path)
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path, source.digest, _in(source.mapping))
            )
            db.execute("DELETE FROM articles WHERE path = ?", (path,))
            db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?)", ((path, _in(id)) for id in ids))

    def forget(self, path: str) -> None:
        """Drop a file and what it gave."""
        with self._transaction() as db:
            db.execute("DELETE FROM articles WHERE path = ?", (_in(path),))
            db.execute("DELETE FROM files WHERE path = ?", (_in(path),))

    def delete(self, ids: Iterable[str]) -> None:
        """These articles were deleted by hand: loading and rebuilding leave them out from now on."""
        with self._transaction() as db:
            for id in map(_in, ids):
                db.execute("DELETE FROM articles WHERE id = ?", (id,))
                db.execute("INSERT OR IGNORE INTO deleted VALUES (?)", (id,))

    def restore(self, ids: Iterable[str]) -> None:
        """These articles may be loaded again."""
        with self._transaction() as db:
            db.executemany("DELETE FROM deleted WHERE id = ?", ((_in(id),) for id in ids))

    def deleted(self) -> frozenset[str]:
        with self._transaction() as db:
            return _ids(db.execute("SELECT id FROM deleted"))

    def begin(self, plan: Plan) -> None:
        """A run begins; until :meth:`end`, it is the unfinished one."""
        rows = [(_in(path), _in(plan.mapping), plan.prune) for path in plan.paths]
        with self._transaction() as db:
            db.execute("DELETE FROM unfinished")
            db.executemany("INSERT INTO unfinished VALUES (?, ?, ?)", rows)

    def end(self) -> None:
        """The run has come to its end."""
        with self._transaction() as db:
            db.execute("DELETE FROM unfinished")

    def unfinished(self) -> Plan | None:
        """The last run, if it was stopped before its end."""
        with self._transaction() as db:
            rows = db.execute("SELECT place, mapping, prune FROM unfinished ORDER BY rowid").fetchall()
        if not rows:
            return None
        return Plan(tuple(_out(place) for place, _, _ in rows), _out(rows[0][1]), bool(rows[0][2]))

    def verify(self) -> tuple[str, ...]:
        """The ledger's file, if it is damaged."""
        try:
            _ = (
                self.sources(),
                self.owned(),
                self.deleted(),
                self.unfinished(),
            )  # whether what it holds is still text
            with self._transaction() as db:
                sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                sound = sound and not db.execute("PRAGMA foreign_key_check").fetchall()
        except IndexFailure:
            sound = False
        return () if sound else (Path(self._place).name,)

    def close(self) -> None:
        """Forget what was kept in memory; a ledger in a folder holds nothing open."""
        if self._kept is not None:
            self._kept.close()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._place, timeout=60, check_same_thread=False)
        try:
            db.execute("PRAGMA foreign_keys = ON")
            db.executescript(_SCHEMA)
        except BaseException:  # whatever stops it, the file is not held open
            db.close()
            raise
        return db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection a call, or one :meth:`together`: safe between threads and processes. The one in memory
        is for one thread at a time."""
        own = getattr(self._own, "db", None)
        if own is not None:
            yield own
            return
        with self._turn if self._kept else nullcontext(), self._connected() as db:
            yield db

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._kept or self._open()
            try:
                with db:
                    yield db
            finally:
                if db is not self._kept:
                    db.close()
        except sqlite3.OperationalError as error:  # locked, full, not writable: not damaged
            raise IndexFailure(f"The list of sources {self._place} cannot be used: {error}.") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"The list of sources {self._place} cannot be used ({error}). "
                "Delete it and run “searcher index” over your files again; the articles are not in it."
            ) from error


def _in(text: str) -> str | bytes:
    """As SQLite takes it: names of files need not be text, and neither need ids; those are kept as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def _out(kept: object) -> str:
    """Raises DatabaseError for what was never put in: SQLite returns what a damaged file happens to hold."""
    if isinstance(kept, bytes):
        return kept.decode("utf-8", "surrogatepass")
    if not isinstance(kept, str):
        raise sqlite3.DatabaseError("it holds what is no text")
    return kept


def _source(row: tuple[object, object, object]) -> Source:
    path, digest, mapping = row
    return Source(_out(path), _out(digest), _out(mapping))


def _ids(rows: Iterable[tuple[object]]) -> frozenset[str]:
    return frozenset(_out(id) for (id,) in rows)
