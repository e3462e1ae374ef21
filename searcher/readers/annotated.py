"""Articles as ``searcher extract`` prints them, with names and quotations: JSON Lines, compressed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeGuard, get_args

from searcher.article import Article, MentionKind, QuoteKind, SpeakerKind
from searcher.errors import ReadError
from searcher.readers import urls
from searcher.readers.base import MAX_FIELD, MAX_LINE, Event, Options
from searcher.readers.containers import CompressedReader
from searcher.readers.finish import MAX_BODY, has_control, line
from searcher.readers.records import Troubles, lines, loads

_OPTIONAL = ("source", "section", "digest", "story", "annotator")
_LANGUAGE = re.compile("[a-z]{2,3}")
_NUMBERS = (int, float)


def events(path: Path) -> Iterator[Event]:
    """What the file holds, in its order: articles as they stand there, and a ReadError for what is none."""
    try:
        with path.open("rb") as stream:
            if path.name.lower().endswith(CompressedReader.suffixes):
                options = Options(inside=lambda _, unpacked: _articles(unpacked))
                yield from CompressedReader(options).read(stream, str(path))
            else:
                yield from _articles(stream)
    except ReadError as error:
        yield error


def _articles(stream: BinaryIO) -> Iterator[Event]:
    troubles, empty = Troubles("Line"), True
    for number, row in enumerate(lines(stream), 1):
        if not row.strip():
            continue
        empty = False
        try:
            yield _article(loads(row))
        except ReadError as error:
            troubles.add(number, error)
    if empty:
        yield ReadError("There is no article in it.")
    yield from troubles.all()


def _article(record: Any) -> Article:
    """The article of a line. Raises ReadError for what “searcher extract” does not print."""
    try:
        article = Article.from_dict(record)
        sound = _is_sound(record, article)
    except (AttributeError, KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise ReadError("It is no article as “searcher extract” prints them.")
    return article


def _is_sound(record: Mapping[str, Any], article: Article) -> bool:
    """Tell whether every field is of its type and written as readers write it, and every offset in the
    text."""
    lists = [record[name] for name in ("authors", "tags", "mentions", "quotes")]
    return (
        all(map(_is_line, (article.id, article.cleaner)))
        and all(isinstance(text, str) for text in (article.title, article.body))
        and bool(article.body.strip())
        and len(article.title) <= MAX_LINE
        and len(article.body) <= MAX_BODY
        and all(not value or _is_line(value) for value in (getattr(article, name) for name in _OPTIONAL))
        and (article.url is None or urls.absolute(article.url) == article.url)
        and (article.language is None or _LANGUAGE.fullmatch(article.language) is not None)
        and isinstance(origin := record.get("origin") or "", str)
        and len(origin) <= MAX_FIELD
        and all(isinstance(one, list) for one in lists)
        and all(map(_is_line, (*article.authors, *article.tags)))
        and not any(map(has_control, (article.title, article.body)))
        and all(_is_mention(one, article) for one in article.mentions)
        and all(_is_quote(one, article.body) for one in article.quotes)
    )


def _is_mention(one: Any, article: Article) -> bool:
    text = article.title if one.part == "title" else article.body
    return (
        _is_line(one.name)
        and one.kind in get_args(MentionKind)
        and one.part in ("title", "body")
        and _is_place(one.start, one.end, text)
        and _is_confidence(one.confidence)
    )


def _is_quote(one: Any, body: str) -> bool:
    return (
        _is_place(one.start, one.end, body)
        and one.text == body[one.start : one.end]
        and (one.speaker is None or _is_line(one.speaker))
        and one.kind in get_args(QuoteKind)
        and one.speaker_kind in (None, *get_args(SpeakerKind))
        and (
            one.speaker_start is one.speaker_end is None
            or _is_place(one.speaker_start, one.speaker_end, body)
        )
        and _is_number(one.utterance)
        and 0 <= one.utterance < MAX_BODY
        and _is_confidence(one.confidence)
    )


def _is_place(start: object, end: object, text: str) -> bool:
    return _is_number(start) and _is_number(end) and 0 <= start <= end <= len(text)


def _is_confidence(value: object) -> bool:
    return isinstance(value, _NUMBERS) and 0 <= value <= 1


def _is_number(value: object) -> TypeGuard[int]:
    """Tell whether a value is a whole number; JSON’s “true”, which Python takes for one, is none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_line(value: object) -> bool:
    """Tell whether a value is a text of one line that says something."""
    return isinstance(value, str) and bool(value) and line(value) == value
