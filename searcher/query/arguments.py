"""The arguments of a search: their types, defaults and checks."""

from __future__ import annotations

import datetime as dt
import operator
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypedDict, TypeVar, get_args

from searcher.article import (
    VALUE_LISTS,
    Article,
    Mention,
    MentionKind,
    Quote,
    QuoteKind,
    SpeakerKind,
    wall_clock,
)
from searcher.errors import UsageError
from searcher.fields import FIELDS, facet_field_name, value_field_name
from searcher.query.tree import Expr, Filter, Sort, TimeUnit, check_tree

T = TypeVar("T")

#: Text fields of an article.
_TEXTS: Final = (
    *("id", "title", "body", "url", "source", "language", "section"),
    *("origin", "digest", "cleaner", "story", "annotator", "medium"),
)

DEFAULT_KINDS: Final[tuple[QuoteKind, ...]] = ("direct", "partial", "speech")
#: The options of ``search`` for value fields. Other fields need ``--where``.
OPTION_NAMES: Final[Mapping[str, str]] = {
    "person": "person", "organisation": "org", "speaker": "speaker", "place": "place", "contact": "contact",
    "source": "source", "author": "author", "language": "lang", "section": "section", "tag": "tag",
    "case": "case",
}  # fmt: skip

Day = dt.date | str | None
#: One value, or several alternatives.
Values = str | Sequence[str]
Match = Literal["all", "any"]


class ValueFields(TypedDict, total=False):
    """Fields whose values filter a search."""

    person: Values
    organisation: Values
    speaker: Values
    place: Values
    contact: Values
    role: Values
    party: Values
    source: Values
    author: Values
    language: Values
    section: Values
    tag: Values
    story: Values
    url: Values
    year: Values


class _Common(ValueFields, total=False):
    where: Mapping[str, Values]
    exclude: Mapping[str, Values] | None
    after: Day
    before: Day
    match_all: Sequence[str]
    match: Match
    sort: Sort
    limit: int | None
    offset: int
    snippets: bool
    translate: bool


class SearchArguments(_Common, total=False):
    """The keywords of a search for articles."""

    facets: Sequence[str]
    collapse: bool
    explain: bool


class QuoteArguments(_Common, total=False):
    """The keywords of a search for quotations."""

    about: str
    kinds: Sequence[QuoteKind]
    unreported: bool
    print_only: bool
    min_confidence: float | None


class StatementArguments(QuoteArguments, total=False):
    """The keywords of a search for statements."""

    facets: Sequence[str]


class Arguments(SearchArguments, QuoteArguments, total=False):
    """All keywords of :class:`Search`."""

    quotes: bool
    said_by: Values


# Checks: each returns the value to store, or raises UsageError.


def check_query(value: Any) -> str | Expr:
    if not isinstance(value, str | Expr):
        raise UsageError(f"The query must be text or a tree, not {_excerpt(value)}.")
    if not isinstance(value, str):
        check_tree(value)
    return value


def check_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name} must be text, not {_excerpt(value)}.")
    return value


def check_count(name: str, value: Any) -> int:
    """Accept whole numbers of any type, including NumPy's."""
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 0:
        raise UsageError(f"{name} must be a whole number, 0 or more, not {_excerpt(value)}.")
    return operator.index(value)


def check_workers(value: Any) -> int | None:
    """Return a number of processes. None: as many as cores."""
    if value is not None and check_count("workers", value) == 0:
        raise UsageError("workers must be a whole number, 1 or more, or None.")
    return None if value is None else operator.index(value)


def check_unit(value: Any) -> TimeUnit:
    _one_of(*get_args(TimeUnit))("unit", value)
    unit: TimeUnit = value
    return unit


def check_kind(name: str, value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise UsageError(f"{name} must be a {kind.__name__}, not {_excerpt(value)}.")
    return value


def check_several(name: str, value: Any) -> Iterable[Any]:
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping):
        raise UsageError(f"{name} must be a list, not {_excerpt(value)}.")
    return value


def as_list(value: str | Iterable[str]) -> list[str]:
    """Return one or more ids or tags as a list. A string is a single id."""
    if isinstance(value, str):
        return [value]
    return [check_text("an id or tag", one) for one in check_several("Ids and tags", value)]


