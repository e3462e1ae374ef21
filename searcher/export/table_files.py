"""What is made of the database of an export: tables in CSV or Parquet (by the optional package pyarrow), and
entities of FollowTheMoney, which OpenAleph and its kin read, one JSON object a line.

An article is an Article, who is named a Person or an Organization with the forms of the name as aliases, each
of the two an article names a Mention, and a quotation a Note about its speaker
(https://followthemoney.tech/explorer/).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from searcher.errors import MissingExtra
from searcher.export.schema import TABLES, Table
from searcher.plugins import install_command
from searcher.query.request import speaker_shown
from searcher.sanitize import cell, json_safe

#: Rows that are read and written together.
_BLOCK_ROWS: Final = 5000

_Write = Callable[[sqlite3.Connection, Path], None]


def blocks(database: sqlite3.Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table, many at a time."""
    rows = database.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}")
    while block := rows.fetchmany(_BLOCK_ROWS):
        yield block


class TableFiles(NamedTuple):
    """A kind of files; ``writer`` gives what writes all of them, and raises MissingExtra."""

    ending: str
    writer: Callable[[], _Write]

    @property
    def files(self) -> list[str]:
        """The names of the files, one a table."""
        return [f"{table.name}{self.ending}" for table in TABLES]


def _write_csv(database: sqlite3.Connection, folder: Path) -> None:
    """Write cells that no spreadsheet takes for formulas."""
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(column.name for column in table.columns)
            for block in blocks(database, table):
                out.writerows(map(cell, row) for row in block)


def _parquet_writer() -> _Write:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra(f"Parquet needs the package pyarrow: {install_command('parquet')}") from None
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
FORMS: Final[Mapping[str, TableFiles]] = {
    "tables": TableFiles(".csv", lambda: _write_csv),
    "parquet": TableFiles(".parquet", _parquet_writer),
}

_ARTICLES = """
SELECT id, title, body, source, published, language, url, origin,
  (SELECT json_group_array(name) FROM authors WHERE article = id),
  (SELECT json_group_array(tag) FROM tags WHERE article = id)
FROM articles
"""
_FORMS = "SELECT name, json_group_array(form) FROM names WHERE kind = ? GROUP BY name ORDER BY name"
_MENTIONS = """
SELECT article, person, organisation, json_group_array(DISTINCT form) FROM mentions
GROUP BY article, person, organisation
"""
_QUOTATIONS = """
SELECT q.article, q.starts, q.ends, q.text, q.speaker, q.confidence, q.person, q.organisation, a.url, a.source
FROM quotations q JOIN articles a ON a.id = q.article
"""


def entities(database: sqlite3.Connection) -> Iterator[str]:
    """Yield the entities of a database of an export, a line each."""
    for kind, schema in (("person", "Person"), ("organisation", "Organization")):
        for name, forms in database.execute(_FORMS, (kind,)):
            others = [form for form in json.loads(forms) if form != name]
            yield _entity(_id(kind, name), schema, name=[name], alias=others)
    for id, title, body, source, day, language, url, origin, authors, tags in database.execute(_ARTICLES):
        yield _entity(
            _id("article", id), "Article", title=[title or id], bodyText=[body], publisher=[source],
            publishedAt=[day], language=[language], sourceUrl=[url], fileName=[origin],
            author=json.loads(authors), keywords=json.loads(tags),
        )  # fmt: skip
    for article, person, body, forms in database.execute(_MENTIONS):
        kind, name = ("person", person) if person else ("organisation", body)
        detected = "Person" if person else "Organization"
        yield _entity(
            _id("mention", article, kind, name), "Mention", document=[_id("article", article)],
            resolved=[_id(kind, name)], name=json.loads(forms), detectedSchema=[detected],
        )  # fmt: skip
    for article, start, end, text, speaker, sure, person, body, url, source in database.execute(_QUOTATIONS):
        about = [_id("article", article)]
        about += [_id("person", person)] if person else [_id("organisation", body)] if body else []
        yield _entity(
            _id("quotation", article, f"{start}-{end}"), "Note",
            name=[f"{speaker_shown(speaker, sure)}: “{text}”" if speaker else f"“{text}”"],
            description=[text], entity=about, publisher=[source], sourceUrl=[url],
        )  # fmt: skip


def _id(*parts: str) -> str:
    """An id that is the same in every export."""
    return hashlib.sha1("\0".join(("searcher", *parts)).encode(), usedforsecurity=False).hexdigest()


def _entity(id: str, schema: str, **properties: Iterable[Any]) -> str:
    given = {name: [value for value in values if value] for name, values in properties.items()}
    known = {name: values for name, values in given.items() if values}
    entity = {"id": id, "schema": schema, "properties": known}
    return json_safe(json.dumps(entity, ensure_ascii=False)) + "\n"
