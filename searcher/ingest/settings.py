"""Settings for all articles of a run: fields to set, and the source of missing dates."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

from searcher.article import Article
from searcher.errors import UsageError
from searcher.fields import custom_field_name, custom_tag, field

DateFrom = Literal["name", "mtime"]

#: Fields that can be set, with the attribute of Article.
_ATTRIBUTES = {
    "source": "source",
    "section": "section",
    "language": "language",
    "author": "authors",
    "tag": "tags",
}
_SEVERAL = ("author", "tag")
#: Columns that can be mapped, each followed by its aliases.
_COLUMNS = (
    "id|title headline|body text|url|source|authors author by|published date|language lang|section|tags tag"
)
_COLUMN = {name: names[0] for names in map(str.split, _COLUMNS.split("|")) for name in names}
_LANGUAGES = re.compile(r"[A-Za-z_]+(?:\+[A-Za-z_]+)*")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run, recorded with each of its files.

    Attributes:
        values: Fields to set. Tags and own fields are added; other fields are replaced.
        date_from: Take missing dates from the file's name or modification time.
        ocr: Languages for recognising scanned pages.
        annotated: The files are the output of “searcher extract”.
        keep_versions: Keep every version of a page.
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
        """Validate settings. Unknown field names become own fields. Raises UsageError."""
        if date_from is not None and date_from not in get_args(DateFrom):
            raise UsageError(f"date_from must be “name” or “mtime”, not “{date_from}”.")
        if ocr is not None and not _LANGUAGES.fullmatch(ocr):
            raise UsageError(f"ocr must be languages as in tesseract (eng, eng+deu), not “{ocr}”.")
        checked: dict[str, tuple[str, ...]] = {}
        for name, raw_value in (values or {}).items():
            listed = (raw_value,) if isinstance(raw_value, str) else tuple(raw_value)
            canonical = _settable_name(name)
            checked[canonical] = (
                *checked.get(canonical, ()),
                *filter(None, (" ".join(value.split()) for value in listed)),
            )
            if len(checked[canonical]) > 1 and canonical in _ATTRIBUTES and canonical not in _SEVERAL:
                raise UsageError(f"An article has only one {canonical}, not {len(checked[canonical])}.")
        return cls(tuple(checked.items()), date_from, ocr, annotated, keep_versions)  # type: ignore[arg-type]  # checked above

    @property
    def own_fields(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.values if name not in _ATTRIBUTES)

    def to_text(self) -> str:
        return "" if self == Settings() else json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Settings:
        if not text:
            return cls()
        content = json.loads(text)
        values = tuple((name, tuple(listed)) for name, listed in content.pop("values"))
        return cls(values, **content)

    def apply(self, article: Article, path: Path) -> Article:
        """Return the article with these settings. Raises OSError if the file's time cannot be read."""
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
                tags += [custom_tag(name, value) for value in values]
        changes["tags"] = tuple(dict.fromkeys(tags))
        if article.published is None and self.date_from is not None:
            changes["published"] = _date(self.date_from, article, path)
        return replace(article, **changes)


NO_SETTINGS = Settings()


def canonical_mapping(mapping: Mapping[str, str] | None) -> dict[str, str] | None:
    """Return a mapping with canonical names. Unknown names become own fields. Raises UsageError."""
    return {
        _COLUMN.get(name) or custom_field_name(name): column for name, column in (mapping or {}).items()
    } or None


def own_field_names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in _COLUMN.values())


def _settable_name(name: str) -> str:
    """Return the canonical name of a field that can be set."""
    try:
        canonical = field(name).name
    except UsageError:
        return custom_field_name(name)
    if canonical not in _ATTRIBUTES:
        alternative = "or a field of your own"
        raise UsageError(f"“{name}” cannot be set. You can set: {', '.join(_ATTRIBUTES)}, {alternative}.")
    return canonical


def _date(date_from: DateFrom, article: Article, path: Path) -> dt.datetime | None:
    if date_from == "mtime":
        return dt.datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)
    name = PurePosixPath((article.origin or str(path)).rpartition("!")[2].replace("\\", "/")).name
    for match in _DAY.finditer(name):
        try:
            return dt.datetime(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:  # For example, June 31.
            continue
    return None
