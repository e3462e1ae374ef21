"""Files of named arrays, which are written once and then mapped into memory, and the arrays of a segment.

**Words.** Postings are stored by stem group, with the variant at each position (docs/inside-the-index.md).
Some array names are older than the terms of the code: *families* are stem groups, *members* variants, *held*
flags of present tokens, *bases* the position offsets of documents, *places* indices.

========================  =====================================================================
``lexicon.tokens``        the tokens, by stem group: their forms joined by line feeds, in UTF-8
``lexicon.families``      the first token of each stem group, and the number of tokens
``lexicon.forms``         the forms, sorted; ``form_starts``, ``form_tokens``: the tokens of each
``lexicon.buckets``       a hash table: the numbers of the forms, grouped by the last bits of their CRC-32;
                          ``bucket_starts``: the start of each group
``F.starts``              for F among text, title, quotes: the start of each group's postings
``F.docs``, ``F.tf``      the documents of each group, ascending, and the number of its positions in each
``F.position_starts``     the start of each group's positions
``F.positions``           the positions, by group, ascending. They are numbered consecutively through all
                          documents of the segment, so that phrases are found by positions alone
``F.bases``               the position offset of each document; one number is skipped between documents
``F.members``             the variant at each position, counted from 0
``F.held``                for each token 1 if it occurs in the field
``title.places``          for each posting of the title the index of its document among the postings of its
                          group in the text, counted from 0
========================  =====================================================================

**Values.** For each value field V: ``V.terms`` sorted, ``V.starts`` and ``V.docs`` (the documents of each
value), ``V.value_starts`` and ``V.values`` (the values of each document). Every term list has ``ends``.

**Utterances.** An utterance is identified by its first quotation (:mod:`searcher.engines.whoosh.statements`).

========================  =====================================================================
``utterance.words``       checksums of the words of all utterances; ``starts``: the start of the words of each
                          quotation (later parts of an utterance have none), and the end of the last
``utterance.traces``      the traces of the utterances, sorted: checksum × 2³² + number of the quotation
========================  =====================================================================

**Columns**, one entry an article: ``length`` (words of title and body), ``body_length``, ``when`` (seconds on
the publisher's clock), ``quote_starts`` (its first quotation; finally the number of quotations); one entry a
quotation: ``quote_article``, ``quote_length``, ``quote_kind``, ``quote_confidence``; ``quote_back``
(the distance from the first part of its utterance), ``quote_surest`` (for a first part: the distance to the
part with the highest confidence), ``quote_speaker_kind``.
"""

from __future__ import annotations

import datetime as dt
import json
import mmap
import os
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, Protocol, Self
from weakref import finalize

from searcher.article import Quote, SpeakerKind
from searcher.errors import IndexDamaged
from searcher.fields import FIELDS, QUOTE_FIELDS, Kind
from searcher.files import create_file, open_file, open_for_update
from searcher.query.tree import Range

MAGIC = b"ARRAYS01"
_TAIL = struct.Struct("<QI8s")  # offset and length of the directory, then the magic again
#: Size of an element in bytes, by typecode of the ``array`` and ``struct`` modules.
SIZES = {"B": 1, "H": 2, "I": 4, "Q": 8, "q": 8, "d": 8}

if sys.byteorder != "little":  # pragma: no cover
    raise ImportError("The index is stored little-endian, which this machine is not.")


