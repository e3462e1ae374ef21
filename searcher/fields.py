"""The fields of articles, as used by the query parser, the engines, facets and options."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from searcher.errors import IndexDamaged, UsageError
from searcher.locations import OWN_FIELDS, TEXTS
from searcher.textfiles import Texts


class Kind(enum.Enum):
    """How a field is searched."""

    WORDS = "words"  # analysed text with positions: title, text
    VALUES = "values"  # whole values, several per article: people, sources, authors, …
    DATE = "date"
    NUMBER = "number"


class Field(NamedTuple):
    """A field of articles.

    Attributes:
        name: Name in queries, filters and facets.
        aliases: Other names in queries.
        attribute: Property of Article that holds the values.
        named: The values are names of people or organisations, which are resolved: "LeCun" finds "Yann
            LeCun".
    """

    name: str
    kind: Kind
    attribute: str
    aliases: tuple[str, ...] = ()
    facet: bool = False
    named: bool = False
    label: str = ""


FIELDS = (
    Field("text", Kind.WORDS, "body"),  # title and body; searched by words without a field
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
    Field("place", Kind.VALUES, "places", ("places",), facet=True, label="Places"),
    Field("contact", Kind.VALUES, "contacts", ("contacts",), facet=True, label="Contacts"),
    Field("role", Kind.VALUES, "roles", ("roles",), facet=True, label="Roles"),
    Field("party", Kind.VALUES, "parties", ("parties",), facet=True, label="Parties"),
    Field("source", Kind.VALUES, "source", facet=True, label="Sources"),
    Field("author", Kind.VALUES, "authors", ("by",), facet=True, label="Authors"),
    Field("language", Kind.VALUES, "language", ("lang",), facet=True, label="Languages"),
    Field("section", Kind.VALUES, "sections", facet=True, label="Sections"),
    Field("tag", Kind.VALUES, "tags", facet=True, label="Tags"),
    Field("story", Kind.VALUES, "story"),
    Field("annotator", Kind.VALUES, "annotator"),
    Field("year", Kind.VALUES, "published", facet=True, label="Years"),  # "2025"
    Field("url", Kind.VALUES, "url"),  # the address, its host and its domains
    Field("date", Kind.DATE, "published", ("published",)),
    Field("month", Kind.DATE, "published", facet=True, label="Months"),  # "2025-03"
    Field("week", Kind.DATE, "published", facet=True, label="Weeks"),  # "2025-W10"
    Field("day", Kind.DATE, "published", facet=True, label="Days"),  # "2025-03-04"
    Field("length", Kind.NUMBER, "body"),  # words in the body
)

_BY_NAME = {name: f for f in FIELDS for name in (f.name, *f.aliases)}
FACETS = tuple(f.name for f in FIELDS if f.facet)
#: The speakers of quotations, including indirect speech and unnamed speakers.
SAID_BY: Final = "said_by"
#: Maps fields of articles to the corresponding fields of quotations.
QUOTE_FIELDS: Final = {"speaker": SAID_BY, "role": "said_role", "party": "said_party"}

#: Custom fields that exist once an article is in a case, has a note, or may have been misread.
CASE, NOTE, DOUBTFUL = "case", "note", "doubtful"
_OWN_NAME = re.compile(r"[a-z]{2,30}")
#: Names that have another meaning before a colon in a query.
_QUERY_NAMES = {"quote": "said", **{n: n for n in ("said", "speech", "after", "before", "has", "is")}}
#: Names that a custom field cannot have. "id" and "body" are parts of articles, but not fields.
_RESERVED = frozenset({*_QUERY_NAMES, "id", "body"})
#: Names of search options that are not fields.
_OPTIONS = frozenset(
    {"about", "collapse", "exclude", "explain", "facet", "facets", "kind", "kinds", "limit"}
    | {"match", "offset", "query", "quotes", "snippets", "sort", "translate", "unreported", "where"}
)


class Fields:
    """The fields of an index: those of every article, and custom ones. Immutable.

    A value of a custom field is stored as a tag, "desk=foreign" (:mod:`searcher.search.own_fields`).
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        self.custom = frozenset(own)
        self._by_name = {**_BY_NAME, **{name: _own_field(name) for name in self.custom}}
        #: Maps names allowed before a colon in queries to fields.
        self.in_queries = {**{name: f.name for name, f in self._by_name.items()}, **_QUERY_NAMES}

    def __repr__(self) -> str:
        return f"<Fields: {len(FIELDS)} built-in, custom: {', '.join(sorted(self.custom)) or 'none'}>"

    def add(self, *names: str) -> Fields:
        """Return these fields with your own ones added. Raises UsageError for an invalid name."""
        new = (name for name in map(_checked_name, names) if name not in self.custom)
        return Fields((*self.custom, *map(custom_field_name, new)))

    def field(self, name: str) -> Field:
        """Return the field with a name or alias, in any case. Raises UsageError for unknown names."""
        field = self._by_name.get(_checked_name(name).lower())
        if field is None:
            raise UsageError(unknown_field(name, {n: f.name for n, f in self._by_name.items()}))
        return field

    def facet_field(self, name: str) -> Field:
        """Return a field that can be a facet. Raises UsageError for others."""
        field = self._by_name.get(_checked_name(name).lower())
        if field is None:
            raise UsageError(unknown_field(name, {n: f.name for n, f in self._by_name.items() if f.facet}))
        if not field.facet:
            raise UsageError(
                f"“{name}” is not a facet. Facets: {', '.join((*FACETS, *sorted(self.custom)))}."
            )
        return field

    def value_field(self, name: str) -> Field:
        """Return a field with whole values to filter by. Raises UsageError for others."""
        field = self.field(name)
        if field.kind is not Kind.VALUES:
            raise UsageError(f"“{name}” is not a field to filter by.")
        return field

    def group_tags(self, tags: Iterable[str]) -> dict[str, list[str]]:
        """Group tags: those of the field "tag", and the values of each custom field."""
        groups: dict[str, list[str]] = {"tag": []}
        for tag in tags:
            name, equals, value = tag.partition("=")
            own = bool(equals) and name in self.custom
            groups.setdefault(name if own else "tag", []).append(value if own else tag)
        return groups


