"""The texts beside an index that people may edit: read by every search, changed under a lock, watched.

They are files in the folder of the index, or what an engine keeps in their place (:class:`Texts`). Of a file
the store of the index has what was written last: what is empty or gone is taken from there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from searcher.files import read_text, replace_text, require_text
from searcher.locations import RECORDS

if TYPE_CHECKING:
    from searcher.records.store import Store

T = TypeVar("T")


class Texts(Protocol):
    """What stands beside an index as text, by name. Every method may raise IndexDamaged, with the name, and
    IndexFailure."""

    def read(self, name: str) -> str:
        """Return a text, empty where there is none."""
        ...

    def change(self, name: str, change: Callable[[str], str], store: Store | None = None, /) -> None:
        """Replace a text by what ``change`` makes of it, all or nothing; nobody else changes it meanwhile.
        ``store``: that of the index, in whose transaction it is then, where both are in one folder."""
        ...

    def stamp(self, name: str) -> object:
        """Return what changes with a text; None where there is none."""
        ...

    def path(self, name: str) -> str:
        """Return where a text stands, for messages."""
        ...


class MemoryTexts:
    """The texts of an index that has no folder."""

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
    """The text files in the folder of an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._beginning = os.path.join(folder, "")  # every search looks: joining paths takes longer than that

    def read(self, name: str) -> str:
        text = read_text(self.folder / name)
        return text if text.strip() else self._recorded_text(name) or text

    def change(self, name: str, change: Callable[[str], str], store: Store | None = None, /) -> None:
        from searcher.records.store import Store  # not to be loaded by a search

        with (store or Store(self.folder)).transaction() as db:
            text = change(self.read(name))
            require_text(name, text)
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
        """Return a text as it was written last."""
        if not (self.folder / RECORDS).exists():
            return ""
        from searcher.records.store import Store

        with Store(self.folder).reading() as db:
            found = db.execute("SELECT content FROM texts WHERE name = ?", (name,)).fetchone()
            return str(found[0]) if found else ""


def says_something(text: str) -> bool:
    """Tell whether a text has a line that is neither empty nor a remark."""
    return any(line and not line.startswith("#") for line in map(str.strip, text.splitlines()))


class WatchedText(Generic[T]):
    """What a text says, read again once it changes. Safe to share between threads."""

    def __init__(self, texts: Texts, name: str, load: Callable[[Texts], T]) -> None:
        """``load`` reads the value."""
        self._texts = texts
        self._name = name
        self._load = load
        self._lock = threading.Lock()
        self._stamp = texts.stamp(name)
        self._value = load(texts)

    def current(self) -> T:
        """Return the value as the text is now. Raises what loading it raises."""
        stamp = self._texts.stamp(self._name)
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._value = self._load(self._texts)
                    self._stamp = stamp
        return self._value
