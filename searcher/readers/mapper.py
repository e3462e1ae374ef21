"""Map records to articles: by a user's mapping, a known shape, or the names of fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.fields import can_be_custom_field, custom_tag
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_FIELD, MAX_VALUES
from searcher.readers.html.blocks import is_markup, line_without_markup, paragraphs_of_markup
from searcher.readers.paragraphs import reflow


@dataclass(frozen=True, slots=True)
class Shape:
    """A known format of records, recognised if all ``keys`` lead to a value.

    ``paths`` lists the places of each article field, best first.
    """

    keys: tuple[str, ...]
    paths: Mapping[str, tuple[str, ...]]
    source: str | None = None


# Known shapes, most reliable first, and the usual field names. Sources:
# https://developer.wordpress.org/rest-api/reference/posts/,
# https://open-platform.theguardian.com/documentation/,
# https://developer.nytimes.com/docs/articlesearch-product/1, https://iptc.org/std/ninjs/,
# https://www.jsonfeed.org/version/1.1/, and exports of each service.
_KNOWN: Mapping[str, Any] = json.loads(files(__package__).joinpath("records.json").read_text("utf-8"))
_SHAPES = tuple(
    Shape(
        tuple(keys.split()),
        {field: tuple(paths.split()) for field, paths in known["paths"].items()},
        known.get("outlet"),
    )
    for known in _KNOWN["shapes"]
    for keys in known["keys"]
)


#: A record of a known shape has at least one of these fields: the start of a path, or a dotted name.
_SHAPE_FIELDS = frozenset(
    name for shape in _SHAPES for key in shape.keys[:1] for name in (key, key.split(".")[0])
)


def shape_of(record: Mapping[str, Any]) -> Shape | None:
    """Return the shape of a record, or None if it is unknown."""
    if _SHAPE_FIELDS.isdisjoint(record):
        return None
    return next((shape for shape in _SHAPES if all(_leads(record, key) for key in shape.keys)), None)


def _leads(record: Mapping[str, Any], path: str) -> bool:
    return value_at(record, path) not in (None, [], {})


def value_at(record: Any, path: str) -> Any:
    """Return the value at a dotted path, or None. A key containing dots is found as well."""
    if isinstance(record, Mapping) and path in record:
        return record[path]
    first, _, rest = path.partition(".")
    if first == "*":
        members = [*record.values()] if isinstance(record, Mapping) else record
        fields = (
            value_at(one, rest) if rest else one for one in (members if isinstance(members, list) else ())
        )
        return [
            part for one in fields if one is not None for part in (one if isinstance(one, list) else [one])
        ]
    if isinstance(record, list) and record:
        record = record[0]
    if not isinstance(record, Mapping) or first not in record:
        return None
    return value_at(record[first], rest) if rest else record[first]


#: Names of a separate column for the time of day.
_CLOCKS = ("time", "время", "uhrzeit", "hora", "heure", "ora")
#: Maximum length of a paragraph that is only a date.
_MAX_DATE_CHARACTERS = 40
NAMES = {name: tuple(guesses.split()) for name, guesses in _KNOWN["names"].items()}
#: The priority of each name. Compound names may be written as one word: "publishDate".
_NAME_RANKS = {
    name: {word: n for n, guess in [*enumerate(guesses)][::-1] for word in (guess, guess.replace("_", ""))}
    for name, guesses in NAMES.items()
}


#: Field names that are also common in settings, products and other data.
AMBIGUOUS_NAMES = frozenset((
    "name", "subject", "time", "timestamp", "created", "value", "description", "summary", "abstract",
    "excerpt", "intro", "teaser", "desc", "head", "media", "site", "domain", "article", "story"))  # fmt: skip
#: Names of titles, days and texts that other data rarely has.
_TITLES, _DAYS, TEXTS = (
    frozenset(_NAME_RANKS[name]) - AMBIGUOUS_NAMES for name in ("title", "published", "body")
)


def is_article(names: Iterable[str]) -> bool:
    """Return True if these field names suggest an article: a text, and a title or a day."""
    plain = set(map(plain_name, names)) - AMBIGUOUS_NAMES
    headed = plain & (_NAME_RANKS["title"].keys() | _NAME_RANKS["published"].keys())
    return bool(headed and plain & _NAME_RANKS["body"].keys())


#: Minimum words of an article's text (letters in scripts without spaces) that distinguish it from settings
#: and menus, and maximum parts examined.
_MIN_TEXT_WORDS, _MIN_TEXT_LETTERS, _MAX_PARTS = 8, 30, 20


class Mapper:
    """Turns records into articles.

    ``mapping`` maps fields of an article ("title", "body", …) to fields of the records; the others are
    guessed. Other names define custom fields. A dotted name reaches into nested objects: ``author.name``.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._mapping = dict(mapping or {})
        self._custom_columns = {
            name: column for name, column in self._mapping.items() if can_be_custom_field(name)
        }
        unknown = set(self._mapping) - set(NAMES) - set(self._custom_columns)
        if unknown:
            raise ReadError(
                f"The mapping names {', '.join(sorted(unknown))}; an article has {', '.join(NAMES)}."
            )

    def missing(self, columns: list[str]) -> Iterator[ReadError]:
        """Report columns that the mapping refers to but the table does not have."""
        absent = [f"“{column}”" for column in self._mapping.values() if column not in columns]
        if absent:
            yield ReadError(f"There is no column {', '.join(absent)}; there are: {', '.join(columns[:12])}.")

    def is_titled(self, record: Mapping[str, Any]) -> bool:
        """Return True if a record has a title."""
        return any(plain_name(str(name)) in _TITLES for name, value in record.items() if value)

    def is_article(self, record: Any, *, titled: bool = False, named: bool = False) -> bool:
        """Return True if a value is the record of an article rather than a container of records.

        It needs a title (or a day, unless ``titled``) and a text; with ``named``, the field must have a
        text's name.
        """
        if not isinstance(record, dict):
            return False
        if shape_of(record) is not None:
            return True
        if "body" in self._mapping:
            return bool(_text(value_at(record, self._mapping["body"])).strip())
        plain = {plain_name(str(name)): value for name, value in record.items() if value}
        title = not _TITLES.isdisjoint(plain) or bool(value_at(record, self._mapping.get("title", "")))
        day = not _DAYS.isdisjoint(plain)
        if not title and (titled or not day):
            return False
        text = plain.keys() & (_NAME_RANKS["body"].keys() if title and day else TEXTS)
        if any(self._is_text(plain[name]) for name in text):
            return True
        return not named and bool(
            _longest_text({name: one for name, one in plain.items() if isinstance(one, str)})
        )

    def _is_text(self, value: Any) -> bool:
        """Return True if a value is a text, or a list of text parts rather than of articles."""
        parts = value[:_MAX_PARTS] if isinstance(value, list) else [value]
        if any(map(self.is_article, parts[:1])):
            return False
        text = _text([part for part in parts if isinstance(part, (str, Mapping))])[:MAX_FIELD]
        return len(text.split()) >= _MIN_TEXT_WORDS or (not text.isascii() and len(text) >= _MIN_TEXT_LETTERS)

    def article(self, record: Mapping[str, Any]) -> Article:
        """Return the article of a record. Raises ReadError if it has no body or any of its values is
        unusable."""
        try:
            return self._article(record)
        except ReadError:
            raise
        except Exception as error:  # noqa: BLE001  # values of any type may stand in any field
            raise ReadError(f"It cannot be read ({type(error).__name__}).") from None

    def _article(self, record: Mapping[str, Any]) -> Article:
        shape = shape_of(record)
        plain = {plain_name(str(name)): value for name, value in record.items()}
        text = _text(self._find("body", record, plain, shape))
        if (not text or text.isspace()) and "body" not in self._mapping:
            text = _longest_text(record)
        if not text or text.isspace():
            raise ReadError(_without_text(record, self._find("url", record, plain, shape)))
        values = {name: self._find(name, record, plain, shape) for name in NAMES}
        title = line_without_markup(_field(values["title"]))
        body = _body(text, title)
        if not body:
            raise ReadError(_without_text(record, values["url"]))
        return Article(
            id=_field(_first(values["id"])),
            title=title,
            body=body,
            url=_text(_first(values["url"])) or None,
            source=line_without_markup(_name(values["source"])) or (shape.source if shape else None),
            authors=tuple(
                name
                for text in islice(_credits(values["authors"]), MAX_VALUES)
                for name in bylines.names(text)
            ),
            published=dates.parse(_moment(_first(values["published"]), plain)),
            language=_field(_first(values["language"])) or None,
            section=_name(values["section"]) or None,
            tags=(*_tags(values["tags"]), *self._custom_tags(record)),
        )

    def _custom_tags(self, record: Mapping[str, Any]) -> Iterator[str]:
        """Yield the values of custom fields as tags. Lists and semicolons separate several values."""
        for name, column in self._custom_columns.items():
            value = value_at(record, column)
            listed = map(_name, value) if isinstance(value, list) else re.split(r"[;|]", _field(value))
            tags = (custom_tag(name, clean) for one in listed if (clean := one.strip()))
            yield from islice(tags, MAX_VALUES)

    def _find(
        self, name: str, record: Mapping[str, Any], plain: Mapping[str, Any], shape: Shape | None
    ) -> Any:
        path = self._mapping.get(name)
        if path is not None:
            return value_at(record, path)
        if shape is not None and name in shape.paths:
            places = (value_at(record, path) for path in shape.paths[name])
            return next((value for value in places if value not in (None, "", [], {})), None)
        present = _NAME_RANKS[name].keys() & plain.keys()
        if not present:
            return None
        mapped = {plain_name(value) for value in self._mapping.values()}
        ranked = sorted(present - mapped, key=_NAME_RANKS[name].__getitem__)
        return next((plain[one] for one in ranked if plain[one] not in (None, "", [])), None)


