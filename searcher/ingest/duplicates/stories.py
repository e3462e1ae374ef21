"""Stories: an article and its near-identical copies elsewhere share one story id.

The fingerprints of stories are kept in an SQLite file beside the index, cut into bands, so that a copy is
found by a look-up and not by comparing with everything (locality-sensitive hashing). The file is derived:
without it, later copies of earlier articles are merely not linked, and a rebuild makes it anew.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from searcher.article import Article
from searcher.errors import IndexFailure
from searcher.ingest.database import Database
from searcher.ingest.duplicates.minhash import SIZE, Fingerprint, fingerprint, similarity
from searcher.ingest.replica import Replica, Shared, watch

__all__ = ["FILE", "MIN_SIMILARITY", "Stories"]

#: The file's name within the folder of an index.
FILE = "stories.sqlite"
#: Texts are one story from this share of common shingles on.
MIN_SIMILARITY = 0.6
#: Bands of four numbers: copies of 80 % are found (with a chance of 1 - (1 - .8^4)^16 = .9998) and texts
#: that share 30 % of their shingles, as market reports do, are compared once in eight times only.
_ROWS_PER_BAND = 4
#: Stories that one text is compared with; formulaic texts share bands with thousands.
MAX_CANDIDATES = 40
_NUMBERS = struct.Struct(f"<{SIZE}I")
_TABLES = """
CREATE TABLE IF NOT EXISTS stories (id TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bands (band INTEGER NOT NULL, story TEXT NOT NULL, PRIMARY KEY (band, story))
WITHOUT ROWID;
"""
_SHARED = (Shared("story", {"stories": "id numbers", "bands": "story band"}),)
_BY_STORY = "CREATE INDEX IF NOT EXISTS bands_by_story ON bands (story)"


class Stories:
    """The stories known in an index, in its folder or, where ``folder`` is None, in memory.

    Every method may raise IndexDamaged, and IndexFailure where the system refuses to read or write.
    """

    def __init__(self, folder: Path | None, *, shared: bool = False) -> None:
        """``shared``: what changes is noted for the ledger that others share."""
        self._shared = shared
        self._db = Database(
            folder / FILE if folder else None,
            self._make_tables,
            name="list of stories",
            remedy="Delete it; “searcher rebuild” makes it anew.",
        )

    @property
    def replica(self) -> Replica:
        return Replica(self._db, _SHARED)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything that this thread asks and writes inside is one transaction."""
        with self._db.transaction():
            yield

    def assign(self, articles: Iterable[Article]) -> list[Article]:
        """The articles, each with the id of its story: that of a known story, or of an article before it
        whose text is similar, or its own. Texts too short to tell have none."""
        with self._db.transaction() as db:
            return [_assigned(db, article) for article in articles]

    def link(self, articles: Iterable[Article], which: Callable[[Article], object]) -> list[Article]:
        """The articles, some of them with the ids of their stories: those of which ``which`` is true."""
        given = list(articles)
        linked = {article.id: article for article in self.assign(filter(which, given))}
        return [linked.get(article.id, article) for article in given]

    def replace_by(self, others: Stories) -> None:
        """Know the stories of others, and no earlier ones any more."""
        with self._db.transaction() as db, others._db.transaction() as other:
            for table, columns in (("bands", "band, story"), ("stories", "id, numbers")):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
                rows = other.execute(f"SELECT {columns} FROM {table}")  # noqa: S608
                db.executemany(f"INSERT INTO {table} ({columns}) VALUES (?, ?)", rows)  # noqa: S608

    def verify(self) -> tuple[str, ...]:
        """The name of the file, if it is damaged; that it is not there is no damage."""
        if self._db.file is None or not self._db.file.exists():
            return ()
        try:
            return () if self._db.verify() else (FILE,)
        except IndexFailure:
            return (FILE,)

    def close(self) -> None:
        """Drop what was kept in memory; stories in a folder hold nothing open."""
        self._db.close()

    def _make_tables(self, db: sqlite3.Connection) -> None:
        db.executescript(_TABLES)
        if self._shared:
            db.execute(_BY_STORY)
            watch(db, _SHARED)


def _assigned(db: sqlite3.Connection, article: Article) -> Article:
    numbers = fingerprint(article.body)
    if not numbers:
        return replace(article, story=None)
    story = _most_similar(db, numbers)
    if story is None:
        story = article.id
        db.execute("INSERT OR REPLACE INTO stories VALUES (?, ?)", (story, _NUMBERS.pack(*numbers)))
        rows = ((band, story) for band in _bands(numbers))
        db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)
    return replace(article, story=story)


def _most_similar(db: sqlite3.Connection, numbers: Fingerprint) -> str | None:
    """The most similar story, if any is similar enough; the first by its id among equals."""
    bands = list(_bands(numbers))
    shared = (
        f"SELECT story FROM bands WHERE band IN ({','.join('?' * len(bands))})"  # noqa: S608
        f" GROUP BY story ORDER BY count(*) DESC, story LIMIT {MAX_CANDIDATES}"
    )
    rows = db.execute(f"SELECT id, numbers FROM stories WHERE id IN ({shared})", bands).fetchall()  # noqa: S608
    candidates = [(-similarity(numbers, _NUMBERS.unpack(packed)), id) for id, packed in rows]
    best = min(candidates, default=None)
    return best[1] if best is not None and -best[0] >= MIN_SIMILARITY else None


def _bands(numbers: Fingerprint) -> Iterator[int]:
    """One number for each band: which band it is, and a hash of its rows."""
    for start in range(0, SIZE, _ROWS_PER_BAND):
        rows = struct.pack(f"<{_ROWS_PER_BAND}I", *numbers[start : start + _ROWS_PER_BAND])
        yield start << 32 | zlib.crc32(rows)
