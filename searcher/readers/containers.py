"""Read archives. Members are treated like files in a folder; archive bombs, path tricks and damaged archives
are rejected."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Self, cast

from searcher.errors import ReadError
from searcher.readers import manifests
from searcher.readers.base import (
    MAX_DOCUMENT,
    Event,
    FormatReader,
    MemberReader,
    SiblingReader,
    import_optional,
    inner_path,
    report_progress,
)

#: Maximum unpacked size of an archive in bytes.
MAX_UNPACKED_BYTES = 8 * 2**30
#: Maximum ratio of unpacked to packed size, judged after this many bytes: text packs 20-fold, logs a few
#: hundredfold.
MAX_RATIO, _MIN_JUDGED_BYTES = 200, 16 * 2**20
_MIN_WHOLE_BYTES = (
    128 * 2**20
)  # the same for whole archives: small ones with many similar texts pack very well
#: Maximum number of files in one archive.
MAX_MEMBERS = 200_000
#: Maximum size of a zip file's end record, and minimum size of a directory entry including the name.
_MAX_ENDING_BYTES, _ENTRY_BYTES = 2**16 + 200, 46 + 64
_MAX_BYTES_IN_MEMORY = 32 * 2**20  # maximum for 7z archives; larger ones are unpacked to disk
ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, lzma.LZMAError, OSError, RuntimeError, ValueError)


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size


class Allowance:
    """Limits the unpacked size, of a member also as part of the ``whole`` archive."""

    def __init__(self, packed: int, whole: Allowance | None = None) -> None:
        least = _MIN_JUDGED_BYTES if whole else _MIN_WHOLE_BYTES
        self._left = min(MAX_UNPACKED_BYTES, max(least, packed * MAX_RATIO))
        self._whole = whole

    def take(self, size: int) -> None:
        """Count unpacked bytes. Raises ReadError beyond the limit."""
        self._left -= size
        if self._whole is not None:
            self._whole.take(size)
        if self.is_spent:
            raise ReadError("It unpacks to far more than it should: it may be a bomb.")

    @property
    def is_spent(self) -> bool:
        return self._left < 0


class BoundedStream(io.RawIOBase):
    """A stream with limited size that converts a decoder's errors to ReadError."""

    def __init__(self, stream: Any, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except ARCHIVE_ERRORS as error:
            raise ReadError(f"It is damaged or cut short ({_reason(error)}).") from None
        self._allowance.take(len(data))
        buffer[: len(data)] = data
        return len(data)


#: Endings of compressed files, and the ending of their content.
COMPRESSED = dict.fromkeys((".gz", ".bz2", ".xz"), "") | dict.fromkeys(
    (".tgz", ".tbz", ".tbz2", ".txz"), ".tar"
)


class CompressedReader(FormatReader):
    """Reads a single compressed file: ``.gz``, ``.bz2``, ``.xz``."""

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        packed = _size(stream)
        head = stream.read(6)
        stream.seek(0)
        opened: Any
        if head.startswith(b"\x1f\x8b"):
            opened = gzip.GzipFile(fileobj=stream, mode="rb")
        elif head.startswith(b"BZh"):
            opened = bz2.BZ2File(stream)
        elif head.startswith(b"\xfd7zXZ"):
            opened = lzma.LZMAFile(stream)  # noqa: SIM115
        else:
            raise ReadError("It is not compressed, though its name says so." if head else "It is empty.")
        name = inner_path(origin).name
        stem, _, ending = name.rpartition(".")
        suffix = COMPRESSED.get(f".{ending.lower()}")
        inner = name if suffix is None else f"{stem}{suffix}"
        bounded = BoundedStream(opened, Allowance(packed, Allowance(packed)))
        yield from self.options.read_member(inner, io.BufferedReader(bounded))


def unpacked_stream(stream: BinaryIO) -> BinaryIO:
    """Return the content of a gzip file. Reading it raises ReadError if it is damaged or a bomb."""
    allowance = Allowance(_size(stream))
    return io.BufferedReader(BoundedStream(gzip.GzipFile(fileobj=stream, mode="rb"), allowance))


class ZipReader(FormatReader):
    """Reads every supported file in a ``.zip``."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        with open_zip(stream) as archive:
            names = [member.filename for member in members(archive)]
            issues = _Issues(names, lambda name: open_member(archive, archive.getinfo(name)))
            for member in members(archive):
                if not issues.joins(member.filename):
                    opened = partial(open_member, archive, member)
                    yield from _member(self.options.read_member, member.filename, opened, issues)
                if archive.allowance.is_spent:
                    return


def _member(
    inside: MemberReader, name: str, opened: Callable[[], BinaryIO], issues: _Issues
) -> Iterator[Event]:
    try:
        with opened() as stream:
            yield from events_within(name, inside(name, stream, issues.sibling_reader(name)))
    except ReadError as error:
        yield ReadError(f"{name}: {error}")


class _Issues:
    """The manifests in an archive, and the pages that are read together with them."""

    def __init__(self, names: Iterable[str], opened: Callable[[str], BinaryIO]) -> None:
        self._opened = opened
        issues = list(filter(manifests.is_manifest, names))
        self._pages = {
            _relative_path(name, page)
            for name in issues
            for page in manifests.pages_in(name, self._bytes(name) or b"")
        }

    def joins(self, name: str) -> bool:
        """Return True if a file is a page of an issue and not an article."""
        if name in self._pages:
            with suppress(KeyError, ReadError), self._opened(name) as opened:
                return manifests.is_page(opened.read(4096))
        return False

    def sibling_reader(self, name: str) -> SiblingReader | None:
        """Give access to the neighbours of a file if it is a manifest."""
        return (lambda path: self._bytes(_relative_path(name, path))) if manifests.is_manifest(name) else None

    def _bytes(self, name: str) -> bytes | None:
        with suppress(KeyError, ReadError), self._opened(name) as opened:
            data = opened.read(MAX_DOCUMENT + 1)
            return data if len(data) <= MAX_DOCUMENT else None
        return None


def _relative_path(name: str, relative: str) -> str:
    return str(PurePosixPath(name).parent / relative)


class TarReader(FormatReader):
    """Reads every supported file in a ``.tar``. Links, pipes and devices are ignored."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        allowance = Allowance(_size(stream))
        try:
            with tarfile.open(fileobj=cast(BinaryIO, _BoundedTar(stream)), mode="r:") as archive:
                files: dict[str, tarfile.TarInfo] = {}
                with suppress(
                    tarfile.TarError, ReadError, *ARCHIVE_ERRORS
                ):  # reported when the file is reached
                    for member in islice(archive, MAX_MEMBERS):
                        files[member.name] = member
                issues = _Issues(files, lambda name: _opened_in_tar(archive, files[name], allowance))
                for count, member in enumerate(archive):
                    if count >= MAX_MEMBERS:
                        raise ReadError(f"It holds more than {MAX_MEMBERS:,} files.")
                    if member.isfile() and _is_content(member.name) and not issues.joins(member.name):
                        opened = partial(_opened_in_tar, archive, member, allowance)
                        yield from _member(self.options.read_member, member.name, opened, issues)
                        if allowance.is_spent:
                            return
        except (tarfile.TarError, *ARCHIVE_ERRORS) as error:
            raise ReadError(f"It is damaged or cut short ({_reason(error)}).") from None


def _opened_in_tar(archive: tarfile.TarFile, member: tarfile.TarInfo, allowance: Allowance) -> BinaryIO:
    """Return a bounded stream: a member may claim any size."""
    return io.BufferedReader(BoundedStream(archive.extractfile(member) or io.BytesIO(), allowance))


class SevenZipReader(FormatReader):
    """Reads every supported file in a ``.7z`` with py7zr (extra ``7z``)."""

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        py7zr = import_optional("py7zr", "7z")
        packed = _size(stream)
        try:
            opened = getattr(stream, "file", stream)  # on Windows a temporary file is wrapped
            with (
                py7zr.SevenZipFile(opened) as archive,
                tempfile.SpooledTemporaryFile(_MAX_BYTES_IN_MEMORY) as unpacked,
            ):
                if archive.needs_password():
                    raise ReadError("It is encrypted.")
                members = archive.list()
                if len(members) > MAX_MEMBERS:
                    raise ReadError(f"It holds more than {MAX_MEMBERS:,} files.")
                # The declared sizes are the most that can come out.
                Allowance(packed).take(sum(one.uncompressed for one in members))
                names = [one.filename for one in members if one.is_file and _is_content(one.filename)]
                for name in filter(_leads_out, names):
                    yield ReadError(f"{name}: Its path leads out of the archive.")
                files = _UnpackedFiles(cast(BinaryIO, unpacked))
                error = files.extract(archive, [name for name in names if not _leads_out(name)])
                issues = _Issues(files.places, files.open)
                for name in files.places:
                    if not issues.joins(name):
                        yield from _member(self.options.read_member, name, partial(files.open, name), issues)
                if error:
                    raise error
        except py7zr.PasswordRequired:
            raise ReadError("It is encrypted.") from None
        except py7zr.UnsupportedCompressionMethodError as error:
            reason = str(error.message).partition(". ")[0]
            raise ReadError(f"It is packed with an unknown method ({reason}).") from None
        except (py7zr.exceptions.ArchiveError, *ARCHIVE_ERRORS) as error:
            raise ReadError(f"It is damaged or cut short ({_reason(error)}).") from None


def _leads_out(name: str) -> bool:
    """Return True if py7zr would refuse a name and with it the whole archive."""
    return ".." in PurePosixPath(name.replace("\\", "/")).parts or name[1:2] == ":" or name[:1] in ("/", "\\")


class _UnpackedFiles:
    """Stores the files of a 7z archive one after another in a temporary file. Used by py7zr as a factory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.places: dict[str, tuple[int, int]] = {}  # start and end of each file
        self._name = ""

    def extract(self, archive: Any, names: Sequence[str]) -> Exception | None:
        """Unpack files. If the archive is damaged, drop the incomplete file and return the error."""
        try:
            archive.extract(targets=names, factory=self)
        except Exception as error:  # noqa: BLE001
            self.places.pop(self._name, None)
            return error
        return None

    def create(self, name: str) -> Self:
        self._name, start = name, self._file.tell()
        self.places[name] = start, start
        return self

    def write(self, data: bytes) -> int:
        report_progress()
        try:
            self._file.write(data)
        except OSError as error:
            raise ReadError(f"It could not be unpacked: {error.strerror}.", passing=True) from None
        self.places[self._name] = self.places[self._name][0], self._file.tell()
        return len(data)

    def seekable(self) -> bool:
        return False

    def seek(self, _offset: int, _whence: int = 0, /) -> int:
        """Do nothing: py7zr 1.1.0 rewinds each file that it has written."""
        return 0

    def close(self) -> None:
        """Do nothing: the next file begins where this one ends."""

    def open(self, name: str) -> BinaryIO:
        return io.BufferedReader(_Section(self._file, *self.places[name]))


class _Section(io.RawIOBase):
    """A part of a file. Several can be read at the same time."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file = file
        self._at, self._end = start, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._at)
        data = self._file.read(min(len(buffer), self._end - self._at))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)


