"""The store of articles: each as id and title, then its other fields as compact JSON, compressed.

Every article read is checked whole against its checksum. Id and title, which a list of hits needs, are
decoded at once, the other fields when one of them is first read: unpacking ten articles took a quarter of the
time of a query for two words. One of the thousands that carry a statement is read when more of it is wanted
than its id. Of a damaged index every article can be had that can still be read (:func:`salvage`).
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

from searcher.article import MAX_PASSAGE, VALUE_LISTS, Article, Mention, Quote, iso
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

#: The errors that :func:`unpack_head` raises for bytes that are not as they were packed.
DECODE_ERRORS = (struct.error, ValueError)
_UNREADABLE = (zlib.error, struct.error, ValueError, TypeError, KeyError, IndexError, OverflowError)

_ROW_TYPES = {"quotes": Quote, "mentions": Mention}
_ROW_COLUMNS = {name: tuple(f.name for f in fields(kind)) for name, kind in _ROW_TYPES.items()}
_DEFAULTS = {f.name: f.default for f in fields(Article) if f.name not in ("id", "title")}

#: The preset dictionary of the compressor: text that most articles share, so that short articles compress as
#: well as long ones (a fifth smaller on newswire of 130 words). It is part of the format: changing it needs a
#: new format number.
_PRIMER = (
    b"would government president minister company percent million billion people according year years "
    b"officials statement market shares quarter between because through against before after their there "
    b"which about could other were they have been from that with this will said the and for "
    b'"person",0.99,"body"],["direct",null,"indirect","unnamed"],["partial","organisation",'
    b'"language":"en","authors":["section":"tags":["origin":"digest":"cleaner":"story":"annotator":'
    b'"mentions":[["quotes":[["url":"https://www.","source":"published":"2025-20","body":"{"id":"title":"'
)
#: zlib's own default.
_COMPRESSION_LEVEL = 6
_write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: The head of each article: a checksum of all that follows (without it, 18 of 71 flipped bits gave other text
#: that nobody noticed), and the lengths in bytes of its id and title.
_CHECKSUM, _SIZES, _HEAD = struct.Struct("<I"), struct.Struct("<II"), struct.Struct("<III")
#: Bytes that an article may unpack to; what unpacks to more was not written by Searcher.
_MAX_UNPACKED_BYTES = 1 << 29
#: Of a row of a quotation, where it starts and ends.
_PLACE = itemgetter(*map(Quote.__match_args__.index, ("start", "end")))
#: Set in the length of the title where the body is apart, in parts that are unpacked one by one.
_IN_PARTS = 1 << 31


class Parts(NamedTuple):
    """The body of a long article: how many words and characters stand before the end of each part, and where
    in the packed bytes it ends. What follows these is the rest of the article."""

    words: Sequence[int]
    characters: Sequence[int]
    ends: Sequence[int]
    packed: bytes

    def text(self, first: int, stop: int) -> str:
        return _unpacked(self.packed[self.ends[first - 1] if first else 0 : self.ends[stop - 1]])

    def text_on(self, number: int) -> str:
        """Return a part, with what follows if the line goes on there: a passage may end in it."""
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
    """Return the bytes of an article; fields with their default values are left out. ``ends`` and ``words``:
    where the parts of its body end, and how many words each has."""
    given = ((name, getattr(article, name)) for name in _DEFAULTS)
    data: dict[str, Any] = {name: value for name, value in given if value not in (None, "", ())}
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
        data["published"] = iso(article.published)
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


def _unpacked(packed: bytes) -> str:
    text = zlib.decompressobj(-15, _PRIMER).decompress(packed, _MAX_UNPACKED_BYTES)
    return text.decode("utf-8", "surrogatepass")


def _without_last(values: Iterable[Any]) -> list[Any]:
    """Return the values of a row without the last ones that are None: what records alone tell."""
    row = list(values)
    while row[-1] is None:
        row.pop()
    return row


def unpack_article(packed: bytes) -> Article:
    """Return the article of these bytes: the inverse of :func:`pack_article`. Raises one of DECODE_ERRORS."""
    return article_of(unpack_head(packed))


class StoredArticle(Parted, Deferred, Article):
    """An article of an index. The first access to a field that is not set decodes it, with those packed
    with it."""

    __slots__ = ("_parts", "_places", "_rest", "_wordless")
    _parts: Parts
    _places: Callable[[SpanExpr], Collection[int] | None]
    _rest: Any
    _wordless: list[Quote]

    @classmethod
    def begun(cls, id: str, title: str | None, rest: object) -> Self:
        """Return an article of which this is decoded; :func:`_unpack_rest` decodes the rest."""
        article, give = object.__new__(cls), object.__setattr__
        give(article, "id", id)
        if title is not None:
            give(article, "title", title)
        if isinstance(rest, Parts):
            give(article, "_parts", rest)
        give(article, "_rest", rest)
        return article

    def whole(self) -> Article:
        return Article(*(getattr(self, name) for name in Article.__match_args__))

    def find_by(self, places: Callable[[SpanExpr], Collection[int] | None]) -> None:
        """Tell by what words of the body a word or phrase may begin, if that is known."""
        object.__setattr__(self, "_places", places)

    def still_packed(self, name: str) -> Any:
        """Return the packed body, or the rows of quotations; None once they are made."""
        _ = self.language  # decoded now
        return getattr(self, "_rest", {}).get(name)  # none where a field was replaced

    def text_between(self, start: int, end: int) -> str:
        body = self.still_packed("body")
        return body.text_between(start, end) if body else self.body[start:end]

    def _sayings(self) -> Sequence[Quote]:
        if not (rows := self.still_packed("quotes")):
            return self.quotes
        if not hasattr(self, "_wordless"):
            object.__setattr__(self, "_wordless", [Quote(*row) for row in rows])
        return self._wordless

    def parts_with(self, leaves: Sequence[SpanExpr]) -> list[BodyPart] | None:
        _ = self.title  # read now
        if not (hasattr(self, "_places") and hasattr(self, "_parts")):
            return None
        parts = self._parts
        masks: dict[int, int] = {}
        for number, leaf in enumerate(leaves):
            if (found := self._places(leaf)) is None:
                return None
            for at in {bisect_right(parts.words, place) for place in found}:
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
        """Return a quotation by its position in the text, without the others: a debate has hundreds."""
        if not (rows := self.still_packed("quotes")):
            return quotes_by_position(self.quotes)[number]
        text, *row = sorted(rows, key=_PLACE)[number]
        return Quote(text or self.text_between(row[2], row[3]), *row)

    if not TYPE_CHECKING:  # a name that is no field stays a type error

        def __getattr__(self, name: str) -> Any:
            """Decode the field, and those packed with it. Threads may do so at once: all set the same,
            and ``_rest`` last, so that what the new remainder lacks is already set."""
            if name not in Article.__match_args__:
                raise AttributeError(name)
            found, rest = _unpack_rest(self._rest, self, name)
            parts = {"_parts": rest} if isinstance(rest, Parts) else {}
            for field, value in {**found, **parts, "_rest": rest}.items():
                object.__setattr__(self, field, value)
            return getattr(self, name)


def article_of(head: Head) -> StoredArticle:
    return StoredArticle.begun(head.id, head.title, head.rest)


class Head(NamedTuple):
    """What is decoded of an article at once, and what is left to decode."""

    id: str
    title: str
    rest: bytes | Parts


def unpack_head(packed: bytes) -> Head:
    """Return the head of the article of these bytes. Raises one of DECODE_ERRORS."""
    check, id_size, title_size = _HEAD.unpack_from(packed)
    if check != zlib.crc32(packed[_CHECKSUM.size :]):
        raise ValueError("The article is altered.")
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
    """Where articles are kept."""

    def head(self, number: int) -> Head:
        """Return the head of an article. Raises IndexDamaged if it is not as it was written."""
        ...


def article_later(id: str, store: ArticleHeads, number: int) -> StoredArticle:
    """Return the article of this id, which is read from a store when more of it is first wanted."""
    return StoredArticle.begun(id, None, (id, store, number))


def _unpack_rest(
    rest: tuple[str, ArticleHeads, int] | bytes | Parts | dict[str, Any], article: StoredArticle, name: str
) -> tuple[dict[str, Any], Any]:
    """Return decoded fields, and what is left to decode.

    A first call decompresses: it returns the plain fields and the raw rows of quotations and mentions. Those
    that follow, given these rows, return those of this name: a body in parts, Quote or Mention objects. An
    article not read yet is read by a call before all these. Raises IndexDamaged for what was never packed.
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
                raise ValueError("It is another article.")
            return {"title": head.title}, head.rest
        if isinstance(rest, bytes):
            return _unpack_fields(rest)
        if name not in rest:  # another thread has decoded it since it was asked
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
            "The index holds what is no article. Make it anew with: searcher rebuild"
        ) from error


