"""Export articles to an SQLite database, and from it to CSV, Parquet and FollowTheMoney entities.

FollowTheMoney (https://followthemoney.tech/explorer/), which OpenAleph reads: each article is an Article,
each name a Person or Organization with its forms as aliases, each occurrence in an article a Mention, and
each quotation a Note about its speaker.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final, NamedTuple

from searcher.article import Article, format_iso
from searcher.errors import MissingExtra, UsageError
from searcher.extensions.export import schema
from searcher.extensions.export.schema import FACETS, SORTED, TABLES, VIEWS, Table
from searcher.extensions.export.statements import add_statements
from searcher.fields import group_all_tags
from searcher.files import atomic_file, atomic_folder, temporary_folder, temporary_path
from searcher.names.table import SAID_BY
from searcher.plugins import install_command
from searcher.query.request import displayed_speaker
from searcher.results import Hit, Names
from searcher.sanitize import csv_cell, escape_json

#: The ``PRAGMA application_id`` that identifies our exports, “Srch” in ASCII.
APPLICATION: Final = 0x53726368
#: Number of articles inserted together.
_BATCH_ROWS: Final = 500
#: Maximum size of SQLite's page cache. Sorting needs the same amount of memory again.
_MAX_CACHED_BYTES: Final = 32 * 2**20

_Row = tuple[Any, ...]


def write_database(path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles to a new database in constant memory. Return the number of rows per table.

    Raises OSError.
    """
    with _filled_database(hits, path) as database:
        for statement in schema.finish():
            database.execute(statement)
        database.execute("ANALYZE")
        return rows(database)


@contextmanager
def open_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Create a database with empty tables. Raises OSError."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            # Protection against crashes is not needed because the file is renamed only when it is complete.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute(f"PRAGMA cache_size = {-_MAX_CACHED_BYTES // 1024}")
            database.execute(f"PRAGMA application_id = {APPLICATION}")
            for table in TABLES:
                database.execute(schema.sql_of(table))
            yield database
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"The database cannot be written: {error}", str(path)) from error


def fill(database: sqlite3.Connection, hits: Iterable[Hit]) -> None:
    """Fill the tables, and count the mentions and quotations of each name."""
    rows = _Rows()
    database.execute("BEGIN")
    for number, hit in enumerate(hits, 1):
        rows.add(hit)
        if number % _BATCH_ROWS == 0:
            rows.write(database)
    rows.write(database)
    add_statements(database)
    for statement in _COUNTS:
        database.execute(statement)
    database.execute("COMMIT")


def rows(database: sqlite3.Connection) -> dict[str, int]:
    """Return the number of rows per table."""
    return {
        table.name: database.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
        for table in schema.TABLES
    }


# Tags that differ only in lone surrogates are equal in UTF-8, so duplicates are ignored.
_INSERT: Final = {
    table.name: f"INSERT OR IGNORE INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"
    for table in schema.TABLES
} | {"names": "INSERT INTO names VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET articles = articles + 1"}

_NAMES_COUNTED: Final = """
INSERT INTO {table} SELECT {kind}, count(DISTINCT article), count(*), 0 FROM mentions
    WHERE {kind} IS NOT NULL GROUP BY {kind};
UPDATE quotations SET {kind} = speaker WHERE speaker_kind = '{kind}'
    AND speaker IN (SELECT name FROM {table});
UPDATE {table} SET quotations = found.number FROM (SELECT {kind}, count(*) AS number FROM quotations
    WHERE {kind} IS NOT NULL GROUP BY {kind}) AS found WHERE found.{kind} = name"""
_COUNTS: Final = (
    "INSERT INTO sources SELECT source, count(*) FROM articles WHERE source IS NOT NULL GROUP BY source",
    *_NAMES_COUNTED.format(kind="person", table="people").split(";"),
    *_NAMES_COUNTED.format(kind="organisation", table="organisations").split(";"),
)


