"""Which file every article came from, and which files are not in the index, and why.

That makes a second run cheap, and pruning and rebuilding possible. The list is an SQLite file beside the
index, written after the engine has committed: a crash between the two only means that some files are read
again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from searcher.errors import IndexFailure
from searcher.ingest.database import Database, as_bytes, from_sql, to_sql
from searcher.ingest.replica import Replica, Shared, watch
from searcher.ingest.report import Problem, ProblemKind

__all__ = ["FILE", "LoadJob", "Source", "Sources"]

#: The file's name within the folder of an index.
FILE = "sources.sqlite"
#: The version of the tables. 1 has problems and settings; files of version 0 are extended when first opened.
VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, digest TEXT NOT NULL, mapping TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    path TEXT NOT NULL REFERENCES files ON DELETE CASCADE, id TEXT NOT NULL, PRIMARY KEY (path, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS articles_by_id ON articles (id);
CREATE INDEX IF NOT EXISTS files_by_digest ON files (digest);
CREATE TABLE IF NOT EXISTS deleted (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unfinished (place TEXT NOT NULL, mapping TEXT NOT NULL, prune INTEGER NOT NULL);
"""
#: What version 1 adds. ``version`` of a problem is that of the readers that met it, "" where reading the
#: file again may help though neither has changed.
_ADDED_IN_1 = """
ALTER TABLE files ADD COLUMN settings TEXT NOT NULL DEFAULT '';
ALTER TABLE unfinished ADD COLUMN settings TEXT NOT NULL DEFAULT '';
CREATE TABLE problems (
    path TEXT NOT NULL, origin TEXT NOT NULL, reason TEXT NOT NULL, kind TEXT NOT NULL,
    count INTEGER NOT NULL, version TEXT NOT NULL
);
CREATE INDEX problems_by_path ON problems (path);
"""


