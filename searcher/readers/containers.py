"""Archives: what is inside is read as if it lay beside, unless it is a bomb, a trick or a ruin."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from searcher.errors import ReadError
from searcher.readers.base import MAX_DOCUMENT, Event, Options

__all__ = ["CompressedReader", "ZipReader", "member_bytes", "members", "open_member", "open_zip"]

#: The most bytes that one archive may unpack to.
MAX_UNPACKED = 8 * 2**30
#: The most that one byte may unpack to, once more than _SMALL bytes have come out. Text packs 20-fold at
#: best, logs of one repeated line some hundredfold; DEFLATE cannot do better than 1,032.
MAX_RATIO, _SMALL = 200, 16 * 2**20
#: The most files in one archive.
MAX_MEMBERS = 200_000
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    lzma.LZMAError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


class Bounded(io.RawIOBase):
    """A stream that refuses to give more than ``limit`` bytes, and turns a decoder's errors to ReadError."""

    def __init__(self, stream: Any, limit: int, packed: int) -> None:
        self._stream = stream
        self._left = min(limit, max(_SMALL, packed * MAX_RATIO)) if packed else limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except _TROUBLE as error:
            raise ReadError(f"It is damaged or cut short ({_reason(error)}).") from None
        self._left -= len(data)
        if self._left < 0:
            raise ReadError("It unpacks to far more than it should: it may be a bomb.")
        buffer[: len(data)] = data
        return len(data)


class CompressedReader:
    """One compressed file: ``.gz``, ``.bz2``, ``.xz``."""

    suffixes: tuple[str, ...] = (".gz", ".bz2", ".xz")

    def __init__(self, options: Options) -> None:
        self._inside = options.inside

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        start = stream.tell()
        packed = stream.seek(0, io.SEEK_END) - start
        head = (stream.seek(start), stream.read(6), stream.seek(start))[1]
        opened: Any
        if head.startswith(b"\x1f\x8b"):
            opened = gzip.GzipFile(fileobj=stream, mode="rb")
        elif head.startswith(b"BZh"):
            opened = bz2.BZ2File(stream)
        elif head.startswith(b"\xfd7zXZ"):
            opened = lzma.LZMAFile(stream)  # noqa: SIM115  # open as long as the file beneath it
        else:
            raise ReadError("It is not compressed, though its name says so." if head else "It is empty.")
        name = PurePosixPath(origin.rsplit("!", 1)[-1].replace("\\", "/")).name
        inner = name.rsplit(".", 1)[0] if name.lower().endswith(self.suffixes) else name
        yield from self._inside(inner, io.BufferedReader(Bounded(opened, MAX_UNPACKED, packed)))


class ZipReader:
    """Every file in a ``.zip`` that some reader takes."""

    suffixes: tuple[str, ...] = (".zip",)

    def __init__(self, options: Options) -> None:
        self._inside = options.inside

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            for member in members(archive):
                yield from self._member(archive, member)

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Event]:
        name = member.filename
        try:
            with open_member(archive, member) as opened:
                yield from self._inside(name, opened)
        except ReadError as error:
            yield ReadError(f"{name}: {error}")


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """Raises ReadError when it is no readable zip file or holds too much."""
    try:
        archive = zipfile.ZipFile(stream)
    except _TROUBLE as error:
        raise ReadError(f"It is damaged or cut short ({_reason(error)}).") from None
    found = archive.infolist()
    if len(found) > MAX_MEMBERS:
        raise ReadError(f"It holds more than {MAX_MEMBERS:,} files.")
    if sum(member.file_size for member in found) > MAX_UNPACKED:
        raise ReadError(f"It unpacks to more than {MAX_UNPACKED // 2**30} GB: it may be a bomb.")
    return archive


def members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Its files, without folders and the debris that systems leave in archives."""
    for member in archive.infolist():
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if not member.is_dir() and "__MACOSX" not in path.parts and not path.name.startswith("."):
            yield member


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    """A bounded stream over one file of an archive. Raises ReadError."""
    if member.flag_bits & 0x1:
        raise ReadError("It is encrypted.")
    try:
        opened = archive.open(member)
    except _TROUBLE as error:
        raise ReadError(f"It is damaged ({_reason(error)}).") from None
    return io.BufferedReader(Bounded(opened, MAX_UNPACKED, member.compress_size))


def member_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of one file of an archive. Raises ReadError where it is missing or too long."""
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise ReadError(f"“{name}” is missing in it.") from None
    with open_member(archive, member) as opened:
        data = opened.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise ReadError(f"“{name}” is too large for one document.")
    return data
