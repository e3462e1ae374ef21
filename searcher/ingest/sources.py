"""The files of an index: which articles each contains, and what could not be read.

Files are recorded after the engine has committed. After a crash between the two, some files are read again.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from searcher.article import Article
from searcher.ingest.report import Problem, ProblemKind
from searcher.readers.base import ArticlePage
from searcher.records.store import Store, as_bytes, from_sql, to_sql


@dataclass(frozen=True, slots=True)
class Source:
    """A file with its SHA-256, its field mapping (``"title=headline,…"``) and the settings of its articles
    (:meth:`.settings.Settings.to_text`)."""

    path: str
    digest: str
    mapping: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class LoadJob:
    """The arguments of a run. ``prune``: delete articles of missing files."""

    paths: tuple[str, ...]
    mapping: str = ""
    prune: bool = False
    settings: str = ""


_T = TypeVar("_T")


class Sources:
    """The list of files in the store of an index. All methods raise the errors of :class:`Store`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def _select(self, made: Callable[[Any], _T], query: str, *values: str | bytes) -> list[_T]:
        with self.store.reading() as db:
            return list(map(made, db.execute(query, values)))

    def _select_ids(self, query: str, *values: str | bytes) -> frozenset[str]:
        return frozenset(self._select(lambda row: from_sql(row[0]), query, *values))

    def _select_number(self, query: str, *values: str | bytes) -> int:
        """Return the number that a query selects, or 0 if it selects no row."""
        return next(iter(self._select(lambda row: int(row[0]), query, *values)), 0)

    # Files and their articles

    def get(self, path: str) -> Source | None:
        query = "SELECT path, digest, mapping, settings FROM files WHERE path = ?"
        return next(iter(self._select(_source, query, to_sql(path))), None)

    def all(self) -> list[Source]:
        return self._select(_source, "SELECT path, digest, mapping, settings FROM files ORDER BY path")

    def ids(self, path: str) -> frozenset[str]:
        return self._select_ids("SELECT id FROM articles WHERE path = ?", to_sql(path))

    def count(self, path: str) -> int:
        return self._select_number("SELECT count(*) FROM articles WHERE path = ?", to_sql(path))

    def count_copies(self, path: str) -> int:
        """Return how many articles of a file are also in a file with a smaller path."""
        query = (
            "SELECT count(*) FROM articles AS mine WHERE path = ? AND EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path < mine.path)"
        )
        return self._select_number(query, to_sql(path))

    def ids_of_address(self, base: str, path: str | None = None) -> frozenset[str]:
        """Return ids equal to ``base`` or starting with it and a hyphen, of one file or of all."""
        query = "SELECT DISTINCT id FROM articles WHERE (id = ? OR (id >= ? AND id < ?))"
        values = [to_sql(base), to_sql(f"{base}-"), to_sql(f"{base}.")]
        if path is not None:
            return self._select_ids(f"{query} AND path = ?", *values, to_sql(path))
        return self._select_ids(query, *values)

    def lasting_id(self, source: Source) -> str | None:
        """Return the id that a file's only article keeps when corrected, if no other file has it."""
        own_ids_query = "SELECT id FROM articles WHERE path = ?"
        copied_ids_query = (
            "SELECT DISTINCT id FROM articles WHERE path ="
            " (SELECT path FROM files WHERE digest = ? AND path != ? ORDER BY path LIMIT 1)"
        )
        other_file_query = (
            "SELECT 1 FROM articles JOIN files USING (path)"
            " WHERE id = ? AND path != ? AND digest != ? LIMIT 1"
        )
        path = to_sql(source.path)
        with self.store.reading() as db:
            rows = db.execute(own_ids_query, (path,)).fetchall()
            rows = rows or db.execute(copied_ids_query, (source.digest, path)).fetchall()
            if len(rows) != 1 or db.execute(other_file_query, (rows[0][0], path, source.digest)).fetchone():
                return None
            return from_sql(rows[0][0])

    def paths(self, id: str) -> frozenset[str]:
        return self._select_ids("SELECT path FROM articles WHERE id = ?", to_sql(id))

    def all_ids(self) -> frozenset[str]:
        return self._select_ids("SELECT DISTINCT id FROM articles")

    def orphans(self, path: str, ids: Iterable[str] = ()) -> frozenset[str]:
        """Return the articles that are only in this file, except ``ids``."""
        query = (
            "SELECT id FROM articles AS mine WHERE path = ? AND NOT EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path != mine.path)"
        )
        return self._select_ids(query, to_sql(path)) - frozenset(ids)

    def pages(self, *, id: str = "", path: str = "") -> list[tuple[str, ArticlePage]]:
        """Return the pages of an article or of a file, each with its file."""
        column, value = ("id", id) if id else ("path", path)
        query = f"SELECT path, number, content FROM pages WHERE {column} = ? ORDER BY path, rowid"  # noqa: S608
        with self.store.reading() as db:
            rows = db.execute(query, (to_sql(value),)).fetchall()
        return [(from_sql(file), _page(number, from_sql(content))) for file, number, content in rows]

    def record(
        self,
        source: Source,
        ids: Iterable[str],
        problems: Iterable[Problem] = (),
        pages: Iterable[ArticlePage] = (),
    ) -> None:
        path = to_sql(source.path)
        with self.store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                (path, source.digest, to_sql(source.mapping), to_sql(source.settings)),
            )
            db.execute("DELETE FROM articles WHERE path = ?", (path,))
            db.executemany("INSERT OR IGNORE INTO articles VALUES (?, ?)", ((path, to_sql(id)) for id in ids))
            db.execute("DELETE FROM pages WHERE path = ?", (path,))
            rows = ((path, to_sql(page.id), page.number, json.dumps(page.to_dict())) for page in pages)
            db.executemany("INSERT INTO pages VALUES (?, ?, ?, ?)", rows)
            self.record_problems(source.path, problems)

    def mark_changed(self, path: str) -> None:
        with self.store.transaction() as db:
            db.execute("UPDATE files SET digest = '' WHERE path = ?", (to_sql(path),))

    def forget(self, path: str) -> None:
        with self.store.transaction() as db:
            for table in ("articles", "pages", "problems", "files"):
                db.execute(f"DELETE FROM {table} WHERE path = ?", (to_sql(path),))  # noqa: S608

    # Problems

    def record_problems(self, path: str, problems: Iterable[Problem]) -> None:
        with self.store.transaction() as db:
            db.execute("DELETE FROM problems WHERE path = ?", (to_sql(path),))
            db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", map(_problem_row, problems))

    def record_passed_over(self, folders: Iterable[str], problems: Sequence[Problem]) -> None:
        """Replace the skipped files below ``folders``, and forget the problems of missing files."""
        with self.store.transaction() as db:
            for root in folders:
                below = "(path = ? OR path >= ? AND path < ? OR path >= ? AND path < ?)"
                bounds = (to_sql(root), *_bounds_below(root))
                db.execute(f"DELETE FROM problems WHERE kind = 'passed over' AND {below}", bounds)  # noqa: S608
                remaining = db.execute(f"SELECT DISTINCT path FROM problems WHERE {below}", bounds)  # noqa: S608
                missing = [path for (path,) in remaining.fetchall() if not os.path.lexists(from_sql(path))]
                db.executemany("DELETE FROM problems WHERE path = ?", ((path,) for path in missing))
            paths = [(to_sql(problem.path),) for problem in problems]
            db.executemany("DELETE FROM problems WHERE kind = 'passed over' AND path = ?", paths)
            db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", map(_problem_row, problems))

    def problems(self, path: str | None = None) -> list[Problem]:
        """Return problems in the order of their paths, of all files or of one."""
        query, values = "SELECT path, origin, reason, kind, count, version FROM problems", []
        if path is not None:
            query, values = f"{query} WHERE path = ?", [to_sql(path)]
        return self._select(_problem, f"{query} ORDER BY path, rowid", *values)

    # Articles deleted by a user

    def begin_deletion(self, ids: Iterable[str]) -> None:
        with self.store.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO deleted VALUES (?, 1)", ((to_sql(id),) for id in ids))

    def delete(self, ids: Iterable[str]) -> None:
        """Record deleted articles. Loading and rebuilding leave them out from now on."""
        with self.store.transaction() as db:
            for id in map(to_sql, ids):
                db.execute("DELETE FROM articles WHERE id = ?", (id,))
                db.execute("INSERT OR REPLACE INTO deleted VALUES (?, 0)", (id,))

    def begun_deletions(self) -> frozenset[str]:
        """Return deletions that may not have been committed."""
        return self._select_ids("SELECT id FROM deleted WHERE pending")

    def undelete(self, ids: Iterable[str]) -> None:
        with self.store.transaction() as db:
            db.executemany("DELETE FROM deleted WHERE id = ?", ((to_sql(id),) for id in ids))

    def deleted(self) -> frozenset[str]:
        return self._select_ids("SELECT id FROM deleted")

    # The unfinished run

    def begin(self, job: LoadJob) -> None:
        """Record a run as unfinished until :meth:`end`."""
        rows = [(to_sql(path), to_sql(job.mapping), job.prune, to_sql(job.settings)) for path in job.paths]
        with self.store.transaction() as db:
            db.execute("DELETE FROM unfinished")
            db.executemany("INSERT INTO unfinished VALUES (?, ?, ?, ?)", rows)

    def end(self) -> None:
        with self.store.transaction() as db:
            db.execute("DELETE FROM unfinished")

    def unfinished(self) -> LoadJob | None:
        """Return the arguments of the last run if it was interrupted."""
        rows = self._select(tuple, "SELECT place, mapping, prune, settings FROM unfinished ORDER BY rowid")
        if not rows:
            return None
        _, mapping, prune, settings = rows[0]
        paths = tuple(from_sql(row[0]) for row in rows)
        return LoadJob(paths, from_sql(mapping), bool(prune), from_sql(settings))


