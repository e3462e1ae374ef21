"""The tables of an export: columns, descriptions and references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

#: ``TIME`` is a date or time in ISO 8601: text in SQLite and CSV, a timestamp in Parquet.
Type = Literal["TEXT", "INTEGER", "REAL", "TIME"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``refers`` is the table that it refers to."""

    name: str
    type: Type
    about: str
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its primary key and its indexed columns."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    indexed: tuple[str, ...] = ()


def _table(name: str, about: str, written: str) -> Table:
    """Parse a table. Lines are columns: ``*`` (key), ``+`` (index), name, type, reference, description."""
    matches: Iterable[tuple[str, str, Any, str, str]] = re.findall(
        r"([*+]*)(\w+) (\w+)(?:->(\w+))?: (.+)", written
    )
    columns = tuple(Column(name, kind, means, refers) for _, name, kind, refers, means in matches)
    key, indexed = (tuple(name for signs, name, *_ in matches if sign in signs) for sign in "*+")
    return Table(name, about, key, columns, indexed)


TABLES: Final = (
    _table("sources", "The sources of the articles.", """
        *name TEXT: The name of the source.
        articles INTEGER: Number of articles.
    """),
    _table("articles", "The articles.", """
        *id TEXT: The id of the article.
        title TEXT: The headline.
        body TEXT: The text. Paragraphs are separated by empty lines.
        +source TEXT->sources: The source.
        +published TIME: The time of publication given by the publisher.
        year INTEGER: The year of publication.
        language TEXT: The language (ISO 639-1).
        section TEXT: The section.
        url TEXT: The web address.
        origin TEXT: The file it was read from.
        medium TEXT: The address of the recording (transcripts only).
        +story TEXT: An id shared by near-identical copies.
    """),
    _table("authors", "The authors of the articles.", """
        *article TEXT->articles: The article.
        *+name TEXT: The merged name of the author.
    """),
    _table("tags", "The tags of the articles.", """
        *article TEXT->articles: The article.
        *+tag TEXT: The tag.
    """),
    _table("fields", "The values of user-defined fields.", """
        *article TEXT->articles: The article.
        *+field TEXT: The field.
        *+value TEXT: The value.
    """),
    _table("people", "The people mentioned in articles.", """
        *name TEXT: The merged name.
        articles INTEGER: Number of articles that mention the person.
        mentions INTEGER: Number of mentions.
        quotations INTEGER: Number of quotations by the person.
    """),
    _table("organisations", "The organisations mentioned in articles.", """
        *name TEXT: The merged name.
        articles INTEGER: Number of articles that mention the organisation.
        mentions INTEGER: Number of mentions.
        quotations INTEGER: Number of quotations by the organisation.
    """),
    _table("names", "The forms of names and the merged name of each.", """
        *kind TEXT: person, organisation, speaker, source, author, section, place, contact, role, party, tag.
        *form TEXT: The name as printed in articles.
        +name TEXT: The merged name.
        articles INTEGER: Number of articles with this form.
    """),
    _table("mentions", "The places where a person or organisation is mentioned.", """
        *id INTEGER: A number.
        +article TEXT->articles: The article.
        +person TEXT->people: The person.
        +organisation TEXT->organisations: The organisation.
        form TEXT: The full name within the article.
        written TEXT: The name as printed.
        part TEXT: title or body.
        starts INTEGER: The offset of the first character.
        ends INTEGER: The offset after the last character.
        confidence REAL: The confidence in the mention, 0 to 1.
    """),
    _table("statements", "The statements, each once.", """
        *id INTEGER: A number.
        text TEXT: The longest printed version.
        +speaker TEXT: The speaker named by most articles.
        confidence REAL: The confidence in the speaker, 0 to 1.
        places INTEGER: Number of utterances in articles.
        sources INTEGER: Number of sources.
        +first TEXT->articles: The oldest article.
        published TIME: The time of its publication.
    """),
    _table("quotations", "The quotations in articles.", """
        *id INTEGER: A number.
        +article TEXT->articles: The article.
        text TEXT: The words as printed.
        +speaker TEXT: The merged name of the speaker.
        +person TEXT->people: The speaker, if it is a person mentioned in articles.
        +organisation TEXT->organisations: The speaker, if it is an organisation.
        speaker_kind TEXT: person, organisation or unnamed (“a nurse”).
        confidence REAL: The confidence in the speaker, 0 to 1.
        kind TEXT: direct, partial, indirect, or speech (on record).
        starts INTEGER: The offset of the first character in the body.
        ends INTEGER: The offset after the last character.
        utterance INTEGER: A number shared by the parts of one utterance. Empty for indirect speech.
        +statement INTEGER->statements: The statement.
        moment TEXT: The time or place in a record: “0:12:34”, “col. 123”, “p. 12”.
        +role TEXT: The role of the speaker, if a record has it.
        +party TEXT: The party of the speaker, if a record has it.
    """),
)  # fmt: skip

#: Views for common queries.
VIEWS: Final = {
    "said": (
        "All quotations with speaker, article, source and date.",
        """SELECT q.id, a.published, a.source, q.speaker, q.text, q.confidence, q.kind, a.title, q.article
        FROM quotations q JOIN articles a ON a.id = q.article""",
    )
}

#: Columns that Datasette shows as facets.
FACETS: Final = {
    "articles": ("source", "year", "language"),
    "quotations": ("speaker", "kind"),
    "said": ("speaker", "source"),
    "names": ("kind",),
}
#: Columns by which Datasette sorts in descending order.
SORTED: Final = {
    "articles": "published",
    "people": "articles",
    "organisations": "articles",
    "sources": "articles",
    "statements": "places",
    "said": "published",
}
#: Columns with a full-text index.
SEARCHED: Final = {"articles": ("title", "body"), "quotations": ("text",), "statements": ("text",)}


def finish() -> Iterator[str]:
    """Yield the SQL for indexes, full-text indexes and views, to run after the tables are filled."""
    for table in TABLES:
        for name in table.indexed:
            yield f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")'
    for name, columns in SEARCHED.items():
        yield (  # Datasette recognises a full-text table only with these quotation marks.
            f'CREATE VIRTUAL TABLE {name}_fts USING fts5({", ".join(columns)}, content="{name}", '
            "tokenize='unicode61 remove_diacritics 2')"
        )
        yield f"INSERT INTO {name}_fts ({name}_fts) VALUES ('rebuild')"
    for name, (_, query) in VIEWS.items():
        yield f"CREATE VIEW {name} AS {query}"


def sql_of(table: Table) -> str:
    """Return the SQL that creates a table."""
    parts = [*map(_column, table.columns), f"PRIMARY KEY ({', '.join(table.key)})"]
    # Declare a numeric id as the rowid.
    if parts[0] == '"id" INTEGER':
        parts = ['"id" INTEGER PRIMARY KEY', *parts[1:-1]]
    inside = ",\n  ".join(parts)
    return f"CREATE TABLE {table.name} (\n  {inside}\n)"


def _column(column: Column) -> str:
    kind = "TEXT" if column.type == "TIME" else column.type
    key = next((t.key[0] for t in TABLES if t.name == column.refers), "")
    return f'"{column.name}" {kind}' + (f' REFERENCES {column.refers} ("{key}")' if key else "")
