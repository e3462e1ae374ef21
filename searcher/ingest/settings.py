"""What is set for every article of a run: fields of theirs, and where a date comes from that they lack."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

from searcher.article import Article
from searcher.errors import UsageError
from searcher.fields import field, own_name, tag_of

DateFrom = Literal["name", "mtime"]

#: The fields that can be set, each with the attribute of an article.
_ATTRIBUTES = {
    "source": "source",
    "section": "section",
    "language": "language",
    "author": "authors",
    "tag": "tags",
}
_SEVERAL = ("author", "tag")
#: The columns that can be mapped, each with the other names of the field.
_COLUMNS = (
    "id|title headline|body text|url|source|authors author by|published date|language lang|section|tags tag"
)
_COLUMN = {name: names[0] for names in map(str.split, _COLUMNS.split("|")) for name in names}
_LANGUAGES = re.compile(r"[A-Za-z_]+(?:\+[A-Za-z_]+)*")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Settings:
    """``values`` holds each field that is set: those of tags and of fields of one's own are added to what an
    article has, others take its place. ``date_from`` dates articles without a date by their file. ``ocr`` is
    in which languages scanned pages are recognised. ``annotated``: the files are those of “searcher extract”.
    """

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    date_from: DateFrom | None = None
    ocr: str | None = None
    annotated: bool = False
    keep_versions: bool = False

    @classmethod
    def of(
        cls,
        values: Mapping[str, str | Sequence[str]] | None = None,
        date_from: str | None = None,
        ocr: str | None = None,
        *,
        annotated: bool = False,
        keep_versions: bool = False,
    ) -> Settings:
        """Check and keep what is given; other fields are of one's own. Raises UsageError."""
        if date_from is not None and date_from not in get_args(DateFrom):
            raise UsageError(f"date_from is “name” or “mtime”, not “{date_from}”.")
        if ocr is not None and not _LANGUAGES.fullmatch(ocr):
            raise UsageError(f"ocr is languages as tesseract writes them (eng, eng+deu), not “{ocr}”.")
        kept: dict[str, tuple[str, ...]] = {}
        for name, given in (values or {}).items():
            listed = (given,) if isinstance(given, str) else tuple(given)
            known = _settable(name)
            kept[known] = (*kept.get(known, ()), *filter(None, (" ".join(value.split()) for value in listed)))
            if len(kept[known]) > 1 and known in _ATTRIBUTES and known not in _SEVERAL:
                raise UsageError(f"An article has one {known}, not {len(kept[known])}.")
        return cls(tuple(kept.items()), date_from, ocr, annotated, keep_versions)  # type: ignore[arg-type]  # checked above

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The fields of one's own among those that are set."""
        return tuple(name for name, _ in self.values if name not in _ATTRIBUTES)

    def to_text(self) -> str:
        """The settings as they are recorded; empty where nothing is set."""
        if self == Settings():
            return ""
        rest = [self.ocr, self.annotated, self.keep_versions]
        while rest and not rest[-1]:
            rest.pop()
        return json.dumps([dict(self.values), self.date_from, *rest], ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Settings:
        """The settings as :meth:`to_text` writes them."""
        if not text:
            return cls()
        values, date_from, *rest = json.loads(text)
        return cls(tuple((name, tuple(given)) for name, given in values.items()), date_from, *rest)

    def apply(self, article: Article, path: Path) -> Article:
        """The article of a file with what is set. Raises OSError where the file's time cannot be told."""
        changes: dict[str, Any] = {}
        tags = list(article.tags)
        for name, values in self.values:
            if name == "author":
                changes["authors"] = values
            elif name == "tag":
                tags += values
            elif name in _ATTRIBUTES:
                changes[_ATTRIBUTES[name]] = values[0] if values else None
            else:
                tags += [tag_of(name, value) for value in values]
        changes["tags"] = tuple(dict.fromkeys(tags))
        if article.published is None and self.date_from is not None:
            changes["published"] = _date(self.date_from, article, path)
        return replace(article, **changes)


#: Nothing is set.
NO_SETTINGS = Settings()


def canonical_mapping(mapping: Mapping[str, str] | None) -> dict[str, str] | None:
    """A mapping with the names that readers know; others are fields of one's own. Raises UsageError."""
    return {_COLUMN.get(name) or own_name(name): column for name, column in (mapping or {}).items()} or None


def own_fields_of(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that are fields of one's own."""
    return tuple(name for name in names if name not in _COLUMN.values())


def _settable(name: str) -> str:
    """The canonical name of a field that can be set."""
    try:
        known = field(name).name
    except UsageError:
        return own_name(name)
    if known not in _ATTRIBUTES:
        own = "or a field of your own"
        raise UsageError(f"“{name}” cannot be set; what can: {', '.join(_ATTRIBUTES)}, {own}.")
    return known


def _date(date_from: DateFrom, article: Article, path: Path) -> dt.datetime | None:
    if date_from == "mtime":
        return dt.datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)
    name = PurePosixPath((article.origin or str(path)).rpartition("!")[2].replace("\\", "/")).name
    for match in _DAY.finditer(name):
        try:
            return dt.datetime(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:  # the 31st of June
            continue
    return None
