"""Files of records: JSON Lines and JSON. Field names are guessed, a mapping overrules the guess."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any, BinaryIO, Final

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import archivebox
from searcher.readers.base import MAX_DOCUMENT, MAX_RECORD, Event, Options, get_on
from searcher.readers.decode import decode
from searcher.readers.mapper import NAMES, Mapper, plain_name, shape_of

#: Where answers and exports hold their records, the outermost first.
_CONTAINERS = (
    "response", "articles", "items", "results", "docs", "documents", "records", "bookmarks", "links",
    "collections", "posts", "data", "entries", "hits", "list", "value", "content", "item", "edges", "node",
)  # fmt: skip
#: Lines that are named of those that cannot be read for the same reason.
_MAX_NAMED = 3
#: Reasons that are told apart.
_MAX_REASONS = 100
#: Values in one piece of JSON, which take some hundred bytes each: a text has a comma in sixty bytes.
_MAX_JSON = 5_000_000
#: What programs write where there is no number, nor anything else.
_NO_NUMBER: Final[dict[str, None]] = {"NaN": None, "Infinity": None, "-Infinity": None}


class Troubles:
    """What is wrong with the records of a file, each reason once: a thousand bad rows are one error."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._counts: Counter[str] = Counter()
        self._places: dict[str, list[int]] = {}

    def add(self, number: int, error: ReadError) -> None:
        get_on()
        reason = str(error) if len(self._counts) < _MAX_REASONS else "It cannot be read."
        self._counts[reason] += 1
        places = self._places.setdefault(reason, [])
        if len(places) < _MAX_NAMED:
            places.append(number)

    def all(self) -> Iterator[ReadError]:
        for reason, count in self._counts.items():
            named = ", ".join(map(str, self._places[reason]))
            more = f" and {count - _MAX_NAMED:,} more" if count > _MAX_NAMED else ""
            where = f"{self._what}{'s' * (count > 1)} {named}{more}"
            yield ReadError(f"{where}: {reason}", parts=count)


class JsonReader:
    """JSON Lines, and JSON that is an array of records, an object that holds one, or one record."""

    suffixes: tuple[str, ...] = (".jsonl", ".ndjson", ".json")

    def __init__(self, options: Options) -> None:
        self._mapper = Mapper(options.mapping)
        self._beside = options.beside

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        first = stream.readline(MAX_RECORD)
        second = stream.readline(MAX_RECORD) if _is_record(first) else b""
        if second.strip() or (first and origin.lower().endswith((".jsonl", ".ndjson"))):
            return self._lines(chain([first, second], lines(stream)))
        return self._document(first + second + _remainder(stream))

    def _lines(self, lines: Iterator[bytes]) -> Iterator[Event]:
        troubles = Troubles("Line")
        for number, line in enumerate(lines, 1):
            if not line.strip(b"\0 \t\r\n"):
                continue
            try:
                yield replace(self._article(loads(line)), digest=sha256(line).hexdigest())
            except ReadError as error:
                troubles.add(number, error)
        yield from troubles.all()

    def _document(self, data: bytes) -> Iterator[Event]:
        if not data.strip():
            raise ReadError("It is empty.")
        troubles = Troubles("Record")
        for number, record in enumerate(_records(loads(data)), 1):
            try:
                yield self._article(record)
            except ReadError as error:
                troubles.add(number, error)
        yield from troubles.all()

    def _article(self, record: Any) -> Article:
        if not isinstance(record, dict):
            raise ReadError("It is no object with fields.")
        if archivebox.is_snapshot(record):
            return archivebox.article(record, self._beside)
        if shape_of(record) is None:
            for wrapper in ("article", "_source", "fields", "doc", "document", "data", "item"):
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


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of bounded length: the rest of a longer one is skipped and its head fails to parse."""
    while line := stream.readline(MAX_RECORD):
        yield line
        while len(line) == MAX_RECORD and not line.endswith(b"\n"):
            line = stream.readline(MAX_RECORD)


def loads(data: bytes) -> Any:
    """The JSON value of a line or a file. Raises ReadError."""
    if len(data) > _MAX_JSON and sum(map(data.count, (b",", b"[", b"{"))) > _MAX_JSON:
        raise ReadError(f"It is JSON of more than {_MAX_JSON:,} values in one piece.")
    try:
        return json.loads(_text_of_json(data), strict=False, parse_constant=_NO_NUMBER.get)
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")  # some of its messages end so
        raise ReadError(f"It is no valid JSON ({what} at character {error.pos}).") from None
    except RecursionError:
        raise ReadError("It is nested too deeply.") from None
    except ValueError as error:
        raise ReadError(f"It is no valid JSON ({error}).") from None


def _text_of_json(data: bytes) -> str:
    """JSON is in UTF-8 (RFC 8259), and if not, its encoding is found out."""
    try:
        return decode(data) if b"\0" in data else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(data)


def _records(value: Any, depth: int = 0) -> Iterator[Any]:
    """The records in a JSON value: the value itself, or what the containers in it hold."""
    if isinstance(value, list):
        for item in value:
            yield from _records(item, depth + 1) if _is_container(item) and depth < _MAX_DEPTH else (item,)
    elif _is_container(value) and depth < _MAX_DEPTH:
        inner = [name for name in _CONTAINERS if isinstance(value.get(name), (list, dict)) and value[name]]
        for record in _records(value[inner[0]], depth + 1):
            yield {**_of_feed(value), **record} if isinstance(record, dict) else record
    elif isinstance(value, dict):
        yield value
    else:
        raise ReadError("It is JSON, but holds no records.")


#: How deep a container may stand within containers: hits.hits, data.items.item, response.docs.
_MAX_DEPTH = 6


def _is_container(value: Any) -> bool:
    """Whether an object holds records and is none itself."""
    if not isinstance(value, dict) or shape_of(value) is not None or archivebox.is_snapshot(value):
        return False
    held = any(isinstance(value.get(name), (list, dict)) and value[name] for name in _CONTAINERS)
    return held and not (set(map(plain_name, value)) & set(NAMES["body"][:3]))


def _of_feed(feed: dict[str, Any]) -> dict[str, Any]:
    """What a JSON Feed says once of all its items (https://www.jsonfeed.org/version/1.1/)."""
    if not str(feed.get("version", "")).startswith("https://jsonfeed.org/"):
        return {}
    said = {"source": feed.get("title"), "language": feed.get("language"), "author": feed.get("author")}
    return {name: value for name, value in said.items() if value}
