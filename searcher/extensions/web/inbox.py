"""The inbox: uploaded files, stored in a folder next to the index and indexed immediately."""

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
from searcher.files import make_folder, temporary_path
from searcher.index import Index
from searcher.locations import is_index, missing_index_error

if TYPE_CHECKING:
    from searcher.ingest.report import Progress

FOLDER: Final = "inbox"
#: Maximum length of the stem of a file name, in bytes. File systems allow 255 bytes for the whole name.
_MAX_NAME_BYTES: Final = 150
#: Maximum number of simultaneous uploads, and the number of bytes that are copied at a time.
_MAX_UPLOADS, _PIECE_BYTES = 2, 1024 * 1024
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class State:
    """Progress and result of loading.

    Attributes:
        files: Number of files done, of ``total``.
        added: Number of new articles.
        updated: Number of updated articles.
        sent: Names of uploaded files by their names in the inbox.
    """

    running: bool = False
    files: int = 0
    total: int = 0
    added: int = 0
    updated: int = 0
    sent: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


class Inbox:
    """Stores files and indexes them, one run at a time, in a background thread. Thread-safe."""

    def __init__(self, index: Index, folder: Path) -> None:
        """``folder``: the folder of the index."""
        self._index = index
        #: Limits simultaneous uploads.
        self.turns = anyio.Semaphore(_MAX_UPLOADS)
        self._folder = folder / FOLDER
        self._lock = threading.Lock()
        self._waiting: dict[str, str] = {}
        self._state = State()

    @property
    def state(self) -> State:
        return self._state

    def take(self, files: Iterable[tuple[str, IO[bytes]]]) -> int:
        """Store files and start to index them. Return the number of files. Raises IndexFailure."""
        if not is_index(self._folder.parent):  # for example, if the disk is not mounted
            raise missing_index_error(self._folder.parent)
        stored = {}
        try:
            make_folder(self._folder)
            for name, file in files:
                stored[self._store(name, file)] = name
        except OSError as error:
            raise IndexFailure(f"Cannot write to {self._folder}: {error.strerror or error}.") from error
        if stored:
            self._start(stored)
        return len(stored)

    def _store(self, name: str, file: IO[bytes]) -> str:
        digest = hashlib.sha256()
        with temporary_path(self._folder / "upload") as new:
            with new.open("xb") as out:
                while piece := file.read(_PIECE_BYTES):
                    digest.update(piece)
                    out.write(piece)
            stored = _file_name(name, digest.hexdigest())
            new.replace(self._folder / stored)
        return stored

    def _start(self, stored: dict[str, str]) -> None:
        with self._lock:
            self._waiting |= stored
            if self._state.running:  # The running thread will load these files next.
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
            # Pass each file by name: in a folder, files without a reader would be skipped, not reported.
            paths = [self._folder, *(self._folder / name for name in sent)]
            try:
                report = self._index.load(paths, progress=self._report_progress)
            except (SearcherError, OSError) as error:
                self._state = replace(self._state, error=str(error))
            else:
                added, updated = self._state.added + report.added, self._state.updated + report.updated
                self._state = replace(self._state, added=added, updated=updated)

    def _report_progress(self, progress: Progress) -> None:
        self._state = replace(self._state, files=progress.files, total=progress.total)


def _file_name(name: str, digest: str) -> str:
    """Return a safe file name, unique for the content."""
    plain = Path(name.replace("\\", "/")).name
    stem, dot, ending = plain.rpartition(".")
    encoded = _UNSAFE.sub("-", stem if dot else ending).encode("utf-8", "replace")[:_MAX_NAME_BYTES]
    safe = encoded.decode("utf-8", "ignore").strip(".-") or "file"
    suffix = _UNSAFE.sub("", ending)[:10] if dot else ""
    return f"{safe}-{digest[:12]}" + (f".{suffix}" if suffix else "")
