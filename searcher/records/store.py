"""The store: one SQLite file for everything recorded about an index.

It holds sources, stories, tags, deletions, saved searches, the log and the last state of the text files, so
that related changes are written together. It has a checksum and a change number. SQLite is imported when
first needed, because most searches do not use the store.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from searcher.errors import IndexDamaged, IndexFailure, IndexMissing
from searcher.files import connect, connect_file, make_file, make_folder, read_text, replace_text
from searcher.locations import RECORDS, TEXTS, is_index

if TYPE_CHECKING:
    from sqlite3 import Connection

#: Version of the schema.
VERSION: Final = 1
_MAKING: Final = threading.Lock()
#: Modulus of checksums. The sum of two checksums must fit in an SQLite integer.
_MODULUS: Final = 1 << 48

#: ``problems.version`` is the version of the readers, or "" if a retry may help. ``pending`` marks changes
#: that are not yet in the index. ``at`` is the time of a decision, which orders tags on all machines.
_SCHEMA: Final = """
CREATE TABLE state (
    store TEXT NOT NULL, change INTEGER NOT NULL, checksum INTEGER NOT NULL, lost TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, mapping TEXT NOT NULL, settings TEXT NOT NULL
);
CREATE INDEX files_by_digest ON files (digest);
CREATE TABLE articles (path TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (path, id)) WITHOUT ROWID;
CREATE INDEX articles_by_id ON articles (id);
CREATE TABLE pages (
    path TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, content TEXT NOT NULL
);
CREATE INDEX pages_by_path ON pages (path);
CREATE INDEX pages_by_id ON pages (id);
CREATE TABLE problems (
    path TEXT NOT NULL, origin TEXT NOT NULL, reason TEXT NOT NULL, kind TEXT NOT NULL,
    count INTEGER NOT NULL, version TEXT NOT NULL
);
CREATE INDEX problems_by_path ON problems (path);
CREATE TABLE deleted (id TEXT PRIMARY KEY, pending INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE unfinished (
    place TEXT NOT NULL, mapping TEXT NOT NULL, prune INTEGER NOT NULL, settings TEXT NOT NULL
);
CREATE TABLE stories (id TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE bands (band INTEGER NOT NULL, story TEXT NOT NULL, PRIMARY KEY (band, story)) WITHOUT ROWID;
CREATE INDEX bands_by_story ON bands (story);
CREATE TABLE tags (
    id TEXT NOT NULL, tag TEXT NOT NULL, present INTEGER NOT NULL, pending INTEGER NOT NULL,
    at INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, tag)
) WITHOUT ROWID;
CREATE INDEX tags_pending ON tags (id) WHERE pending;
CREATE TABLE arrivals (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE texts (name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE searches (name TEXT PRIMARY KEY, request TEXT NOT NULL, seen TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log (
    step TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL, value TEXT NOT NULL,
    added INTEGER NOT NULL
);
CREATE INDEX log_by_step ON log (step);
CREATE INDEX log_by_about ON log (about, kind)
"""
#: Tables covered by the checksum.
_CHECKED: Final = re.findall(r"TABLE (\w+)", _SCHEMA)[1:]
#: Tables whose row counts are stored with a commit, to report losses.
_COUNTED: Final = ("files", "deleted", "tags", "texts", "searches")


class StoreState(NamedTuple):
    """Identifies the state of a store: its id, the number of its last change, and row counts."""

    store: str
    change: int
    rows: Mapping[str, int]

    def losses_since(self, known: Mapping[str, Any]) -> str:
        """Describe what this state lacks of the one known to a commit, or return ""."""
        known_change = known.get("change", 0)  # 0: nothing is recorded yet.
        if not known_change or (known["store"] == self.store and known_change <= self.change):
            return ""
        fewer = [
            f"{count - self.rows.get(what, 0):,} {what}"
            for what, count in known["rows"].items()
            if count > self.rows.get(what, 0)
        ]
        return f"{RECORDS} does not match the last commit. Lost: {', '.join(fewer) or 'recent changes'}."


class Store:
    """The records of an index in a folder, or in memory without a folder.

    Safe between threads and processes: each transaction has its own connection, reused while the file is the
    same. In memory, one thread runs at a time. All methods may raise IndexDamaged, and IndexFailure if the
    system refuses to read or write.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        prepare: Callable[[Connection], object] | None = None,
        elsewhere: bool = False,
    ) -> None:
        """``prepare`` is called with every writing connection. ``elsewhere``: the folder is not that of the
        index; create it if necessary."""
        self.folder = folder
        self._prepare = prepare
        self._elsewhere = elsewhere
        self._lock = threading.RLock()
        self._local = threading.local()
        self._memory: Connection | None = None
        #: Idle connections, by use (True for writing), device, inode and process.
        self._idle: dict[tuple[bool, int, int, int], Connection] = {}

    def __del__(self) -> None:
        with suppress(Exception):  # SQLite may already be unloaded at interpreter exit.
            self.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Run everything in this thread in one durable transaction. Nested calls join the outer one."""
        if (outer := getattr(self._local, "db", None)) is not None:
            if not self._local.writes:
                raise RuntimeError("a transaction that only reads is open")
            yield outer
            return
        with self._connection(writes=True) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                if not _has_tables(db):
                    _create_tables(db, self.folder)
                    if self.folder and not self._elsewhere:
                        _write_texts(db, self.folder)
                elif not db.execute("SELECT 1 FROM temp.sqlite_master").fetchone():
                    _keep_checksum(db)
                if self._prepare:
                    self._prepare(db)
                changes_before = db.total_changes
                yield db
                if db.total_changes != changes_before:
                    db.execute("UPDATE state SET change = change + 1")
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent state. Creates no file: an index without records has empty tables."""
        if (outer := getattr(self._local, "db", None)) is not None:
            yield outer
            return
        with self._connection(writes=False) as db:
            if self.folder is None and not _has_tables(db):
                _create_tables(db, None)
            db.execute("BEGIN")  # Before reading the version, so that SQLite locks only once.
            try:
                if _has_tables(db):
                    yield db
                    return
                with closing(_prepared_connection(connect(":memory:"))) as empty:
                    _create_tables(empty, self.folder)
                    self._local.db = empty
                    yield empty
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def begin(self) -> None:
        """Create the file, because reading without one creates all tables in memory each time."""
        if self.folder is not None and not os.path.lexists(self.folder / RECORDS):
            with self.transaction():
                pass

    def record_edited_texts(self) -> None:
        """Remember text files that a user has edited."""
        if self.folder is None or self._elsewhere:
            return
        with self.reading() as db:
            recorded = dict(db.execute("SELECT name, content FROM texts"))
        for name in recorded:
            with suppress(IndexDamaged):  # Reported when the text is read.
                text = read_text(self.folder / name)
                if text.strip() and text != recorded[name]:
                    with self.transaction() as db:
                        db.execute("UPDATE texts SET content = ? WHERE name = ?", (text, name))

    def copy_to(self, folder: Path) -> Store:
        copied = Store(folder, elsewhere=True)
        _make_file(folder / RECORDS, elsewhere=True)
        with self.reading() as db, closing(connect(str(folder / RECORDS))) as target:
            db.backup(target)
        return copied

    def state(self) -> StoreState:
        with self.reading() as db:
            return _state(db)

    def verify(self, known: Mapping[str, Any]) -> tuple[str, ...]:
        """Return problems: a damaged file, records missing since a commit (:meth:`StoreState.lacks`), and
        text files that lost lines."""
        self.close_files()  # Read from disk, not from a cache.
        try:
            if not self._is_sound():
                return (RECORDS,)
            with self.reading() as db:
                (noted_loss,) = db.execute("SELECT lost FROM state").fetchone()
                lost = noted_loss or _state(db).losses_since(known)
                texts = dict(db.execute("SELECT name, content FROM texts"))
        except IndexFailure:
            return (RECORDS,)
        folder = None if self._elsewhere else self.folder
        altered = tuple(_altered_texts(folder, texts)) if folder else ()
        return (lost, *altered) if lost else altered

    def _is_sound(self) -> bool:
        """Return True if SQLite and the checksum find no damage."""
        with self.reading() as db:
            if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return False
            (checksum,) = db.execute("SELECT checksum FROM state").fetchone()
            total = sum(
                _checksum(table, *row)
                for table in _CHECKED
                for row in db.execute(f"SELECT * FROM {table}")  # noqa: S608
            )
            return bool(total % _MODULUS == checksum)

    def close(self) -> None:
        """Drop the database in memory and close all files."""
        with self._lock:
            if self._memory is not None:
                self._memory.close()
                self._memory = None
        self.close_files()

    def close_files(self) -> None:
        self._close_idle(True)
        self._close_idle(False)

    @contextmanager
    def _connection(self, *, writes: bool) -> Iterator[Connection]:
        import sqlite3

        name = self.folder / RECORDS if self.folder else "records"
        try:
            with self._lock if self.folder is None else nullcontext(), self._opened_connection(writes) as db:
                self._local.db, self._local.writes = db, writes
                try:
                    yield db
                finally:
                    self._local.db = None
        except sqlite3.OperationalError as error:  # Locked, full or read-only, but not damaged.
            raise IndexFailure(f"{name} cannot be used: {error}.") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise IndexDamaged(
                f"{name} cannot be used ({error}). Put back a copy of it, or delete it and run “searcher "
                "index” over your files again: the articles are not in it, but your saved searches are."
            ) from error

    @contextmanager
    def _opened_connection(self, writes: bool) -> Iterator[Connection]:
        if self.folder is None:
            self._memory = self._memory or _prepared_connection(connect(":memory:"))
            yield self._memory
            return
        path = self.folder / RECORDS
        if writes:
            _make_file(path, self._elsewhere)
        elif not os.path.lexists(path):
            with closing(_prepared_connection(connect(":memory:"))) as empty:
                yield empty
            return
        try:
            status = os.lstat(path)
        except OSError as error:
            raise IndexFailure(f"{path} cannot be used: {error.strerror or error}.") from error
        key = writes, status.st_dev, status.st_ino, os.getpid()
        with self._lock:
            db = self._idle.pop(key, None)
        db = db or _prepared_connection(connect_file(path, writes=writes))
        try:
            if not writes:
                db.execute("PRAGMA query_only = ON")
            yield db
        except BaseException:
            db.close()
            raise
        with self._lock:
            self._close_idle(writes)
            self._idle[key] = db

    def _close_idle(self, writes: bool) -> None:
        with self._lock:
            for key in [key for key in self._idle if key[0] == writes]:
                db = self._idle.pop(key)
                if key[-1] == os.getpid():  # A forked process must not close the connections of its parent.
                    db.close()


def _prepared_connection(db: Connection) -> Connection:
    """Set up checksums and durable transactions."""
    try:
        db.create_function("checksum", -1, _checksum, deterministic=True)
        # EXTRA also syncs the folder. Recursive triggers see rows replaced by INSERT OR REPLACE.
        db.executescript(
            "PRAGMA synchronous = EXTRA; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF"
        )
    except BaseException:
        db.close()
        raise
    return db


def _make_file(path: Path, elsewhere: bool) -> None:
    """Create the file if it does not exist, following no link. Raises IndexFailure."""
    try:
        if elsewhere:
            make_folder(path.parent)
        elif not is_index(path.parent):
            raise IndexMissing(f"There is no index in “{path.parent}” any longer: nothing was written.")
        # One thread at a time, because closing the file would release another thread's locks.
        with _MAKING, suppress(FileExistsError):
            make_file(path)
    except OSError as error:
        raise IndexFailure(f"{path} cannot be created: {error.strerror or error}.") from error


def _has_tables(db: Connection) -> bool:
    """Return True if the tables exist. Raises OperationalError for tables of another version."""
    import sqlite3

    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version not in (0, VERSION):
        raise sqlite3.OperationalError("another version of Searcher wrote it")
    return bool(version)


def _create_tables(db: Connection, folder: Path | None) -> None:
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    db.execute("INSERT INTO state VALUES (?, 0, 0, '')", (uuid.uuid4().hex,))
    _keep_checksum(db)
    for path in [folder / name for name in TEXTS] if folder else ():
        if os.path.lexists(path):
            with suppress(IndexDamaged):  # Reported when the text is read.
                db.execute("INSERT INTO texts VALUES (?, ?)", (path.name, read_text(path)))
    db.execute(f"PRAGMA user_version = {VERSION}")


def _write_texts(db: Connection, folder: Path) -> None:
    """Create missing text files, so that a missing one later means a loss."""
    for name, heading in TEXTS.items():
        if db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (name, heading)).rowcount:
            replace_text(folder / name, heading)


def _altered_texts(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    """Describe text files that cannot be read or lack lines that were written last."""
    for name in TEXTS:
        try:
            current_lines = read_text(folder / name).splitlines()
        except IndexDamaged as error:
            yield str(error)
            continue
        if missing := [
            line for line in digests.get(name, "").splitlines() if line.strip() and line not in current_lines
        ]:
            hint = "" if any(map(str.strip, current_lines)) else "; what was written last holds"
            yield f"{name}: {len(missing):,} lines are gone since it was written, or were edited{hint}"


def _keep_checksum(db: Connection) -> None:
    """Update the checksum with every change of this connection."""
    for trigger in _triggers():
        db.execute(trigger)


@cache
def _triggers() -> tuple[str, ...]:
    triggers = []
    with closing(connect(":memory:")) as db:
        db.executescript(_SCHEMA)
        for table in _CHECKED:
            names = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
            old, new = (
                f"checksum('{table}', {', '.join(f'{row}.{name}' for name in names)})"
                for row in ("OLD", "NEW")
            )
            subtracted = f"{_MODULUS} - {old}"
            for event, change in (
                ("INSERT", new),
                ("DELETE", subtracted),
                ("UPDATE", f"{subtracted} + {new}"),
            ):
                triggers.append(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS {table}_{event} AFTER {event} ON main.{table} BEGIN"  # noqa: S608
                    f" UPDATE state SET checksum = (checksum + {change}) % {_MODULUS}; END"
                )
    return tuple(triggers)


def _checksum(*row: object) -> int:
    data = repr(row).encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=6).digest(), "big")


def _state(db: Connection) -> StoreState:
    counts = (f"(SELECT count(*) FROM {table})" for table in _COUNTED)  # noqa: S608
    store, change, *rows = db.execute(f"SELECT store, change, {', '.join(counts)} FROM state").fetchone()  # noqa: S608
    return StoreState(store, change, dict(zip(_COUNTED, rows)))


def to_sql(text: str) -> str | bytes:
    """Convert text for SQLite. File names and ids that are not valid Unicode are stored as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return as_bytes(text)
    return text


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def from_sql(value: object) -> str:
    """Convert a stored value back to text. Raises DatabaseError for other values, found in damaged files."""
    import sqlite3

    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogatepass")
    if not isinstance(value, str):
        raise sqlite3.DatabaseError("it contains an invalid text")
    return value
