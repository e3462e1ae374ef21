"""Replicas: the stores of an index on a cluster, one on each machine, which say the same.

Which files are loaded, what was deleted, the stories, tags, saved searches and the log are shared by all who
use the index (its *ledger*). Everybody works on a store of their own: what changes there is noted by triggers
and written to the ledger, and what others have written there is taken over before anything is decided by it.
"""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from searcher.records.store import Store, from_sql, to_sql

if TYPE_CHECKING:
    from sqlite3 import Connection


#: Entries that are written to the ledger together.
_BATCH_ENTRIES: Final = 2_000
#: How the path of a file begins that another machine has read; paths of this one are absolute.
_ELSEWHERE: Final = "elsewhere:"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS changed (
    kind TEXT NOT NULL, key NOT NULL, more NOT NULL, PRIMARY KEY (kind, key, more)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken (ledger TEXT NOT NULL, number INTEGER NOT NULL)
"""

_Key = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What a ledger says of one thing; ``content`` is ready for JSON, None where nothing is left."""

    kind: str
    key: tuple[str, ...]
    content: Mapping[str, Any] | None


class Ledger(Protocol):
    """What an engine that several machines write to keeps for all of them, beside the articles: the last
    entry of each kind and key. An entry gets a number that is higher than those before it."""

    def latest(self) -> tuple[str, int]:
        """Return what tells this ledger from any other one, and a number up to which all is written."""
        ...

    def entries(self, after: int, last: int) -> Iterator[tuple[Sequence[LedgerEntry], int]]:
        """Yield the entries beyond one number and up to another, in their order, some at a time with the
        number up to which they go."""
        ...

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Write entries, in the place of those of the same kind and key."""
        ...


@dataclass(frozen=True, slots=True)
class _Shared:
    """Rows of one or more tables that are shared as one entry: those with the same key.

    ``tables`` are their columns, of which the first one is the key, or the first two (``pair``). ``on_disk``:
    the key is a path of the machine.
    """

    kind: str
    tables: Mapping[str, str]
    pair: bool = False
    on_disk: bool = False

    def columns(self, table: str) -> tuple[list[str], list[str]]:
        """Return the columns of the key, and the others."""
        names = self.tables[table].split()
        return names[: 1 + self.pair], names[1 + self.pair :]

    def where(self, table: str) -> str:
        """Return the condition that a row has a key."""
        return " AND ".join(f"{name} = ?" for name in self.columns(table)[0])

    def key(self, key: _Key) -> list[Any]:
        """Return the values of the columns of the key."""
        return list(key[: 1 + self.pair])


_SHARED: Final = (
    _Shared(
        "file",
        {
            "files": "path digest mapping settings",
            "articles": "path id",
            "pages": "path id number content",
            "problems": "path origin reason kind count version",
        },
        on_disk=True,
    ),
    _Shared("deleted", {"deleted": "id"}),
    _Shared("story", {"stories": "id numbers", "bands": "story band"}),
    _Shared("tag", {"tags": "id tag present pending at"}, pair=True),
    _Shared("search", {"searches": "name request seen"}),
    _Shared("log", {"log": "step who kind about value added"}),
)
_KINDS: Final = {one.kind: one for one in _SHARED}


class Replica:
    """The store of one machine, and the ledger that all share."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        """``folder`` is for this machine's store of the index, and made where there is none."""
        self.store = Store(folder, prepare=_watch, elsewhere=True)
        self._ledger = ledger

    def pull(self) -> None:
        """Take over what others have written to the ledger since the last time."""
        name, last = self._ledger.latest()
        taken = self._last_taken(name)
        if taken < last:
            for entries, number in self._ledger.entries(taken, last):
                self._take(entries, number)

    def push(self) -> None:
        """Write to the ledger what this machine has changed."""
        while True:
            with self.store.reading() as db:
                is_made = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'changed'").fetchone()
                if not is_made or not any(_changed_entries(db, 1)):
                    return
            with self.store.transaction() as db:  # nothing changes between reading and forgetting it
                batch = list(_changed_entries(db, _BATCH_ENTRIES))
                self._ledger.write(
                    [
                        LedgerEntry(kind, _there(_KINDS[kind], key), _rows(db, _KINDS[kind], key))
                        for kind, key in batch
                    ]
                )
                rows = ((kind, *key) for kind, key in batch)
                db.executemany("DELETE FROM changed WHERE kind = ? AND key = ? AND more = ?", rows)

    def _last_taken(self, ledger: str) -> int:
        """Return the number of the last entry taken over from this ledger; -1 for none. What is of another is
        dropped."""
        with self.store.transaction() as db:
            found = db.execute("SELECT ledger, number FROM taken").fetchone()
            if found and found[0] == ledger:
                return int(found[1])
            for one in _SHARED:
                for table in reversed([*one.tables]):
                    keys = ", ".join([*one.columns(table)[0], *([] if one.pair else ["''"])])
                    if found:
                        db.execute(f"DELETE FROM {table}")  # noqa: S608
                    else:
                        db.execute(
                            f"INSERT OR IGNORE INTO changed SELECT '{one.kind}', {keys} FROM {table}"  # noqa: S608
                        )
            if found:
                db.execute("DELETE FROM changed")
            db.execute("DELETE FROM taken")
            db.execute("INSERT INTO taken VALUES (?, -1)", (ledger,))
            return -1

    def _take(self, entries: Sequence[LedgerEntry], last: int) -> None:
        """Take over what others have written, except where this machine has something newer to write."""
        with self.store.transaction() as db:
            own = set(_changed_entries(db))
            for entry in entries:
                one = _KINDS.get(entry.kind)
                key = _here(one, entry.key) if one else None
                if one and key and (one.kind, key) not in own:
                    _write_rows(db, one, key, entry.content)
                    db.execute(
                        "DELETE FROM changed WHERE kind = ? AND key = ? AND more = ?", (one.kind, *key)
                    )
            db.execute("UPDATE taken SET number = ?", (last,))


def _watch(db: Connection) -> None:
    """Note, in a connection that writes, what changes in the tables that are shared."""
    for statement in _TABLES.split(";"):
        db.execute(statement)
    for one in _SHARED:
        for table in one.tables:
            keys, _ = one.columns(table)
            for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                key = [f"{row}.{name}" for name in keys] + ([] if one.pair else ["''"])
                name = f"{table}_{event}_shared"
                db.execute(
                    f"CREATE TEMP TRIGGER IF NOT EXISTS {name} AFTER {event} ON main.{table} BEGIN"  # noqa: S608
                    f" INSERT OR IGNORE INTO changed VALUES ('{one.kind}', {', '.join(key)}); END"
                )


def _changed_entries(db: Connection, most: int = -1) -> Iterator[tuple[str, _Key]]:
    rows = db.execute("SELECT kind, key, more FROM changed LIMIT ?", (most,)).fetchall()
    return ((kind, (key, more)) for kind, key, more in rows)


def _rows(db: Connection, one: _Shared, key: _Key) -> dict[str, list[list[Any]]] | None:
    """Return the rows of a key by their table, without the key; None where there are none."""
    found = {}
    for table in one.tables:
        names = ", ".join(one.columns(table)[1]) or "NULL"
        rows = db.execute(f"SELECT {names} FROM {table} WHERE {one.where(table)}", one.key(key))  # noqa: S608
        found[table] = [list(map(_to_json, row)) for row in rows]
    return found if any(found.values()) else None


def _write_rows(db: Connection, one: _Shared, key: _Key, content: Mapping[str, Any] | None) -> None:
    """Replace the rows of a key."""
    for table in reversed([*one.tables]):
        db.execute(f"DELETE FROM {table} WHERE {one.where(table)}", one.key(key))  # noqa: S608
    for table, rows in (content or {}).items():
        keys, others = one.columns(table)
        values = [list(map(_from_json, row))[: len(others)] for row in rows]
        names = keys + others[: min(map(len, values), default=0)]  # an earlier version has fewer
        places = ", ".join("?" * len(names))
        into = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
        db.executemany(into, [one.key(key) + row for row in values])


def _there(one: _Shared, key: _Key) -> tuple[str, ...]:
    """Return a key as the ledger has it: a path with its machine."""
    texts = list(map(from_sql, one.key(key)))
    if not one.on_disk:
        return tuple(texts)
    if texts[0].startswith(_ELSEWHERE):
        _, machine, path = texts[0].split(":", 2)
        return machine, path
    return _machine(), texts[0]


def _here(one: _Shared, key: Sequence[str]) -> _Key:
    """Return a key of the ledger as this machine has it."""
    if one.on_disk:
        machine, path = key
        return to_sql(path if machine == _machine() else f"{_ELSEWHERE}{machine}:{path}"), ""
    return to_sql(key[0]), to_sql(key[1]) if one.pair else ""


def _machine() -> str:
    """Return the name by which the files of this machine are told from those of others."""
    return (os.environ.get("SEARCHER_MACHINE") or socket.gethostname()).replace(":", "-")


def _to_json(value: object) -> object:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _from_json(value: Any) -> Any:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value
