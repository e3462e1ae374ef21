"""The tables of an export as files: CSV, and Parquet by the optional package pyarrow."""

from __future__ import annotations

import csv
import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher.errors import MissingExtra
from searcher.export.schema import TABLES, Table
from searcher.sanitize import cell

__all__ = ["FORMS", "Form", "blocks"]

#: Rows that are read and written together.
_BLOCK: Final = 5000

_Write = Callable[[sqlite3.Connection, Path], None]


def blocks(database: sqlite3.Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, many at a time."""
    rows = database.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}")
    while block := rows.fetchmany(_BLOCK):
        yield block


class Form(NamedTuple):
    """A kind of files; ``writer`` gives what writes all of them, and raises MissingExtra."""

    ending: str
    writer: Callable[[], _Write]

    @property
    def files(self) -> list[str]:
        """The names of the files, one a table."""
        return [f"{table.name}{self.ending}" for table in TABLES]


def _csv() -> _Write:
    """Cells are such that no spreadsheet takes them for formulas."""

    def write(database: sqlite3.Connection, folder: Path) -> None:
        for table in TABLES:
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(column.name for column in table.columns)
                for block in blocks(database, table):
                    out.writerows(map(cell, row) for row in block)

    return write


def _parquet() -> _Write:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra(
            "Parquet needs the package pyarrow: pip install 'article-searcher[parquet]'"
        ) from None
    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64(), "TIME": pa.timestamp("s")}

    def write(database: sqlite3.Connection, folder: Path) -> None:
        for table in TABLES:
            schema = pa.schema([(column.name, kinds[column.type]) for column in table.columns])
            times = [number for number, column in enumerate(table.columns) if column.type == "TIME"]
            with parquet.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as out:
                for block in blocks(database, table):
                    columns = list(map(list, zip(*block)))
                    for number in times:
                        columns[number] = [day and dt.datetime.fromisoformat(day) for day in columns[number]]
                    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema)]
                    out.write_batch(pa.record_batch(arrays, schema=schema))

    return write


#: The kinds of files, by the name of the option that asks for them.
FORMS: Final[Mapping[str, Form]] = {"tables": Form(".csv", _csv), "parquet": Form(".parquet", _parquet)}
