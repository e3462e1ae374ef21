"""The store: one SQLite file beside an index, opened for each transaction, checked, and numbered by change.

Sources, stories, tags, deletions, saved searches, the log and the last state of the text files stand in it,
so that what belongs together is written together. SQLite is atomic, crash-safe and in the standard library;
it is loaded when something is asked, for most searches ask nothing.
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

#: The version of the tables.
VERSION: Final = 1
_MAKING: Final = threading.Lock()
#: Checksums are below this: sums of two stay integers of SQLite.
_MODULUS: Final = 1 << 48

#: ``version`` of a problem is that of the readers that met it, "" where reading the file again may help
#: though neither has changed. ``pending``: the index does not have it yet. ``at`` is the time of a decision,
#: by which all machines order tags.
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
#: The tables whose rows the checksum covers: all but that of the state.
_CHECKED: Final = re.findall(r"TABLE (\w+)", _SCHEMA)[1:]
#: Those whose rows a commit counts, and names where they are lost.
_COUNTED: Final = ("files", "deleted", "tags", "texts", "searches")


class StoreState(NamedTuple):
    """What tells one state of a store from others: which store it is, the number of its last change, and how
    many rows each of its tables has."""

    store: str
    change: int
    rows: Mapping[str, int]

    def lacks(self, known: Mapping[str, Any]) -> str:
        """Return what of another state, as a commit knows it, this one has not: where that is of another
        store, or came after this one. Empty where it has everything."""
        there = known.get("change", 0)  # 0: nothing was recorded yet
        if not there or (known["store"] == self.store and there <= self.change):
            return ""
        fewer = [
            f"{count - self.rows.get(what, 0):,} {what}"
            for what, count in known["rows"].items()
            if count > self.rows.get(what, 0)
        ]
        return f"{RECORDS} is not what the last commit knew: {', '.join(fewer) or 'it'} is lost."


class _Opened(NamedTuple):
    """The file of a connection, and the process that opened it."""

    device: int
    number: int
    process: int

    @classmethod
    def of(cls, path: Path) -> _Opened:
        import sqlite3

        try:
            status = os.lstat(path)
        except OSError as error:
            raise sqlite3.OperationalError(error.strerror or str(error)) from error
        return cls(status.st_dev, status.st_ino, os.getpid())


class Store:
    """The records of an index in a folder, or in memory where ``folder`` is None.

    Safe between threads and processes: each transaction has a connection of its own, which the next one may
    use as long as the file is the same; what is in memory serves one thread at a time. Every method may raise
    IndexDamaged, and IndexFailure where the system refuses to read or write.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        prepare: Callable[[Connection], object] | None = None,
        elsewhere: bool = False,
    ) -> None:
        """``prepare`` is called with each connection that writes. ``elsewhere``: the folder is not that of
        the index, which is at an address, and is made where there is none."""
        self.folder = folder
        self._prepare = prepare
        self._elsewhere = elsewhere
        self._lock = threading.RLock()
        self._local = threading.local()
        self._memory: Connection | None = None
        self._idle: dict[bool, tuple[Connection, _Opened]] = {}

    def __del__(self) -> None:
        with suppress(Exception):  # at the end of Python there may be no SQLite any more
            self.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Make everything that this thread asks and writes inside one transaction, done or not as a whole,
        and on the disk when it ends. Others who write wait; one within another is part of it."""
        if (outer := getattr(self._local, "db", None)) is not None:
            if not self._local.writes:
                raise RuntimeError("a transaction that only reads is open")
            yield outer
            return
        with self._used_connection(writes=True) as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                if not _is_made(db):
                    _make(db, self.folder)
                    if self.folder and not self._elsewhere:
                        _write_texts(db, self.folder)
                elif not db.execute("SELECT 1 FROM temp.sqlite_master").fetchone():
                    _keep_checksum(db)
                if self._prepare:
                    self._prepare(db)
                before = db.total_changes
                yield db
                if db.total_changes != before:
                    db.execute("UPDATE state SET change = change + 1")
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one state, even while others write; inside a transaction, read what that has written. Makes no
        file: an index without records is read as one with empty tables."""
        if (outer := getattr(self._local, "db", None)) is not None:
            yield outer
            return
        with self._used_connection(writes=False) as db:
            if self.folder is None and not _is_made(db):
                _make(db, None)
            db.execute("BEGIN")  # before the version is read: SQLite takes its locks once
            try:
                if _is_made(db):
                    yield db
                    return
                with closing(_prepared_connection(connect(":memory:"))) as empty:
                    _make(empty, self.folder)
                    self._local.db = empty
                    yield empty
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def begin(self) -> None:
        """Make the file of an index that has none: each reading would make its tables anew, in memory."""
        if self.folder is not None and not os.path.lexists(self.folder / RECORDS):
            with self.transaction():
                pass

    def take_texts(self) -> None:
        """Keep the texts beside the index as somebody has edited them."""
        if self.folder is None or self._elsewhere:
            return
        with self.reading() as db:
            kept = dict(db.execute("SELECT name, content FROM texts"))
        for name in kept:
            with suppress(IndexDamaged):  # which is told when it is read
                text = read_text(self.folder / name)
                if text.strip() and text != kept[name]:
                    with self.transaction() as db:
                        db.execute("UPDATE texts SET content = ? WHERE name = ?", (text, name))

    def copy_to(self, folder: Path) -> Store:
        """Return a store in another folder with what this one holds now."""
        copied = Store(folder, elsewhere=True)
        _make_file(folder / RECORDS, elsewhere=True)
        with self.reading() as db, closing(connect(str(folder / RECORDS))) as other:
            db.backup(other)
        return copied

    def state(self) -> StoreState:
        """Return which state this is; that of an index without records has the number 0."""
        with self.reading() as db:
            return _state(db)

    def verify(self, known: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what is wrong: the name of the file, if it is damaged, what it lacks of what a commit knows
        (:meth:`StoreState.lacks`), and texts that are empty or gone."""
        self.close_files()  # the disk is to be read, and not what is remembered of it
        try:
            if not self._is_sound():
                return (RECORDS,)
            with self.reading() as db:
                (noted,) = db.execute("SELECT lost FROM state").fetchone()
                lost = noted or _state(db).lacks(known)
                texts = dict(db.execute("SELECT name, content FROM texts"))
        except IndexFailure:
            return (RECORDS,)
        folder = None if self._elsewhere else self.folder
        beside = tuple(_altered_texts(folder, texts)) if folder else ()
        return (lost, *beside) if lost else beside

    def _is_sound(self) -> bool:
        """Tell whether every row is as it was written, as far as SQLite and the checksum tell."""
        with self.reading() as db:
            if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return False
            (kept,) = db.execute("SELECT checksum FROM state").fetchone()
            total = sum(
                _checksum(table, *row)
                for table in _CHECKED
                for row in db.execute(f"SELECT * FROM {table}")  # noqa: S608
            )
            return bool(total % _MODULUS == kept)

    def close(self) -> None:
        """Drop what is in memory, and hold no file open."""
        with self._lock:
            if self._memory is not None:
                self._memory.close()
                self._memory = None
        self.close_files()

    def close_files(self) -> None:
        """Hold no file open; what is in memory stays."""
        for writes in (True, False):
            self._keep_idle(writes, None)

    @contextmanager
    def _used_connection(self, *, writes: bool) -> Iterator[Connection]:
        import sqlite3

        name = self.folder / RECORDS if self.folder else "records"
        try:
            with self._lock if self.folder is None else nullcontext(), self._opened_connection(writes) as db:
                self._local.db, self._local.writes = db, writes
                try:
                    yield db
                finally:
                    self._local.db = None
        except sqlite3.OperationalError as error:  # locked, full, not writable: not damaged
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
        opened = _Opened.of(path)
        db = self._take_idle(writes, opened) or _prepared_connection(connect_file(path, writes=writes))
        try:
            if not writes:
                db.execute("PRAGMA query_only = ON")
            yield db
        except BaseException:
            db.close()
            raise
        self._keep_idle(writes, (db, opened))

    def _take_idle(self, writes: bool, wanted: _Opened) -> Connection | None:
        """Return the connection that nobody uses, if its file is still that one."""
        with self._lock:
            db, opened = self._idle.pop(writes, (None, None))
        if db is None or opened == wanted:
            return db
        if opened is not None and opened.process == wanted.process:  # a fork must not touch it
            db.close()
        return None

    def _keep_idle(self, writes: bool, idle: tuple[Connection, _Opened] | None) -> None:
        """Let the next transaction use a connection, or none, in the place of the one before."""
        with self._lock:
            before = self._idle.pop(writes, None)
            if idle:
                self._idle[writes] = idle
        if before and before[1].process == os.getpid():
            before[0].close()


def _prepared_connection(db: Connection) -> Connection:
    """Return a connection that keeps the checksum, and whose transactions are on the disk when they end."""
    try:
        db.create_function("checksum", -1, _checksum, deterministic=True)
        # EXTRA: the folder too is on the disk. Triggers see rows that others replace.
        db.executescript(
            "PRAGMA synchronous = EXTRA; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF"
        )
    except BaseException:
        db.close()
        raise
    return db


def _make_file(path: Path, elsewhere: bool) -> None:
    """Make the file if there is none, exclusively and through no link. Raises IndexFailure."""
    try:
        if elsewhere:
            make_folder(path.parent)
        elif not is_index(path.parent):
            raise IndexMissing(f"There is no index in “{path.parent}” any more: nothing was written.")
        # One thread at a time: to close the file would end the locks that another one has on it.
        with _MAKING, suppress(FileExistsError):
            make_file(path)
    except OSError as error:
        raise IndexFailure(f"{path} cannot be made: {error.strerror or error}.") from error


def _is_made(db: Connection) -> bool:
    """Return True if the tables exist. Raises OperationalError if another version of Searcher made them."""
    import sqlite3

    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version not in (0, VERSION):
        raise sqlite3.OperationalError("another version of Searcher wrote it")
    return bool(version)


def _make(db: Connection, folder: Path | None) -> None:
    """Make the tables, and take over texts that were written before there were records."""
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    db.execute("INSERT INTO state VALUES (?, 0, 0, '')", (uuid.uuid4().hex,))
    _keep_checksum(db)
    for path in [folder / name for name in TEXTS] if folder else ():
        if os.path.lexists(path):
            with suppress(IndexDamaged):  # reported when the text is read
                db.execute("INSERT INTO texts VALUES (?, ?)", (path.name, read_text(path)))
    db.execute(f"PRAGMA user_version = {VERSION}")


def _write_texts(db: Connection, folder: Path) -> None:
    """Write the texts that are not there: one that is missing later on is lost."""
    for name, heading in TEXTS.items():
        if db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (name, heading)).rowcount:
            replace_text(folder / name, heading)


def _altered_texts(folder: Path, kept: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the texts beside an index: those that are no text, and those without lines
    that were written last, whether these were lost or somebody has edited them."""
    for name in TEXTS:
        try:
            now = read_text(folder / name).splitlines()
        except IndexDamaged as error:
            yield str(error)
            continue
        if gone := [line for line in kept.get(name, "").splitlines() if line.strip() and line not in now]:
            holds = "" if any(map(str.strip, now)) else "; what was written last holds"
            yield f"{name}: {len(gone):,} lines are gone since it was written, or were edited{holds}"


def _keep_checksum(db: Connection) -> None:
    """Keep the checksum that of all rows, whatever this connection writes."""
    for trigger in _triggers():
        db.execute(trigger)


@cache
def _triggers() -> tuple[str, ...]:
    made = []
    with closing(connect(":memory:")) as db:
        db.executescript(_SCHEMA)
        for table in _CHECKED:
            names = [name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")]
            old, new = (
                f"checksum('{table}', {', '.join(f'{row}.{name}' for name in names)})"
                for row in ("OLD", "NEW")
            )
            taken = f"{_MODULUS} - {old}"
            for event, change in (("INSERT", new), ("DELETE", taken), ("UPDATE", f"{taken} + {new}")):
                made.append(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS {table}_{event} AFTER {event} ON main.{table} BEGIN"  # noqa: S608
                    f" UPDATE state SET checksum = (checksum + {change}) % {_MODULUS}; END"
                )
    return tuple(made)


def _checksum(*row: object) -> int:
    data = repr(row).encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(data, digest_size=6).digest(), "big")


def _state(db: Connection) -> StoreState:
    counts = (f"(SELECT count(*) FROM {table})" for table in _COUNTED)  # noqa: S608
    store, change, *rows = db.execute(f"SELECT store, change, {', '.join(counts)} FROM state").fetchone()  # noqa: S608
    return StoreState(store, change, dict(zip(_COUNTED, rows)))


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
    import sqlite3

    if isinstance(kept, bytes):
        return kept.decode("utf-8", "surrogatepass")
    if not isinstance(kept, str):
        raise sqlite3.DatabaseError("it holds what is no text")
    return kept