def _bounds_below(root: str) -> tuple[str | bytes, ...]:
    """Return the bounds of all paths below a folder: two for text, two for bytes."""
    low = os.path.join(root, "")
    high = low[:-1] + chr(ord(low[-1]) + 1)
    return to_sql(low), to_sql(high), as_bytes(low), as_bytes(high)


def _source(row: tuple[object, ...]) -> Source:
    return Source(*map(from_sql, row))


def _page(number: object, content: str) -> ArticlePage:
    try:
        return ArticlePage.of(Article.from_dict(json.loads(content)), int(str(number)))
    except (ValueError, TypeError, AttributeError) as error:
        raise sqlite3.DatabaseError(f"it contains an invalid page ({error})") from error


def _problem_row(problem: Problem) -> tuple[object, ...]:
    texts = map(to_sql, (problem.path, problem.origin, problem.reason))
    return *texts, problem.kind.value, problem.count, problem.version


def _problem(row: Sequence[object]) -> Problem:
    path, origin, reason, kind, count, version = row
    if not isinstance(count, int):
        raise sqlite3.DatabaseError("it contains an invalid number")
    try:
        path, origin, reason, version = map(from_sql, (path, origin, reason, version))
        return Problem(path, origin, reason, ProblemKind(kind), count, version)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error
