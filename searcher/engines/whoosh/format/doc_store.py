"""Articles as they are kept, one by one: id and title, then all else as compact JSON, compressed.

Whatever is read is checked whole. Only what a list of hits needs is unpacked at once, the rest when it is
first read: of a question for two words, unpacking ten articles took a quarter of the time.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
import zlib
from dataclasses import fields
from typing import Any

from searcher.article import Article, Mention, Quote, iso
from searcher.engines.whoosh.format.layout import encoded
from searcher.errors import IndexDamaged

__all__ = ["ALTERED", "pack_article", "unpack_article"]

#: What :func:`unpack_article` raises for what is not as it was packed.
ALTERED = (struct.error, ValueError)
_UNREADABLE = (zlib.error, ValueError, TypeError, KeyError, IndexError, OverflowError)

_ROWS = {"mentions": Mention, "quotes": Quote}
_NAMES = {name: tuple(f.name for f in fields(kind)) for name, kind in _ROWS.items()}
_LISTS = ("authors", "tags")
_DEFAULTS = {f.name: f.default for f in fields(Article) if f.name not in ("id", "title")}

#: What most articles share: fed to the compressor beforehand, so that short articles compress as well as long
#: ones (a fifth smaller on newswire of 130 words). Part of the format: changing it needs a new format number.
_PRIMER = (
    b"would government president minister company percent million billion people according year years "
    b"officials statement market shares quarter between because through against before after their there "
    b"which about could other were they have been from that with this will said the and for "
    b'"person",0.99,"body"],["direct",null,"indirect","unnamed"],["partial","organisation",'
    b'"language":"en","authors":["section":"tags":["origin":"digest":"cleaner":"story":"annotator":'
    b'"mentions":[["quotes":[["url":"https://www.","source":"published":"2025-20","body":"{"id":"title":"'
)
#: zlib's own default.
_LEVEL = 6
_write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
#: Before each article: a checksum of all that follows (of 71 bits flipped in articles, 18 gave other text
#: that nobody noticed without it), and the bytes of its id and title.
_CHECK, _SIZES, _HEAD = struct.Struct("<I"), struct.Struct("<II"), struct.Struct("<III")
#: No article unpacks to more bytes: what claims to is no article of ours.
_MOST = 1 << 29


def pack_article(article: Article) -> bytes:
    """The article without its defaults."""
    data: dict[str, Any] = {
        name: value for name in _DEFAULTS if (value := getattr(article, name)) not in (None, "", ())
    }
    if article.published:
        data["published"] = iso(article.published)
    for name, columns in _NAMES.items():
        if rows := getattr(article, name):
            data[name] = [[getattr(row, column) for column in columns] for row in rows]
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, _PRIMER)
    text = encoded(_write_json(data))
    id, title = encoded(article.id), encoded(article.title)
    sizes = _SIZES.pack(len(id), len(title))
    checked = b"".join((sizes, id, title, packer.compress(text), packer.flush()))
    return _CHECK.pack(zlib.crc32(checked)) + checked


def unpack_article(packed: bytes) -> Article:
    """The inverse of :func:`pack_article`. Raises one of ALTERED if that is what it is."""
    check, id_size, title_size = _HEAD.unpack_from(packed)
    if check != zlib.crc32(packed[_CHECK.size :]):
        raise ValueError("The article is altered.")
    title = _HEAD.size + id_size
    rest = title + title_size
    return Article.deferred(
        packed[_HEAD.size : title].decode("utf-8", "surrogatepass"),
        packed[title:rest].decode("utf-8", "surrogatepass"),
        _unpack_more,
        packed[rest:],
    )


def _unpack_more(rest: bytes | dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of what is compressed all fields but id, title and :data:`_ROWS`, and the rows of these; of the rows,
    these. Raises IndexDamaged for what was never packed here."""
    try:
        if isinstance(rest, bytes):
            return _unpack_fields(rest)
        return {name: tuple([_ROWS[name](*row) for row in rows]) for name, rows in rest.items()}, {}
    except _UNREADABLE as error:
        raise IndexDamaged(
            "The index holds what is no article. Make it anew with: searcher rebuild"
        ) from error


def _unpack_fields(packed: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    text = zlib.decompressobj(-15, _PRIMER).decompress(packed, _MOST)
    data: dict[str, Any] = {**_DEFAULTS, **json.loads(text.decode("utf-8", "surrogatepass"))}
    for name in _LISTS:
        data[name] = tuple(data[name])
    if data["published"]:
        data["published"] = dt.datetime.fromisoformat(data["published"])
    return data, {name: data.pop(name) for name in _ROWS if data[name]}
