"""A file of named arrays, written once and then mapped into memory.

It holds raw little-endian arrays, each at a multiple of eight bytes, then a JSON directory, then the offset
of that directory. Nothing is copied or decoded on opening, and no array library is needed: ``array(name)`` is
a typed ``memoryview`` of the file, which NumPy can wrap without copying.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self
from weakref import finalize

from searcher.errors import IndexDamaged
from searcher.files import create_file, open_file, open_written

MAGIC = b"ARRAYS01"
_TAIL = struct.Struct("<QI8s")  # offset and length of the directory, then the magic again
#: Bytes of one element, by the typecodes of the ``array`` and ``struct`` modules.
SIZES = {"B": 1, "H": 2, "I": 4, "Q": 8, "q": 8, "d": 8}

if sys.byteorder != "little":  # pragma: no cover
    raise ImportError("The index is stored little-endian, which this machine is not.")


class ArrayWriter:
    """Writes arrays one after another; memory holds only the data of the current call."""

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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no unfinished file behind."""
        if kind is not None:
            self.abandon()

    def add(self, name: str, typecode: str, data: Any) -> None:
        """Write one whole array: bytes, or anything with the buffer protocol of that type."""
        self.begin(name, typecode)
        self.write(data)

    def begin(self, name: str, typecode: str) -> None:
        """Begin an array whose elements follow by :meth:`write`."""
        self._end()
        padding = -self._offset % 8
        self._file.write(bytes(padding))
        self._offset += padding
        self._open = (name, typecode, self._offset)

    def write(self, data: Any) -> None:
        """Append elements to the array begun last."""
        raw = memoryview(data).cast("B") if len(data) else b""
        self._file.write(raw)
        self._offset += len(raw)

    def reserve(self, name: str, typecode: str, count: int) -> Region:
        """Leave room for an array of ``count`` elements, to be filled while other arrays are written."""
        self.begin(name, typecode)
        start = self._offset
        self._file.seek(count * SIZES[typecode], os.SEEK_CUR)
        self._offset += count * SIZES[typecode]
        self._regions.append(Region(self._path, start))
        return self._regions[-1]

    def reader(self, name: str) -> Callable[[int, int], memoryview]:
        """Return a function that reads the elements from ``begin`` to before ``end`` of a written array."""
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
        """Finish the file. ``about`` is any JSON object, given back by :attr:`ArrayFile.about`.

        The file may still be in the system's cache only: see :func:`searcher.files.flush_file`."""
        self._end()
        directory = json.dumps({"arrays": self._directory, "about": about}, separators=(",", ":")).encode()
        self._file.write(directory)
        self._file.write(_TAIL.pack(self._offset, len(directory), MAGIC))
        self._file.close()

    def abandon(self) -> None:
        """Close and delete the unfinished file. On a full disk even closing may fail."""
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
    """An array of a file that is filled from its start on, independently of the file's writer."""

    def __init__(self, path: Path, start: int) -> None:
        self._file = open_written(path)
        self._file.seek(start)

    def write(self, data: Any) -> None:
        if len(data):
            self._file.write(memoryview(data).cast("B"))

    def close(self) -> None:
        self._file.close()


class Arrays(Protocol):
    """Where arrays are read from by name: a file of them, or memory."""

    def array(self, name: str) -> memoryview: ...


class ArrayFile:
    """A finished file, mapped into memory. It stays readable while any of its arrays is in use, even once
    deleted."""

    def __init__(self, path: Path) -> None:
        """Raises IndexDamaged for anything but a whole file of arrays, and FileNotFoundError."""
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
            raise IndexDamaged(f"The directory of {path.name} is altered.") from error

    def array(self, name: str) -> memoryview:
        """Return the array of that name. Raises IndexDamaged if the directory has no such array."""
        try:
            typecode, start, count = self._directory[name]
            whole = self._view[start : start + count * SIZES[typecode]]
            return whole.cast(typecode)  # type: ignore[call-overload, no-any-return]  # from the table
        except (KeyError, ValueError, TypeError) as error:
            raise IndexDamaged(f"{self.path.name} has no sound array “{name}”.") from error

    def reader(self, name: str) -> Callable[[int, int], bytes]:
        """Return a function that reads the bytes from ``begin`` to before ``end`` of an array of bytes.

        It reads the file and not the map: scattered ranges mostly lie in pages not touched before, and
        mapping a page takes 3 µs where reading a range takes 1.
        """
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
        """Give back the pages read so far, so that they no longer count as memory of this process. They are
        read again when they are next used."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)
