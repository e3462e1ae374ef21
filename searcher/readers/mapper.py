"""Records to articles: fields by their names, by known shapes, or by a mapping that the user gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from searcher.article import Article
from searcher.errors import ReadError
from searcher.fields import may_be_own, tag_of
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_FIELD, MAX_VALUES
from searcher.readers.embedded import is_markup, line_without_markup, paragraphs_of_markup
from searcher.readers.paragraphs import reflow
from searcher.readers.shapes import Shape, reach, shape_of

__all__ = ["NAMES", "Mapper", "plain_name"]

#: For each field of an article the names under which records hold it, the surest first.
_GUESSES = {
    "id": "id _id guid uid uuid article_id articleid doc_id docid document_id newid identifier",
    "title": "title headline head hed headline_main name subject заголовок titulo título titre titel titolo "
    "überschrift 标题 見出し",
    "body": "body text fulltext full_text content articlebody article_body maintext main_text article "
    "story body_text bodytext plain_text plaintext cleaned_text content_text text_content textcontent "
    "transcript body_html body_xhtml content_html html html_content htmlcontent contenthtml story_html "
    "description summary abstract анонс текст текст_статьи texto texte testo inhalt volltext 正文 内容 本文",
    "url": "url link canonical_url canonicallink web_url weburl source_url sourceurl permalink href uri",
    "source": "source source_name sourcename publication publisher outlet newspaper media site sitename "
    "site_name domain source_domain hostname journal pubtitle publication_title источник "
    "fuente quelle testata 来源 媒体",
    "authors": "authors author byline creator writer writers by author_name journalist автор autor auteur "
    "autore 作者",
    "published": "published date publish_date published_at publishedat date_published datepublished pub_date "
    "pubdate publication_date publicationdate published_date date_publish datetime timestamp time created_at "
    "created дата datum fecha data alphadate pubdate entrydate 日期 発行日",
    "language": "language lang",
    "section": "section category news_desk desk section_name articlesection рубрика rubrik rubrique",
    "tags": "tags keywords topics subjects categories tag",
}
#: What the hour is called, where a column of its own holds it.
_CLOCKS = ("time", "время", "uhrzeit", "hora", "heure", "ora")
#: Characters of a paragraph that is nothing but a date.
_MAX_DATE = 40
NAMES = {name: tuple(guesses.split()) for name, guesses in _GUESSES.items()}


class Mapper:
    """Records to articles.

    ``mapping`` maps fields of an article ("title", "body", …) to those of the records; the others are
    guessed. Other names are fields of one's own. A dotted name reaches into nested objects: ``author.name``.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._mapping = dict(mapping or {})
        self._own = {name: column for name, column in self._mapping.items() if may_be_own(name)}
        unknown = set(self._mapping) - set(NAMES) - set(self._own)
        if unknown:
            raise ReadError(
                f"The mapping names {', '.join(sorted(unknown))}; an article has {', '.join(NAMES)}."
            )

    def missing(self, columns: list[str]) -> Iterator[ReadError]:
        """What to say of columns that the mapping names and that are not there."""
        absent = [f"“{column}”" for column in self._mapping.values() if column not in columns]
        if absent:
            yield ReadError(f"There is no column {', '.join(absent)}; there are: {', '.join(columns[:12])}.")

    def article(self, record: Mapping[str, Any]) -> Article:
        """Raises ReadError when there is no body, or what one record costs alone, whatever is wrong in it."""
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
        if not text or text.isspace():
            raise ReadError(_without_text(record, self._find("url", record, plain, shape)))
        found = {name: self._find(name, record, plain, shape) for name in NAMES}
        title = line_without_markup(_field(found["title"]))
        body = _body(text, title)
        if not body:
            raise ReadError(_without_text(record, found["url"]))
        return Article(
            id=_field(found["id"]),
            title=title,
            body=body,
            url=_text(found["url"]) or None,
            source=line_without_markup(_name(found["source"])) or (shape.source if shape else None),
            authors=_authors(found["authors"]),
            published=dates.parse(_moment(found["published"], plain)),
            language=_field(found["language"]) or None,
            section=_name(found["section"]) or None,
            tags=(*_tags(found["tags"]), *self._own_tags(record)),
        )

    def _own_tags(self, record: Mapping[str, Any]) -> Iterator[str]:
        """The values of fields of one's own, as tags: several in a list, or between semicolons."""
        for name, column in self._own.items():
            value = reach(record, column)
            listed = map(_name, value) if isinstance(value, list) else re.split(r"[;|]", _field(value))
            found = (tag_of(name, clean) for one in listed if (clean := one.strip()))
            yield from islice(found, MAX_VALUES)

    def _find(
        self, name: str, record: Mapping[str, Any], plain: Mapping[str, Any], shape: Shape | None
    ) -> Any:
        wanted = self._mapping.get(name)
        if wanted is not None:
            return reach(record, wanted)
        if shape is not None and name in shape.paths:
            places = (reach(record, path) for path in shape.paths[name])
            return next((value for value in places if value not in (None, "", [], {})), None)
        taken = {plain_name(value) for value in self._mapping.values()}
        return next(
            (plain[g] for g in NAMES[name] if g not in taken and plain.get(g) not in (None, "", [])), None
        )


def _without_text(record: Mapping[str, Any], url: Any) -> str:
    """What a record without text says, and what to do about it."""
    if _text(url):
        return "It has an address, but no text: save the page itself and index that."
    return f"It has no text. Say which of its fields holds it (--map body=FIELD): {_names(record)}."


def _body(text: str, title: str) -> str:
    """The paragraphs, without the headline and the date where they stand above the text once more."""
    parts = paragraphs_of_markup(text) if is_markup(text) else reflow(text).split("\n\n")
    if len(parts) > 1 and title and parts[0].casefold() == title.strip().casefold():
        parts = parts[1:]
        if len(parts) > 1 and len(parts[0]) < _MAX_DATE and dates.parse(parts[0]):
            parts = parts[1:]
    return "\n\n".join(parts).strip()


def _moment(value: Any, plain: Mapping[str, Any]) -> Any:
    """A date with the time of day that stands in a column of its own."""
    clock = next((plain[name] for name in _CLOCKS if isinstance(plain.get(name), str)), "")
    whole = f"{value} {clock}" if isinstance(value, str) and ":" in clock and ":" not in value else value
    return whole if dates.parse(whole) else value


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
    """The beginning of what stands in a field that is not the text."""
    return _text(value)[:MAX_FIELD]


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title")
    return _field(value)


def _authors(value: Any) -> tuple[str, ...]:
    return tuple(name for text in islice(_credits(value), MAX_VALUES) for name in bylines.names(text))


def _credits(value: Any) -> Iterator[str]:
    """The texts in a field of authors, which may hold lists of lists, and those as a text."""
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
