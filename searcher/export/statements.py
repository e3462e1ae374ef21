"""The statements of an export: quotations put together on disk, so that few of them are in memory at once.

Two utterances can only be one statement if they share a key (:mod:`searcher.statements.likeness`). Most keys
are in one utterance alone; those that are not join utterances into sets that :mod:`searcher.statements` then
looks at one after another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from searcher.article import Article, Quote, iso
from searcher.engines.statements import Carried, statement_of
from searcher.results.statements import Place
from searcher.statements.grouping import Joined, groups
from searcher.statements.likeness import Saying
from searcher.statements.words import words_of

__all__ = ["add_statements"]

#: Bits of a filter for a quotation, which has some 40 keys: of those that no other has, one in ten passes.
_BITS: Final = 512
#: Bits of a filter at most: where there are more quotations, more keys pass, to be sorted on disk.
_MAX_BITS: Final = 2**27
#: Utterances that are read together.
_CHUNK: Final = 1000
#: What stands for the words where they do not matter.
_NO_WORDS: Final = Saying(())

_SPOKEN: Final = """
SELECT q.utterance, q.text, q.speaker, q.speaker_kind, q.confidence, q.kind, q.starts, q.ends,
  a.id, a.published, a.source, a.story
FROM quotations q JOIN articles a ON a.id = q.article
WHERE q.utterance IS NOT NULL {}
ORDER BY q.utterance, q.starts
"""


def add_statements(database: sqlite3.Connection) -> None:
    """Fill the table of statements, and say in each quotation which it is a part of."""
    database.execute("CREATE INDEX quotations_utterance ON quotations (utterance)")
    (last,) = database.execute("SELECT coalesce(max(utterance), 0) FROM quotations").fetchone()
    together = _together(database, last)
    shared = {number for numbers in together for number in numbers}
    for first in range(1, last + 1, _CHUNK):
        chunk = list(_spoken(database, f"AND q.utterance BETWEEN {first} AND {first + _CHUNK - 1}"))
        _add(database, [[(number, place)] for number, place in chunk if number not in shared])
    for numbers in together:
        said = [one for number in numbers for one in _spoken(database, f"AND q.utterance = {number}")]
        found = groups([_saying(place) for _, place in said])
        _add(database, [[said[at] for at in one] for one in found])


def _spoken(database: sqlite3.Connection, where: str = "") -> Iterator[tuple[int, Place]]:
    """Yield utterances with their numbers, in the order of these."""
    for number, parts in groupby(database.execute(_SPOKEN.format(where)), key=itemgetter(0)):
        rows = list(parts)
        id, published, source, story = rows[0][8:]
        quotes = tuple(
            Quote(text, speaker, kind, start, end, confidence, speaker_kind)
            for _, text, speaker, speaker_kind, confidence, kind, start, end, *_ in rows
        )
        article = Article(id, published=published, source=source, story=story)
        yield number, Place(article, quotes, quotes[0].speaker)


def _saying(place: Place) -> Saying:
    return Saying(words_of(place.text), place.speaker)


def _add(database: sqlite3.Connection, found: Iterable[Sequence[tuple[int, Place]]]) -> None:
    """Add statements; the number of each is that of its first utterance."""
    rows: list[tuple[object, ...]] = []
    parts: list[tuple[int, int]] = []
    for members in found:
        number = members[0][0]
        alone = len(members) == 1  # and then how long it is does not matter
        one = statement_of(Carried(place, _NO_WORDS if alone else _saying(place)) for _, place in members)
        first = one.first.article
        rows.append(
            (
                number, one.text, one.speaker, round(one.confidence, 4), len(one.places), len(one.sources),
                first.id, iso(first.published),
            )
        )  # fmt: skip
        parts += ((number, utterance) for utterance, _ in members)
    database.executemany("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.executemany("UPDATE quotations SET statement = ? WHERE utterance = ?", parts)


def _together(database: sqlite3.Connection, last: int) -> list[list[int]]:
    """Return the utterances that share keys, set by set: all others are alone."""
    (spoken,) = database.execute("SELECT count(utterance) FROM quotations").fetchone()
    seen, again = (_Bits(min(spoken * _BITS, _MAX_BITS)) for _ in range(2))
    for _, place in _spoken(database):
        for key in _keys(place):
            (again if key in seen else seen).add(key)
    database.execute("CREATE TEMP TABLE shared (key INTEGER, utterance INTEGER)")
    pairs = ((key, number) for number, place in _spoken(database) for key in _keys(place) if key in again)
    database.executemany("INSERT INTO shared VALUES (?, ?)", pairs)
    joined = Joined(last + 1)
    rows = database.execute("SELECT key, utterance FROM shared ORDER BY key, utterance")
    for (key, one), (other_key, other) in pairwise(rows):
        if key == other_key:
            joined.join(one, other)
    database.execute("DROP TABLE shared")
    sets: dict[int, list[int]] = {}
    for number in range(1, last + 1):
        root = joined.root(number)
        if root != number:
            sets.setdefault(root, [root]).append(number)
    return list(sets.values())


def _keys(place: Place) -> set[int]:
    return set(map(hash, _saying(place).keys()))


class _Bits:
    """A set of numbers that may hold some more than were added (B. Bloom, "Space/time trade-offs in hash
    coding with allowable errors", 1970, with one bit a number)."""

    def __init__(self, size: int) -> None:
        self._size = size + 8
        self._bits = bytearray(self._size // 8 + 1)

    def add(self, number: int) -> None:
        byte, bit = divmod(number % self._size, 8)
        self._bits[byte] |= 1 << bit

    def __contains__(self, number: int) -> bool:
        byte, bit = divmod(number % self._size, 8)
        return bool(self._bits[byte] >> bit & 1)
