"""The tables of an export: their columns, what these mean, and how tables refer to one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

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


_ARTICLE = Column("article", "TEXT", "The article.", "articles")

TABLES: Final = (
    Table(
        "sources",
        "The sources of the articles.",
        ("name",),
        (
            Column("name", "TEXT", "The name of the source across articles."),
            Column("articles", "INTEGER", "How many articles are from it."),
        ),
    ),
    Table(
        "articles",
        "The articles.",
        ("id",),
        (
            Column("id", "TEXT", "Its id, as the commands and the page have it."),
            Column("title", "TEXT", "The headline."),
            Column("body", "TEXT", "The text; paragraphs are parted by an empty line."),
            Column("source", "TEXT", "Where it was published.", "sources"),
            Column("published", "TIME", "When, as the publisher says."),
            Column("year", "INTEGER", "The year in which it was published."),
            Column("language", "TEXT", "The language (ISO 639-1)."),
            Column("section", "TEXT", "The section."),
            Column("url", "TEXT", "The address."),
            Column("origin", "TEXT", "The file that it was read from."),
            Column("story", "TEXT", "What near-identical copies have in common."),
        ),
        ("source", "published", "story"),
    ),
    Table(
        "authors",
        "Who wrote an article.",
        ("article", "name"),
        (_ARTICLE, Column("name", "TEXT", "The author's name across articles.")),
        ("name",),
    ),
    Table(
        "tags",
        "The tags of an article.",
        ("article", "tag"),
        (_ARTICLE, Column("tag", "TEXT", "The tag.")),
        ("tag",),
    ),
    Table(
        "fields",
        "Fields of one's own.",
        ("article", "field", "value"),
        (_ARTICLE, Column("field", "TEXT", "The field."), Column("value", "TEXT", "Its value.")),
        ("field", "value"),
    ),
    Table(
        "people",
        "The people that articles name, each once.",
        ("name",),
        (
            Column("name", "TEXT", "The name across articles."),
            Column("articles", "INTEGER", "How many articles name this person."),
            Column("mentions", "INTEGER", "In how many places."),
            Column("quotations", "INTEGER", "How many quotations are this person's."),
        ),
    ),
    Table(
        "organisations",
        "The organisations that articles name, each once.",
        ("name",),
        (
            Column("name", "TEXT", "The name across articles."),
            Column("articles", "INTEGER", "How many articles name it."),
            Column("mentions", "INTEGER", "In how many places."),
            Column("quotations", "INTEGER", "How many quotations are its."),
        ),
    ),
    Table(
        "names",
        "The forms of names, and the name across articles that each goes by.",
        ("kind", "form"),
        (
            Column("kind", "TEXT", "person, organisation, speaker, source, author, section or tag."),
            Column("form", "TEXT", "The name as articles give it."),
            Column("name", "TEXT", "The name across articles."),
            Column("articles", "INTEGER", "How many articles have this form."),
        ),
        ("name",),
    ),
    Table(
        "mentions",
        "The places that name a person or an organisation.",
        ("id",),
        (
            Column("id", "INTEGER", "A number."),
            _ARTICLE,
            Column("person", "TEXT", "Who is named.", "people"),
            Column("organisation", "TEXT", "Which organisation is named.", "organisations"),
            Column("form", "TEXT", "The name within the article."),
            Column("written", "TEXT", "What stands there."),
            Column("part", "TEXT", "title or body."),
            Column("starts", "INTEGER", "The character of the part at which it starts."),
            Column("ends", "INTEGER", "The character before which it ends."),
            Column("confidence", "REAL", "How sure it is, 0 to 1."),
        ),
        ("article", "person", "organisation"),
    ),
    Table(
        "statements",
        "What was said, each statement once.",
        ("id",),
        (
            Column("id", "INTEGER", "A number."),
            Column("text", "TEXT", "The words where most of them are printed."),
            Column("speaker", "TEXT", "Who said it, by most votes of the articles."),
            Column("confidence", "REAL", "How sure the speaker is, 0 to 1."),
            Column("places", "INTEGER", "How many articles carry it, counting each utterance."),
            Column("sources", "INTEGER", "How many sources carried it."),
            Column("first", "TEXT", "The article that had it first.", "articles"),
            Column("published", "TIME", "When that was published."),
        ),
        ("speaker", "first"),
    ),
    Table(
        "quotations",
        "What articles quote.",
        ("id",),
        (
            Column("id", "INTEGER", "A number."),
            _ARTICLE,
            Column("text", "TEXT", "The words, as printed."),
            Column("speaker", "TEXT", "Who said them, by the name across articles."),
            Column("person", "TEXT", "The speaker, if that is a person whom articles name.", "people"),
            Column("organisation", "TEXT", "The speaker, if it is an organisation.", "organisations"),
            Column("speaker_kind", "TEXT", "person, organisation or unnamed (“a nurse”)."),
            Column("confidence", "REAL", "How sure the speaker is, 0 to 1."),
            Column("kind", "TEXT", "direct, partial or indirect."),
            Column("starts", "INTEGER", "The character of the body at which it starts."),
            Column("ends", "INTEGER", "The character before which it ends."),
            Column(
                "utterance",
                "INTEGER",
                "A number that the parts of what was said at once share; indirect speech has none.",
            ),
            Column("statement", "INTEGER", "The statement that it is a part of.", "statements"),
        ),
        ("article", "speaker", "person", "organisation", "statement"),
    ),
)

#: Queries to begin with.
VIEWS: Final = {
    "said": (
        "Who said what, where and when.",
        """SELECT q.id, a.published, a.source, q.speaker, q.text, q.confidence, q.kind, a.title, q.article
        FROM quotations q JOIN articles a ON a.id = q.article""",
    ),
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


def make() -> Iterator[str]:
    """Yield the SQL that makes the tables."""
    yield from map(_table, TABLES)


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


def _table(table: Table) -> str:
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