def unknown_field(name: str, names: Mapping[str, str], suggestion: str | None = None) -> str:
    """Return the error message for an unknown field. ``names`` maps names and aliases to fields."""
    if name.lower() in (CASE, NOTE):
        return f"No article has a {name.lower()} yet. To add one: searcher tag."
    if name.lower() == DOUBTFUL:
        return "No article is doubtful."
    import difflib  # imported here because loading it takes 1 % of a command's time

    matches = [suggestion] if suggestion else difflib.get_close_matches(name.lower(), names, 1)
    advice = (
        f"Did you mean “{matches[0]}”?" if matches else f"Fields: {', '.join(sorted({*names.values()}))}."
    )
    return f"There is no field “{name}”. {advice}"


#: The fields that every index has.
BUILT_IN = Fields()


def field(name: str) -> Field:
    """Return the built-in field with a name or alias, in any case. Raises UsageError for unknown names."""
    return BUILT_IN.field(name)


def shown_field(name: str) -> Field:
    """Return the field of a facet or value: built-in or custom."""
    return _BY_NAME.get(name) or _own_field(name)


def group_all_tags(tags: Iterable[str]) -> dict[str, list[str]]:
    """Group tags like :meth:`Fields.group_tags` without knowing the index: any tag that may be a value of a
    custom field counts as one."""
    tags = list(tags)
    own = [
        name
        for name, equals, _ in (tag.partition("=") for tag in tags)
        if equals and can_be_custom_field(name)
    ]
    return (Fields(own) if own else BUILT_IN).group_tags(tags)


def possible_fields(text: str) -> Fields:
    """Return the fields that a query may refer to. The index decides whether they exist."""
    names = re.findall(r"[a-z]+" if "has:" in text else r"([a-z]+):", text)  # has:desk, has:(desk OR note)
    return Fields(name for name in names if _may_be_custom(name))


