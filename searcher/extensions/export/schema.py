"""The tables of an export: their columns, what these mean, and how tables refer to one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

#: ``TIME`` is a day or a moment in ISO 8601: text in SQLite and CSV, a timestamp in Parquet.
Type = Literal["TEXT", "INTEGER", "REAL", "TIME"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``refers`` is the table whose key its values are."""

    name: str
    type: Type
    about: str
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``key`` are the columns that tell its rows apart, and ``indexed`` those it is looked up by."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    indexed: tuple[str, ...] = ()


def _table(name: str, about: str, written: str) -> Table:
    """Return a table of which each line is a column: its name (``*``: a part of the key, ``+``: it is looked
    up by that), its type, the table that it refers to, and what it means."""
    found: Iterable[tuple[str, str, Any, str, str]] = re.findall(
        r"([*+]*)(\w+) (\w+)(?:->(\w+))?: (.+)", written
    )
    columns = tuple(Column(name, kind, means, refers) for _, name, kind, refers, means in found)
    key, indexed = (tuple(name for signs, name, *_ in found if sign in signs) for sign in "*+")
    return Table(name, about, key, columns, indexed)


TABLES: Final = (
    _table("sources", "The sources of the articles.", """
        *name TEXT: The name of the source across articles.
        articles INTEGER: How many articles are from it.
    """),
    _table("articles", "The articles.", """
        *id TEXT: Its id, as the commands and the page have it.
        title TEXT: The headline.
        body TEXT: The text; paragraphs are parted by an empty line.
        +source TEXT->sources: Where it was published.
        +published TIME: When, as the publisher says.
        year INTEGER: The year in which it was published.
        language TEXT: The language (ISO 639-1).
        section TEXT: The section.
        url TEXT: The address.
        origin TEXT: The file that it was read from.
        medium TEXT: Where the recording is, of a transcript.
        +story TEXT: What near-identical copies have in common.
    """),
    _table("authors", "Who wrote an article.", """
        *article TEXT->articles: The article.
        *+name TEXT: The author's name across articles.
    """),
    _table("tags", "The tags of an article.", """
        *article TEXT->articles: The article.
        *+tag TEXT: The tag.
    """),
    _table("fields", "Fields of one's own.", """
        *article TEXT->articles: The article.
        *+field TEXT: The field.
        *+value TEXT: Its value.
    """),
    _table("people", "The people that articles name, each once.", """
        *name TEXT: The name across articles.
        articles INTEGER: How many articles name this person.
        mentions INTEGER: In how many places.
        quotations INTEGER: How many quotations are this person's.
    """),
    _table("organisations", "The organisations that articles name, each once.", """
        *name TEXT: The name across articles.
        articles INTEGER: How many articles name it.
        mentions INTEGER: In how many places.
        quotations INTEGER: How many quotations are its.
    """),
    _table("names", "The forms of names, and the name across articles that each goes by.", """
        *kind TEXT: person, organisation, speaker, source, author, section, place, contact, role, party, tag.
        *form TEXT: The name as articles give it.
        +name TEXT: The name across articles.
        articles INTEGER: How many articles have this form.
    """),
    _table("mentions", "The places that name a person or an organisation.", """
        *id INTEGER: A number.
        +article TEXT->articles: The article.
        +person TEXT->people: Who is named.
        +organisation TEXT->organisations: Which organisation is named.
        form TEXT: The name within the article.
        written TEXT: What stands there.
        part TEXT: title or body.
        starts INTEGER: The character of the part at which it starts.
        ends INTEGER: The character before which it ends.
        confidence REAL: How sure it is, 0 to 1.
    """),
    _table("statements", "What was said, each statement once.", """
        *id INTEGER: A number.
        text TEXT: The words where most of them are printed.
        +speaker TEXT: Who said it, by most votes of the articles.
        confidence REAL: How sure the speaker is, 0 to 1.
        places INTEGER: How many articles carry it, counting each utterance.
        sources INTEGER: How many sources carried it.
        +first TEXT->articles: The article that had it first.
        published TIME: When that was published.
    """),
    _table("quotations", "What articles quote.", """
        *id INTEGER: A number.
        +article TEXT->articles: The article.
        text TEXT: The words, as printed.
        +speaker TEXT: Who said them, by the name across articles.
        +person TEXT->people: The speaker, if that is a person whom articles name.
        +organisation TEXT->organisations: The speaker, if it is an organisation.
        speaker_kind TEXT: person, organisation or unnamed (“a nurse”).
        confidence REAL: How sure the speaker is, 0 to 1.
        kind TEXT: direct, partial, indirect, or speech, which is on record.
        starts INTEGER: The character of the body at which it starts.
        ends INTEGER: The character before which it ends.
        utterance INTEGER: A number that the parts of what was said at once share; indirect speech has none.
        +statement INTEGER->statements: The statement that it is a part of.
        moment TEXT: Of speech, when or where: “0:12:34”, “col. 123”, “p. 12”.
        +role TEXT: In which role it was said, where a record says so.
        +party TEXT: Of which party the speaker is, where a record says so.
    """),
)  # fmt: skip

#: Queries to begin with.
VIEWS: Final = {
    "said": (
        "Who said what, where and when.",
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
#: What tables begin with, in Datasette: the greatest.
SORTED: Final = {
    "articles": "published",
    "people": "articles",
    "organisations": "articles",
    "sources": "articles",
    "statements": "places",
    "said": "published",
}
#: What words are searched in.
SEARCHED: Final = {"articles": ("title", "body"), "quotations": ("text",), "statements": ("text",)}


def finish() -> Iterator[str]:
    """Yield the SQL that makes what filled tables are looked up by: indexes, words and views."""
    for table in TABLES:
        for name in table.indexed:
            yield f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")'
    for name, columns in SEARCHED.items():
        yield (  # in these quotation marks Datasette sees which table it belongs to
            f'CREATE VIRTUAL TABLE {name}_fts USING fts5({", ".join(columns)}, content="{name}", '
            "tokenize='unicode61 remove_diacritics 2')"
        )
        yield f"INSERT INTO {name}_fts ({name}_fts) VALUES ('rebuild')"
    for name, (_, query) in VIEWS.items():
        yield f"CREATE VIEW {name} AS {query}"


def sql_of(table: Table) -> str:
    """Return the SQL that makes a table."""
    parts = [*map(_column, table.columns), f"PRIMARY KEY ({', '.join(table.key)})"]
    # A number is declared so that it is the number of the row itself.
    if parts[0] == '"id" INTEGER':
        parts = ['"id" INTEGER PRIMARY KEY', *parts[1:-1]]
    inside = ",\n  ".join(parts)
    return f"CREATE TABLE {table.name} (\n  {inside}\n)"


def _column(column: Column) -> str:
    kind = "TEXT" if column.type == "TIME" else column.type
    key = next((t.key[0] for t in TABLES if t.name == column.refers), "")
    return f'"{column.name}" {kind}' + (f' REFERENCES {column.refers} ("{key}")' if key else "")
