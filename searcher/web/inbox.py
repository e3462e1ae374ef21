"""The inbox: files that are dropped on the page, or sent by a program such as SingleFile, kept in a folder
beside the index and loaded as they come."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import anyio

from searcher.errors import IndexFailure, SearcherError
from searcher.files import make_folder, unfinished
from searcher.index import Index
from searcher.locations import is_index, missing_index_error

if TYPE_CHECKING:
    from searcher.ingest.report import Progress, Report

FOLDER: Final = "inbox"
#: Bytes of the name of a file that are kept, of the 255 that a disk takes; its ending stays.
_MAX_NAME_BYTES: Final = 150
#: Uploads that are received at once; each may lie twice on the disk until it is kept. And the bytes of a file
#: that are held in memory.
_MAX_UPLOADS, _PIECE_BYTES = 2, 1024 * 1024
_STRANGE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class State:
    """How far the loading is: ``files`` of ``total``; what the last run reported, or its ``error``."""

    running: bool = False
    files: int = 0
    total: int = 0
    report: Report | None = None
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
        self._again = False
        self._state = State()

    @property
    def state(self) -> State:
        return self._state

    def take(self, files: Iterable[tuple[str, IO[bytes]]]) -> int:
        """Keep files by name and content, and begin to load them. Returns how many there were. Raises
        IndexFailure where they cannot be kept."""
        if not is_index(self._folder.parent):  # its disk is away, say: none is made in its place
            raise missing_index_error(self._folder.parent)
        taken = 0
        try:
            make_folder(self._folder)
            for name, file in files:
                self._keep(name, file)
                taken += 1
        except OSError as error:
            raise IndexFailure(f"{self._folder} cannot be written to: {error.strerror or error}.") from error
        if taken:
            self._begin()
        return taken

    def _keep(self, name: str, file: IO[bytes]) -> None:
        digest = hashlib.sha256()
        with unfinished(self._folder / "upload") as new:
            with new.open("xb") as out:
                while piece := file.read(_PIECE_BYTES):
                    digest.update(piece)
                    out.write(piece)
            new.replace(self._folder / _file_name(name, digest.hexdigest()))

    def _begin(self) -> None:
        with self._lock:
            if self._state.running:
                self._again = True  # what comes now is loaded by the next run
                return
            self._state = State(running=True)
        threading.Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        while True:
            try:
                ended = State(report=self._index.load([self._folder], progress=self._tell))
            except (SearcherError, OSError) as error:
                ended = State(error=str(error))
            with self._lock:
                if not self._again:
                    self._state = ended
                    return
                self._again = False

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