def value_field_name(name: str) -> str:
    """Return the name of a field that an index may filter by, built-in or custom. Raises UsageError for
    others."""
    return BUILT_IN.value_field(name).name if not _may_be_custom(name) else name.lower()


def facet_field_name(name: str) -> str:
    """Return the name of a field that an index may count. Raises UsageError for others."""
    return BUILT_IN.facet_field(name).name if not _may_be_custom(name) else name.lower()


def _own_field(name: str) -> Field:
    return Field(name, Kind.VALUES, "tags", facet=True, label=name.capitalize())


def _may_be_custom(name: str) -> bool:
    """Return True if a name may be that of a custom field and is not a misspelt built-in one."""
    if _checked_name(name).lower() in _BY_NAME:
        return False
    try:
        custom_field_name(name, exists=True)
    except UsageError:
        return False
    return True


def _checked_name(name: str) -> str:
    if not isinstance(name, str):
        raise UsageError(f"The name of a field must be text, not {type(name).__name__}.")
    return name


def can_be_custom_field(name: str) -> bool:
    """Return True if a name is available for a custom field."""
    return _is_free(name) and name not in _OPTIONS


def _is_free(name: str) -> bool:
    return bool(_OWN_NAME.fullmatch(name)) and name not in _RESERVED and name not in _BY_NAME


def doubts_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the reasons why an article with these tags may have been read wrongly."""
    start = custom_tag(DOUBTFUL, "")
    return tuple(tag.removeprefix(start) for tag in tags if tag.startswith(start))


def custom_tag(field: str, value: str) -> str:
    """Return the tag for a value of a custom field."""
    return f"{field}={value}"


@lru_cache(maxsize=256)
def custom_field_name(name: str, *, exists: bool = False) -> str:
    """Return the name of a custom field in lower case.

    With ``exists``, the field already exists and may share its name with a later search option. Raises
    UsageError for invalid names, and for names so similar to a built-in field that they may be typos.
    """
    name = name.lower()
    if name in _OPTIONS and not exists:
        raise UsageError(f"“{name}” is a search option. Choose another name for your field.")
    if not _is_free(name):
        raise UsageError(
            f"“{name}” cannot be the name of a field. Choose another word, of letters a to z only."
        )
    import difflib

    near = difflib.get_close_matches(name, {*_BY_NAME, *_RESERVED}, 1, cutoff=0.8)
    if near:
        raise UsageError(
            f"Did you mean “{near[0]}”? “{name}” is too similar to it. Choose another name for your field."
        )
    return name


def load_custom_fields(texts: Texts) -> tuple[str, ...]:
    """Return the names of an index's custom fields. Raises IndexDamaged.

    Names that have since become those of built-in fields are omitted; their values remain tags.
    """
    reserved = {*_BY_NAME, *_RESERVED}
    try:
        names = (name for name in _lines_of(texts.read(OWN_FIELDS)) if name.lower() not in reserved)
        return tuple(dict.fromkeys(custom_field_name(name, exists=True) for name in names))
    except UsageError as error:
        raise IndexDamaged(f"{texts.path(OWN_FIELDS)}: {error}") from error


def add_custom_fields(texts: Texts, names: Iterable[str]) -> None:
    """Add custom fields to an index. Raises UsageError for invalid names, and IndexFailure."""
    known = load_custom_fields(texts)
    new = list(dict.fromkeys(name if name in known else custom_field_name(name) for name in names))
    if not {*new} <= {*known}:
        texts.change(OWN_FIELDS, lambda text: _add_names(text or TEXTS[OWN_FIELDS], new))


def _add_names(text: str, names: Iterable[str]) -> str:
    known = {*_lines_of(text)}
    start = text if text.endswith("\n") else f"{text}\n"
    return start + "".join(f"{name}\n" for name in names if name not in known)


def _lines_of(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
