"""SQLite's FTS5: title and body as columns, facets as a table of values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.speed.corpus import Question
from benchmarks.speed.peers.peer import Peer

FACETS = ("people", "orgs", "source", "topics", "year")
_TABLES = """
    PRAGMA journal_mode = wal;
    PRAGMA synchronous = normal;
    CREATE TABLE article (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, title, body, date TEXT);
    CREATE VIRTUAL TABLE words USING fts5(
        title, body, content='article', content_rowid='rowid', tokenize='porter unicode61');
    CREATE TABLE facet (field INTEGER, article INTEGER, value TEXT);
"""
_RANKED = (
    "SELECT article.id, article.title FROM words JOIN article ON article.rowid = words.rowid "
    "WHERE words MATCH ?"
)


class Fts5(Peer):
    def index(self, articles: Iterable[dict[str, Any]], folder: Path) -> None:
        db = sqlite3.connect(folder / "db")
        db.executescript(_TABLES)
        with db:
            for number, article in enumerate(articles, 1):
                _insert(db, number, article)
            db.execute("CREATE INDEX facet_of ON facet(article, field, value)")
            db.execute("CREATE INDEX dated ON article(date)")
        db.execute("INSERT INTO words(words) VALUES ('optimize')")
        db.commit()
        db.execute("PRAGMA wal_checkpoint(truncate)")
        db.execute("ANALYZE")
        db.close()

    def open(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "db")
        self._db.execute("PRAGMA mmap_size = 1000000000")

    def add(self, articles: Iterable[dict[str, Any]]) -> None:
        with self._db as db:
            last = db.execute("SELECT max(rowid) FROM article").fetchone()[0]
            for number, article in enumerate(articles, last + 1):
                _insert(db, number, article)

    def ask(self, question: Question) -> tuple[list[str], int]:
        kind, words = question
        match = _match(kind, words)
        where, bound = "", [match]
        if kind == "range":
            where, bound = " AND article.date >= ? AND article.date < ?", [match, words[1], words[2] + "T24"]
        order = " ORDER BY article.date DESC LIMIT 10" if kind == "sortdate" else " ORDER BY rank LIMIT 10"
        ranked = _RANKED
        if kind == "whole":
            ranked = ranked.replace(
                "article.title", "article.title, snippet(words, 1, '<b>', '</b>', '…', 48)", 1
            )
        rows = self._db.execute(ranked + where + order, bound).fetchall()
        for field in {"facet": range(2), "whole": range(5)}.get(kind, ()):
            self._facet(match, field)
        counted = _RANKED.replace("article.id, article.title", "count(*)") + where
        if kind != "range":
            counted = "SELECT count(*) FROM words WHERE words MATCH ?"
        return [row[0] for row in rows], self._db.execute(counted, bound).fetchone()[0]

    def _facet(self, match: str, field: int) -> list[Any]:
        return self._db.execute(
            "SELECT value, count(*) FROM words CROSS JOIN facet ON facet.article = words.rowid AND field = ? "
            "WHERE words MATCH ? GROUP BY value",
            (field, match),
        ).fetchall()


def _insert(db: sqlite3.Connection, number: int, article: dict[str, Any]) -> None:
    text = (number, article["id"], article["title"], article["body"], article["date"])
    db.execute("INSERT INTO article VALUES (?, ?, ?, ?, ?)", text)
    db.execute("INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)", (text[0], *text[2:4]))
    values = [(FACETS.index(f), number, value) for f in FACETS for value in _values(article, f)]
    db.executemany("INSERT INTO facet VALUES (?, ?, ?)", values)


def _values(article: dict[str, Any], field: str) -> list[str]:
    if field == "year":
        return [article["date"][:4]]
    held = article[field]
    return [held] if isinstance(held, str) else held


def _match(kind: str, words: tuple[str, ...]) -> str:
    quoted = [f'"{word}"' for word in words]
    match kind:
        case "phrase":
            return f'"{" ".join(words)}"'
        case "prefix":
            return quoted[0] + "*"
        case "term1" | "range":
            return quoted[0]
        case "and2" | "and3" | "multi2":
            return " AND ".join(quoted)
        case _:
            return " OR ".join(quoted)