def check_seconds(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:  # false for NaN
        raise UsageError(f"{name} must be a number of seconds, not {_excerpt(value)}.")


def check_location(value: Any) -> None:
    if not isinstance(value, str | Path) or "\0" in str(value):
        raise UsageError(f"The location of an index must be a folder or an address, not {_excerpt(value)}.")


def check_path(value: Any) -> Path:
    if not isinstance(value, str | os.PathLike) or "\0" in str(value):
        raise UsageError(f"Expected the path of a file or folder, not {_excerpt(value)}.")
    return Path(value)


def check_article(value: Any) -> Article:
    """Check that an article can be stored: types, offsets within the texts, confidences from 0 to 1."""
    article = check_kind("An added article", value, Article)
    for name in ("mentions", "quotes", *VALUE_LISTS):
        kind = {"mentions": Mention, "quotes": Quote}.get(name, str)
        for one in getattr(article, name):
            check_kind(f"One of the {name}", one, kind)
    for name in _TEXTS:
        if getattr(article, name) is not None or name in ("id", "title", "body"):
            check_text(name, getattr(article, name))
    if not article.id or any("\ud800" <= letter <= "\udfff" for letter in article.id):
        raise UsageError(f"An article needs an id without unpaired surrogates, not {article.id!r:.40}.")
    if not isinstance(article.published, dt.datetime | None):
        raise UsageError(f"published must be a datetime or None, not {_excerpt(article.published)}.")
    for mention in article.mentions:
        check_text("The name of a mention", mention.name)
        _one_of(*get_args(MentionKind))("The kind of a mention", mention.kind)
        _one_of("title", "body")("The part of a mention", mention.part)
        _check_place(mention, mention.start, mention.end, getattr(article, mention.part))
        _check_confidence("The confidence of a mention", mention.confidence)
    for quote in article.quotes:
        check_quote(quote, article.body)
    return article


def check_quote(quote: Quote, body: str) -> None:
    check_text("The text of a quotation", quote.text)
    for name in ("speaker", "moment", "role", "party", "label"):
        if getattr(quote, name) is not None:
            check_text(f"The {name} of a quotation", getattr(quote, name))
    _one_of(*get_args(QuoteKind))("The kind of a quotation", quote.kind)
    if quote.speaker_kind is not None:
        _one_of(*get_args(SpeakerKind))("The kind of a speaker", quote.speaker_kind)
    _check_place(quote, quote.start, quote.end, body)
    if quote.speaker_start is not None or quote.speaker_end is not None:
        _check_place(quote, quote.speaker_start, quote.speaker_end, body)
    _check_confidence("The confidence of a quotation", quote.confidence)
    check_count("The utterance of a quotation", quote.utterance)


def _check_place(what: Mention | Quote, start: Any, end: Any, text: str) -> None:
    if not type(start) is type(end) is int or not 0 <= start <= end <= len(text):
        raise UsageError(f"These offsets are outside the text: {what!r:.80}.")


def check_mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name} must map names to values, not {_excerpt(value)}.")
    return value


def check_filters(where: Sequence[Any], exclude: Sequence[Any]) -> tuple[Filter, ...]:
    """Return the filters in the order of the fields, exclusions last. Fields without values are left out."""
    values_of: dict[tuple[bool, str], dict[str, None]] = {}
    for name, sides, negated in (("where", where, False), ("exclude", exclude, True)):
        for side in sides:
            for field_name, values in check_mapping(name, side).items():
                key = (negated, value_field_name(_one_text(name, field_name)))
                values_of.setdefault(key, {}).update(dict.fromkeys(_check_values(field_name, values)))
    if not values_of:
        return ()
    nonempty = ((negated, name) for negated, name in values_of if values_of[negated, name])
    ordered = sorted(nonempty, key=lambda key: (key[0], _rank(key[1])))
    return tuple(Filter(name, tuple(values_of[negated, name]), negated) for negated, name in ordered)


