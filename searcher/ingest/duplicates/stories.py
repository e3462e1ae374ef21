"""Stories: an article and its near-identical copies elsewhere share one story id.

The fingerprints of stories are kept in the store beside the index, cut into bands, so that a copy is found by
a look-up and not by comparing with everything (locality-sensitive hashing). They are derived: without them,
later copies of earlier articles are merely not linked, and a rebuild makes them anew.
"""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from searcher.article import Article
from searcher.ingest.duplicates.minhash import SIZE, Fingerprint, fingerprint, similarity
from searcher.records.store import Store

__all__ = ["MIN_SIMILARITY", "Stories"]

#: Texts are one story from this share of common shingles on.
MIN_SIMILARITY = 0.6
#: Bands of four numbers: copies of 80 % are found (with a chance of 1 - (1 - .8^4)^16 = .9998) and texts
#: that share 30 % of their shingles, as market reports do, are compared once in eight times only.
_ROWS_PER_BAND = 4
#: Stories that one text is compared with; formulaic texts share bands with thousands.
MAX_CANDIDATES = 40
_NUMBERS = struct.Struct(f"<{SIZE}I")


class Stories:
    """The stories known in the store of an index. Every method may raise as those of the store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def assign(self, articles: Iterable[Article]) -> list[Article]:
        """The articles, each with the id of its story: that of a known story, or of an article before it
        whose text is similar, or its own. Texts too short to tell have none."""
        with self.store.transaction() as db:
            return [_assigned(db, article) for article in articles]

    def link(self, articles: Iterable[Article], which: Callable[[Article], object]) -> list[Article]:
        """The articles, some of them with the ids of their stories: those of which ``which`` is true."""
        given = list(articles)
        linked = {article.id: article for article in self.assign(filter(which, given))}
        return [linked.get(article.id, article) for article in given]

    def replace_by(self, others: Stories) -> None:
        """Know the stories of others, and no earlier ones any more."""
        with self.store.transaction() as db, others.store.reading() as other:
            for table, columns in (("bands", "band, story"), ("stories", "id, numbers")):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
                rows = other.execute(f"SELECT {columns} FROM {table}")  # noqa: S608
                db.executemany(f"INSERT INTO {table} ({columns}) VALUES (?, ?)", rows)  # noqa: S608


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
