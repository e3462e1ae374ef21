"""The store of articles: for each its id and title, then its other fields as compressed JSON.

Every article that is read is verified by its checksum. Id and title are decoded immediately, the other fields
when one of them is first accessed. The articles of a statement, which may be thousands, are not even read
before. :func:`read_undamaged_articles` reads the intact articles of a damaged index.
"""

from __future__ import annotations

import datetime as dt
import errno
import json
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import partial
from itertools import accumulate, pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

from searcher.article import MAX_PASSAGE, VALUE_LISTS, Article, Mention, Quote, format_iso
from searcher.engines.base import BodyPart, Deferred, Parted
from searcher.engines.whoosh.format.array_file import (
    ARTICLES,
    ArrayFile,
    decoded,
    encoded,
    quotes_by_position,
)
from searcher.engines.whoosh.format.manifest import (
    INDEX_NAME,
    MIN_REBUILDABLE_FORMAT,
    FileRecord,
    SegmentRecord,
    generations,
    is_intact,
    load_manifest,
    manifests,
)
from searcher.errors import IndexDamaged, IndexOutdated
from searcher.query.tree import SpanExpr

#: Errors that :func:`unpack_head` may raise if the bytes are damaged.
DECODE_ERRORS = (struct.error, ValueError)
_UNREADABLE = (zlib.error, struct.error, ValueError, TypeError, KeyError, IndexError, OverflowError)

_ROW_TYPES = {"quotes": Quote, "mentions": Mention}
_ROW_COLUMNS = {name: tuple(f.name for f in fields(kind)) for name, kind in _ROW_TYPES.items()}
_DEFAULTS = {f.name: f.default for f in fields(Article) if f.name not in ("id", "title")}

#: Preset dictionary of the compressor: text that most articles share, so that short articles compress as well
#: as long ones. Changing it requires a new format number.
_PRIMER = (
    b"would government president minister company percent million billion people according year years "
    b"officials statement market shares quarter between because through against before after their there "
    b"which about could other were they have been from that with this will said the and for "
    b'"person",0.99,"body"],["direct",null,"indirect","unnamed"],["partial","organisation",'
    b'"language":"en","authors":["section":"tags":["origin":"digest":"cleaner":"story":"annotator":'
    b'"mentions":[["quotes":[["url":"https://www.","source":"published":"2025-20","body":"{"id":"title":"'
)
#: The default compression level of zlib.
_COMPRESSION_LEVEL = 6
_write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: The head of each stored article: a checksum of the rest, and the lengths of its id and title in bytes.
_CHECKSUM, _SIZES, _HEAD = struct.Struct("<I"), struct.Struct("<II"), struct.Struct("<III")
#: Maximum size of an unpacked article in bytes. Searcher never writes larger ones.
_MAX_UNPACKED_BYTES = 1 << 29
#: Gets the start and end from the row of a quotation.
_PLACE = itemgetter(*map(Quote.__match_args__.index, ("start", "end")))
#: Flag in the length of the title: the body is stored in parts that can be unpacked separately.
_IN_PARTS = 1 << 31


class Parts(NamedTuple):
    """The body of a long article: the number of words and characters up to the end of each part, and the end
    of each part in the packed bytes, which are followed by the rest of the article."""

    words: Sequence[int]
    characters: Sequence[int]
    ends: Sequence[int]
    packed: bytes

    def text(self, first: int, stop: int) -> str:
        return _unpack_text(self.packed[self.ends[first - 1] if first else 0 : self.ends[stop - 1]])

    def text_on(self, number: int) -> str:
        """Return a part, and the beginning of the next one if a line continues there."""
        text = self.text(number, number + 1)
        if text.endswith("\n\n") or number + 1 == len(self.ends):
            return text
        return text + self.text(number + 1, number + 2)[:MAX_PASSAGE]

    def text_between(self, start: int, end: int) -> str:
        first = bisect_right(self.characters, start, hi=len(self.ends) - 1)
        last = bisect_left(self.characters, end, first, len(self.ends) - 1)
        before = self.characters[first - 1] if first else 0
        return self.text(first, last + 1)[start - before : end - before]


