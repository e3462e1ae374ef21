"""The log of changes that people make to an index: tags, cases, notes, names, saved searches, deletions.

It is part of the store, so that a change and its entry are written together. A step is everything that one
call changed.
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

#: Maximum number of changes per step. A step is one ledger entry, and the size of requests is limited.
_MAX_CHANGES: Final = 1_000
#: Maximum number of changes to keep, about 40 MB. The last call is always kept.
_MAX_KEPT_CHANGES: Final = 200_000
#: Number of digits of the time, in nanoseconds, at the start of an id.
_ID_DIGITS: Final = 19
#: Matches the id of a step, or only its last 8 hexadecimal digits, which users type.
STEP: Final = re.compile(rf"(?:\d{{{_ID_DIGITS}}}-)?[\da-f]{{8}}")
_ACTING: Final[ContextVar[str | None]] = ContextVar("acting", default=None)


@contextmanager
def acting_as(name: str | None) -> Iterator[None]:
    """Attribute changes in this context to a user. "": unknown. None: the system account."""
    token = _ACTING.set(name)
    try:
        yield
    finally:
        _ACTING.reset(token)


def _who() -> str:
    if (name := _ACTING.get()) is not None:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # The user id has no name.
        return ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A change: ``about``, of a ``kind``, got or lost a ``value``."""

    kind: str
    about: str
    value: str
    added: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """The changes of one call. ``who`` is empty if unknown."""

    id: str
    who: str
    changes: tuple[LogEntry, ...]

    @property
    def short_id(self) -> str:
        return self.id[_ID_DIGITS + 1 :]

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(int(self.id[:_ID_DIGITS]) // 10**9, dt.UTC)

    @property
    def summary(self) -> Mapping[LogEntry, int]:
        """The changes with their counts. Changes that differ only in the article are one."""
        groups: dict[tuple[object, ...], list[LogEntry]] = {}
        for one in self.changes:
            key = (one.kind, one.value, one.added, "" if one.kind == TAG else one.about)
            groups.setdefault(key, []).append(one)
        return {group[0]: len(group) for group in groups.values()}

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()
        return {"step": self.id, "at": at, "who": self.who, "changes": [asdict(one) for one in self.changes]}


#: Kinds of changes that do not concern names.
TAG, SEARCH, ARTICLE = "tag", "search", "article"


class Log:
    """The log in the store of an index. All methods raise the errors of :class:`Store`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, changes: Iterable[LogEntry]) -> str:
        """Record changes in the open transaction and drop the oldest. Returns the id of the last step."""
        rows, step = list(changes), ""
        oldest = "SELECT step FROM log ORDER BY step DESC LIMIT 1 OFFSET ?"
        with self._store.transaction() as db:
            db.execute(f"DELETE FROM log WHERE step <= ({oldest})", (_MAX_KEPT_CHANGES,))  # noqa: S608
            for first in range(0, len(rows), _MAX_CHANGES):
                (last,) = db.execute("SELECT max(step) FROM log").fetchone()
                # Make the step later than all others, even if the clocks of machines differ.
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
        """Return steps, newest first, with the matching changes. ``id`` may be the end of an id."""
        called = "step = ?" if id and "-" in id else f"substr(step, {_ID_DIGITS + 2}) = ?"
        conditions = {"about = ?": about, "who = ?": who, called: id, "step < ?": before}
        parameters = {
            condition: to_sql(value) for condition, value in conditions.items() if value is not None
        }
        where = " AND ".join(
            ["1", *([f"kind IN ({', '.join('?' * len(kinds))})"] if kinds else []), *parameters]
        )
        values = [*kinds, *parameters.values()]
        which = f"SELECT DISTINCT step FROM log WHERE {where} ORDER BY step DESC LIMIT ?"  # noqa: S608
        rows = f"SELECT * FROM log WHERE step IN ({which}) AND {where} ORDER BY step DESC, rowid"  # noqa: S608
        with self._store.reading() as db:
            matching = db.execute(rows, [*values, -1 if limit is None else limit, *values]).fetchall()
        return [
            Step(step, from_sql(who), tuple(_change(*row[2:]) for row in step_rows))
            for (step, who), step_rows in groupby(matching, key=lambda row: row[:2])
        ]

    def reverted_steps(self, steps: Iterable[Step]) -> dict[str, str]:
        """Return the steps that were reverted completely, each with the step that completed the reversion."""
        opposite = "kind = ? AND about = ? AND value = ? AND added != ? AND step > ?"
        query = f"SELECT min(step) FROM log WHERE {opposite}"  # noqa: S608
        reverted = {}
        with self._store.reading() as db:
            for step in steps:
                last_revert = ""
                for one in step.changes:
                    parameters = (one.kind, to_sql(one.about), to_sql(one.value), one.added, step.id)
                    (later,) = db.execute(query, parameters).fetchone()
                    if later is None:
                        break
                    last_revert = max(last_revert, later)
                else:
                    reverted[step.id] = last_revert
        return reverted


def _change(kind: str, about: object, value: object, added: int) -> LogEntry:
    return LogEntry(kind, from_sql(about), from_sql(value), bool(added))
