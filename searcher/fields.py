"""The one table of fields: what the parser, the engines, the facets and the options read."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from searcher.errors import UsageError

__all__ = ["FACETS", "FIELDS", "Field", "Kind", "field", "facet_field", "value_field"]


class Kind(enum.Enum):
    """How a field is searched."""

    WORDS = "words"  # analysed text with positions: title, text
    VALUES = "values"  # whole values, several an article: people, sources, authors, …
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` is the public name in queries, filters and facets, ``aliases`` other ways to write
    it, ``attribute`` the property of Article that holds it, ``named`` whether its values are names
    that people and bodies go by (so that "LeCun" asks for "Yann LeCun")."""

    name: str
    kind: Kind
    attribute: str
    aliases: tuple[str, ...] = ()
    facet: bool = False
    named: bool = False
    label: str = ""


FIELDS = (
    Field("text", Kind.WORDS, "body"),  # title and body joined: what bare words search
    Field("title", Kind.WORDS, "title", ("headline",)),
    Field("person", Kind.VALUES, "people", ("people",), facet=True, named=True, label="People"),
    Field(
        "organisation",
        Kind.VALUES,
        "organisations",
        ("org", "organization", "organisations"),
        facet=True,
        named=True,
        label="Organisations",
    ),
    Field("speaker", Kind.VALUES, "speakers", facet=True, named=True, label="Speakers"),
    Field("source", Kind.VALUES, "source", facet=True, label="Sources"),
    Field("author", Kind.VALUES, "authors", ("by",), facet=True, label="Authors"),
    Field("language", Kind.VALUES, "language", ("lang",), facet=True, label="Languages"),
    Field("section", Kind.VALUES, "section", facet=True, label="Sections"),
    Field("tag", Kind.VALUES, "tags", facet=True, label="Tags"),
    Field("story", Kind.VALUES, "story"),
    Field("year", Kind.VALUES, "published", facet=True, label="Years"),  # "2025"
    Field("date", Kind.DATE, "published"),
    Field("length", Kind.NUMBER, "body"),  # words in the body
)

_BY_NAME = {name: f for f in FIELDS for name in (f.name, *f.aliases)}
FACETS = tuple(f.name for f in FIELDS if f.facet)


def field(name: str) -> Field:
    """The field of that name or alias (case does not matter). Raises UsageError."""
    try:
        return _BY_NAME[name.lower()]
    except KeyError:
        raise UsageError(f"There is no field “{name}”. Fields: {', '.join(sorted(_BY_NAME))}.") from None


def facet_field(name: str) -> Field:
    """The field of that name if it can be a facet. Raises UsageError."""
    found = field(name)
    if not found.facet:
        raise UsageError(f"“{name}” is no facet. Facets: {', '.join(FACETS)}.")
    return found


def value_field(name: str) -> Field:
    """The field of that name if it holds whole values. Raises UsageError."""
    found = field(name)
    if found.kind is not Kind.VALUES:
        raise UsageError(f"“{name}” cannot be narrowed by value.")
    return found
