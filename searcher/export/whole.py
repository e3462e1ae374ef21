"""Exports that are more than one table: a database, and what is made of one: tables, entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

from searcher.errors import UsageError
from searcher.export.database import APPLICATION, fill, open_database, rows, write_database
from searcher.export.datasette import metadata
from searcher.export.ftm import entities
from searcher.export.tables import FORMS
from searcher.files import temporary_folder, unfinished, whole_file, whole_folder
from searcher.results import Hit

__all__ = ["save_database", "save_tables", "written_entities"]


def save_database(path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles to a database, and beside it what Datasette shows of it.

    Returns the number of rows of each table. If it is stopped, what was there stays. Raises UsageError where
    something else than an export is there, and OSError.
    """
    path = path.resolve()
    if path.exists() and not _is_export(path):
        raise UsageError(f"{path} is there, and no export of searcher: choose another name, or move it.")
    for log in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")):
        if log.exists():  # it would be laid over the new file
            raise UsageError(f"{path} is open in another program ({log.name} is there): close that first.")
    with whole_file(path, follow=True) as new:
        counts = write_database(new, hits)
    about = path.with_suffix(".metadata.json")
    if not about.exists():  # it may have been written by hand, or changed
        with whole_file(about, follow=True) as new:
            new.write_text(metadata(path.stem, counts), "utf-8", "surrogateescape")
    return counts


def save_tables(form: str, path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles as tables to a folder, a file each. Returns and raises as :func:`save_database`, and
    MissingExtra."""
    made = FORMS[form]
    write = made.writer()
    there = [name for name in made.files if (path / name).exists()]
    if there and len(there) < len(made.files):
        raise UsageError(
            f"{path / there[0]} is there, and {path} is no export: choose another folder, or move the file."
        )
    path = path.resolve()
    with unfinished(path.with_name(f"{path.name}.db")) as file, _filled(hits, file) as database:
        with whole_folder(path) as new:
            write(database, new)
        return rows(database)


def written_entities(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield articles as entities of FollowTheMoney. Raises OSError."""
    with temporary_folder() as folder, _filled(hits, folder / "export.db") as database:
        yield from entities(database)


@contextmanager
def _filled(hits: Iterable[Hit], file: Path) -> Iterator[Connection]:
    """Give a new database of articles."""
    with open_database(file) as database:
        fill(database, hits)
        yield database


def _is_export(path: Path) -> bool:
    """Whether a path is a database that an export wrote, or an empty file."""
    if not path.is_file():  # a pipe would be waited for
        return False
    with path.open("rb") as file:
        beginning = file.read(72)  # of which the last four bytes are the number of the application
    return not beginning or beginning[68:] == APPLICATION.to_bytes(4, "big")
