"""The table of fields, which the parser, the engines, the facets and the options read."""

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
    Field("url", Kind.VALUES, "url"),  # the address, its host and the domains of it
    Field("date", Kind.DATE, "published", ("published",)),
    Field("month", Kind.DATE, "published", facet=True, label="Months"),  # "2025-03"
    Field("week", Kind.DATE, "published", facet=True, label="Weeks"),  # "2025-W10"
    Field("day", Kind.DATE, "published", facet=True, label="Days"),  # "2025-03-04"
    Field("length", Kind.NUMBER, "body"),  # words in the body
)

_BY_NAME = {name: f for f in FIELDS for name in (f.name, *f.aliases)}
FACETS = tuple(f.name for f in FIELDS if f.facet)
#: The speakers of single quotations, those of indirect speech and those without a name among them.
SAID_BY: Final = "said_by"
#: The fields of which a quotation has a value of its own, each with the field of quotations that holds it.
OF_QUOTES: Final = {"speaker": SAID_BY, "role": "said_role", "party": "said_party"}

#: Fields of one's own that there are once an article is in a case, has a note, or may be read wrongly.
CASE, NOTE, DOUBTFUL = "case", "note", "doubtful"
_OWN_NAME = re.compile(r"[a-z]{2,30}")
#: Names that a query reads otherwise, and parts of articles that are no fields.
_QUERY_NAMES = {"quote": "said", **{n: n for n in ("said", "speech", "after", "before", "has", "is")}}
_RESERVED = frozenset({*_QUERY_NAMES, "id", "body"})
#: What searches take by keyword or in a URL besides fields.
_OPTIONS = frozenset(
    {"about", "collapse", "exclude", "explain", "facet", "facets", "kind", "kinds", "limit"}
    | {"match", "offset", "query", "quotes", "snippets", "sort", "translate", "unreported", "where"}
)


class Fields:
    """The fields of an index: those of every article, and its own. Immutable.

    A value of a field of one's own is a tag, “desk=foreign” (:mod:`searcher.search.own_fields`).
    """

    def __init__(self, own: Iterable[str] = ()) -> None:
        self.own = frozenset(own)
        self._by_name = {**_BY_NAME, **{name: _own_field(name) for name in self.own}}
        #: The names that a query may write before a colon, each with that of its field.
        self.in_queries = {**{name: f.name for name, f in self._by_name.items()}, **_QUERY_NAMES}

    def __repr__(self) -> str:
        return f"<Fields: {len(self._by_name)}, custom: {', '.join(sorted(self.own)) or 'none'}>"

    def field(self, name: str) -> Field:
        """Return the field with a name or alias, in any case. Raises UsageError where there is none."""
        found = self._by_name.get(_checked_name(name).lower())
        if found is None:
            raise UsageError(unknown_field(name, {n: f.name for n, f in self._by_name.items()}))
        return found

    def facet_field(self, name: str) -> Field:
        """Return the field with a name. Raises UsageError where it cannot be a facet."""
        found = self._by_name.get(_checked_name(name).lower())
        if found is None:
            raise UsageError(unknown_field(name, {n: f.name for n, f in self._by_name.items() if f.facet}))
        if not found.facet:
            raise UsageError(f"“{name}” is not a facet. Facets: {', '.join((*FACETS, *sorted(self.own)))}.")
        return found

    def value_field(self, name: str) -> Field:
        """Return the field with a name. Raises UsageError where it has no whole values to filter by."""
        found = self.field(name)
        if found.kind is not Kind.VALUES:
            raise UsageError(f"“{name}” cannot be narrowed by value.")
        return found

    def of_tags(self, tags: Iterable[str]) -> dict[str, list[str]]:
        """Return tags by what they are: those of the field “tag”, and the values of fields of one's own."""
        found: dict[str, list[str]] = {"tag": []}
        for tag in tags:
            name, equals, value = tag.partition("=")
            own = bool(equals) and name in self.own
            found.setdefault(name if own else "tag", []).append(value if own else tag)
        return found


def unknown_field(name: str, names: Mapping[str, str], suggestion: str | None = None) -> str:
    """Return the message for a name that is not in ``names`` (names and aliases, each with its field)."""
    if name.lower() in (CASE, NOTE):
        return f"No article has a {name.lower()} yet: searcher tag gives it one."
    if name.lower() == DOUBTFUL:
        return "No article is doubtful."
    import difflib  # takes a hundredth of the time of a command, and only errors need it

    nearest = [suggestion] if suggestion else difflib.get_close_matches(name.lower(), names, 1)
    advice = (
        f"Did you mean “{nearest[0]}”?" if nearest else f"Fields: {', '.join(sorted({*names.values()}))}."
    )
    return f"There is no field “{name}”. {advice}"


#: The fields of every index.
BUILT_IN = Fields()


def field(name: str) -> Field:
    """Return the field of every article with a name or alias, in any case. Raises UsageError where there is
    none."""
    return BUILT_IN.field(name)


