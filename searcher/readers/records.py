"""Read files of records: JSON, JSON Lines, ArchiveBox snapshots, and the output of ``searcher extract``.

ArchiveBox (https://docs.archivebox.io/, "Output folder") stores each page several times in one folder, with
an ``index.json``. Only the best copy is read.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from searcher import plugins, urls
from searcher.article import VALUE_LISTS, Article, Quote
from searcher.errors import ReadError, UsageError
from searcher.query.arguments import check_article, check_quote
from searcher.readers.base import (
    MAX_DOCUMENT,
    MAX_FIELD,
    MAX_LINE,
    MAX_RECORD,
    Event,
    FormatReader,
    Options,
    SiblingReader,
    report_progress,
)
from searcher.readers.containers import COMPRESSED, CompressedReader
from searcher.readers.encodings import decode
from searcher.readers.finish import MAX_BODY, has_control, line
from searcher.readers.html.reader import article_from_html
from searcher.readers.mapper import NAMES, TEXTS, Mapper, is_article, plain_name, shape_of

#: Fields in which API responses and exports hold their records, outermost first.
_CONTAINERS = (
    "response", "articles", "items", "results", "docs", "documents", "records", "bookmarks", "links",
    "collections", "posts", "data", "entries", "hits", "list", "value", "content", "item", "edges", "node",
)  # fmt: skip
#: Maximum number of line numbers listed for one reason.
_MAX_NAMED_LINES = 3
#: Maximum number of distinct reasons.
_MAX_REASONS = 100
#: Maximum number of values in one piece of JSON: each takes about a hundred bytes of memory.
_MAX_JSON_VALUES = 5_000_000
#: Values that programs write for missing numbers.
_NO_NUMBER: Final[dict[str, None]] = {"NaN": None, "Infinity": None, "-Infinity": None}
#: The JavaScript before the JSON in ``tweets.js`` of a Twitter archive.
_TWITTER_PREFIX = re.compile(rb"\A\s*window\.YTD\.\w+\.part\d+\s*=")
#: Shared, because creating a decoder takes a fifth of the time needed for one line.
_DECODER = json.JSONDecoder(strict=False, parse_constant=_NO_NUMBER.get)


_Record = TypeVar("_Record")


class RecordErrors:
    """Errors in the records of a file, grouped by reason: a thousand bad rows are one error."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._counts: Counter[str] = Counter()
        self._places: dict[str, list[int]] = {}

    def add(self, number: int, error: ReadError) -> None:
        report_progress()
        reason = str(error) if len(self._counts) < _MAX_REASONS else "It cannot be read."
        self._counts[reason] += 1
        places = self._places.setdefault(reason, [])
        if len(places) < _MAX_NAMED_LINES:
            places.append(number)

    def parse_each(
        self, records: Iterable[tuple[int, _Record]], parse: Callable[[_Record], Article]
    ) -> Iterator[Article]:
        """Yield the articles of numbered records and collect the errors of the others."""
        for number, record in records:
            try:
                yield parse(record)
            except ReadError as error:
                self.add(number, error)

    def errors(self) -> Iterator[ReadError]:
        for reason, count in self._counts.items():
            named = ", ".join(map(str, self._places[reason]))
            more = f" and {count - _MAX_NAMED_LINES:,} more" if count > _MAX_NAMED_LINES else ""
            where = f"{self._what}{'s' * (count > 1)} {named}{more}"
            yield ReadError(f"{where}: {reason}", parts=count)