def _unpack_fields(packed: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    data: dict[str, Any] = {**_DEFAULTS, **json.loads(_unpacked(packed))}
    for name in VALUE_LISTS:
        data[name] = tuple(data[name])
    if data["published"]:
        data["published"] = dt.datetime.fromisoformat(data["published"])
    return data, {name: data.pop(name) for name in _ROW_TYPES if data[name]}


class _ArticleFile(NamedTuple):
    """The articles of one segment; ``intact``: the file is as it was committed."""

    path: Path
    intact: bool
    deleted: frozenset[int] = frozenset()


def salvage(folder: Path) -> Iterator[Article | IndexDamaged]:
    """Yield every article that can be read, and an IndexDamaged for each file that is damaged. Where an id
    comes twice, the later article is the valid one. Raises IndexOutdated for an index of a later format, and
    of one before MIN_REBUILDABLE_FORMAT, and OSError where a file may be read another time."""
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
    """Return the segments of the latest manifest that can be read, None where there is none."""
    for generation in reversed(generations(folder) or manifests(folder)):
        try:
            return load_manifest(folder, generation, MIN_REBUILDABLE_FORMAT).segments
        except IndexOutdated:
            raise
        except (IndexDamaged, FileNotFoundError):
            continue
    return None


def _paths(folder: Path) -> list[Path]:
    """Return all files of articles, in the order in which they were made."""

    def order(path: Path) -> tuple[int, int]:
        generation, _, number = path.stem.removeprefix(f"{INDEX_NAME}_").partition("x")
        return int(generation, 16), int(number or "0", 16)

    return sorted(folder.glob(f"{INDEX_NAME}_*x*{ARTICLES}"), key=order)


def _deleted(folder: Path, record: FileRecord | None) -> frozenset[int]:
    """Return the deleted articles, none if that file is damaged: one article too many is better than one too
    few."""
    if record is None or not _is_sound(folder, record):
        return frozenset()
    return frozenset(ArrayFile(folder / record.name).array("deleted"))


def _is_sound(folder: Path, record: FileRecord) -> bool:
    """Tell whether a file is as it was committed, which one is not that the disk fails to read. Raises
    OSError where another time it may be read."""
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
        yield IndexDamaged(f"{source.path} cannot be read: the articles in it that no file gives are lost.")
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
        yield IndexDamaged(f"{source.path} is altered: {read:,} of {len(ends):,} articles could be read.")