class ArrayWriter:
    """Writes arrays one after another. Only the data of the current call is in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = create_file(path)
        self._file.write(MAGIC)
        self._offset = len(MAGIC)
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._open: tuple[str, str, int] | None = None
        self._regions: list[Region] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Delete an unfinished file."""
        if kind is not None:
            self.abandon()

    def add(self, name: str, typecode: str, data: Any) -> None:
        """Write one whole array: bytes, or anything with the buffer protocol of that type."""
        self.begin(name, typecode)
        self.write(data)

    def begin(self, name: str, typecode: str) -> None:
        """Begin an array. Its elements are added by :meth:`write`."""
        self._end()
        padding = -self._offset % 8
        self._file.write(bytes(padding))
        self._offset += padding
        self._open = (name, typecode, self._offset)

    def write(self, data: Any) -> None:
        """Append elements to the current array."""
        raw = memoryview(data).cast("B") if len(data) else b""
        self._file.write(raw)
        self._offset += len(raw)

    def reserve(self, name: str, typecode: str, count: int) -> Region:
        """Reserve an array of ``count`` elements, which is filled while other arrays are written."""
        self.begin(name, typecode)
        start = self._offset
        self._file.seek(count * SIZES[typecode], os.SEEK_CUR)
        self._offset += count * SIZES[typecode]
        self._regions.append(Region(self._path, start))
        return self._regions[-1]

    def reader(self, name: str) -> Callable[[int, int], memoryview]:
        """Return a function that reads elements ``[begin:end]`` of a written array."""
        self._end()
        self._file.flush()
        typecode, start, _ = self._directory[name]
        size = SIZES[typecode]

        def read(begin: int, end: int) -> memoryview:
            with self._path.open("rb", buffering=0) as file:
                file.seek(start + begin * size)
                return memoryview(file.read((end - begin) * size)).cast(typecode)  # type: ignore[call-overload, no-any-return]

        return read

    def close(self, about: dict[str, Any]) -> None:
        """Finish the file. ``about``: any JSON object, which :attr:`ArrayFile.about` returns. Does not flush
        the file to disk: see :func:`searcher.files.flush_file`."""
        self._end()
        directory = json.dumps({"arrays": self._directory, "about": about}, separators=(",", ":")).encode()
        self._file.write(directory)
        self._file.write(_TAIL.pack(self._offset, len(directory), MAGIC))
        self._file.close()

    def abandon(self) -> None:
        """Close and delete the unfinished file. Even closing may fail if the disk is full."""
        for region in self._regions:
            with suppress(OSError):
                region.close()
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _end(self) -> None:
        if self._open:
            name, typecode, start = self._open
            self._directory[name] = (typecode, start, (self._offset - start) // SIZES[typecode])
            self._open = None


class Region:
    """An array of a file that is filled independently of the file's writer."""

    def __init__(self, path: Path, start: int) -> None:
        self._file = open_for_update(path)
        self._file.seek(start)

    def write(self, data: Any) -> None:
        if len(data):
            self._file.write(memoryview(data).cast("B"))

    def close(self) -> None:
        self._file.close()


class Arrays(Protocol):
    """Named arrays, in a file or in memory."""

    def array(self, name: str) -> memoryview: ...


class ArrayFile:
    """A finished file, mapped into memory. It remains readable while any of its arrays is in use, even if it
    is deleted."""

    def __init__(self, path: Path) -> None:
        """Raises IndexDamaged if the file is not a complete file of arrays, and FileNotFoundError."""
        self.path = path
        with open_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size < len(MAGIC) + _TAIL.size:
                raise IndexDamaged(f"{path.name} is cut short.")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._view = memoryview(self._map)
        start, length, magic = _TAIL.unpack(self._view[-_TAIL.size :])
        if magic != MAGIC or bytes(self._view[: len(MAGIC)]) != MAGIC or start + length + _TAIL.size != size:
            raise IndexDamaged(f"{path.name} is cut short or altered.")
        try:
            contents = json.loads(bytes(self._view[start : start + length]))
            self._directory: dict[str, tuple[str, int, int]] = contents["arrays"]
            self.about: dict[str, Any] = contents["about"]
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"The directory of {path.name} has been altered.") from error

    def array(self, name: str) -> memoryview:
        """Return the array of this name. Raises IndexDamaged if it is missing from the directory."""
        try:
            typecode, start, count = self._directory[name]
            whole = self._view[start : start + count * SIZES[typecode]]
            return whole.cast(typecode)  # type: ignore[call-overload, no-any-return]  # from the table
        except (KeyError, ValueError, TypeError) as error:
            raise IndexDamaged(f"{self.path.name} has no valid array “{name}”.") from error

    def reader(self, name: str) -> Callable[[int, int], bytes]:
        """Return a function that reads bytes ``[begin:end]`` of an array of bytes. It reads the file instead
        of the map: for scattered ranges, this is three times as fast as mapping a page."""
        array = self.array(name)
        if not hasattr(os, "pread"):  # pragma: no cover
            return lambda begin, end: bytes(array[begin:end])
        start = self._directory[name][1]
        file = open_file(self.path)
        number = file.fileno()

        def read(begin: int, end: int) -> bytes:
            return os.pread(number, end - begin, start + begin)

        finalize(read, file.close)
        return read

    def release(self) -> None:
        """Release the pages read so far, so that they do not count as memory of this process. They are read
        again when needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


#: Suffixes of a segment's two files, which contain its arrays and its stored articles.
ARRAYS, ARTICLES = ".arr", ".art"
QUOTES = "quotes"
#: Text fields: the title and body joined, the title, and the words of quotations.
WORDS = ("text", "title", QUOTES)
#: Value fields of articles.
VALUES = tuple(f.name for f in FIELDS if f.kind is Kind.VALUES)
#: Value fields of quotations: speaker, role and party. Their names differ from those of article fields.
QUOTE_VALUES = tuple(QUOTE_FIELDS.values())
#: All value fields. The ids of articles are stored as values too.
ALL_VALUES = (*VALUES, "id", *QUOTE_VALUES)
#: Minimum distance between a document's offset and the positions of its body in the joined field. A segment
#: with longer titles uses a higher power of two, so that a position shows whether a word is in the title.
MIN_BODY_OFFSET = 256
#: The version of :mod:`searcher.analysis` that produced the terms.
ANALYSIS = 6
NO_DATE = -(1 << 63)  # the lowest 64-bit number, below every date
#: Kinds of quotations. The stored code is the index in this tuple.
KINDS = ("direct", "partial", "indirect", "speech")
#: Kinds of speakers. The stored code is the index in this tuple.
SPEAKER_KINDS: tuple[SpeakerKind | None, ...] = (None, "person", "organisation", "unnamed")
FORM_SEPARATOR = "\n"

#: The encoding of terms. Lone surrogates, which JSON may contain, are preserved.
ENCODING = "utf-8", "surrogatepass"


def encoded(text: str) -> bytes:
    return text.encode(*ENCODING)


def decoded(term: bytes) -> str:
    """Return the text of a term: the inverse of :func:`encoded`."""
    return term.decode(*ENCODING)


_PLACE = attrgetter("start", "end")
_EPOCH = dt.datetime(1, 1, 1)
DAY_SECONDS = 86_400
#: A number greater than any value of a column.
_UNBOUNDED = 1 << 62


def seconds(moment: dt.datetime | None) -> int:
    """Return the seconds since the year 1 on the publisher's clock, or NO_DATE for None."""
    if moment is None:
        return NO_DATE
    elapsed = moment - _EPOCH
    return elapsed.days * DAY_SECONDS + elapsed.seconds