class JsonReader(FormatReader):
    """Reads JSON Lines, and JSON documents that are a record or contain records at any level."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._mapper = Mapper(options.mapping)

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        first = stream.readline(MAX_RECORD)
        second = stream.readline(MAX_RECORD) if _is_record(first) else b""
        if second.strip() or (first and origin.lower().endswith((".jsonl", ".ndjson"))):
            return self._lines(chain([first, second], bounded_lines(stream)))
        return self._document(first + second + _remainder(stream), origin)

    def _lines(self, lines: Iterator[bytes]) -> Iterator[Event]:
        troubles = RecordErrors("Line")
        rows = ((number, row) for number, row in enumerate(lines, 1) if row.strip(b"\0 \t\r\n"))
        yield from troubles.parse_each(rows, self._article_of_row)
        yield from troubles.errors()

    def _article_of_row(self, row: bytes) -> Article:
        return replace(self._article(parse_json(row)), digest=sha256(row).hexdigest())

    def _document(self, data: bytes, origin: str) -> Iterator[Event]:
        if not data.strip():
            raise ReadError("It is empty.")
        troubles = RecordErrors("Record")
        value = parse_json(_TWITTER_PREFIX.sub(b"", data, count=1))
        find_speech = plugins.find_optional("searcher.speech", "json")
        if find_speech and (events := find_speech(value, origin)):
            yield from events
            return
        yield from troubles.parse_each(enumerate(_records(value, self._mapper), 1), self._article)
        yield from troubles.errors()

    def _article(self, record: Any) -> Article:
        if not isinstance(record, dict):
            raise ReadError("It is not an object with fields.")
        if is_snapshot(record):
            return snapshot_article(record, self.options.read_sibling)
        if shape_of(record) is None:
            for wrapper in ("article", "_source", "fields", "doc", "document", "data", "item", "tweet"):
                if isinstance(record.get(wrapper), dict):
                    record = {**{k: v for k, v in record.items() if k != wrapper}, **record[wrapper]}
        article = self._mapper.article(record)
        if speech := tuple(_speech_in(record.get("quotes"), article.body)):
            medium = record.get("medium")
            article = replace(article, quotes=speech, medium=medium if isinstance(medium, str) else None)
        return article


def _speech_in(quotes: Any, body: str) -> Iterator[Quote]:
    """Yield the recorded speech of an exported article. All other quotations are extracted again."""
    for one in quotes if isinstance(quotes, list) else ():
        if isinstance(one, dict) and one.get("kind") == "speech":
            with suppress(TypeError, UsageError):
                quote = Quote(**one)
                if _is_quote(quote, body):
                    yield quote


def _remainder(stream: BinaryIO) -> bytes:
    rest = stream.read(MAX_DOCUMENT + 1)
    if len(rest) > MAX_DOCUMENT:
        raise ReadError(
            f"It is JSON of more than {MAX_DOCUMENT // 2**20} MB in one piece; write one record a line."
        )
    return rest


def _is_record(line: bytes) -> bool:
    line = line.lstrip(b"\xef\xbb\xbf").strip()
    return (line.startswith(b"{") and line.endswith(b"}")) or (
        line.startswith(b"{") and b'":' in line and len(line) > 200
    )


def bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines of bounded length. Longer lines are cut, so that parsing them fails."""
    while line := stream.readline(MAX_RECORD):
        yield line
        while len(line) == MAX_RECORD and not line.endswith(b"\n"):
            line = stream.readline(MAX_RECORD)


def parse_json(data: bytes) -> Any:
    """Parse the JSON of a line or a file. Raises ReadError."""
    if len(data) > _MAX_JSON_VALUES and sum(map(data.count, (b",", b"[", b"{"))) > _MAX_JSON_VALUES:
        raise ReadError(f"It is JSON of more than {_MAX_JSON_VALUES:,} values in one piece.")
    try:
        return _DECODER.decode(_text_of_json(data))
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")  # some of its messages end in "at"
        raise ReadError(f"It is not valid JSON ({what} at character {error.pos}).") from None
    except RecursionError:
        raise ReadError("It is nested too deeply.") from None
    except ValueError as error:
        raise ReadError(f"It is not valid JSON ({error}).") from None


def _text_of_json(data: bytes) -> str:
    """Decode JSON, which should be UTF-8 (RFC 8259)."""
    try:
        return decode(data) if b"\0" in data else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(data)


#: Maximum nesting of records: hits.hits, data.items.item, response.docs.
_MAX_DEPTH = 6
#: Maximum levels searched for articles below a value, and maximum members examined per level.
_MAX_LEVELS, _MAX_MEMBERS = 3, 20


def _records(value: Any, mapper: Mapper, depth: int = 0) -> Iterator[Any]:
    """Yield the records in a JSON value: the value itself or the records it contains, whatever their field is
    called."""
    if isinstance(value, list):
        for item in _rows(value):
            yield from _records(item, mapper, depth + 1) if isinstance(item, dict) else (item,)
    elif not isinstance(value, dict):
        raise ReadError("It is JSON, but contains no records.")
    elif containers := _containers_in(value, mapper) if depth < _MAX_DEPTH else []:
        for inner in containers:
            for record in _records(inner, mapper, depth + 1):
                is_single = inner is record and len(containers) == 1
                yield (
                    {**_shared_fields(value, inner, record, is_single), **record}
                    if isinstance(record, dict)
                    else record
                )
    else:
        yield value


