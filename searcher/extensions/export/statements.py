"""Group the quotations of an export into statements, in constant memory.

Utterances of one statement share a key (:mod:`searcher.statements`). Keys shared by several utterances are
sorted on disk, and only utterances with a common key are compared.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from searcher.article import Article, Quote, format_iso
from searcher.engines.statements import LocatedUtterance, comparable, make_statement
from searcher.results.statements import Place, certainty_key
from searcher.statements import MAX_COMPARED, ComparedUtterance, UnionFind, is_same_statement

#: Number of bits of a filter per quotation. A quotation has about 40 keys, so one in ten unique keys passes.
_BITS_A_QUOTATION: Final = 512
#: Maximum number of bits of a filter. With more quotations, more keys pass.
_MAX_BITS: Final = 2**27
#: Number of utterances read together.
_CHUNK_STATEMENTS: Final = 1000
#: Number of utterances whose words are cached.
_KEPT_STATEMENTS: Final = 5000
#: Placeholder for the words of an utterance that is not compared.
_NO_WORDS: Final = ComparedUtterance(())

_SPOKEN: Final = """
SELECT q.utterance, q.text, q.speaker, q.speaker_kind, q.confidence, q.kind, q.starts, q.ends,
  a.id, a.published, a.source, a.story, a.language, a.body
FROM quotations q JOIN articles a ON a.id = q.article
WHERE q.utterance IS NOT NULL {}
ORDER BY q.utterance, q.starts
"""


def add_statements(database: sqlite3.Connection) -> None:
    """Fill the table of statements and set the statement of each quotation."""
    database.execute("CREATE INDEX quotations_utterance ON quotations (utterance)")
    (last,) = database.execute("SELECT coalesce(max(utterance), 0) FROM quotations").fetchone()
    _put_together(database, last)
    for first in range(1, last + 1, _CHUNK_STATEMENTS):
        single = (
            f"AND q.utterance BETWEEN {first} AND {first + _CHUNK_STATEMENTS - 1} "
            "AND q.utterance NOT IN (SELECT utterance FROM together)"
        )
        _add(database, ([one] for one in list(_read_utterances(database, single))))
    rows = database.execute("SELECT statement, utterance FROM together ORDER BY statement, utterance")
    for _, members in groupby(rows, key=itemgetter(0)):
        groups = [_read_utterances(database, f"AND q.utterance = {number}") for _, number in members]
        _add(database, [[one for said in groups for one in said]])
    database.execute("DROP TABLE together")


class _StoredUtterance(NamedTuple):
    """An utterance with its number."""

    number: int
    place: Place


def _read_utterances(database: sqlite3.Connection, where: str = "") -> Iterator[_StoredUtterance]:
    """Yield utterances in the order of their numbers."""
    for number, parts in groupby(database.execute(_SPOKEN.format(where)), key=itemgetter(0)):
        rows = list(parts)
        id, published, source, story, language, body = rows[0][8:]
        quotes = tuple(
            Quote(text, speaker, kind, start, end, confidence, speaker_kind)
            for _, text, speaker, speaker_kind, confidence, kind, start, end, *_ in rows
        )
        article = Article(id, body=body, published=published, source=source, story=story, language=language)
        yield _StoredUtterance(number, Place(article, quotes, max(quotes, key=certainty_key).speaker))


def _add(database: sqlite3.Connection, groups: Iterable[Sequence[_StoredUtterance]]) -> None:
    """Add statements. The number of each is the number of its first utterance."""
    rows: list[tuple[object, ...]] = []
    parts: list[tuple[int, int]] = []
    for members in groups:
        number = members[0].number
        is_single = len(members) == 1
        one = make_statement(
            LocatedUtterance(place, _NO_WORDS if is_single else comparable(place)) for _, place in members
        )
        first = one.first.article
        rows.append(
            (
                number, one.text, one.speaker, round(one.confidence, 4), len(one.places), len(one.sources),
                first.id, format_iso(first.published),
            )
        )  # fmt: skip
        parts += ((number, member.number) for member in members)
    database.executemany("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.executemany("UPDATE quotations SET statement = ? WHERE utterance = ?", parts)


def _put_together(database: sqlite3.Connection, last: int) -> None:
    """Create a table of the utterances that share a statement with others."""
    joined = UnionFind(last + 1)
    _join_same(database, joined)
    database.execute("CREATE TEMP TABLE together (utterance INTEGER PRIMARY KEY, statement INTEGER)")
    several = bytearray(last + 1)
    for number in range(1, last + 1):
        root = joined.root(number)
        if root != number:
            several[root] = several[number] = True
    rows = ((number, joined.root(number)) for number in range(1, last + 1) if several[number])
    database.executemany("INSERT INTO together VALUES (?, ?)", rows)


def _join_same(database: sqlite3.Connection, joined: UnionFind) -> None:
    """Join utterances of one statement."""
    say = _sayings(database)
    for numbers in _sharing_utterances(database):
        before: deque[int] = deque(maxlen=MAX_COMPARED)
        for number in numbers:
            for other in before:
                if joined.root(number) != joined.root(other) and is_same_statement(say(number), say(other)):
                    joined.join(number, other)
            before.append(number)


def _sayings(database: sqlite3.Connection) -> Callable[[int], ComparedUtterance]:
    """Return a function that reads an utterance by its number."""

    @lru_cache(_KEPT_STATEMENTS)
    def say(number: int) -> ComparedUtterance:
        (spoken,) = _read_utterances(database, f"AND q.utterance = {number}")
        return comparable(spoken.place)

    return say


def _sharing_utterances(database: sqlite3.Connection) -> Iterator[Iterator[int]]:
    """Yield the utterances with each key that several utterances share, and with a few unique keys."""
    (spoken,) = database.execute("SELECT count(utterance) FROM quotations").fetchone()
    seen, again = (_Bits(min(spoken * _BITS_A_QUOTATION, _MAX_BITS)) for _ in range(2))
    for _, place in _read_utterances(database):
        for key in _keys(place):
            (again if key in seen else seen).add(key)
    database.execute("CREATE TEMP TABLE shared (key INTEGER, utterance INTEGER)")
    pairs = (
        (key, number) for number, place in _read_utterances(database) for key in _keys(place) if key in again
    )
    database.executemany("INSERT INTO shared VALUES (?, ?)", pairs)
    rows = database.execute("SELECT key, utterance FROM shared ORDER BY key, utterance")
    for _, having in groupby(rows, key=itemgetter(0)):
        yield (number for _, number in having)
    database.execute("DROP TABLE shared")


def _keys(place: Place) -> set[int]:
    return set(map(hash, comparable(place).keys()))


class _Bits:
    """A Bloom filter with one hash function: a set of numbers with false positives."""

    def __init__(self, size: int) -> None:
        self._size = size + 8
        self._bits = bytearray(self._size // 8 + 1)

    def add(self, number: int) -> None:
        byte, bit = divmod(number % self._size, 8)
        self._bits[byte] |= 1 << bit

    def __contains__(self, number: int) -> bool:
        byte, bit = divmod(number % self._size, 8)
        return bool(self._bits[byte] >> bit & 1)