def _check_values(name: str, values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else _list_of_texts(name, values, "text or a list of texts")


def _list_of_names(name: str, values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        raise UsageError(f"{name} must be a list of names: write [{values!r}], not {values!r}.")
    return _list_of_texts(name, values, "a list of names")


def _list_of_texts(name: str, values: Any, description: str) -> tuple[str, ...]:
    if not isinstance(values, Iterable) or isinstance(values, Mapping | bytes):
        raise UsageError(f"{name} must be {description}, not {_excerpt(values)}.")
    return tuple(dict.fromkeys(_one_text(name, value) for value in values))


def _one_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name} must contain only text, not {_excerpt(value)}.")
    return value


def _check_facets(name: str, values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(facet_field_name, _list_of_names(name, values))))


def _check_match_all(name: str, values: Any) -> tuple[str, ...]:
    return tuple(sorted({value_field_name(value) for value in _list_of_names(name, values)}, key=_rank))


def _rank(name: str) -> tuple[int, str]:
    """Return the sort key of a field. Custom fields come last."""
    return _ORDER.get(name, len(_ORDER)), name


def _check_kinds(name: str, values: Any) -> tuple[QuoteKind, ...]:
    kinds = _list_of_names(name, values)
    known: tuple[QuoteKind, ...] = get_args(QuoteKind)
    unknown = [kind for kind in kinds if kind not in known]
    if unknown or not kinds:
        wrong = unknown[0] if unknown else kinds
        raise UsageError(f"{name} must be {_alternatives(known)}, not {_excerpt(wrong)}.")
    return tuple(kind for kind in known if kind in kinds)


def _one_of(*allowed: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in allowed:
            raise UsageError(f"{name} must be {_alternatives(allowed)}, not {_excerpt(value)}.")
        return str(value)

    return check


def _check_flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name} must be True or False, not {_excerpt(value)}.")
    return value


def _check_confidence(name: str, value: Any) -> float | None:
    if value is None:
        return None
    number = hasattr(value, "__float__") and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:  # false for NaN
        raise UsageError(f"{name} must be a number from 0 to 1, not {_excerpt(value)}.")
    return float(value)


def _check_day(name: str, value: Any) -> dt.date | None:
    if value is None:
        return None
    if not isinstance(value, dt.date | str):
        raise UsageError(f"{name} must be a date, such as 2025-03-31, not {_excerpt(value)}.")
    try:
        moment = wall_clock(value)
        return moment.date() if moment else None
    except ValueError:
        day = _day_of_span(name, str(value))
    if day is None:
        raise UsageError(f"{name}: “{value}” is not a date. Write it as 2025, 2025-03 or 2025-03-31.")
    return day


def _day_of_span(name: str, value: str) -> dt.date | None:
    from searcher.query.language.dates import days

    try:
        first, last = days(value, dt.date.today())
    except ValueError:
        return None
    return None if ".." in value else first if name == "after" else last


def _excerpt(value: Any) -> str:
    if isinstance(value, str):
        return f"“{value:.200}”"
    try:
        return f"{value!r:.40}"
    except Exception:  # noqa: BLE001  # the class is not ours and may raise any exception
        return f"a {type(value).__name__}"


def _alternatives(names: Sequence[str]) -> str:
    *first, last = (f"“{name}”" for name in names)
    return f"{', '.join(first)} or {last}"


#: The options in the order in which they are written, each with its default and its check.
OPTIONS: Final[Mapping[str, tuple[Any, Callable[[str, Any], Any]]]] = {
    "after": (None, _check_day),
    "before": (None, _check_day),
    "match_all": ((), _check_match_all),
    "match": ("all", _one_of(*get_args(Match))),
    "quotes": (False, _check_flag),
    "said_by": ((), _check_values),
    "about": ("", lambda name, value: check_text(name, value).strip()),
    "kinds": (DEFAULT_KINDS, _check_kinds),
    "unreported": (False, _check_flag),
    "print_only": (False, _check_flag),
    "min_confidence": (None, _check_confidence),
    "sort": ("relevance", _one_of(*get_args(Sort))),
    "limit": (None, lambda name, value: None if value is None else check_count(name, value)),
    "offset": (0, check_count),
    "facets": ((), _check_facets),
    "collapse": (False, _check_flag),
    "snippets": (True, _check_flag),
    "explain": (False, _check_flag),
    "translate": (False, _check_flag),
}
_ORDER: Final = {field.name: number for number, field in enumerate(FIELDS)}
