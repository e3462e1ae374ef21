"""Files of records: JSON Lines, JSON and CSV. Field names are guessed, a mapping overrules the guess."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any, BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.fields import may_be_own, tag_of
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_DOCUMENT, MAX_RECORD, Event, Options
from searcher.readers.decode import decode
from searcher.readers.paragraphs import reflow

__all__ = ["CsvReader", "JsonReader", "Mapper"]

#: For each field of an article the names under which records hold it, the surest first.
_GUESSES = {
    "id": "id _id guid uid uuid article_id articleid doc_id docid document_id newid identifier",
    "title": "title headline head hed headline_main name subject",
    "body": "body text fulltext full_text content articlebody article_body maintext main_text article "
    "story body_text bodytext plain_text plaintext cleaned_text content_text transcript "
    "description summary abstract",
    "url": "url link canonical_url canonicallink web_url weburl source_url sourceurl permalink href uri",
    "source": "source source_name sourcename publication publisher outlet newspaper media site sitename "
    "site_name domain source_domain hostname journal",
    "authors": "authors author byline creator writer writers by author_name journalist",
    "published": "published date publish_date published_at publishedat date_published datepublished pub_date "
    "pubdate publication_date publicationdate published_date date_publish datetime timestamp time created_at "
    "created",
    "language": "language lang",
    "section": "section category news_desk desk section_name articlesection",
    "tags": "tags keywords topics subjects categories tag",
}
_PLAIN = {name: tuple(guesses.split()) for name, guesses in _GUESSES.items()}


class Mapper:
    """Records to articles.

    ``mapping`` maps fields of an article ("title", "body", …) to those of the records; the others are
    guessed. Other names are fields of one's own. A dotted name reaches into nested objects: ``author.name``.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._mapping = dict(mapping or {})
        self._own = {name: column for name, column in self._mapping.items() if may_be_own(name)}
        unknown = set(self._mapping) - set(_PLAIN) - set(self._own)
        if unknown:
            raise ReadError(
                f"The mapping names {', '.join(sorted(unknown))}; an article has {', '.join(_PLAIN)}."
            )

    def missing(self, columns: list[str]) -> Iterator[ReadError]:
        """What to say of columns that the mapping names and that are not there."""
        absent = [f"“{column}”" for column in self._mapping.values() if column not in columns]
        if absent:
            yield ReadError(f"There is no column {', '.join(absent)}; there are: {', '.join(columns[:12])}.")

    def article(self, record: Mapping[str, Any]) -> Article:
        """Raises ReadError when there is neither a title nor a body."""
        plain = {_key(str(name)): value for name, value in record.items()}
        found = {name: self._find(name, record, plain) for name in _PLAIN}
        title, body = _text(found["title"]), _text(found["body"])
        if not title.strip() and not body.strip():
            raise ReadError(f"There is neither a title nor a body among its fields: {_names(record)}.")
        return Article(
            id=_text(found["id"]),
            title=_untagged(title),
            body=reflow(_untagged(body)),
            url=_text(found["url"]) or None,
            source=_name(found["source"]) or None,
            authors=_authors(found["authors"]),
            published=dates.parse(found["published"]),
            language=_text(found["language"]) or None,
            section=_name(found["section"]) or None,
            tags=(*_tags(found["tags"]), *self._own_tags(record)),
        )

    def _own_tags(self, record: Mapping[str, Any]) -> Iterator[str]:
        """The values of fields of one's own, as tags: several in a list, or between semicolons."""
        for name, column in self._own.items():
            value = _reach(record, column)
            listed = map(_name, value) if isinstance(value, list) else re.split(r"[;|]", _text(value))
            yield from (tag_of(name, clean) for one in listed if (clean := one.strip()))

    def _find(self, name: str, record: Mapping[str, Any], plain: Mapping[str, Any]) -> Any:
        wanted = self._mapping.get(name)
        if wanted is not None:
            return _reach(record, wanted)
        taken = {_key(value) for value in self._mapping.values()}
        return next(
            (plain[g] for g in _PLAIN[name] if g not in taken and plain.get(g) not in (None, "", [])), None
        )


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_") or name


def _reach(record: Mapping[str, Any], path: str) -> Any:
    if path in record:
        return record[path]
    value: Any = record
    for part in path.split("."):
        if isinstance(value, list) and value:
            value = value[0]
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def _names(record: Mapping[str, Any]) -> str:
    return ", ".join(map(str, list(record)[:12])) or "none"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        return _text(value.get("text") or value.get("main") or value.get("value") or value.get("name") or "")
    return "" if value is None or isinstance(value, bool) else str(value)


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title")
    return _text(value)


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(chain.from_iterable(_authors(item) for item in value))
    if isinstance(value, str) and value.startswith("["):
        try:
            return _authors(json.loads(value.replace("'", '"')))
        except ValueError:
            pass
    return bylines.names(_name(value))


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(filter(None, map(_name, value)))
    return tuple(tag.strip("[]\"' ") for tag in re.split(r"[;,|]", _text(value)))


_MARKUP = re.compile(r"</?(?:p|br|div|h\d|li|ul|span|a|strong|em|b|i|blockquote)\b[^<>]*>", re.I)


