"""Text files beside an index that people may edit: read and replaced as a whole, watched for changes.

They stand in the folder of the index, or in what an engine keeps in the place of one (:class:`Place`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from searcher.errors import IndexDamaged, IndexFailure, UsageError

__all__ = ["SYNONYMS", "Place", "Status", "Watched", "append", "read", "replace"]

#: The name of the file of synonyms (:mod:`searcher.query.synonyms`), which is looked for by every search.
SYNONYMS: Final = "synonyms.txt"

T = TypeVar("T")


class Status(Protocol):
    """What changes with a file."""

    @property
    def st_mtime_ns(self) -> int: ...
    @property
    def st_size(self) -> int: ...
    @property
    def st_ino(self) -> int: ...


class Place(Protocol):
    """A folder or a file in it: a ``Path``, or what an engine that has no folder keeps like one. It raises
    OSError where a Path does; writing is all or nothing there."""

    @property
    def stem(self) -> str: ...
    def __truediv__(self, name: str, /) -> Place: ...
    def glob(self, pattern: str, /) -> Iterable[Place]: ...
    def is_file(self) -> bool: ...
    def stat(self) -> Status: ...
    def read_text(self, encoding: str) -> str: ...
    def write_text(self, data: str, encoding: str) -> int: ...
    def unlink(self) -> None: ...


def read(file: Place) -> str:
    """Read a file in UTF-8, with or without a byte order mark; the text is empty if there is no file.

    Raises IndexDamaged, with the file, when it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{file} cannot be read: {error}") from error


def replace(file: Place, text: str) -> None:
    """Replace the text of a file; if that fails, the file is as before.

    Raises IndexFailure, with the file, when it cannot be written, and UsageError for what is no text.
    """
    from searcher.files import whole_file  # not to be loaded by a search

    try:
        if not isinstance(file, Path):
            file.write_text(text, encoding="utf-8")
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(file) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except UnicodeEncodeError as error:
        part = ascii(text[max(0, error.start - 20) : error.end])
        raise UsageError(f"What is written to {file.stem} has to be text, and {part} is none.") from error
    except OSError as error:
        raise IndexFailure(f"{file} cannot be written: {error}") from error


def append(file: Place, lines: Iterable[str], heading: str) -> None:
    """Add lines to a file, and the heading to a new one; lines that others add meanwhile stay.

    Raises IndexDamaged and IndexFailure, with the file.
    """
    before = read(file)
    start = "" if before.endswith("\n") else "\n" if before else heading
    text = start + "".join(f"{line}\n" for line in lines)
    if not isinstance(file, Path):
        replace(file, before + text)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise IndexFailure(f"{file} cannot be written: {error}") from error


class Watched(Generic[T]):
    """What a text file in a folder says, read again once the file changes. Safe to share between threads.

    Without a folder there is no file, and the value is the one that was set last.
    """

    def __init__(self, folder: Place | None, name: str, load: Callable[[Place | None], T]) -> None:
        """``load`` reads the value from the folder."""
        self._folder = folder
        self._file = folder / name if folder else None
        self._load = load
        self._lock = threading.Lock()
        self._stamp = self._stamp_now()
        self._value = load(folder)

    def current(self) -> T:
        """Return the value as the file is now. Raises what loading it raises."""
        stamp = self._stamp_now()
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._value = self._load(self._folder)
                    self._stamp = stamp
        return self._value

    def set(self, value: T) -> None:
        """Use this value until the file changes; where there is one, it has just been written."""
        with self._lock:
            self._stamp = self._stamp_now()
            self._value = value

    def _stamp_now(self) -> tuple[int, int, int] | None:
        """What changes with the file: when it was written, its size and its inode; None without a file."""
        if self._file is None:
            return None
        try:
            status = self._file.stat()
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_size, status.st_ino)
