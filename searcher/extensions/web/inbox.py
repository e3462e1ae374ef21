"""The inbox: files that are dropped on the page, or sent by a program such as SingleFile, kept in a folder
beside the index and loaded as they come."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import anyio

from searcher.errors import IndexFailure, SearcherError
from searcher.files import make_folder, unfinished
from searcher.index import Index
from searcher.locations import is_index, missing_index_error

if TYPE_CHECKING:
    from searcher.ingest.report import Progress

FOLDER: Final = "inbox"
#: Bytes of the name of a file that are kept, of the 255 that a disk takes; its ending stays.
_MAX_NAME_BYTES: Final = 150
#: Uploads that are received at once; each may lie twice on the disk until it is kept. And the bytes of a file
#: that are held in memory.
_MAX_UPLOADS, _PIECE_BYTES = 2, 1024 * 1024
_STRANGE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class State:
    """Progress and outcome of loading: ``files`` of ``total`` files are done, and ``added`` and ``updated``
    count articles. ``sent`` maps the name of each file in the inbox to the name it was uploaded under."""

    running: bool = False
    files: int = 0
    total: int = 0
    added: int = 0
    updated: int = 0
    sent: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


class Inbox:
    """Takes files and loads them, one run at a time, in a thread of its own. Threads may share it."""

    def __init__(self, index: Index, folder: Path) -> None:
        """``folder``: that of the index."""
        self._index = index
        #: Who sends files waits for one of these before anything is read.
        self.turns = anyio.Semaphore(_MAX_UPLOADS)
        self._folder = folder / FOLDER
        self._lock = threading.Lock()
        self._waiting: dict[str, str] = {}
        self._state = State()

    @property
    def state(self) -> State:
        return self._state

    def take(self, files: Iterable[tuple[str, IO[bytes]]]) -> int:
        """Keep files by name and content, and begin to load them. Returns how many there were. Raises
        IndexFailure where they cannot be kept."""
        if not is_index(self._folder.parent):  # its disk is away, say: none is made in its place
            raise missing_index_error(self._folder.parent)
        kept = {}
        try:
            make_folder(self._folder)
            for name, file in files:
                kept[self._keep(name, file)] = name
        except OSError as error:
            raise IndexFailure(f"{self._folder} cannot be written to: {error.strerror or error}.") from error
        if kept:
            self._begin(kept)
        return len(kept)

    def _keep(self, name: str, file: IO[bytes]) -> str:
        digest = hashlib.sha256()
        with unfinished(self._folder / "upload") as new:
            with new.open("xb") as out:
                while piece := file.read(_PIECE_BYTES):
                    digest.update(piece)
                    out.write(piece)
            kept = _file_name(name, digest.hexdigest())
            new.replace(self._folder / kept)
        return kept

    def _begin(self, kept: dict[str, str]) -> None:
        with self._lock:
            self._waiting |= kept
            if self._state.running:  # the thread loads them next
                return
            self._state = State(running=True)
        threading.Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        while True:
            with self._lock:
                sent, self._waiting = self._waiting, {}
                self._state = replace(
                    self._state, running=bool(sent), sent={**self._state.sent, **sent}, files=0, total=0
                )
            if not sent:
                return
            # Naming each file reports those that no reader handles; a folder would skip them.
            paths = [self._folder, *(self._folder / name for name in sent)]
            try:
                report = self._index.load(paths, progress=self._tell)
            except (SearcherError, OSError) as error:
                self._state = replace(self._state, error=str(error))
            else:
                added, updated = self._state.added + report.added, self._state.updated + report.updated
                self._state = replace(self._state, added=added, updated=updated)

    def _tell(self, progress: Progress) -> None:
        self._state = replace(self._state, files=progress.files, total=progress.total)


def _file_name(name: str, digest: str) -> str:
    """A name for a file that leads nowhere else, and is that of no file with other content."""
    plain = Path(name.replace("\\", "/")).name
    stem, dot, ending = plain.rpartition(".")
    kept = _STRANGE.sub("-", stem if dot else ending).encode("utf-8", "replace")[:_MAX_NAME_BYTES]
    safe = kept.decode("utf-8", "ignore").strip(".-") or "file"
    suffix = _STRANGE.sub("", ending)[:10] if dot else ""
    return f"{safe}-{digest[:12]}" + (f".{suffix}" if suffix else "")
