"""Stories: an article and its near-identical copies share a story id.

The fingerprint of a text consists of the smallest hashes of its shingles. The share of equal numbers in two
fingerprints estimates the share of common shingles (A. Broder, "On the resemblance and containment of
documents", 1997). Bands of numbers in the store find candidates (locality-sensitive hashing). A rebuild
assigns all stories again.
"""

from __future__ import annotations

import re
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from searcher.article import Article
from searcher.records.store import Store

#: A tuple of FINGERPRINT_NUMBERS 32-bit numbers, or an empty one for short texts.
Fingerprint = tuple[int, ...]

#: Length of a fingerprint. The similarity that it estimates is accurate to ±0.06.
FINGERPRINT_NUMBERS = 64
_RUN_WORDS = 3  # Words per shingle. Pairs are too common, and longer ones change with every edit.
MIN_WORDS = 30  # Shorter texts are similar by chance.


def fingerprint(body: str) -> Fingerprint:
    """Return the fingerprint of a body, or () if it has fewer than MIN_WORDS words."""
    import numpy as np

    words = re.findall(r"\w+", body.casefold())
    if len(words) < MIN_WORDS:
        return ()
    starts = range(len(words) - _RUN_WORDS + 1)
    shingles = {zlib.crc32(" ".join(words[i : i + _RUN_WORDS]).encode("utf-8", "replace")) for i in starts}
    values = np.fromiter(shingles, np.uint64, len(shingles))
    factors, terms = (np.array(column, np.uint64) for column in zip(*_functions()))
    # Multiply-shift hashing (M. Dietzfelbinger et al., 1997): the high bits of a product modulo 2**64.
    hashes = (values[:, None] * factors + terms) >> np.uint64(32)
    return tuple(int(value) for value in hashes.min(axis=0))


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """Estimate the share of common shingles, 0..1."""
    return sum(a == b for a, b in zip(one, other)) / max(1, len(one))


@cache
def _functions() -> tuple[tuple[int, int], ...]:
    """Return the coefficients of the hash functions. Stored fingerprints depend on them."""
    state, numbers = 0x9E3779B97F4A7C15, list[int]()
    for _ in range(2 * FINGERPRINT_NUMBERS):
        state = (state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        numbers.append((state >> 3) | 1)
    return tuple(zip(numbers[::2], numbers[1::2]))


#: Minimum similarity of the articles of a story.
MIN_SIMILARITY = 0.6
#: Bands of four numbers find texts that are 80 % alike. Of pairs that share 30 %, one in eight is compared.
_ROWS_PER_BAND = 4
#: Maximum number of stories to compare with. Formulaic texts share bands with thousands of stories.
MAX_CANDIDATES = 40
_NUMBERS = struct.Struct(f"<{FINGERPRINT_NUMBERS}I")


class Stories:
    """The stories in the store of an index. All methods raise the errors of :class:`Store`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def assign(self, articles: Iterable[Article]) -> list[Article]:
        """Return the articles with story ids: of a known story, an earlier article, or their own."""
        with self.store.transaction() as db:
            return [_with_story(db, article) for article in articles]

    def link(self, articles: Iterable[Article], needs_story: Callable[[Article], object]) -> list[Article]:
        """Assign stories to the articles that ``needs_story`` selects, and return all articles."""
        listed = list(articles)
        linked = {article.id: article for article in self.assign(filter(needs_story, listed))}
        return [linked.get(article.id, article) for article in listed]

    def replace_by(self, new_stories: Stories) -> None:
        with self.store.transaction() as db, new_stories.store.reading() as other:
            for table, columns in (("bands", "band, story"), ("stories", "id, numbers")):
                db.execute(f"DELETE FROM {table}")  # noqa: S608
                rows = other.execute(f"SELECT {columns} FROM {table}")  # noqa: S608
                db.executemany(f"INSERT INTO {table} ({columns}) VALUES (?, ?)", rows)  # noqa: S608


def _with_story(db: sqlite3.Connection, article: Article) -> Article:
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
    """Return the most similar story, if similar enough. Ties are broken by id."""
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
    """Yield one number per band, from its position and a hash of its rows."""
    for start in range(0, FINGERPRINT_NUMBERS, _ROWS_PER_BAND):
        rows = struct.pack(f"<{_ROWS_PER_BAND}I", *numbers[start : start + _ROWS_PER_BAND])
        yield start << 32 | zlib.crc32(rows)
