"""Text files beside an index that people may edit: read and replaced as a whole, watched for changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from searcher.errors import IndexDamaged, IndexFailure

__all__ = ["Watched", "read", "replace"]

T = TypeVar("T")


def read(file: Path) -> str:
    """Read a file in UTF-8, with or without a byte order mark; the text is empty if there is no file.

    Raises IndexDamaged, with the file, when it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{file} cannot be read: {error}") from error


def replace(file: Path, text: str) -> None:
    """Replace the text of a file; if that fails, the file is as before.

    Raises IndexFailure, with the file, when it cannot be written.
    """
    unfinished = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError as error:
        raise IndexFailure(f"{file} cannot be written: {error}") from error


class Watched(Generic[T]):
    """What a text file in a folder says, read again once the file changes. Safe to share between threads.

    Without a folder there is no file, and the value is the one that was set last.
    """

    def __init__(self, folder: Path | None, name: str, load: Callable[[Path | None], T]) -> None:
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
            status = os.stat(self._file)
        except OSError:
            return None
        return (status.st_mtime_ns, status.st_size, status.st_ino)
