"""The store of one machine, kept equal to those of other machines through a shared *ledger*.

The list of files, deletions, stories, tags, saved searches and the log are shared by all users of an index on
a cluster. Each machine works on its own store. Triggers note what changes there, for the ledger. Changes by
others are applied before they are needed for a decision.
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


#: Number of entries to write to the ledger per request.
_BATCH_ENTRIES: Final = 2_000
#: Prefix of paths on other machines. Paths on this machine are absolute.
_ELSEWHERE: Final = "elsewhere:"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS changed (
    kind TEXT NOT NULL, key NOT NULL, more NOT NULL, PRIMARY KEY (kind, key, more)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken (ledger TEXT NOT NULL, number INTEGER NOT NULL)
"""

_FORGET: Final = "DELETE FROM changed WHERE kind = ? AND key = ? AND more = ?"

_Key = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The rows for one key. ``content`` is JSON-serialisable, or None if the rows were deleted."""

    kind: str
    key: tuple[str, ...]
    content: Mapping[str, Any] | None


class Ledger(Protocol):
    """The shared records: the last entry for each kind and key, numbered in order of writing."""

    def latest(self) -> tuple[str, int]:
        """Return the identity of this ledger, and the number up to which it is complete."""
        ...

    def entries(self, after: int, last: int) -> Iterator[tuple[Sequence[LedgerEntry], int]]:
        """Yield the entries after one number and up to another, in batches with their last number."""
        ...

    def write(self, entries: Sequence[LedgerEntry]) -> None:
        """Write entries, replacing those with the same kind and key."""
        ...


@dataclass(frozen=True, slots=True)
class _Shared:
    """Rows of one or more tables that are shared as one entry.

    Attributes:
        tables: Columns by table. The first one is the key, or with ``pair``, the first two.
        on_disk: The key is a path on a machine.
    """

    kind: str
    tables: Mapping[str, str]
    pair: bool = False
    on_disk: bool = False

    def columns(self, table: str) -> tuple[list[str], list[str]]:
        names = self.tables[table].split()
        return names[: 1 + self.pair], names[1 + self.pair :]

    def where(self, table: str) -> str:
        return " AND ".join(f"{name} = ?" for name in self.columns(table)[0])

    def key(self, key: _Key) -> list[Any]:
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
    """The store of one machine and the shared ledger."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        """``folder``: for this machine's store. Created if necessary."""
        self.store = Store(folder, prepare=_create_triggers, elsewhere=True)
        self._ledger = ledger

    def pull(self) -> None:
        """Apply the changes of other machines."""
        name, last = self._ledger.latest()
        applied = self._last_applied(name)
        if applied < last:
            for entries, number in self._ledger.entries(applied, last):
                self._apply_entries(entries, number)

    def push(self) -> None:
        """Publish the changes of this machine."""
        while True:
            with self.store.reading() as db:
                is_made = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'changed'").fetchone()
                if not is_made or not any(_changed_entries(db, 1)):
                    return
            # The rows must not change between reading and forgetting them.
            with self.store.transaction() as db:
                batch = list(_changed_entries(db, _BATCH_ENTRIES))
                shared = [(_KINDS[kind], key) for kind, key in batch]
                entries = [
                    LedgerEntry(one.kind, _ledger_key(one, key), _rows(db, one, key)) for one, key in shared
                ]
                self._ledger.write(entries)
                db.executemany(_FORGET, ((kind, *key) for kind, key in batch))

    def _last_applied(self, ledger: str) -> int:
        """Return the last number applied from this ledger, or -1. Drops the rows of any other ledger."""
        with self.store.transaction() as db:
            applied = db.execute("SELECT ledger, number FROM taken").fetchone()
            if applied and applied[0] == ledger:
                return int(applied[1])
            for one in _SHARED:
                for table in reversed([*one.tables]):
                    keys = ", ".join([*one.columns(table)[0], *([] if one.pair else ["''"])])
                    note = f"INSERT OR IGNORE INTO changed SELECT '{one.kind}', {keys} FROM {table}"  # noqa: S608
                    db.execute(f"DELETE FROM {table}" if applied else note)  # noqa: S608
            if applied:
                db.execute("DELETE FROM changed")
            db.execute("DELETE FROM taken")
            db.execute("INSERT INTO taken VALUES (?, -1)", (ledger,))
            return -1

    def _apply_entries(self, entries: Sequence[LedgerEntry], last: int) -> None:
        """Apply changes of others, except where this machine has unpublished changes."""
        with self.store.transaction() as db:
            unpublished = set(_changed_entries(db))
            for entry in entries:
                shared = _KINDS.get(entry.kind)
                key = _local_key(shared, entry.key) if shared else None
                if shared and key and (shared.kind, key) not in unpublished:
                    _write_rows(db, shared, key, entry.content)
                    db.execute(_FORGET, (shared.kind, *key))
            db.execute("UPDATE taken SET number = ?", (last,))


def _create_triggers(db: Connection) -> None:
    """Create triggers that note changes of shared tables."""
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
    """Return the rows of a key by table, without the key, or None if the key has no rows."""
    rows_by_table = {}
    for table in one.tables:
        names = ", ".join(one.columns(table)[1]) or "NULL"
        rows = db.execute(f"SELECT {names} FROM {table} WHERE {one.where(table)}", one.key(key))  # noqa: S608
        rows_by_table[table] = [list(map(_to_json, row)) for row in rows]
    return rows_by_table if any(rows_by_table.values()) else None


def _write_rows(db: Connection, one: _Shared, key: _Key, content: Mapping[str, Any] | None) -> None:
    for table in reversed([*one.tables]):
        db.execute(f"DELETE FROM {table} WHERE {one.where(table)}", one.key(key))  # noqa: S608
    for table, rows in (content or {}).items():
        keys, other_columns = one.columns(table)
        names = keys + other_columns
        places = ", ".join("?" * len(names))
        into = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
        db.executemany(
            into, [one.key(key) + list(map(_from_json, row))[: len(other_columns)] for row in rows]
        )


def _ledger_key(one: _Shared, key: _Key) -> tuple[str, ...]:
    """Return a key as stored in the ledger: paths with their machine."""
    texts = list(map(from_sql, one.key(key)))
    if not one.on_disk:
        return tuple(texts)
    if texts[0].startswith(_ELSEWHERE):
        _, machine, path = texts[0].split(":", 2)
        return machine, path
    return _machine(), texts[0]


def _local_key(one: _Shared, key: Sequence[str]) -> _Key:
    """Return a key of the ledger as stored on this machine."""
    if one.on_disk:
        machine, path = key
        return to_sql(path if machine == _machine() else f"{_ELSEWHERE}{machine}:{path}"), ""
    return to_sql(key[0]), to_sql(key[1]) if one.pair else ""


def _machine() -> str:
    return (os.environ.get("SEARCHER_MACHINE") or socket.gethostname()).replace(":", "-")


def _to_json(value: object) -> object:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _from_json(value: Any) -> Any:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value
