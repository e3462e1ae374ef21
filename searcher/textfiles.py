"""The texts beside an index that people may edit: read by every search, changed under a lock, watched.

They are files in the folder of the index, or what an engine keeps in their place (:class:`Texts`). Of a file
the store of the index has what was written last: what is empty or gone is taken from there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from searcher.errors import IndexDamaged, IndexFailure, UsageError
from searcher.files import open_file, whole_file

#: The name of the synonyms (:mod:`searcher.query.synonyms`), which every search looks for.
SYNONYMS: Final = "synonyms.txt"
#: The name of the store in the same folder (:mod:`searcher.records`).
RECORDS: Final = "records.sqlite"
#: The names of all texts, with what stands at the head of each. They are there from the first change of an
#: index on, so that one that is missing is known to be lost.
TEXTS: Final = {
    "names.txt": """\
# Decisions about names of people, organisations, sources and authors. Made by `searcher names`; edit freely.
#
#   KIND  NAME  ->  OTHER NAME     goes by another name
#   KIND  NAME  apart              is joined with no other name by itself
#   KIND  NAME  ignored            is nobody: appears in no list of names
#
# KIND is person, organisation, source or author. Lines that begin with # say nothing.
# Two spaces or a tab between the parts.

""",
    SYNONYMS: """\
# Words that are to find one another. Edit freely, or use `searcher synonyms`.
#
#   ECB, European Central Bank     each finds all
#   vehicle => car, lorry          vehicle finds cars and lorries, but “car” finds no other vehicle
#
# Lines that begin with # say nothing.

""",
    "fields.txt": "# Fields of your own, a name a line; “searcher index --set desk=foreign” adds them.\n",
}

T = TypeVar("T")


class Texts(Protocol):
    """What stands beside an index as text, by name. Every method may raise IndexDamaged, with the name, and
    IndexFailure."""

    def read(self, name: str) -> str:
        """Return a text, empty where there is none."""
        ...

    def change(self, name: str, change: Callable[[str], str]) -> None:
        """Replace a text by what ``change`` makes of it, all or nothing; nobody else changes it meanwhile."""
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

    def change(self, name: str, change: Callable[[str], str]) -> None:
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

    def read(self, name: str) -> str:
        text = read(self.folder / name)
        return text if text.strip() else self._recorded(name) or text

    def change(self, name: str, change: Callable[[str], str]) -> None:
        from searcher.records.store import Store  # not to be loaded by a search

        with Store(self.folder).transaction() as db:
            text = change(self.read(name))
            _require_text(name, text)
            db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (name, text))
            replace(self.folder / name, text)

    def stamp(self, name: str) -> object:
        try:
            status = os.stat(self.folder / name)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def altered(self) -> Iterator[str]:
        """Yield what is wrong with the files: those that are no text, and those without lines that were
        written last, whether these were lost or somebody has edited them."""
        for name in TEXTS:
            try:
                now = read(self.folder / name).splitlines()
            except IndexDamaged as error:
                yield str(error)
                continue
            gone = [line for line in self._recorded(name).splitlines() if line.strip() and line not in now]
            if gone:
                holds = "" if any(map(str.strip, now)) else "; what was written last holds"
                yield f"{name}: {len(gone):,} lines are gone since it was written, or were edited{holds}"

    def _recorded(self, name: str) -> str:
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


def read(file: Path) -> str:
    """Read a file in UTF-8, with or without a byte order mark; the text is empty if there is no file.

    Raises IndexDamaged, with the file, when it cannot be read.
    """
    try:
        with open_file(file) as opened:
            return opened.read().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        if os.path.lexists(file):
            raise IndexDamaged(f"{file} is a link, or no file: put the file itself in its place.") from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{file} cannot be read: {error}") from error


def replace(file: Path, text: str) -> None:
    """Replace the text of a file, on the disk by then; if that fails, the file is as before.

    Raises IndexFailure, with the file, when it cannot be written, and UsageError for what is no text.
    """
    _require_text(file.name, text)
    try:
        with whole_file(file) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except OSError as error:
        raise IndexFailure(f"{file} cannot be written: {error}") from error


def _require_text(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        part = ascii(text[max(0, error.start - 20) : error.end])
        raise UsageError(f"What is written to {name} has to be text, and {part} is none.") from error


class Watched(Generic[T]):
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