def pack_article(article: Article, ends: Sequence[int] = (), words: Sequence[int] = ()) -> bytes:
    """Return the bytes of an article, without fields that have default values. ``ends`` and ``words``: the
    end of each part of its body, and the number of words of each."""
    fields = ((name, getattr(article, name)) for name in _DEFAULTS)
    data: dict[str, Any] = {name: value for name, value in fields if value not in (None, "", ())}
    table = b""
    if len(ends) > 1:
        body = data.pop("body")
        packer = _packer()
        parts = [
            packer.compress(encoded(body[start:end])) + packer.flush(zlib.Z_FULL_FLUSH)
            for start, end in pairwise((0, *ends))
        ]
        numbers = (len(ends), *accumulate(words), *ends, *accumulate(map(len, parts)))
        table = struct.pack(f"<{len(numbers)}I", *numbers) + b"".join(parts)
    if article.published:
        data["published"] = format_iso(article.published)
    for name, columns in _ROW_COLUMNS.items():
        if rows := getattr(article, name):
            data[name] = [_without_last(getattr(row, column) for column in columns) for row in rows]
    for row, quote in zip(data.get("quotes", ()), article.quotes):
        if quote.text == article.body[quote.start : quote.end]:
            row[0] = ""
    packer = _packer()
    text = encoded(_write_json(data))
    id, title = encoded(article.id), encoded(article.title)
    sizes = _SIZES.pack(len(id), len(title) | _IN_PARTS * bool(table))
    checked = b"".join((sizes, id, title, table, packer.compress(text), packer.flush()))
    return _CHECKSUM.pack(zlib.crc32(checked)) + checked


def _packer() -> zlib._Compress:
    return zlib.compressobj(_COMPRESSION_LEVEL, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, _PRIMER)


def _unpack_text(packed: bytes) -> str:
    text = zlib.decompressobj(-15, _PRIMER).decompress(packed, _MAX_UNPACKED_BYTES)
    return text.decode("utf-8", "surrogatepass")


def _without_last(values: Iterable[Any]) -> list[Any]:
    """Return the values of a row without trailing None, as most quotations have them."""
    row = list(values)
    while row[-1] is None:
        row.pop()
    return row


def unpack_article(packed: bytes) -> Article:
    """Return the article of these bytes: the inverse of :func:`pack_article`. Raises DECODE_ERRORS."""
    return article_of(unpack_head(packed))


class StoredArticle(Parted, Deferred, Article):
    """An article of an index. Accessing a field for the first time decodes it, and the fields packed with
    it."""

    __slots__ = ("_parts", "_places", "_rest", "_wordless")
    _parts: Parts
    _places: Callable[[SpanExpr], Collection[int] | None]
    _rest: Any
    _wordless: list[Quote]

    @classmethod
    def begun(cls, id: str, title: str | None, rest: object) -> Self:
        """Return an article with these decoded fields. :func:`_unpack_rest` decodes the others."""
        article, set_field = object.__new__(cls), object.__setattr__
        set_field(article, "id", id)
        if title is not None:
            set_field(article, "title", title)
        if isinstance(rest, Parts):
            set_field(article, "_parts", rest)
        set_field(article, "_rest", rest)
        return article

    def eager(self) -> Article:
        return Article(*(getattr(self, name) for name in Article.__match_args__))

    def set_word_lookup(self, places: Callable[[SpanExpr], Collection[int] | None]) -> None:
        """Set the function that returns the words of the body at which a word or phrase may begin, if
        known."""
        object.__setattr__(self, "_places", places)

    def still_packed(self, name: str) -> Any:
        """Return the packed body or the rows of quotations, or None if they are decoded."""
        _ = self.language  # accessing the language unpacks the rest
        return getattr(self, "_rest", {}).get(name)  # a copy with replaced fields has no _rest

    def text_between(self, start: int, end: int) -> str:
        body = self.still_packed("body")
        return body.text_between(start, end) if body else self.body[start:end]

    def _sayings(self) -> Sequence[Quote]:
        if not (rows := self.still_packed("quotes")):
            return self.quotes
        if not hasattr(self, "_wordless"):
            object.__setattr__(self, "_wordless", [Quote(*row) for row in rows])
        return self._wordless

    def parts_containing(self, leaves: Sequence[SpanExpr]) -> list[BodyPart] | None:
        _ = self.title  # accessing the title reads the article
        if not (hasattr(self, "_places") and hasattr(self, "_parts")):
            return None
        parts = self._parts
        masks: dict[int, int] = {}
        for number, leaf in enumerate(leaves):
            if (words := self._places(leaf)) is None:
                return None
            for at in {bisect_right(parts.words, word) for word in words}:
                masks[at] = masks.get(at, 0) | 1 << number
        return [
            BodyPart(
                parts.characters[at - 1] if at else 0,
                parts.characters[at],
                masks[at],
                partial(parts.text_on, at),
            )
            for at in sorted(masks)
        ]

    def quote_at(self, number: int) -> Quote:
        """Return a quotation by its position in the text, without decoding the hundreds that a debate has."""
        if not (rows := self.still_packed("quotes")):
            return quotes_by_position(self.quotes)[number]
        text, *row = sorted(rows, key=_PLACE)[number]
        return Quote(text or self.text_between(row[2], row[3]), *row)

    if not TYPE_CHECKING:  # otherwise mypy would accept any name

        def __getattr__(self, name: str) -> Any:
            """Decode a field, and those packed with it. Several threads may do so simultaneously: they set
            equal values, and ``_rest`` last, when all fields missing from the new rest are set."""
            if name not in Article.__match_args__:
                raise AttributeError(name)
            decoded, rest = _unpack_rest(self._rest, self, name)
            parts = {"_parts": rest} if isinstance(rest, Parts) else {}
            for field, value in {**decoded, **parts, "_rest": rest}.items():
                object.__setattr__(self, field, value)
            return getattr(self, name)


