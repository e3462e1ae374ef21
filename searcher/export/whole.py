"""Exports that are more than one table: a database, and what is made of one: tables, entities."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from searcher.errors import UsageError
from searcher.export.database import APPLICATION, fill, open_database, rows, write_database
from searcher.export.datasette import metadata
from searcher.export.files import whole_file, whole_folder
from searcher.export.ftm import entities
from searcher.export.tables import write_csv, write_parquet
from searcher.results import Hit

__all__ = ["FOLDERS", "save_database", "save_tables", "written_entities"]

#: What writes the tables of a database to a folder, by the name of the form.
FOLDERS: Final[Mapping[str, Callable[[Connection, Path], None]]] = {
    "tables": write_csv,
    "parquet": write_parquet,
}


def save_database(path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles to a database, and beside it what Datasette shows of it.

    Returns the number of rows of each table. If it is stopped, what was there stays. Raises UsageError where
    something else than an export is there, and OSError.
    """
    if path.exists() and not _is_export(path):
        raise UsageError(f"{path} is there, and no export of searcher: choose another name, or move it.")
    for log in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")):
        if log.exists():  # it would be laid over the new file
            raise UsageError(f"{path} is open in another program ({log.name} is there): close that first.")
    with whole_file(path) as unfinished:
        counts = write_database(unfinished, hits)
    about = path.with_suffix(".metadata.json")
    if not about.exists():  # it may have been written by hand, or changed
        with whole_file(about) as unfinished:
            unfinished.write_text(metadata(path.stem, counts), "utf-8")
    return counts


def save_tables(form: str, path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles as tables to a folder, a file each. Returns and raises as :func:`save_database`, and
    MissingExtra."""
    with _filled(hits, path.parent) as database, whole_folder(path) as unfinished:
        FOLDERS[form](database, unfinished)
        return rows(database)


def written_entities(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield articles as entities of FollowTheMoney. Raises OSError."""
    with _filled(hits, None) as database:
        yield from entities(database)


@contextmanager
def _filled(hits: Iterable[Hit], place: Path | None) -> Iterator[Connection]:
    """Give a database of articles that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix=".searcher-", dir=place) as folder,
        open_database(Path(folder) / "export.db") as database,
    ):
        fill(database, hits)
        yield database


def _is_export(path: Path) -> bool:
    """Whether a file is a database that an export wrote, or empty."""
    with path.open("rb") as file:
        beginning = file.read(72)  # of which the last four bytes are the number of the application
    return not beginning or beginning[68:] == APPLICATION.to_bytes(4, "big")
