"""The table of fields, which the parser, the engines, the facets and the options read."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from typing import NamedTuple

from searcher.errors import UsageError

__all__ = [
    "CASE",
    "FACETS",
    "FIELDS",
    "NOTE",
    "OWN",
    "Field",
    "Kind",
    "declare",
    "facet_field",
    "field",
    "fields_of_tags",
    "may_be_own",
    "tag_of",
    "value_field",
]


class Kind(enum.Enum):
    """How a field is searched."""

    WORDS = "words"  # analysed text with positions: title, text
    VALUES = "values"  # whole values, several an article: people, sources, authors, …
    DATE = "date"
    NUMBER = "number"


class Field(NamedTuple):
    """A field of articles.

    ``name`` is the public name in queries, filters and facets, ``aliases`` are other ways to write it,
    ``attribute`` is the property of Article that holds it. The values of a ``named`` field are names of
    people and bodies, which are resolved: "LeCun" asks for "Yann LeCun".
    """

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
    Field("month", Kind.DATE, "published", facet=True, label="Months"),  # "2025-03"
    Field("week", Kind.DATE, "published", facet=True, label="Weeks"),  # "2025-W10"
    Field("day", Kind.DATE, "published", facet=True, label="Days"),  # "2025-03-04"
    Field("length", Kind.NUMBER, "body"),  # words in the body
)

_BY_NAME = {name: f for f in FIELDS for name in (f.name, *f.aliases)}
FACETS = tuple(f.name for f in FIELDS if f.facet)


#: Fields of one's own that were declared in this process: the names that the query language looks up, each
#: with itself. Their values are tags, “desk=foreign” (:mod:`searcher.engines.own_fields`).
OWN: dict[str, str] = {}
#: Fields of one's own that there are once an article is in a case or has a note.
CASE, NOTE = "case", "note"
_OWN_NAME = re.compile(r"[a-z]{2,30}")
_RESERVED = frozenset({"said", "quote", "after", "before", "id", "url", "body"})
#: What searches take by keyword or in a URL besides fields.
_OPTIONS = frozenset(
    {"about", "collapse", "confidence", "correct", "every", "exclude", "explain", "facet", "facets", "kind"}
    | {"kinds", "limit", "match", "offset", "only", "query", "quotes", "snippets", "sort"}
)


def may_be_own(name: str) -> bool:
    """Tell whether a name is free for a field of one's own, or is that of one."""
    return name in OWN or (_is_free(name) and name not in _OPTIONS)


def _is_free(name: str) -> bool:
    return bool(_OWN_NAME.fullmatch(name)) and name not in _RESERVED and name not in _BY_NAME


def tag_of(field: str, value: str) -> str:
    """Return the tag that holds a value of a field of one's own."""
    return f"{field}={value}"


def fields_of_tags(tags: Iterable[str]) -> dict[str, list[str]]:
    """Return tags by what they are: those of the field “tag”, and the values of fields of one's own."""
    found: dict[str, list[str]] = {"tag": []}
    for tag in tags:
        name, equals, value = tag.partition("=")
        own = bool(equals) and name in OWN
        found.setdefault(name if own else "tag", []).append(value if own else tag)
    return found


def declare(name: str, *, kept: bool = False) -> str:
    """Let there be a field of one's own, in every index of this process; its name in lower case is returned.

    ``kept``: it is that of an index already, and may have a name that became an option of searches later: it
    narrows by ``only``. Raises UsageError for what can be no name, and for one so near to that of a field of
    every article that it may be a slip.
    """
    name = name.lower()
    if name in OWN:
        return name
    if name in _OPTIONS and not kept:
        raise UsageError(f"“{name}” is an option of searches: take another word for a field of your own.")
    if not _is_free(name):
        raise UsageError(f"“{name}” cannot be a field of your own: write a new word of letters a to z.")
    import difflib  # for a declaration only

    near = difflib.get_close_matches(name, {*_BY_NAME, *_RESERVED}, 1, cutoff=0.8)
    if near:
        raise UsageError(f"Did you mean “{near[0]}”? “{name}” is too near to it for a field of your own.")
    _BY_NAME[name] = Field(name, Kind.VALUES, "tags", facet=True, label=name.capitalize())
    OWN[name] = name
    return name


def field(name: str) -> Field:
    """Return the field with a name or alias, in any case. Raises UsageError where there is none."""
    if not isinstance(name, str):
        raise UsageError(f"A field has a name, which is text, not {name!r:.40}.")
    try:
        return _BY_NAME[name.lower()]
    except KeyError:
        if name.lower() in (CASE, NOTE):
            raise UsageError(f"No article has a {name.lower()} yet: searcher tag gives it one.") from None
        raise UsageError(f"There is no field “{name}”. Fields: {', '.join(sorted(_BY_NAME))}.") from None


def facet_field(name: str) -> Field:
    """Return the field with a name. Raises UsageError where it cannot be a facet."""
    found = field(name) if str(name).lower() in {*_BY_NAME, CASE, NOTE} else None
    if not (found and found.facet):
        problem = f"“{name}” is no facet" if found else f"There is no field “{name}”"
        raise UsageError(f"{problem}. Facets: {', '.join((*FACETS, *sorted(OWN)))}.")
    return found


def value_field(name: str) -> Field:
    """Return the field with a name. Raises UsageError where it has no whole values to filter by."""
    found = field(name)
    if found.kind is not Kind.VALUES:
        raise UsageError(f"“{name}” cannot be narrowed by value.")
    return found
