"""Files of records: JSON Lines, JSON and CSV. Field names are guessed, a mapping overrules the guess."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any, BinaryIO, Final, TextIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import archivebox
from searcher.readers.base import MAX_DOCUMENT, MAX_RECORD, Event, Options, get_on
from searcher.readers.decode import decode, guess
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
#: Names of fields, and characters of one row of a table.
_MAX_COLUMNS, _MAX_ROW = 10_000, 10_000_000
#: Bytes of a table by which its encoding and its delimiter are told.
_MAX_SAMPLE = 200_000
#: Encodings that a guess can tell from cp1252 for sure, since their letters are none of Latin script.
_OTHER_SCRIPTS: Final = frozenset({
    "cp1251", "cp1253", "cp1255", "cp1256", "cp874", "koi8-r", "iso8859-5", "iso8859-7", "gb18030",
    "big5hkscs", "cp932", "euc_jp", "cp949",
})  # fmt: skip
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


class CsvReader:
    """CSV and TSV with a header row; the delimiter is found out."""

    suffixes: tuple[str, ...] = (".csv", ".tsv")

    def __init__(self, options: Options) -> None:
        self._mapper = Mapper(options.mapping)

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        sample = stream.read(_MAX_SAMPLE)
        if not sample.strip():
            raise ReadError("It is empty.")
        encoding, otherwise = _encoding(sample)
        text = io.TextIOWrapper(_Rest(sample, stream), encoding, otherwise, newline="")  # type: ignore[type-var]
        yield from rows_to_articles(_numbered(text, _delimiter(decode(sample), origin)), self._mapper)


def _numbered(text: TextIO, delimiter: str) -> Iterator[tuple[int, Sequence[str] | ReadError]]:
    """Each row with the number of the line that it ends in, or what is wrong there."""
    size = 0

    def bounded() -> Iterator[str]:
        nonlocal size
        while line := text.readline(_MAX_ROW):
            size += len(line)
            if size > _MAX_ROW:
                raise ReadError(f"A row is longer than {_MAX_ROW:,} characters.")
            yield line.replace("\0", "")

    csv.field_size_limit(_MAX_ROW)
    rows = csv.reader(bounded(), delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, ReadError) as error:
            yield rows.line_num, ReadError(f"It is no valid row ({error}).")
        else:
            yield rows.line_num, row
        size = 0


def rows_to_articles(
    rows: Iterable[tuple[int, Sequence[str] | ReadError]], mapper: Mapper
) -> Iterator[Event]:
    """The articles in numbered rows; the first that is not empty has the names of the fields."""
    header: list[str] = []
    troubles = Troubles("Line")
    for number, row in rows:
        try:
            if isinstance(row, ReadError):
                raise row
            if not any(cell.strip() for cell in row):
                continue
            if header:
                yield mapper.article(_record(header, row))
            else:
                header = [cell.strip().lstrip("\ufeff") for cell in row[:_MAX_COLUMNS]]
                yield from mapper.missing(header)
        except ReadError as error:
            troubles.add(number, error)
    yield from troubles.all()


def _record(header: Sequence[str], row: Sequence[str]) -> dict[str, str | list[str]]:
    """The cells by the names of their columns; of several columns of one name those that say something."""
    cells: dict[str, list[str]] = {}
    for name, cell in zip(header, row):
        cells.setdefault(name, []).append(cell)
    filled = {name: [cell for cell in said if cell] for name, said in cells.items()}
    return {name: said if len(said) > 1 else "".join(said) for name, said in filled.items()}


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


def _encoding(sample: bytes) -> tuple[str, str]:
    """The encoding of a table, and what is done with bytes that do not fit."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name, "replace"
    if sample.isascii():  # it does not tell what comes after it
        return "utf-8", "cp1252"
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = len(sample) >= _MAX_SAMPLE and error.start > len(sample) - 4
        if not cut:
            found = guess(sample)
            return (found if found in _OTHER_SCRIPTS else "cp1252"), "replace"
    return "utf-8", "replace"


def _by_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as an older program wrote them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("cp1252", _by_bytes)


def _delimiter(sample: str, origin: str) -> str:
    if origin.lower().split(".gz")[0].endswith(".tsv"):
        return "\t"
    first = next((line for line in sample.splitlines() if line.strip()), "")
    return max(",;\t|", key=first.count)