def article_of(head: Head) -> StoredArticle:
    return StoredArticle.begun(head.id, head.title, head.rest)


class Head(NamedTuple):
    """The decoded id and title of an article, and its packed rest."""

    id: str
    title: str
    rest: bytes | Parts


def unpack_head(packed: bytes) -> Head:
    """Return the head of the article of these bytes. Raises DECODE_ERRORS."""
    check, id_size, title_size = _HEAD.unpack_from(packed)
    if check != zlib.crc32(packed[_CHECKSUM.size :]):
        raise ValueError("The article has been altered.")
    title = _HEAD.size + id_size
    rest = title + (title_size & ~_IN_PARTS)
    names = decoded(packed[_HEAD.size : title]), decoded(packed[title:rest])
    if not title_size & _IN_PARTS:
        return Head(*names, packed[rest:])
    count, *_ = struct.unpack_from("<I", packed, rest)
    table = struct.unpack_from(f"<{3 * count}I", packed, rest + 4)
    words, characters, ends = (table[n * count : (n + 1) * count] for n in range(3))
    return Head(*names, Parts(words, characters, ends, packed[rest + 4 + 12 * count :]))


class ArticleHeads(Protocol):
    """A store of articles."""

    def head(self, number: int) -> Head:
        """Return the head of an article. Raises IndexDamaged if it was altered."""
        ...


def lazy_article(id: str, store: ArticleHeads, number: int) -> StoredArticle:
    """Return an article that is read from a store when any field but its id is first accessed."""
    return StoredArticle.begun(id, None, (id, store, number))


def _unpack_rest(
    rest: tuple[str, ArticleHeads, int] | bytes | Parts | dict[str, Any], article: StoredArticle, name: str
) -> tuple[dict[str, Any], Any]:
    """Return decoded fields, and the rest that is left to decode.

    An article that has not been read is read by the first call. The next one decompresses it and returns the
    plain fields and the raw rows of quotations and mentions. Later calls return one field made of them: the
    joined body, Quote or Mention objects. Raises IndexDamaged for invalid data.
    """
    try:
        if isinstance(rest, Parts):
            data, rows = _unpack_fields(rest.packed[rest.ends[-1] :])
            del data["body"]
            return data, {"body": rest, **rows}
        if isinstance(rest, tuple):
            id, store, number = rest
            head = store.head(number)
            if head.id != id:
                raise ValueError("The article has another id.")
            return {"title": head.title}, head.rest
        if isinstance(rest, bytes):
            return _unpack_fields(rest)
        if name not in rest:  # another thread has decoded it meanwhile
            return {}, rest
        left = {other: rest[other] for other in rest if other != name}
        if name == "body":
            return {name: rest[name].text(0, len(rest[name].ends))}, left
        if name == "quotes":
            body = article.body
            left.pop("body", None)
            return {
                name: tuple([Quote(text or body[row[2] : row[3]], *row) for text, *row in rest[name]])
            }, left
        return {name: tuple([Mention(*row) for row in rest[name]])}, left
    except _UNREADABLE as error:
        raise IndexDamaged(
            "The index contains something that is not an article. Rebuild it with: searcher rebuild"
        ) from error