class _Rows:
    """Rows collected until they are written."""

    def __init__(self) -> None:
        self._of: dict[str, list[_Row]] = {name: [] for name in _INSERT}
        self._mention, self._quotation, self._utterance = count(1), count(1), count(1)

    def write(self, database: sqlite3.Connection) -> None:
        for name, stored_rows in self._of.items():
            if stored_rows:
                database.executemany(_INSERT[name], stored_rows)
                stored_rows.clear()

    def add(self, hit: Hit) -> None:
        article, names = hit.article, hit.names
        moment = article.published
        self._of["articles"].append(
            _row_of_values(
                article.id, article.title, article.body, hit.source, format_iso(moment),
                moment and moment.year, hit.language, hit.section, article.url, article.origin,
                article.medium, article.story,
            )
        )  # fmt: skip
        self._of["authors"] += (_row_of_values(article.id, name) for name in hit.authors)
        tags = group_all_tags(hit.tags)
        self._of["tags"] += (_row_of_values(article.id, tag) for tag in tags.pop("tag"))
        self._of["fields"] += (
            _row_of_values(article.id, name, value) for name in tags for value in tags[name]
        )
        self._of["names"] += (_row_of_values(*form) for form in _forms(article, names))
        self._of["mentions"] += self._mentions(article, names)
        self._of["quotations"] += self._quotations(article, names)

    def _mentions(self, article: Article, names: Names | None) -> Iterator[_Row]:
        for one in article.mentions:
            kind, name = names.kind_and_name(one.kind, one.name) if names else (one.kind, one.name)
            if name is None:  # hidden by a decision
                continue
            person, organisation = (name, None) if kind == "person" else (None, name)
            written = (article.title if one.part == "title" else article.body)[one.start : one.end]
            yield _row_of_values(
                next(self._mention), article.id, person, organisation, one.name, written, one.part, one.start,
                one.end, round(one.confidence, 4),
            )  # fmt: skip

    def _quotations(self, article: Article, names: Names | None) -> Iterator[_Row]:
        numbers: dict[int, int] = {}
        for one in sorted(article.quotes, key=lambda quote: (quote.start, quote.end)):
            utterance = None
            if one.kind != "indirect":  # Indirect speech does not have an utterance.
                known = None if one.kind == "speech" else numbers.get(one.utterance)
                utterance = known or next(self._utterance)
                numbers[one.utterance] = utterance
            speaker = _name(names, SAID_BY, one.speaker) if one.speaker else None
            yield _row_of_values(
                next(self._quotation), article.id, one.text, speaker, None, None, one.speaker_kind,
                round(one.confidence, 4), one.kind, one.start, one.end, utterance, None, one.moment,
                one.role and _name(names, "role", one.role), one.party and _name(names, "party", one.party),
            )  # fmt: skip


def _forms(article: Article, names: Names | None) -> Iterator[tuple[str, str, str]]:
    """Yield kind, form and merged name of each name in an article, once."""
    values: Mapping[str, Iterable[str]] = {
        "person": article.people, "organisation": article.organisations, "speaker": article.speakers,
        "source": (article.source,) if article.source else (), "author": article.authors,
        "section": article.sections, "place": article.places, "contact": article.contacts,
        "role": article.roles, "party": article.parties, "tag": group_all_tags(article.tags)["tag"],
    }  # fmt: skip
    for kind, forms in values.items():
        for form in dict.fromkeys(forms):
            if (name := _name(names, kind, form)) is not None:
                yield kind, form, name


def _name(names: Names | None, field: str, value: str) -> str | None:
    return names.name_of(field, value) if names else value


def _row_of_values(*values: object) -> _Row:
    """Return a row with lone surrogates replaced, which occur in file names but not in UTF-8."""
    return tuple(
        value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values
    )


def metadata(database: str, counts: Mapping[str, int]) -> str:
    """Return Datasette's metadata for a database as JSON. The name is that of its file without the suffix."""
    tables: dict[str, dict[str, Any]] = {
        table.name: {
            "description": table.about,
            "columns": {column.name: column.about for column in table.columns},
        }
        for table in TABLES
    }
    tables |= {name: {"description": about} for name, (about, _) in VIEWS.items()}
    for name, facets in FACETS.items():
        tables[name]["facets"] = list(facets)
    for name, column in SORTED.items():
        tables[name]["sort_desc"] = column
    for name in ("fields", "tags", "authors"):
        tables[name]["hidden"] = not counts.get(name)
    title = f"{counts['articles']:,} articles"
    described = {database: {"description": f"{title}, exported by searcher", "tables": tables}}
    return json.dumps({"title": title, "databases": described}, ensure_ascii=False, indent=2) + "\n"


