"""Text files next to an index that users may edit. Every search reads them; changes take a lock.

They are files in the folder of the index, or what the engine stores instead (:class:`Texts`). The store of
the index keeps the last written version, which replaces an empty or missing file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from searcher.files import read_text, replace_text, require_encodable
from searcher.locations import RECORDS

if TYPE_CHECKING:
    from searcher.records.store import Store

T = TypeVar("T")


class Texts(Protocol):
    """The texts of an index by name. All methods raise IndexDamaged, with the name, and IndexFailure."""

    def read(self, name: str) -> str:
        """Return a text. Empty if it does not exist."""
        ...

    def change(self, name: str, change: Callable[[str], str], store: Store | None = None, /) -> None:
        """Replace a text by ``change(text)`` atomically, while no one else changes it.

        ``store``: the store of the index, to join its transaction if both are in one folder.
        """
        ...

    def stamp(self, name: str) -> object:
        """Return a value that changes with the text, or None if the text does not exist."""
        ...

    def path(self, name: str) -> str: ...


class MemoryTexts:
    """The texts of an index in memory."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._texts: dict[str, str] = {}

    def read(self, name: str) -> str:
        return self._texts.get(name, "")

    def change(self, name: str, change: Callable[[str], str], _: Store | None = None, /) -> None:
        with self._lock:
            self._texts[name] = change(self.read(name))

    def stamp(self, name: str) -> object:
        return self._texts.get(name)

    def path(self, name: str) -> str:
        return name


class FolderTexts:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._beginning = os.path.join(folder, "")  # Joining paths takes longer, and every search does it.

    def read(self, name: str) -> str:
        text = read_text(self.folder / name)
        return text if text.strip() else self._recorded_text(name) or text

    def change(self, name: str, change: Callable[[str], str], store: Store | None = None, /) -> None:
        from searcher.records.store import Store  # Not imported by searches.

        with (store or Store(self.folder)).transaction() as db:
            text = change(self.read(name))
            require_encodable(name, text)
            db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (name, text))
            replace_text(self.folder / name, text)

    def stamp(self, name: str) -> object:
        try:
            status = os.stat(self._beginning + name)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def _recorded_text(self, name: str) -> str:
        if not (self.folder / RECORDS).exists():
            return ""
        from searcher.records.store import Store

        with Store(self.folder).reading() as db:
            row = db.execute("SELECT content FROM texts WHERE name = ?", (name,)).fetchone()
            return str(row[0]) if row else ""


def has_content(text: str) -> bool:
    """Return True if a text has a line that is neither empty nor a comment."""
    return any(line and not line.startswith("#") for line in map(str.strip, text.splitlines()))


class WatchedText(Generic[T]):
    """A value parsed from a text, parsed again when the text changes. Thread-safe."""

    def __init__(self, texts: Texts, name: str, load: Callable[[Texts], T]) -> None:
        self._texts = texts
        self._name = name
        self._load = load
        self._lock = threading.Lock()
        self._stamp = texts.stamp(name)
        self._value = load(texts)

    def current(self) -> T:
        """Return the current value. Raises the errors of ``load``."""
        stamp = self._texts.stamp(self._name)
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._value = self._load(self._texts)
                    self._stamp = stamp
        return self._value