def _shared_fields(
    value: dict[str, Any], inner: Any, record: dict[str, Any], is_single: bool
) -> dict[str, Any]:
    """Return the fields of an object that also apply to a record in it."""
    own = "author" in record or "authors" in record
    shared = value if is_single else _of_feed(value)
    return {
        name: one for name, one in shared.items() if one is not inner and not (own and name[:6] == "author")
    }


def _containers_in(value: dict[str, Any], mapper: Mapper) -> list[Any]:
    """Return the values in which an object holds its records. Empty if the object is a record itself."""
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return [[value["columns"], *value["data"]]]
    if rows := _of_columns(value):
        return [rows]
    if is_snapshot(value) or mapper.is_article(value, named=True):
        return []
    if not set(NAMES["body"][:3]).isdisjoint(map(plain_name, value)):
        return []
    is_record = partial(mapper.is_article, titled=mapper.is_titled(value))
    objects = [one for one in value.values() if isinstance(one, dict)]
    articles = sum(map(is_record, objects)) * 2 >= len(objects)
    inner = [one for one in value.values() if isinstance(one, (list, dict)) and one]
    matches = [one for one in inner if (articles if is_record(one) else _holds_articles(one, is_record))]
    containers = (value.get(name) for name in _CONTAINERS)
    named = next((one for one in containers if one and isinstance(one, (list, dict))), None)
    # Unreadable records in a well-known field are reported even if other fields contain articles.
    if named is None or (matches and not isinstance(named, list)) or any(one is named for one in matches):
        return matches
    return [named, *matches]


def _holds_articles(
    value: list[Any] | dict[str, Any], is_record: Callable[[Any], bool], levels: int = _MAX_LEVELS
) -> bool:
    """Return True if at least half of the members are articles, or of the members of one of them."""
    members = value.values() if isinstance(value, dict) else value
    inner = [*islice((one for one in members if isinstance(one, (dict, list))), _MAX_MEMBERS)]
    articles = sum(map(is_record, inner))
    if articles:
        return articles * 2 >= len(inner)
    return levels > 0 and any(_holds_articles(one, is_record, levels - 1) for one in inner)


def _rows(value: list[Any]) -> list[Any]:
    """Return the members of a list. A table with column names in its first row becomes a list of records."""
    names = value[0] if len(value) > 1 else None
    if isinstance(names, list) and all(isinstance(name, str) for name in names) and is_article(names):
        return [dict(zip(names, row, strict=False)) for row in value[1:] if isinstance(row, list)]
    return value


