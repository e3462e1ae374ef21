"""Stories: an article and its near-identical copies elsewhere share one story id.

The fingerprints of stories are kept in an SQLite file beside the index, cut into bands, so that a copy is
found by a look-up and not by comparing with everything. The file is derived: without it, later copies of
earlier articles are merely not linked, and a rebuild makes it anew.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from searcher.article import Article
from searcher.errors import IndexDamaged
from searcher.ingest.duplicates.minhash import SIZE, Fingerprint, fingerprint, likeness

__all__ = ["ALIKE", "FILE", "link", "verify"]

FILE = "stories.sqlite"
#: Texts are one story from this share of common runs of words on.
ALIKE = 0.6
#: Bands of four numbers: copies of 80 % are found (with a chance of 1 - (1 - .8^4)^16 = .9998) and texts
#: that share 30 % of their runs, as market reports do, are compared once in eight times only.
_ROWS = 4
#: Stories that one text is compared with at most; formulaic texts share bands with thousands.
_MOST = 40
_NUMBERS = struct.Struct(f"<{SIZE}I")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS stories (id TEXT PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bands (band INTEGER NOT NULL, story TEXT NOT NULL, PRIMARY KEY (band, story))
WITHOUT ROWID;
"""


def link(place: Path | None, articles: Iterable[Article], *, fresh: bool = False) -> list[Article]:
    """The articles, each with the story that it belongs to: a known one, one of the others', or a new one
    called by its own id. Texts too short to tell have none.

    ``place`` is the folder of the index (None: nothing is remembered), ``fresh`` forgets what was known.
    Raises IndexDamaged.
    """
    path = str(place / FILE) if place else ":memory:"
    try:
        with closing(sqlite3.connect(path, timeout=60)) as db, db:
            db.executescript(_SCHEMA)
            if fresh:
                db.execute("DELETE FROM bands")
                db.execute("DELETE FROM stories")
            return [_linked(db, article) for article in articles]
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(
            f"The list of stories {path} cannot be used ({error}). "
            "Delete it; “searcher rebuild” makes it anew."
        ) from error


def verify(place: Path | None) -> tuple[str, ...]:
    """The file of stories, if it is damaged; that it is not there is no damage."""
    if place is None or not (place / FILE).exists():
        return ()
    try:
        with closing(sqlite3.connect(place / FILE, timeout=60)) as db:
            sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        sound = False
    return () if sound else (FILE,)


def _linked(db: sqlite3.Connection, article: Article) -> Article:
    own = fingerprint(article.body)
    if not own:
        return replace(article, story=None)
    story = _find(db, own)
    if story is None:
        story = article.id
        db.execute("INSERT OR REPLACE INTO stories VALUES (?, ?)", (story, _NUMBERS.pack(*own)))
        db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", ((band, story) for band in _bands(own)))
    return replace(article, story=story)


def _find(db: sqlite3.Connection, own: Fingerprint) -> str | None:
    """The story most alike, if any is alike enough; the first by its id among equals."""
    bands = list(_bands(own))
    rows = db.execute(
        f"SELECT id, numbers FROM stories WHERE id IN (SELECT story FROM bands WHERE band IN"  # noqa: S608
        f" ({','.join('?' * len(bands))}) GROUP BY story ORDER BY count(*) DESC, story LIMIT {_MOST})",
        bands,
    ).fetchall()
    alike = [(-likeness(own, _NUMBERS.unpack(numbers)), id) for id, numbers in rows]
    best = min(alike, default=None)
    return best[1] if best is not None and -best[0] >= ALIKE else None


def _bands(own: Fingerprint) -> Iterator[int]:
    """One number for each band: which band it is, and a hash of its rows."""
    for start in range(0, SIZE, _ROWS):
        rows = struct.pack(f"<{_ROWS}I", *own[start : start + _ROWS])
        yield start << 32 | zlib.crc32(rows)