def shown_field(name: str) -> Field:
    """Return the field of a facet or of a value that was found: one of every article, or one of one's own."""
    return _BY_NAME.get(name) or _own_field(name)


def split_tags(tags: Iterable[str]) -> dict[str, list[str]]:
    """Return tags by what they are, as :meth:`Fields.of_tags` does where the fields of the index are not
    known: any tag that could be a value of a field of one's own counts as one."""
    tags = list(tags)
    own = [name for name, equals, _ in (tag.partition("=") for tag in tags) if equals and may_be_own(name)]
    return (Fields(own) if own else BUILT_IN).of_tags(tags)


def fields_meant(text: str) -> Fields:
    """Return the fields of an index that a query may be meant for: the index itself says whether it has
    them."""
    names = re.findall(r"[a-z]+" if "has:" in text else r"([a-z]+):", text)  # has:desk, has:(desk OR note)
    return Fields(name for name in names if _is_own(name))


def value_name(name: str) -> str:
    """Return the name of a field that some index may narrow by: one of every article, or one of one's own.
    Raises UsageError where there can be none."""
    return BUILT_IN.value_field(name).name if not _is_own(name) else name.lower()


def facet_name(name: str) -> str:
    """Return the name of a field that some index may count. Raises UsageError where there can be none."""
    return BUILT_IN.facet_field(name).name if not _is_own(name) else name.lower()


def _own_field(name: str) -> Field:
    return Field(name, Kind.VALUES, "tags", facet=True, label=name.capitalize())


def _is_own(name: str) -> bool:
    """Tell whether a name can be that of a field of one's own: no slip for one of every article."""
    if _checked_name(name).lower() in _BY_NAME:
        return False
    try:
        own_name(name, kept=True)
    except UsageError:
        return False
    return True


def _checked_name(name: str) -> str:
    if not isinstance(name, str):
        raise UsageError(f"A field has a name, which is text, not {type(name).__name__}.")
    return name


def may_be_own(name: str) -> bool:
    """Tell whether a name is free for a field of one's own."""
    return _is_free(name) and name not in _OPTIONS


def _is_free(name: str) -> bool:
    return bool(_OWN_NAME.fullmatch(name)) and name not in _RESERVED and name not in _BY_NAME


def doubts_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return why an article with these tags may be read wrongly."""
    start = tag_of(DOUBTFUL, "")
    return tuple(tag.removeprefix(start) for tag in tags if tag.startswith(start))


def tag_of(field: str, value: str) -> str:
    """Return the tag that holds a value of a field of one's own."""
    return f"{field}={value}"


@lru_cache(maxsize=256)
def own_name(name: str, *, kept: bool = False) -> str:
    """Return the name of a field of one's own as it is kept, in lower case.

    ``kept``: it is that of an index already, and may have a name that became an option of searches later: it
    narrows by ``only``. Raises UsageError for what can be no name, and for one so near to that of a field of
    every article that it may be a slip.
    """
    name = name.lower()
    if name in _OPTIONS and not kept:
        raise UsageError(f"“{name}” is an option of searches: take another word for a field of your own.")
    if not _is_free(name):
        raise UsageError(f"“{name}” cannot be a field of your own: write a new word of letters a to z.")
    import difflib  # for what is no field of every article only

    near = difflib.get_close_matches(name, {*_BY_NAME, *_RESERVED}, 1, cutoff=0.8)
    if near:
        raise UsageError(f"Did you mean “{near[0]}”? “{name}” is too near to it for a field of your own.")
    return name


def load_own(texts: Texts) -> tuple[str, ...]:
    """Return the names of the fields of one's own of an index. Raises IndexDamaged.

    One whose name every article has a field of by now is left out: its values are tags.
    """
    taken = {*_BY_NAME, *_RESERVED}
    try:
        names = (name for name in _lines_of(texts.read(OWN_FIELDS)) if name.lower() not in taken)
        return tuple(dict.fromkeys(own_name(name, kept=True) for name in names))
    except UsageError as error:
        raise IndexDamaged(f"{texts.path(OWN_FIELDS)}: {error}") from error


def add_own(texts: Texts, names: Iterable[str]) -> None:
    """Keep fields beside an index, where they first come in loading.

    Raises UsageError for what can be no field, and IndexFailure.
    """
    known = load_own(texts)
    new = list(dict.fromkeys(name if name in known else own_name(name) for name in names))
    if not {*new} <= {*known}:
        texts.change(OWN_FIELDS, lambda text: _with(text or TEXTS[OWN_FIELDS], new))


def _with(text: str, names: Iterable[str]) -> str:
    """Return the text of the file with names that it has not yet."""
    known = {*_lines_of(text)}
    start = text if text.endswith("\n") else f"{text}\n"
    return start + "".join(f"{name}\n" for name in names if name not in known)


def _lines_of(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