def _unpack_fields(packed: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    data: dict[str, Any] = {**_DEFAULTS, **json.loads(_unpack_text(packed))}
    for name in VALUE_LISTS:
        data[name] = tuple(data[name])
    if data["published"]:
        data["published"] = dt.datetime.fromisoformat(data["published"])
    return data, {name: data.pop(name) for name in _ROW_TYPES if data[name]}


class _ArticleFile(NamedTuple):
    """The file of a segment's articles. ``intact``: it is unchanged since its commit."""

    path: Path
    intact: bool
    deleted: frozenset[int] = frozenset()


def read_undamaged_articles(folder: Path) -> Iterator[Article | IndexDamaged]:
    """Yield all readable articles, and an IndexDamaged for each damaged file. If an id comes twice, the later
    article is the valid one. Raises IndexOutdated for a later format or one before MIN_REBUILDABLE_FORMAT,
    and OSError if a file is only temporarily unreadable."""
    files = list(_article_files(folder))
    return (article for file in files for article in _articles_of_file(file))


def _article_files(folder: Path) -> Iterator[_ArticleFile]:
    if (records := _records(folder)) is None:
        yield from (_ArticleFile(path, intact=False) for path in _paths(folder))
        return
    for record in records:
        name = f"{INDEX_NAME}_{record.id}{ARTICLES}"
        intact = all(_is_sound(folder, file) for file in record.files if file.name == name)
        yield _ArticleFile(folder / name, intact, _deleted(folder, record.deletions))


def _records(folder: Path) -> tuple[SegmentRecord, ...] | None:
    """Return the segments of the latest readable manifest, or None."""
    for generation in reversed(generations(folder) or manifests(folder)):
        try:
            return load_manifest(folder, generation, MIN_REBUILDABLE_FORMAT).segments
        except IndexOutdated:
            raise
        except (IndexDamaged, FileNotFoundError):
            continue
    return None


def _paths(folder: Path) -> list[Path]:
    """Return all files of articles in the order of creation."""

    def order(path: Path) -> tuple[int, int]:
        generation, _, number = path.stem.removeprefix(f"{INDEX_NAME}_").partition("x")
        return int(generation, 16), int(number or "0", 16)

    return sorted(folder.glob(f"{INDEX_NAME}_*x*{ARTICLES}"), key=order)


def _deleted(folder: Path, record: FileRecord | None) -> frozenset[int]:
    """Return the deleted articles. Empty if the file is damaged: restoring a deleted article is better than
    losing one."""
    if record is None or not _is_sound(folder, record):
        return frozenset()
    return frozenset(ArrayFile(folder / record.name).array("deleted"))


def _is_sound(folder: Path, record: FileRecord) -> bool:
    """Return True if a file is unchanged since its commit, False also if the disk fails to read it. Raises
    OSError if the file is only temporarily unreadable."""
    try:
        return is_intact(folder, record)
    except OSError as error:
        if error.errno == errno.EIO:
            return False
        raise


def _articles_of_file(source: _ArticleFile) -> Iterator[Article | IndexDamaged]:
    try:
        file = ArrayFile(source.path)
        ends, packed = file.array("ends"), file.array("articles")
    except (IndexDamaged, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.ENOENT, errno.EISDIR, errno.EIO):
            raise
        yield IndexDamaged(
            f"{source.path} cannot be read: its articles are lost unless their files can be read again."
        )
        return
    start = read = 0
    for number, end in enumerate(ends):
        with suppress(*DECODE_ERRORS):
            article = unpack_article(bytes(packed[start:end]))
            read += 1
            if number not in source.deleted:
                yield article
        start = end
    if not source.intact:
        yield IndexDamaged(
            f"{source.path} has been altered: {read:,} of {len(ends):,} articles could be read."
        )