#: Minimum characters and words of a record's longest text for it to count as the body without a telling name.
_MIN_PROSE_CHARACTERS, _MIN_PROSE_WORDS = 200, 20
#: Characters of scripts without spaces. Each counts as three letters.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _longest_text(record: Mapping[str, Any]) -> str:
    """Return the longest text of a record, or "" if it is not prose."""
    texts = (_text(value) for value in islice(record.values(), MAX_VALUES))
    longest = max(texts, key=len, default="")
    dense = len(_UNSPACED.findall(longest))
    words = len(longest.split()) + dense // 2 >= _MIN_PROSE_WORDS or not longest.isascii()
    return longest if len(longest) + 2 * dense >= _MIN_PROSE_CHARACTERS and words else ""


def _without_text(record: Mapping[str, Any], url: Any) -> str:
    if _text(url):
        return "It has an address, but no text: save the page itself and index that."
    return f"It has no text. Say which of its fields holds it (--map body=FIELD): {_names(record)}."


def _body(text: str, title: str) -> str:
    """Return the body without a headline and date repeated at its start."""
    parts = paragraphs_of_markup(text) if is_markup(text) else reflow(text).split("\n\n")
    if len(parts) > 1 and title and parts[0].casefold() == title.strip().casefold():
        parts = parts[1:]
        if len(parts) > 1 and len(parts[0]) < _MAX_DATE_CHARACTERS and dates.parse(parts[0]):
            parts = parts[1:]
    return "\n\n".join(parts).strip()