class _BoundedTar:
    """A tar stream that rejects headers longer than a document."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_DOCUMENT:
            raise ReadError("It is damaged: one of its headers is too long.")
        return self._stream.read(size)


def events_within(name: str, events: Iterable[Event]) -> Iterator[Event]:
    """Name the member of an archive, or part of a message, in its errors."""
    for event in events:
        yield event.in_part(name) if isinstance(event, ReadError) else event


class Archive(zipfile.ZipFile):
    """A zip file whose members share one limit on unpacked size."""

    allowance: Allowance


def open_zip(stream: BinaryIO) -> Archive:
    """Open a zip file. Raises ReadError if it is unreadable or contains too much."""
    packed = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, packed - _MAX_ENDING_BYTES))
    if _estimated_file_count(stream.read()) > MAX_MEMBERS:
        raise ReadError(f"It holds more than {MAX_MEMBERS:,} files.")
    try:
        archive = Archive(stream)
    except ARCHIVE_ERRORS as error:
        raise ReadError(f"It is damaged or cut short ({_reason(error)}).") from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ReadError(f"It holds more than {MAX_MEMBERS:,} files.")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise ReadError(f"It unpacks to more than {MAX_UNPACKED_BYTES // 2**30} GB: it may be a bomb.")
    archive.allowance = Allowance(packed)
    return archive


def _estimated_file_count(ending: bytes) -> int:
    """Estimate the number of files from the size of the directory (APPNOTE 4.3.14, 4.3.16)."""
    wide, plain = ending.rfind(b"PK\x06\x06"), ending.rfind(b"PK\x05\x06")
    for start, place, size in ((wide, 40, 8), (plain, 12, 4)):
        if start >= 0:
            return int.from_bytes(ending[start + place : start + place + size], "little") // _ENTRY_BYTES
    return 0


def members(archive: Archive) -> Iterator[zipfile.ZipInfo]:
    """Yield the files, without folders and hidden system files."""
    for member in archive.infolist():
        if not member.is_dir() and _is_content(member.filename):
            yield member


def _is_content(name: str) -> bool:
    """Return False for files that operating systems add to archives."""
    path = PurePosixPath(name.replace("\\", "/"))
    return "__MACOSX" not in path.parts and not path.name.startswith(".")


def open_member(archive: Archive, member: zipfile.ZipInfo) -> BinaryIO:
    """Open a bounded stream over a member. Raises ReadError."""
    if member.flag_bits & 0x1:
        raise ReadError("It is encrypted.")
    try:
        opened = archive.open(member)
    except ARCHIVE_ERRORS as error:
        raise ReadError(f"It is damaged ({_reason(error)}).") from None
    return io.BufferedReader(BoundedStream(opened, Allowance(member.compress_size, archive.allowance)))


def member_bytes(archive: Archive, name: str) -> bytes:
    """Read a member. Raises ReadError if it is missing or too large."""
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise ReadError(f"“{name}” is missing in it.") from None
    with open_member(archive, member) as opened:
        data = opened.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise ReadError(f"“{name}” is too large for one document.")
    return data
