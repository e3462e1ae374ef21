"""The tables of an export as files: CSV, and Parquet by the optional package pyarrow."""

from __future__ import annotations

import csv
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from searcher.errors import MissingExtra
from searcher.export.schema import TABLES, Table
from searcher.sanitize import cell

__all__ = ["blocks", "write_csv", "write_parquet"]

#: Rows that are read and written together.
_BLOCK: Final = 5000


def blocks(database: sqlite3.Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, many at a time."""
    rows = database.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}")
    while block := rows.fetchmany(_BLOCK):
        yield block


def write_csv(database: sqlite3.Connection, folder: Path) -> None:
    """Write each table as ``NAME.csv`` to a folder, with cells that no spreadsheet takes for formulas."""
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(column.name for column in table.columns)
            for block in blocks(database, table):
                out.writerows(map(cell, row) for row in block)


def write_parquet(database: sqlite3.Connection, folder: Path) -> None:
    """Write each table as ``NAME.parquet`` to a folder. Raises MissingExtra where there is no pyarrow."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra(
            "Parquet needs the package pyarrow: pip install 'article-searcher[parquet]'"
        ) from None
    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64(), "TIME": pa.timestamp("s")}
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
