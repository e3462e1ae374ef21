"""The log: what people have changed beside an index, who and when.

It stands in the store, so that it is written with what it tells of. Tags, cases, notes, decisions about
names, saved searches and deletions are in it, as steps: what one call has changed.
"""

from __future__ import annotations

import datetime as dt
import getpass
import re
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

from searcher.records.store import Store, from_sql, to_sql

#: Changes of one step: it is one entry of a ledger, whose requests are bounded.
_MAX_CHANGES: Final = 1_000
#: Changes that are kept, beside those of the last call: about 40 MB.
_MAX_KEPT_CHANGES: Final = 200_000
#: Digits of the nanoseconds that an id begins with.
_ID_DIGITS: Final = 19
#: What the id of a step looks like, and its end, by which people call it.
STEP: Final = re.compile(rf"(?:\d{{{_ID_DIGITS}}}-)?[\da-f]{{8}}")
_ACTING: Final[ContextVar[str | None]] = ContextVar("acting", default=None)


@contextmanager
def acting_as(name: str | None) -> Iterator[None]:
    """Let what is changed meanwhile be the work of somebody: "" of nobody known, None of whose account of
    the system this is."""
    before = _ACTING.set(name)
    try:
        yield
    finally:
        _ACTING.reset(before)


def _who() -> str:
    if (name := _ACTING.get()) is not None:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a number without a name
        return ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A change in the log: something (``about``, of a ``kind``) has a ``value`` from then on, or has it no
    more."""

    kind: str
    about: str
    value: str
    added: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What was changed at once, and by whom ("": nobody knows)."""

    id: str
    who: str
    changes: tuple[LogEntry, ...]

    @property
    def short(self) -> str:
        """What stands for the id where people type it."""
        return self.id[_ID_DIGITS + 1 :]

    @property
    def at(self) -> dt.datetime:
        """When it was."""
        return dt.datetime.fromtimestamp(int(self.id[:_ID_DIGITS]) // 10**9, dt.UTC)

    @property
    def told(self) -> Mapping[LogEntry, int]:
        """The changes, those that differ in their articles alone once, each with how many it stands for."""
        kept: dict[tuple[object, ...], list[LogEntry]] = {}
        for one in self.changes:
            same = (one.kind, one.value, one.added, "" if one.kind == TAG else one.about)
            kept.setdefault(same, []).append(one)
        return {some[0]: len(some) for some in kept.values()}

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()
        return {"step": self.id, "at": at, "who": self.who, "changes": [asdict(one) for one in self.changes]}


#: The kinds of changes that are not about names, which are of the kinds that names have.
TAG, SEARCH, ARTICLE = "tag", "search", "article"


class Log:
    """The log in the store of an index. Every method may raise as those of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, changes: Iterable[LogEntry]) -> str:
        """Record what is changed in the transaction that is open, and forget what is oldest. Returns the id
        of the step, the last one where there are several, and "" where nothing is changed."""
        rows, step = list(changes), ""
        oldest = "SELECT step FROM log ORDER BY step DESC LIMIT 1 OFFSET ?"
        with self._store.transaction() as db:
            db.execute(f"DELETE FROM log WHERE step <= ({oldest})", (_MAX_KEPT_CHANGES,))  # noqa: S608
            for first in range(0, len(rows), _MAX_CHANGES):
                (last,) = db.execute("SELECT max(step) FROM log").fetchone()
                # Later than all before, whatever the clocks of other machines say.
                at = max(time.time_ns(), int(last[:_ID_DIGITS]) + 1 if last else 0)
                step = f"{at:0{_ID_DIGITS}}-{secrets.token_hex(4)}"
                db.executemany(
                    "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        (step, to_sql(_who()), one.kind, to_sql(one.about), to_sql(one.value), one.added)
                        for one in rows[first : first + _MAX_CHANGES]
                    ),
                )
        return step

    def steps(
        self,
        limit: int | None = None,
        *,
        kinds: Collection[str] = (),
        about: str | None = None,
        who: str | None = None,
        id: str | None = None,
        before: str | None = None,
    ) -> list[Step]:
        """Return steps, the newest first, with those of their changes that are of these kinds and about this;
        ``before``: those before another step. ``id`` may be the end of one."""
        called = "step = ?" if id and "-" in id else f"substr(step, {_ID_DIGITS + 2}) = ?"
        asked = {"about = ?": about, "who = ?": who, called: id, "step < ?": before}
        given = {condition: to_sql(value) for condition, value in asked.items() if value is not None}
        where = " AND ".join(["1", *([f"kind IN ({', '.join('?' * len(kinds))})"] if kinds else []), *given])
        values = [*kinds, *given.values()]
        which = f"SELECT DISTINCT step FROM log WHERE {where} ORDER BY step DESC LIMIT ?"  # noqa: S608
        rows = f"SELECT * FROM log WHERE step IN ({which}) AND {where} ORDER BY step DESC, rowid"  # noqa: S608
        with self._store.reading() as db:
            found = db.execute(rows, [*values, -1 if limit is None else limit, *values]).fetchall()
        return [
            Step(step, from_sql(who), tuple(_change(*row[2:]) for row in some))
            for (step, who), some in groupby(found, key=lambda row: row[:2])
        ]

    def undone(self, steps: Iterable[Step]) -> dict[str, str]:
        """Return which of these steps are taken back whole, each with the step that did the last of it."""
        opposite = "kind = ? AND about = ? AND value = ? AND added != ? AND step > ?"
        asked = f"SELECT min(step) FROM log WHERE {opposite}"  # noqa: S608
        found = {}
        with self._store.reading() as db:
            for step in steps:
                back = ""
                for one in step.changes:
                    given = (one.kind, to_sql(one.about), to_sql(one.value), one.added, step.id)
                    (later,) = db.execute(asked, given).fetchone()
                    if later is None:
                        break
                    back = max(back, later)
                else:
                    found[step.id] = back
        return found


def _change(kind: str, about: object, value: object, added: int) -> LogEntry:
    return LogEntry(kind, from_sql(about), from_sql(value), bool(added))
