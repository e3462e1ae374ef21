"""Which file every article came from, and which files are not in the index, and why.

The list is written after the engine has committed: after a crash between the two, some files are read again.
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
    """A file that was read, and how: its path, its SHA-256, its field mapping (``"title=headline,…"``), and
    the settings of its articles (:meth:`.settings.Settings.to_text`); "" where none were given."""

    path: str
    digest: str
    mapping: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class LoadJob:
    """What a run of loading was given; ``prune``: whether articles of files that are gone are dropped."""

    paths: tuple[str, ...]
    mapping: str = ""
    prune: bool = False
    settings: str = ""


_T = TypeVar("_T")


class Sources:
    """The list in the store of an index. Every method may raise as those of the store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def _all(self, made: Callable[[Any], _T], query: str, *values: str | bytes) -> list[_T]:
        """What is made of each row that a query gives."""
        with self.store.reading() as db:
            return list(map(made, db.execute(query, values)))

    def _ids(self, query: str, *values: str | bytes) -> frozenset[str]:
        """The texts in the first column of what a query gives."""
        return frozenset(self._all(lambda row: from_sql(row[0]), query, *values))

    def _number(self, query: str, *values: str | bytes) -> int:
        """The number that a query gives; 0 where it gives no row."""
        return next(iter(self._all(lambda row: int(row[0]), query, *values)), 0)

    # Files and what they gave

    def get(self, path: str) -> Source | None:
        """The file of that path as it was last read."""
        query = "SELECT path, digest, mapping, settings FROM files WHERE path = ?"
        return next(iter(self._all(_source, query, to_sql(path))), None)

    def all(self) -> list[Source]:
        """Every file that was read, in the order of its path."""
        return self._all(_source, "SELECT path, digest, mapping, settings FROM files ORDER BY path")

    def ids(self, path: str) -> frozenset[str]:
        """The articles that a file gave."""
        return self._ids("SELECT id FROM articles WHERE path = ?", to_sql(path))

    def count(self, path: str) -> int:
        """How many articles a file gave."""
        return self._number("SELECT count(*) FROM articles WHERE path = ?", to_sql(path))

    def count_copies(self, path: str) -> int:
        """How many of these another file gives too, one that comes before it in the order of the paths."""
        query = (
            "SELECT count(*) FROM articles AS mine WHERE path = ? AND EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path < mine.path)"
        )
        return self._number(query, to_sql(path))

    def shared_with_other_file(self, id: str, path: str) -> bool:
        """Whether another file than ``path`` gave an article of that id."""
        query = "SELECT 1 FROM articles WHERE id = ? AND path != ? LIMIT 1"
        return self._number(query, to_sql(id), to_sql(path)) > 0

    def gave(self, path: str, id: str) -> bool:
        """Whether a file of this machine gave an article of that id."""
        return self._number("SELECT 1 FROM articles WHERE id = ? AND path = ?", to_sql(id), to_sql(path)) > 0

    def ids_beginning(self, path: str, start: str) -> frozenset[str]:
        """The articles that a file gave whose ids begin so, with an ASCII character at the end."""
        query = "SELECT id FROM articles WHERE path = ? AND id >= ? AND id < ?"
        return self._ids(query, to_sql(path), to_sql(start), to_sql(start[:-1] + chr(ord(start[-1]) + 1)))

    def ids_of_address(self, base: str) -> frozenset[str]:
        """The articles whose ids are that one, or begin with it and a hyphen."""
        query = "SELECT DISTINCT id FROM articles WHERE id = ? OR (id >= ? AND id < ?)"
        return self._ids(query, to_sql(base), to_sql(f"{base}-"), to_sql(f"{base}."))

    def lasting_id(self, source: Source) -> str | None:
        """The id that a file's only article keeps when corrected; None where other bytes give its id."""
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
        with self.store.reading() as db:
            found = db.execute(own, (path,)).fetchall()
            found = found or db.execute(copied, (source.digest, path)).fetchall()
            if len(found) != 1 or db.execute(others, (found[0][0], path, source.digest)).fetchone():
                return None
            return from_sql(found[0][0])

    def paths(self, id: str) -> frozenset[str]:
        """The files that gave an article of that id."""
        return self._ids("SELECT path FROM articles WHERE id = ?", to_sql(id))

    def all_ids(self) -> frozenset[str]:
        """Every article that came from a file."""
        return self._ids("SELECT DISTINCT id FROM articles")

    def ids_among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of ``ids`` that came from a file."""
        query = "SELECT 1 FROM articles WHERE id = ? LIMIT 1"
        with self.store.reading() as db:
            return frozenset(id for id in ids if db.execute(query, (to_sql(id),)).fetchone())

    def orphans(self, path: str, ids: Iterable[str] = ()) -> frozenset[str]:
        """Articles that this file gave, that are not among ``ids`` and that no other file gives."""
        query = (
            "SELECT id FROM articles AS mine WHERE path = ? AND NOT EXISTS"
            " (SELECT 1 FROM articles WHERE id = mine.id AND path != mine.path)"
        )
        return self._ids(query, to_sql(path)) - frozenset(ids)

    def pages(self, *, id: str = "", path: str = "") -> list[tuple[str, ArticlePage]]:
        """The pages of an article, or those that a file gave, each with its file."""
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
        """Note what of a file is in the index and what is not; ``pages`` are those of articles of pages."""
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
        """Let the next run read a file again."""
        with self.store.transaction() as db:
            db.execute("UPDATE files SET digest = '' WHERE path = ?", (to_sql(path),))

    def forget(self, path: str) -> None:
        """Drop a file, what it gave and what was wrong with it."""
        with self.store.transaction() as db:
            for table in ("articles", "pages", "problems", "files"):
                db.execute(f"DELETE FROM {table} WHERE path = ?", (to_sql(path),))  # noqa: S608

    # What is not in the index

    def record_problems(self, path: str, problems: Iterable[Problem]) -> None:
        """Note what is wrong with a file now; what was wrong before is forgotten."""
        with self.store.transaction() as db:
            db.execute("DELETE FROM problems WHERE path = ?", (to_sql(path),))
            db.executemany("INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?)", map(_problem_row, problems))

    def record_passed_over(self, folders: Iterable[str], problems: Sequence[Problem]) -> None:
        """Note which files below ``folders`` no reader takes; what was wrong with gone ones is forgotten."""
        with self.store.transaction() as db:
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
        query, values = "SELECT path, origin, reason, kind, count, version FROM problems", []
        if path is not None:
            query, values = f"{query} WHERE path = ?", [to_sql(path)]
        return self._all(_problem, f"{query} ORDER BY path, rowid", *values)

    # Articles that were deleted by hand

    def begin_deletion(self, ids: Iterable[str]) -> None:
        """Note which articles the next commit deletes by hand."""
        with self.store.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO deleted VALUES (?, 1)", ((to_sql(id),) for id in ids))

    def delete(self, ids: Iterable[str]) -> None:
        """Note that articles were deleted by hand: loading and rebuilding leave them out from now on."""
        with self.store.transaction() as db:
            for id in map(to_sql, ids):
                db.execute("DELETE FROM articles WHERE id = ?", (id,))
                db.execute("INSERT OR REPLACE INTO deleted VALUES (?, 0)", (id,))

    def begun_deletions(self) -> frozenset[str]:
        """The articles of which it is not known whether the commit that deletes them was made."""
        return self._ids("SELECT id FROM deleted WHERE pending")

    def undelete(self, ids: Iterable[str]) -> None:
        """Let articles that were deleted be loaded again."""
        with self.store.transaction() as db:
            db.executemany("DELETE FROM deleted WHERE id = ?", ((to_sql(id),) for id in ids))

    def deleted(self) -> frozenset[str]:
        """The articles that were deleted by hand."""
        return self._ids("SELECT id FROM deleted")

    # The run of loading that is under way

    def begin(self, job: LoadJob) -> None:
        """Note that a run begins; until :meth:`end`, it is the unfinished one."""
        rows = [(to_sql(path), to_sql(job.mapping), job.prune, to_sql(job.settings)) for path in job.paths]
        with self.store.transaction() as db:
            db.execute("DELETE FROM unfinished")
            db.executemany("INSERT INTO unfinished VALUES (?, ?, ?, ?)", rows)

    def end(self) -> None:
        """Note that the run has come to its end."""
        with self.store.transaction() as db:
            db.execute("DELETE FROM unfinished")

    def unfinished(self) -> LoadJob | None:
        """The last run, if it was stopped before its end."""
        rows = self._all(tuple, "SELECT place, mapping, prune, settings FROM unfinished ORDER BY rowid")
        if not rows:
            return None
        _, mapping, prune, settings = rows[0]
        paths = tuple(from_sql(row[0]) for row in rows)
        return LoadJob(paths, from_sql(mapping), bool(prune), from_sql(settings))


def _below(root: str) -> tuple[str | bytes, ...]:
    """The bounds between which lie the paths below a folder: first of those that are text, then of others."""
    low = os.path.join(root, "")
    high = low[:-1] + chr(ord(low[-1]) + 1)
    return to_sql(low), to_sql(high), as_bytes(low), as_bytes(high)


def _source(row: tuple[object, ...]) -> Source:
    return Source(*map(from_sql, row))


def _page(number: object, content: str) -> ArticlePage:
    try:
        return ArticlePage.of(Article.from_dict(json.loads(content)), int(str(number)))
    except (ValueError, TypeError, AttributeError) as error:
        raise sqlite3.DatabaseError(f"it holds what is no page ({error})") from error


def _problem_row(problem: Problem) -> tuple[object, ...]:
    texts = map(to_sql, (problem.path, problem.origin, problem.reason))
    return *texts, problem.kind.value, problem.count, problem.version


def _problem(row: Sequence[object]) -> Problem:
    path, origin, reason, kind, count, version = row
    if not isinstance(count, int):
        raise sqlite3.DatabaseError("it holds what is no number")
    try:
        path, origin, reason, version = map(from_sql, (path, origin, reason, version))
        return Problem(path, origin, reason, ProblemKind(kind), count, version)
    except ValueError as error:
        raise sqlite3.DatabaseError(str(error)) from error
