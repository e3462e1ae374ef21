"""Watch folders: index files once they have settled, and optionally remove articles of deleted files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from searcher.errors import IndexDamaged, IndexFailure, IndexMissing, IndexOutdated, UsageError
from searcher.ingest.paths import Stamp, expand, file_stamp, files_to_read, is_in_index

if TYPE_CHECKING:
    from watchfiles import Change

    from searcher.index import Index
    from searcher.ingest.report import Report

#: By default, a file is read after this many seconds without a change. Programs that are still writing pause
#: for a shorter time.
SETTLED_SECONDS: Final = 2.0


class SettlingFiles:
    """Files waiting to settle. ``now`` is the time of a monotonic clock, in seconds."""

    def __init__(self, seconds: float = SETTLED_SECONDS) -> None:
        self._seconds = seconds
        self._waiting: dict[Path, tuple[Stamp | None, float]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def touch(self, path: Path, now: float) -> None:
        """Start waiting for a file, or restart."""
        self._waiting[path] = (file_stamp(path), now)

    def take(self, now: float) -> list[Path]:
        """Return and forget the files that have settled or are gone."""
        settled = []
        for path, (stamp, since) in list(self._waiting.items()):
            current = file_stamp(path)
            if current != stamp:
                self._waiting[path] = (current, now)
            elif now - since >= self._seconds:
                settled.append(path)
                del self._waiting[path]
        return settled


#: Seconds between checks of waiting files.
_TICK_SECONDS: Final = 0.25
#: Minimum number of seconds between two listings of all files, and minimum interval relative to the duration
#: of a listing. Listings are needed because systems drop change events, and watchfiles 1.3 loses some.
_MIN_SWEEP_SECONDS, _SWEEP_SHARE = 5.0, 100.0
#: A failed load is tried again after this many seconds.
_RETRY_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """Options of watching.

    Attributes:
        fields: Set for every article.
        prune: Remove the articles of deleted files, within the bounds of :meth:`Index.load`.
        prune_all: Ignore these bounds.
        settle: Seconds without a change until a file is read.
        poll: Poll for changes, for network drives.
    """

    fields: Mapping[str, Sequence[str]] | None = None
    prune: bool = False
    prune_all: bool = False
    settle: float = SETTLED_SECONDS
    poll: bool = False
    workers: int | None = None


def watch(
    index: Index,
    roots: Iterable[str | Path],
    options: WatchOptions,
    on_report: Callable[[Report, float], None],
    on_failure: Callable[[IndexFailure], None],
    stop: threading.Event | None = None,
) -> None:
    """Load folders and then their changes, until ``stop`` is set or KeyboardInterrupt.

    ``on_report`` is called with the report and duration of each load, ``on_failure`` with the error of a load
    that will be tried again. Raises UsageError if a path is not a folder, and the errors of a damaged index.
    """
    folders = [Path(root).absolute() for root in roots]
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"“{folder}” is not a folder.")
    _Watch(index, folders, options, on_report, on_failure).run(stop)


@dataclass
class _Watch:
    _index: Index
    _roots: Sequence[Path]
    _options: WatchOptions
    _on_report: Callable[[Report, float], None]
    _on_failure: Callable[[IndexFailure], None]

    def __post_init__(self) -> None:
        self._settling, self._missing = (
            SettlingFiles(self._options.settle),
            SettlingFiles(self._options.settle),
        )
        self._retry_at = 0.0
        self._known: dict[str, int] = {}  # modification time of each file in the last listing
        self._next_listing = 0.0

    def run(self, stop: threading.Event | None) -> None:
        first = True  # Load everything once, after change reports have started.
        for changed in self._changes(stop):
            now = time.monotonic()
            self._note(changed, now)
            if now >= self._next_listing:
                self._list_files(now)
            if now < self._retry_at:
                continue
            if first:
                first = not self._load(self._roots, prune=self._options.prune)
            else:
                self._load_settled(now)

    def _changes(self, stop: threading.Event | None) -> Iterator[set[tuple[Change, str]]]:
        """Yield the reported changes, or an empty set, several times a second."""
        from watchfiles import watch as changes

        while not (stop and stop.is_set()):
            try:
                yield from changes(
                    *self._roots,
                    watch_filter=None,
                    debounce=int(_TICK_SECONDS * 1000),
                    rust_timeout=int(_TICK_SECONDS * 1000),
                    yield_on_timeout=True,
                    stop_event=stop,
                    force_polling=self._options.poll or None,
                    ignore_permission_denied=True,
                )
            except OSError as error:
                raise UsageError(f"The folders cannot be watched ({error}). Try --poll.") from error
            except RuntimeError:  # For example, a file name is not Unicode. The next listing finds the file.
                time.sleep(_TICK_SECONDS)

    def _note(self, changed: Iterable[tuple[Change, str]], now: float) -> None:
        """Wait for the files that have changed."""
        for change, name in changed:
            path = Path(name)
            if path.is_dir() and change.name != "added":
                continue  # Changes inside a folder are reported themselves, except in a new folder.
            for file in files_to_read(path, self._roots):
                self._settling.touch(file, now)
                self._known[str(file)] = _changed_at(file)
            if self._options.prune and not path.exists() and not is_in_index(path, self._roots):
                self._missing.touch(path, now)

    def _list_files(self, now: float) -> None:
        """Wait for the files that changed since the last listing without a report."""
        listing = expand(self._roots)
        change_times = {str(file): _changed_at(file) for file in listing.files}
        if self._next_listing:  # The first load reads everything in the first listing.
            for name, changed_at in change_times.items():
                if self._known.get(name) != changed_at:
                    self._settling.touch(Path(name), now)
            if self._options.prune and not listing.failures:  # A failure may be an unmounted disk.
                for name in self._known.keys() - change_times.keys():
                    self._missing.touch(Path(name), now)
        self._known = change_times
        ended = time.monotonic()
        self._next_listing = ended + max(_MIN_SWEEP_SECONDS, _SWEEP_SHARE * (ended - now))

    def _load_settled(self, now: float) -> None:
        files = [path for path in self._settling.take(now) if path.exists()]
        missing = [path for path in self._missing.take(now) if not path.exists()]
        emptied = [] if self._options.prune_all else self._emptied_folders(missing)
        missing = [path for path in missing if not any(path.is_relative_to(root) for root in emptied)]
        if (files or missing) and not self._load(files, missing):
            for path in files:
                self._settling.touch(path, now)
            for path in missing:
                self._missing.touch(path, now)
        if emptied:  # Prune the whole folder: load() refuses if all of it is gone.
            self._load(emptied, prune=True)

    def _emptied_folders(self, missing: Sequence[Path]) -> list[Path]:
        """Return the watched folders of these files that are now empty. Their disk may not be mounted."""
        roots = [root for root in self._roots if any(path.is_relative_to(root) for path in missing)]
        return [root for root in roots if not expand([root]).files]

    def _load(self, paths: Sequence[Path], missing: Sequence[Path] = (), *, prune: bool = False) -> bool:
        """Load paths. Return False if the load has to be tried again."""
        began = time.monotonic()
        try:
            report = self._index.load(
                paths,
                fields=self._options.fields,
                prune=prune,
                prune_all=self._options.prune_all,
                removed=missing,
                workers=self._options.workers,
            )
        except (IndexDamaged, IndexMissing, IndexOutdated):
            raise
        except IndexFailure as error:  # for example, another writer or a full disk
            self._on_failure(error)
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            return False
        self._on_report(report, time.monotonic() - began)
        return True


def _changed_at(file: Path) -> int:
    """Return the time of the last change of a file or its metadata, or 0 if it is gone."""
    try:
        return file.stat().st_ctime_ns
    except OSError:
        return 0