_SHARED = (
    Shared(
        "file",
        {
            "files": "path digest mapping settings",
            "articles": "path id",
            "problems": "path origin reason kind count version",
        },
        on_disk=True,
    ),
    Shared("deleted", {"deleted": "id"}),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, and how: its path, the SHA-256 of its bytes, the field mapping it was read with
    (``"title=headline,…"``), and the settings of its articles (:meth:`.settings.Settings.to_text`); both
    empty where none were given."""

    path: str
    digest: str
    mapping: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class LoadJob:
    """What a run of loading was given: files, folders and globs, the mapping and settings (as in
    :class:`Source`), and whether the articles of files that are gone are to be dropped."""

    paths: tuple[str, ...]
    mapping: str = ""
    prune: bool = False
    settings: str = ""


class Sources:
    """The list in the folder of an index, or in memory where ``folder`` is None.

    Every method may raise IndexDamaged, and IndexFailure where the system refuses to read or write.
    """

    def __init__(self, folder: Path | None, *, shared: bool = False) -> None:
        """``shared``: what changes is noted for the ledger that others share."""
        self.folder = folder
        self._db = Database(
            folder / FILE if folder else None,
            lambda db: _make_tables(db, _SHARED if shared else ()),
            name="list of sources",
            remedy="Delete it and run “searcher index” over your files again; the articles are not in it.",
        )

    @property
    def replica(self) -> Replica:
        return Replica(self._db, _SHARED)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything that this thread asks and writes inside is one transaction."""
        with self._db.transaction():
            yield

    # Files and what they gave

    def get(self, path: str) -> Source | None:
        """The file of that path as it was last read."""
        query = "SELECT path, digest, mapping, settings FROM files WHERE path = ?"
        with self._db.transaction() as db:
            row = db.execute(query, (to_sql(path),)).fetchone()
            return _source(row) if row else None

    def all(self) -> list[Source]:
        """Every file that was read, in the order of its path."""
        with self._db.transaction() as db:
            rows = db.execute("SELECT path, digest, mapping, settings FROM files ORDER BY path").fetchall()
            return [_source(row) for row in rows]

    def ids(self, path: str) -> frozenset[str]:
        """The articles that a file gave."""
        with self._db.transaction() as db:
            return _texts(db.execute("SELECT id FROM articles WHERE path = ?", (to_sql(path),)))

    def count(self, path: str) -> int:
        """How many articles a file gave."""
        with self._db.transaction() as db:
            found = db.execute("SELECT count(*) FROM articles WHERE path = ?", (to_sql(path),)).fetchone()
            return int(found[0])

    def count_copies(self, path: str) -> int:
        """How many of these another file gives too, one that comes before it in the order of the paths."""
        query = (
            "SELECT count(*) FROM articles AS mine WHERE path = ? AND EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path < mine.path)"
        )
        with self._db.transaction() as db:
            return int(db.execute(query, (to_sql(path),)).fetchone()[0])

    def shared_with_other_file(self, id: str, path: str) -> bool:
        """Whether another file than ``path`` gave an article of that id."""
        query = "SELECT 1 FROM articles WHERE id = ? AND path != ? LIMIT 1"
        with self._db.transaction() as db:
            return db.execute(query, (to_sql(id), to_sql(path))).fetchone() is not None

    def gave(self, path: str, id: str) -> bool:
        """Whether a file of this machine gave an article of that id."""
        query = "SELECT 1 FROM articles WHERE id = ? AND path = ?"
        with self._db.transaction() as db:
            return db.execute(query, (to_sql(id), to_sql(path))).fetchone() is not None

    def lasting_id(self, source: Source) -> str | None:
        """The id that a file's only article keeps when its text is corrected: the one that it had, or that it
        has in a copy of the file; None where other files, of other bytes, give an article of that id."""
        own = "SELECT id FROM articles WHERE path = ?"
        copied = (
            "SELECT DISTINCT id FROM articles WHERE path ="
            " (SELECT path FROM files WHERE digest = ? AND path != ? ORDER BY path LIMIT 1)"
        )
        others = (
            "SELECT 1 FROM articles JOIN files USING (path)"
            " WHERE id = ? AND path != ? AND digest != ? LIMIT 1"
        )
        path = to_sql(source.path)
        with self._db.transaction() as db:
            found = db.execute(own, (path,)).fetchall()
            found = found or db.execute(copied, (source.digest, path)).fetchall()
            if len(found) != 1 or db.execute(others, (found[0][0], path, source.digest)).fetchone():
                return None
            return from_sql(found[0][0])

    def paths(self, id: str) -> frozenset[str]:
        """The files that gave an article of that id."""
        with self._db.transaction() as db:
            return _texts(db.execute("SELECT path FROM articles WHERE id = ?", (to_sql(id),)))

    def all_ids(self) -> frozenset[str]:
        """Every article that came from a file."""
        with self._db.transaction() as db:
            return _texts(db.execute("SELECT DISTINCT id FROM articles"))

    def ids_among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of ``ids`` that came from a file."""
        query = "SELECT 1 FROM articles WHERE id = ? LIMIT 1"
        with self._db.transaction() as db:
            return frozenset(id for id in ids if db.execute(query, (to_sql(id),)).fetchone())

    def orphans(self, path: str, ids: Iterable[str] = ()) -> frozenset[str]:
        """Articles that this file gave, that are not among ``ids`` and that no other file gives."""
        query = (
            "SELECT id FROM articles AS mine WHERE path = ? AND NOT EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path != mine.path)"
        )
        with self._db.transaction() as db:
            return _texts(db.execute(query, (to_sql(path),))) - frozenset(ids)

    def record(self, source: Source, ids: Iterable[str], problems: Iterable[Problem] = ()) -> None:
        """Note that a file has been read, which articles of it are in the index and what of it is not."""
        path = to_sql(source.path)
        with self._db.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (path, source.digest, to_sql(source.mapping), to_sql(source.settings)),
            )
            db.execute("DELETE FROM articles WHERE path = ?", (path,))
            db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?)", ((path, to_sql(id)) for id in ids))
            self.record_problems(source.path, problems)

    def mark_changed(self, path: str) -> None:
        """Let the next run read a file again."""
        with self._db.transaction() as db:
            db.execute("UPDATE files SET digest = '' WHERE path = ?", (to_sql(path),))

    def forget(self, path: str) -> None:
        """Drop a file, what it gave and what was wrong with it."""
        with self._db.transaction() as db:
            for table in ("articles", "problems", "files"):
                db.execute(f"DELETE FROM {table} WHERE path = ?", (to_sql(path),))  # noqa: S608

    # What is not in the index

    def record_problems(self, path: str, problems: Iterable[Problem]) -> None:
        """Note what is wrong with a file now; what was wrong before is forgotten."""
        with self._db.transaction() as db:
            db.execute("DELETE FROM problems WHERE path = ?", (to_sql(path),))
            db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", map(_problem_row, problems))

    def record_passed_over(self, folders: Iterable[str], problems: Sequence[Problem]) -> None:
        """Note which files in ``folders`` and below no reader takes; and forget what was wrong with files
        that are gone from there."""
        with self._db.transaction() as db:
            for root in folders:
                here = "(path = ? OR path >= ? AND path < ? OR path >= ? AND path < ?)"
                bounds = (to_sql(root), *_below(root))
                db.execute(f"DELETE FROM problems WHERE kind = 'passed over' AND {here}", bounds)  # noqa: S608
                left = db.execute(f"SELECT DISTINCT path FROM problems WHERE {here}", bounds)  # noqa: S608
                gone = [path for (path,) in left.fetchall() if not os.path.lexists(from_sql(path))]
                db.executemany("DELETE FROM problems WHERE path = ?", ((path,) for path in gone))
            paths = [(to_sql(problem.path),) for problem in problems]
            db.executemany("DELETE FROM problems WHERE kind = 'passed over' AND path = ?", paths)
            db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", map(_problem_row, problems))

    def problems(self, path: str | None = None) -> list[Problem]:
        """What is not in the index and why, in the order of the paths; of one file, if a path is given."""
        query = "SELECT path, origin, reason, kind, count, version FROM problems"
        with self._db.transaction() as db:
            if path is None:
                rows = db.execute(f"{query} ORDER BY path, rowid").fetchall()
            else:
                rows = db.execute(f"{query} WHERE path = ? ORDER BY rowid", (to_sql(path),)).fetchall()
            return [_problem(row) for row in rows]

    # Articles that were deleted by hand

    def delete(self, ids: Iterable[str]) -> None:
        """Note that articles were deleted by hand: loading and rebuilding leave them out from now on."""
        with self._db.transaction() as db:
            for id in map(to_sql, ids):
                db.execute("DELETE FROM articles WHERE id = ?", (id,))
                db.execute("INSERT OR IGNORE INTO deleted VALUES (?)", (id,))

    def undelete(self, ids: Iterable[str]) -> None:
        """Let articles that were deleted be loaded again."""
        with self._db.transaction() as db:
            db.executemany("DELETE FROM deleted WHERE id = ?", ((to_sql(id),) for id in ids))

    def deleted(self) -> frozenset[str]:
        """The articles that were deleted by hand."""
        with self._db.transaction() as db:
            return _texts(db.execute("SELECT id FROM deleted"))

    # The run of loading that is under way

    def begin(self, job: LoadJob) -> None:
        """Note that a run begins; until :meth:`end`, it is the unfinished one."""
        rows = [(to_sql(path), to_sql(job.mapping), job.prune, to_sql(job.settings)) for path in job.paths]
        with self._db.transaction() as db:
            db.execute("DELETE FROM unfinished")
            db.executemany("INSERT INTO unfinished VALUES (?, ?, ?, ?)", rows)

    def end(self) -> None:
        """Note that the run has come to its end."""
        with self._db.transaction() as db:
            db.execute("DELETE FROM unfinished")

    def unfinished(self) -> LoadJob | None:
        """The last run, if it was stopped before its end."""
        query = "SELECT place, mapping, prune, settings FROM unfinished ORDER BY rowid"
        with self._db.transaction() as db:
            rows = db.execute(query).fetchall()
        if not rows:
            return None
        _, mapping, prune, settings = rows[0]
        paths = tuple(from_sql(row[0]) for row in rows)
        return LoadJob(paths, from_sql(mapping), bool(prune), from_sql(settings))

    def verify(self) -> tuple[str, ...]:
        """The name of the file, if it is damaged."""
        try:
            _ = (
                self.all(),
                self.all_ids(),
                self.deleted(),
                self.problems(),
                self.unfinished(),
            )  # is it all text?
            sound = self._db.verify()
        except IndexFailure:
            sound = False
        return () if sound else (FILE,)

    def close(self) -> None:
        """Drop what was kept in memory; a list in a folder holds nothing open."""
        self._db.close()


def _make_tables(db: sqlite3.Connection, shared: Sequence[Shared]) -> None:
    """Make the tables of a new file, or bring those of an older one to this version; note what changes."""
    _update_tables(db)
    watch(db, shared)


def _update_tables(db: sqlite3.Connection) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise sqlite3.OperationalError("a later version of Searcher wrote it")
    if version == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")  # another process may be doing the same
    with db:
        if db.execute("PRAGMA user_version").fetchone() == (0,):
            for statement in f"{_TABLES}{_ADDED_IN_1}PRAGMA user_version = {VERSION}".split(";"):
                db.execute(statement)


def _below(root: str) -> tuple[str | bytes, ...]:
    """The bounds between which lie the paths below a folder: first of those that are text, then of others."""
    low = os.path.join(root, "")
    high = low[:-1] + chr(ord(low[-1]) + 1)
    return to_sql(low), to_sql(high), as_bytes(low), as_bytes(high)


def _source(row: tuple[object, ...]) -> Source:
    return Source(*map(from_sql, row))


def _texts(rows: Iterable[tuple[object]]) -> frozenset[str]:
    return frozenset(from_sql(text) for (text,) in rows)


def _problem_row(problem: Problem) -> tuple[object, ...]:
    return (
        to_sql(problem.path),
        to_sql(problem.origin),
        to_sql(problem.reason),
        problem.kind.value,
        problem.count,
        problem.version,
    )


def _problem(row: Sequence[object]) -> Problem:
    path, origin, reason, kind, count, version = row
    if not isinstance(count, int):
        raise sqlite3.DatabaseError("it holds what is no number")
    try:
        path, origin, reason, version = map(from_sql, (path, origin, reason, version))
        return Problem(path, origin, reason, ProblemKind(kind), count, version)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error