def column_range(bounds: Range) -> tuple[int, int]:
    """Return the range of column values within the bounds: the first value, and the end, which is excluded.
    Undated articles are outside all ranges of dates."""
    low, high = bounds.low, bounds.high
    if bounds.field == "length":
        return (int(low) if isinstance(low, int) else 0, high + 1 if isinstance(high, int) else _UNBOUNDED)
    return (
        _midnight(low) if isinstance(low, dt.date) else NO_DATE + 1,
        _midnight(high) + DAY_SECONDS if isinstance(high, dt.date) else _UNBOUNDED,
    )


def _midnight(day: dt.date) -> int:
    return seconds(dt.datetime(day.year, day.month, day.day))


def quotes_by_position(quotes: Sequence[Quote]) -> list[Quote]:
    """Return quotations in the order of the text, which is their order in the index."""
    return sorted(quotes, key=_PLACE)


#: Number of terms per read from the file.
_TERMS_PER_READ = 1024


class TermList:
    """A list of texts, sorted and numbered from 0 by their bytes. A term is the bytes of a text."""

    def __init__(self, file: Arrays, name: str) -> None:
        self._blob = file.array(name)
        self.ends = file.array(f"{name}.ends")

    def __len__(self) -> int:
        return len(self.ends)

    def term(self, number: int) -> bytes:
        start = self.ends[number - 1] if number else 0
        return self._blob[start : self.ends[number]].tobytes()

    def terms(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the terms ``[start:stop]`` in order, reading them block by block."""
        stop = len(self) if stop is None else stop
        for begin in range(start, stop, _TERMS_PER_READ):
            end = min(begin + _TERMS_PER_READ, stop)
            first = self.ends[begin - 1] if begin else 0
            blob = bytes(self._blob[first : self.ends[end - 1]])
            edges = [0, *(edge - first for edge in self.ends[begin:end])]
            yield from (blob[a:b] for a, b in pairwise(edges))

    def text(self, number: int) -> str:
        return self.term(number).decode(*ENCODING)

    def texts(self, start: int = 0, stop: int | None = None) -> Iterator[str]:
        """Yield the texts ``[start:stop]`` in order."""
        return (term.decode(*ENCODING) for term in self.terms(start, stop))

    def lower_bound(self, term: bytes) -> int:
        """Return the number of the first term that is not lower than ``term``."""
        blob, ends = self._blob, self.ends
        low, high = 0, len(ends)
        while low < high:  # bisect_left with a key takes nearly twice as long
            middle = (low + high) // 2
            is_below = blob[ends[middle - 1] if middle else 0 : ends[middle]].tobytes() < term
            low, high = (middle + 1, high) if is_below else (low, middle)
        return low

    def find(self, text: str) -> int:
        """Return the number of a text, or -1."""
        term = text.encode(*ENCODING)
        number = self.lower_bound(term)
        return number if number < len(self) and self.term(number) == term else -1

    def prefix_range(self, prefix: str) -> tuple[int, int]:
        """Return the range ``(first, end)`` of the texts with this prefix."""
        stop = start = prefix.encode(*ENCODING)
        first = self.lower_bound(start)
        if first == len(self) or not self.term(first).startswith(start):
            return first, first  # a shortcut for the usual case: most groups of names have no such text
        while stop and stop[-1] == 0xFF:
            stop = stop[:-1]
        return first, self.lower_bound(stop[:-1] + bytes([stop[-1] + 1])) if stop else len(self)