def _moment(value: Any, plain: Mapping[str, Any]) -> Any:
    """Return a date with the time from a separate column. Also unwraps MongoDB's "$date"."""
    while isinstance(value, Mapping) and len(value) == 1:
        value = next(iter(value.values()))
    clock = next((plain[name] for name in _CLOCKS if isinstance(plain.get(name), str)), "")
    whole = f"{value} {clock}" if isinstance(value, str) and ":" in clock and ":" not in value else value
    return whole if dates.parse(whole) else value


@lru_cache(10_000)
def plain_name(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_") or name


def _names(record: Mapping[str, Any]) -> str:
    return ", ".join(str(name)[:80] for name in islice(record, 12)) or "none"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        return _text(value.get("text") or value.get("main") or value.get("value") or value.get("name") or "")
    return "" if value is None or isinstance(value, bool) else str(value)


def _field(value: Any) -> str:
    return _text(value)[:MAX_FIELD]


def _first(value: Any) -> Any:
    return next(iter(value), None) if isinstance(value, list) else value


def _name(value: Any) -> str:
    value = _first(value)
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title")
    return _field(value)


def _credits(value: Any) -> Iterator[str]:
    """Yield the texts of an author field: a string, nested lists, or a list written as a string."""
    if isinstance(value, str) and value.startswith("[") and len(value) <= MAX_FIELD:
        try:
            value = json.loads(value.replace("'", '"'))
        except ValueError:
            pass
    if isinstance(value, list):
        for item in value:
            yield from _credits(item)
    else:
        yield _name(value)


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(islice(filter(None, map(_name, value)), MAX_VALUES))
    return tuple(tag.strip("[]\"' ") for tag in re.split(r"[;,|]", _field(value)))
