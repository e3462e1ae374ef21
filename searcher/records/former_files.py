"""Former files: what an index from before has beside it in the place of the store, taken over by its first
change: three SQLite files, and a file of JSON for each saved search."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from searcher.errors import IndexDamaged
from searcher.files import connect_file, read_text
from searcher.locations import TEXTS

if TYPE_CHECKING:
    from sqlite3 import Connection

#: The folder of the files of saved searches.
SAVED: Final = "saved"
_STORIES: Final = "stories.sqlite"
#: The former files, each with its tables and what the columns are called that are taken from there. The first
#: ones of ``sources.sqlite`` have no settings and no problems, and those of ``tags.sqlite`` no times.
_FILES: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "sources.sqlite": {
        "files": {"path": "", "digest": "", "mapping": "", "settings": "''"},
        "articles": {"path": "", "id": ""},
        "problems": {"path": "", "origin": "", "reason": "", "kind": "", "count": "", "version": ""},
        "deleted": {"id": ""},
        "unfinished": {"place": "", "mapping": "", "prune": "", "settings": "''"},
    },
    "tags.sqlite": {"tags": {"id": "", "tag": "", "present": "", "pending": "", "at": "number"}},
    _STORIES: {"stories": {"id": "", "numbers": ""}, "bands": {"band": "", "story": ""}},
}


def take_over(db: Connection, folder: Path, *, stories: bool) -> list[Path]:
    """Fill a new store with what stands in the files from before, ``stories`` only where they are asked for:
    their fingerprints are most of all rows. Return these files. Raises IndexDamaged where one of them cannot
    be read."""
    taken = []
    for name in TEXTS:
        if os.path.lexists(folder / name):  # one that is damaged stays as it is, and is told when it is read
            with suppress(IndexDamaged):
                db.execute("INSERT INTO texts VALUES (?, ?)", (name, read_text(folder / name)))
    for name, tables in _FILES.items():
        path = folder / name
        if path.is_file() and (stories or name != _STORIES):
            _copy(db, path, tables)
            taken.append(path)
    for file in _searches(folder):
        if saved := saved_search(read_text(file)):
            db.execute("INSERT INTO searches VALUES (?, ?, ?)", (file.stem, *saved))
            taken.append(file)
    return taken


def left_over(folder: Path) -> tuple[str, ...]:
    """Return the names of files of saved searches that could not be read."""
    return tuple(
        f"{SAVED}/{file.name}" for file in _searches(folder) if saved_search(read_text(file)) is None
    )


def saved_search(text: str) -> tuple[str, str] | None:
    """Return the request that a text holds and the answers that were seen, as JSON; None for another text."""
    try:
        content: Any = json.loads(text)
        request, seen = content["question"], content["seen"]
        if not isinstance(request, dict) or not isinstance(seen, list):
            return None
        return json.dumps(request, ensure_ascii=False), json.dumps(sorted(map(str, seen)), ensure_ascii=False)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _searches(folder: Path) -> list[Path]:
    return sorted((folder / SAVED).glob("*.json"))


def _copy(db: Connection, path: Path, tables: Mapping[str, Mapping[str, str]]) -> None:
    import sqlite3

    try:
        with closing(connect_file(path)) as old:
            for table, columns in tables.items():
                if not (there := {name for _, name, *_ in old.execute(f"PRAGMA table_info({table})")}):
                    continue
                taken = ", ".join(name if name in there else other for name, other in columns.items())
                places = ", ".join("?" * len(columns))
                db.executemany(
                    f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608
                    old.execute(f"SELECT {taken} FROM {table}"),  # noqa: S608
                )
    except sqlite3.DatabaseError as error:
        raise IndexDamaged(
            f"{path} cannot be used ({error}). Put back a copy of it, or delete it: what it holds of your "
            "files, tags or stories is lost then, and not the articles."
        ) from error