def _of_columns(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table stored column by column, as pandas does. Empty if it is not one."""
    if len(value) < 2 or not all(isinstance(column, (dict, list)) for column in value.values()):
        return []
    columns = {
        name: column if isinstance(column, dict) else dict(enumerate(column))
        for name, column in value.items()
    }
    texts = next((column for name, column in columns.items() if plain_name(name) in TEXTS), {})
    if any(column.keys() != texts.keys() for column in columns.values()):
        return []
    if not all(isinstance(text, str) for text in texts.values()):
        return []
    return [{name: column[row] for name, column in columns.items()} for row in texts]


def _of_feed(feed: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a JSON Feed shares among its items (https://www.jsonfeed.org/version/1.1/)."""
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/"):
        return {}
    texts = {
        "source": feed.get("title"),
        **{name: feed.get(name) for name in ("language", "author", "authors")},
    }
    return {name: value for name, value in texts.items() if value}


#: The description of an ArchiveBox folder.
SNAPSHOT_INDEX = "index.json"
#: The saved copies of a page, best first.
_SNAPSHOT_PAGES = ("singlefile.html", "output.html", "readability/content.html", "mercury/content.html")
#: At least one of these files must accompany the ``index.json`` of a page.
_SNAPSHOT_EVIDENCE = ("headers.json", *_SNAPSHOT_PAGES[:2])


def is_snapshot_folder(names: Collection[str]) -> bool:
    """Return True if files of these names form an ArchiveBox snapshot."""
    return SNAPSHOT_INDEX in names and any(name in names for name in _SNAPSHOT_EVIDENCE)


def is_snapshot_at(folder: Path) -> bool:
    """Return True if a folder on disk is an ArchiveBox snapshot, without listing the folder."""
    there = [name for name in (SNAPSHOT_INDEX, *_SNAPSHOT_EVIDENCE) if (folder / name).exists()]
    return is_snapshot_folder(there)


def is_snapshot(record: Mapping[str, Any]) -> bool:
    """Return True if a record is the ``index.json`` of an ArchiveBox snapshot."""
    return {"url", "timestamp"} <= set(record) and bool({"archive_path", "history", "base_url"} & set(record))


def snapshot_article(record: Mapping[str, Any], read_sibling: SiblingReader) -> Article:
    """Return the article of a snapshot. Raises ReadError if no saved copy contains one."""
    article = next(_saved_articles(str(record["url"]), read_sibling), None)
    if article is None:
        raise ReadError("ArchiveBox has saved no page with an article in it: archive it again.")
    return replace(article, title=article.title or str(record.get("title") or ""))


def _saved_articles(url: str, read_sibling: SiblingReader) -> Iterator[Article]:
    for name in _SNAPSHOT_PAGES:
        data = read_sibling(name)
        if data:
            try:
                yield replace(article_from_html(decode(data), url), url=url)
            except ReadError:
                continue


_OPTIONAL_FIELDS = ("source", "section", "digest", "story", "annotator", "medium")
_LANGUAGE = re.compile("[a-z]{2,3}")


def annotated_events(path: Path) -> Iterator[Event]:
    """Yield the articles of ``searcher extract`` unchanged, and a ReadError for each invalid line."""
    try:
        with path.open("rb") as stream:
            if path.name.lower().endswith(tuple(COMPRESSED)):
                options = Options(
                    read_member=lambda _, unpacked, _read_sibling=None: _annotated_articles(unpacked)
                )
                yield from CompressedReader(options).read(stream, str(path))
            else:
                yield from _annotated_articles(stream)
    except ReadError as error:
        yield error


def _annotated_articles(stream: BinaryIO) -> Iterator[Event]:
    troubles = RecordErrors("Line")
    rows = ((number, row) for number, row in enumerate(bounded_lines(stream), 1) if row.strip())
    first = next(rows, None)
    if first is None:
        yield ReadError("It contains no articles.")
    else:
        yield from troubles.parse_each(chain([first], rows), _article_of_line)
    yield from troubles.errors()


def _article_of_line(row: bytes) -> Article:
    record = parse_json(row)
    try:
        article = Article.from_dict(record)
        sound = _is_sound(record, article)
    except (AttributeError, KeyError, TypeError, ValueError, UsageError):
        sound = False
    if not sound:
        raise ReadError("It is not an article printed by “searcher extract”.")
    return article


def _is_sound(record: Mapping[str, Any], article: Article) -> bool:
    """Return True if every field is valid. Raises UsageError for values that no engine can store and for
    offsets outside the text."""
    check_article(article)
    lines = [article.id, article.cleaner, *(one.name for one in article.mentions)]
    lines += [value for name in VALUE_LISTS for value in getattr(article, name)]
    lines += filter(None, (getattr(article, name) for name in _OPTIONAL_FIELDS))
    lists = [record.get(name, []) for name in (*VALUE_LISTS, "mentions", "quotes")]
    return (
        all(map(_is_line, lines))
        and bool(article.body.strip())
        and len(article.title) <= MAX_LINE
        and len(article.body) <= MAX_BODY
        and len(article.origin or "") <= MAX_FIELD
        and (article.url is None or urls.absolute(article.url) == article.url)
        and (article.language is None or _LANGUAGE.fullmatch(article.language) is not None)
        and all(isinstance(one, list) for one in lists)
        and not any(map(has_control, (article.title, article.body)))
        and all(one.confidence is not None for one in article.mentions)
        and all(_is_quote(one, article.body) for one in article.quotes)
    )


def _is_quote(one: Quote, body: str) -> bool:
    check_quote(one, body)
    details = (one.speaker, one.moment, one.role, one.party, one.label)
    return (
        one.text == body[one.start : one.end]
        and all(value is None or _is_line(value) for value in details)
        and one.utterance < MAX_BODY
        and one.confidence is not None
    )


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value) and line(value) == value