def save_database(path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles to a database with Datasette's metadata. Return the number of rows per table.

    An interrupted export leaves an earlier one unchanged. Raises UsageError if the path has another file, and
    OSError.
    """
    path = path.resolve()
    if path.exists() and not _is_export(path):
        raise UsageError(f"{path} exists and is not an export of searcher. Choose another name, or move it.")
    for log in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")):
        if log.exists():  # SQLite would apply this log to the new file.
            raise UsageError(f"{path} is open in another program ({log.name} exists). Close it first.")
    with atomic_file(path, follow=True) as new:
        counts = write_database(new, hits)
    about = path.with_suffix(".metadata.json")
    if not about.exists():  # The user may have edited an existing file.
        with atomic_file(about, follow=True) as new:
            new.write_text(metadata(path.stem, counts), "utf-8", "surrogateescape")
    return counts


def save_tables(form: str, path: Path, hits: Iterable[Hit]) -> dict[str, int]:
    """Write articles as tables to a folder. Returns and raises as :func:`save_database`, and MissingExtra."""
    files = FORMS[form]
    write = files.writer()
    existing = [name for name in files.names if (path / name).exists()]
    if existing and len(existing) < len(files.names):
        raise UsageError(
            f"{path / existing[0]} exists, and {path} is not an export. Choose another folder, or move it."
        )
    path = path.resolve()
    with temporary_path(path.with_name(f"{path.name}.db")) as file, _filled_database(hits, file) as database:
        with atomic_folder(path) as new:
            write(database, new)
        return rows(database)


def entity_lines(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield articles as FollowTheMoney entities, one per line. Raises OSError."""
    with temporary_folder() as folder, _filled_database(hits, folder / "export.db") as database:
        yield from entities(database)


@contextmanager
def _filled_database(hits: Iterable[Hit], file: Path) -> Iterator[Connection]:
    with open_database(file) as database:
        fill(database, hits)
        yield database


def _is_export(path: Path) -> bool:
    """Return True if a path is a database written by an export, or an empty file."""
    if not path.is_file():  # Reading a pipe would block.
        return False
    with path.open("rb") as file:
        header = file.read(72)
    return not header or header[68:] == APPLICATION.to_bytes(4, "big")


#: Number of rows read and written together.
_BLOCK_ROWS: Final = 5000

_Write = Callable[[Connection, Path], None]


def blocks(database: Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table in blocks."""
    rows = database.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.key)}")
    while block := rows.fetchmany(_BLOCK_ROWS):
        yield block


class TableFiles(NamedTuple):
    """A format for tables. ``writer`` returns a function that writes all of them, or raises MissingExtra."""

    suffix: str
    writer: Callable[[], _Write]

    @property
    def names(self) -> list[str]:
        """The file names of all tables."""
        return [f"{table.name}{self.suffix}" for table in TABLES]


def _write_csv(database: Connection, folder: Path) -> None:
    """Write CSV files whose cells spreadsheets cannot take for formulas."""
    for table in TABLES:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(column.name for column in table.columns)
            for block in blocks(database, table):
                out.writerows(map(csv_cell, row) for row in block)


def _parquet_writer() -> _Write:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra(f"Parquet needs the package pyarrow: {install_command('parquet')}") from None
    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64(), "TIME": pa.timestamp("s")}

    def write(database: Connection, folder: Path) -> None:
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


#: The formats by their option.
FORMS: Final[Mapping[str, TableFiles]] = {
    "tables": TableFiles(".csv", lambda: _write_csv),
    "parquet": TableFiles(".parquet", _parquet_writer),
}

_OF_ARTICLES = """
SELECT id, title, body, source, published, language, url, origin,
  (SELECT json_group_array(name) FROM authors WHERE article = id),
  (SELECT json_group_array(tag) FROM tags WHERE article = id)
FROM articles
"""
_OF_NAMES = "SELECT name, json_group_array(form) FROM names WHERE kind = ? GROUP BY name ORDER BY name"
_OF_MENTIONS = """
SELECT article, person, organisation, json_group_array(DISTINCT form) FROM mentions
GROUP BY article, person, organisation
"""
_OF_QUOTATIONS = """
SELECT q.article, q.starts, q.ends, q.text, q.speaker, q.confidence, q.person, q.organisation, a.url, a.source
FROM quotations q JOIN articles a ON a.id = q.article
"""


def entities(database: Connection) -> Iterator[str]:
    """Yield the entities of an exported database, one per line."""
    for kind, shape in (("person", "Person"), ("organisation", "Organization")):
        for name, forms in database.execute(_OF_NAMES, (kind,)):
            aliases = [form for form in json.loads(forms) if form != name]
            yield _entity(_id(kind, name), shape, name=[name], alias=aliases)
    for id, title, body, source, day, language, url, origin, authors, tags in database.execute(_OF_ARTICLES):
        yield _entity(
            _id("article", id), "Article", title=[title or id], bodyText=[body], publisher=[source],
            publishedAt=[day], language=[language], sourceUrl=[url], fileName=[origin],
            author=json.loads(authors), keywords=json.loads(tags),
        )  # fmt: skip
    for article, person, organisation, forms in database.execute(_OF_MENTIONS):
        kind, name = ("person", person) if person else ("organisation", organisation)
        detected = "Person" if person else "Organization"
        yield _entity(
            _id("mention", article, kind, name), "Mention", document=[_id("article", article)],
            resolved=[_id(kind, name)], name=json.loads(forms), detectedSchema=[detected],
        )  # fmt: skip
    rows = database.execute(_OF_QUOTATIONS)
    for article, start, end, text, speaker, confidence, person, organisation, url, source in rows:
        about = [_id("article", article)]
        about += [_id("person", person)] if person else []
        about += [_id("organisation", organisation)] if organisation and not person else []
        yield _entity(
            _id("quotation", article, f"{start}-{end}"), "Note",
            name=[f"{displayed_speaker(speaker, confidence)}: “{text}”" if speaker else f"“{text}”"],
            description=[text], entity=about, publisher=[source], sourceUrl=[url],
        )  # fmt: skip


def _id(*parts: str) -> str:
    """Return an id that is stable across exports."""
    return hashlib.sha1("\0".join(("searcher", *parts)).encode(), usedforsecurity=False).hexdigest()


def _entity(id: str, schema: str, **properties: Iterable[Any]) -> str:
    values_by_name = {name: [value for value in values if value] for name, values in properties.items()}
    filled = {name: values for name, values in values_by_name.items() if values}
    entity = {"id": id, "schema": schema, "properties": filled}
    return escape_json(json.dumps(entity, ensure_ascii=False)) + "\n"