def _untagged(text: str) -> str:
    """Text out of a field that holds HTML."""
    if "<" not in text or len(_MARKUP.findall(text)) < 2:
        return text
    import html

    text = re.sub(r"<(script|style)\b.*?</\1\s*>", " ", text, flags=re.I | re.S)
    text = re.sub(r"\s*\n\s*", " ", text)
    text = re.sub(r"</?(?:p|br|div|h\d|li|ul|ol|blockquote|tr|table)\b[^<>]*>", "\n\n", text, flags=re.I)
    return html.unescape(re.sub(r"<[a-zA-Z/!][^<>]*>", "", text))


class JsonReader:
    """JSON Lines, and JSON that is an array of records, an object that holds one, or one record."""

    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".json")

    def __init__(self, options: Options) -> None:
        self._mapper = Mapper(options.mapping)

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        first = stream.readline(MAX_RECORD)
        second = stream.readline(MAX_RECORD) if _is_record(first) else b""
        if second.strip() or (first and origin.lower().endswith((".jsonl", ".ndjson"))):
            return self._lines(chain([first, second], _lines(stream)))
        return self._document(first + second + _remainder(stream))

    def _lines(self, lines: Iterator[bytes]) -> Iterator[Event]:
        for number, line in enumerate(lines, 1):
            if not line.strip(b"\0 \t\r\n"):
                continue
            try:
                yield replace(self._article(_loads(line)), digest=sha256(line).hexdigest())
            except ReadError as error:
                yield ReadError(f"Line {number}: {error}")

    def _document(self, data: bytes) -> Iterator[Event]:
        if not data.strip():
            raise ReadError("It is empty.")
        for number, record in enumerate(_records(_loads(data)), 1):
            try:
                yield self._article(record)
            except ReadError as error:
                yield ReadError(f"Record {number}: {error}")

    def _article(self, record: Any) -> Article:
        if not isinstance(record, dict):
            raise ReadError("It is no object with fields.")
        for wrapper in ("article", "_source", "fields", "doc", "document", "data"):
            if isinstance(record.get(wrapper), dict):
                record = {**{k: v for k, v in record.items() if k != wrapper}, **record[wrapper]}
        return self._mapper.article(record)


def _remainder(stream: BinaryIO) -> bytes:
    """The rest of a stream, which may be nothing. Raises ReadError when it is too large for one document."""
    rest = stream.read(MAX_DOCUMENT + 1)
    if len(rest) > MAX_DOCUMENT:
        raise ReadError(
            f"It is JSON of more than {MAX_DOCUMENT // 2**20} MB in one piece; write one record a line."
        )
    return rest


def _is_record(line: bytes) -> bool:
    """Whether the first line is a whole JSON value, so that the file holds one a line."""
    line = line.lstrip(b"\xef\xbb\xbf").strip()
    return (line.startswith(b"{") and line.endswith(b"}")) or (
        line.startswith(b"{") and b'":' in line and len(line) > 200
    )


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length: the rest of a longer one is skipped and its head fails to parse."""
    while line := stream.readline(MAX_RECORD):
        yield line
        while len(line) == MAX_RECORD and not line.endswith(b"\n"):
            line = stream.readline(MAX_RECORD)


def _loads(data: bytes) -> Any:
    try:
        return json.loads(decode(data), strict=False)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")  # some of its messages end so
        raise ReadError(f"It is no valid JSON ({what} at character {error.pos}).") from None
    except RecursionError:
        raise ReadError("It is nested too deeply.") from None
    except ValueError as error:
        raise ReadError(f"It is no valid JSON ({error}).") from None


def _records(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        inner = [
            value[name]
            for name in (
                "articles",
                "items",
                "results",
                "docs",
                "documents",
                "records",
                "data",
                "entries",
                "hits",
            )
            if isinstance(value.get(name), (list, dict)) and value[name]
        ]
        if inner and not (set(map(_key, value)) & set(_PLAIN["body"][:3])):
            yield from _records(inner[0])
        else:
            yield value
    else:
        raise ReadError("It is JSON, but holds no records.")


class CsvReader:
    """CSV and TSV with a header row; the delimiter is found out."""

    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def __init__(self, options: Options) -> None:
        self._mapper = Mapper(options.mapping)

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        sample = stream.read(200_000)
        if not sample.strip():
            raise ReadError("It is empty.")
        encoding = _encoding(sample)
        text = io.TextIOWrapper(_Rest(sample, stream), encoding, "replace", newline="")  # type: ignore[type-var]
        rows = csv.reader(_without_nul(text), delimiter=_delimiter(decode(sample), origin))
        csv.field_size_limit(MAX_RECORD)
        yield from self._rows(rows)

    def _rows(self, rows: Iterator[list[str]]) -> Iterator[Event]:
        header: list[str] = []
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield ReadError(f"Row after {getattr(rows, 'line_num', '?')} lines: {error}.")
                continue
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip().lstrip("\ufeff") for cell in row]
                yield from self._mapper.missing(header)
                continue
            try:
                yield self._mapper.article(dict(zip(header, row)))
            except ReadError as error:
                yield ReadError(f"Line {getattr(rows, 'line_num', '?')}: {error}")


class _Rest(io.RawIOBase):
    """A stream whose beginning has been read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _encoding(sample: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name
    try:
        sample[:-4].decode("utf-8") if len(sample) >= 200_000 else sample.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(sample) - 8 else "cp1252"


def _without_nul(lines: Iterator[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _delimiter(sample: str, origin: str) -> str:
    if origin.lower().split(".gz")[0].endswith(".tsv"):
        return "\t"
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(",;\t|", key=first.count)
