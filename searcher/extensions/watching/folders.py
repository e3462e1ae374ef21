"""Watching folders: what comes is loaded once it has settled, what goes is dropped if that is wanted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from searcher.errors import IndexDamaged, IndexFailure, IndexMissing, IndexOutdated, UsageError
from searcher.ingest.paths import Stamp, expand, is_in_index, listed_files, stamp_of

if TYPE_CHECKING:
    from watchfiles import Change

    from searcher.index import Index
    from searcher.ingest.report import Report

#: Seconds that a file must not have changed: a browser or a copying program that writes pauses less than
#: that, and whoever saves a page waits no longer than this and the reading of it.
SETTLED_SECONDS: Final = 2.0


class SettlingFiles:
    """The files that are waited for; ``now`` is any clock that only goes forward, in seconds."""

    def __init__(self, seconds: float = SETTLED_SECONDS) -> None:
        self._seconds = seconds
        self._waiting: dict[Path, tuple[Stamp | None, float]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def touch(self, path: Path, now: float) -> None:
        """Wait for a file, from now on anew if it was waited for."""
        self._waiting[path] = (stamp_of(path), now)

    def take(self, now: float) -> list[Path]:
        """Return the files that have settled, or are gone, and wait for them no longer."""
        settled = []
        for path, (stamp, since) in list(self._waiting.items()):
            current = stamp_of(path)
            if current != stamp:
                self._waiting[path] = (current, now)
            elif now - since >= self._seconds:
                settled.append(path)
                del self._waiting[path]
        return settled


#: Seconds between looks at files that are waited for.
_TICK_SECONDS: Final = 0.25
#: Seconds between looks at all files, and how many times as long as such a look takes they are apart at
#: least. What is reported may be incomplete: systems drop what they cannot keep, and watchfiles 1.3 forgets
#: what comes while it hands over what came before.
_MIN_SWEEP_SECONDS, _SWEEP_SHARE = 5.0, 100.0
#: Seconds until a load is tried again that the system or another writer did not let through.
_RETRY_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """``fields`` are set for every article, ``prune`` drops the articles of files that are deleted, within
    the bounds of :meth:`Index.load` unless ``prune_all``. ``settle``: seconds that a file must stay the same.
    ``poll``: look for changes again and again, where the system reports none (network drives)."""

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
    told: Callable[[Report, float], None],
    failed: Callable[[IndexFailure], None],
    stop: threading.Event | None = None,
) -> None:
    """Load folders, and from then on whatever changes in them, until it is stopped.

    ``told`` is called with the report of each load and the seconds it took, ``failed`` with the error of one
    that is tried again later. ``stop`` ends it; so does KeyboardInterrupt, after the commit of what was read.
    Raises UsageError for what is no folder, and the errors of an index that has to be mended.
    """
    folders = [Path(root).absolute() for root in roots]
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"“{folder}” is no folder to be watched.")
    _Watch(index, folders, options, told, failed).run(stop)


@dataclass
class _Watch:
    _index: Index
    _roots: Sequence[Path]
    _options: WatchOptions
    _told: Callable[[Report, float], None]
    _failed: Callable[[IndexFailure], None]

    def __post_init__(self) -> None:
        self._settling, self._gone = SettlingFiles(self._options.settle), SettlingFiles(self._options.settle)
        self._retry_at = 0.0
        self._known: dict[str, int] = {}  # each file and when it was changed, as of the last look
        self._look_at = 0.0

    def run(self, stop: threading.Event | None) -> None:
        first = True  # all that is there is loaded once what changes meanwhile is reported
        for changed in self._changes(stop):
            now = time.monotonic()
            self._note(changed, now)
            if now >= self._look_at:
                self._look_through(now)
            if now < self._retry_at:
                continue
            if first:
                first = not self._load(self._roots, prune=self._options.prune)
            else:
                self._load_settled(now)

    def _changes(self, stop: threading.Event | None) -> Iterator[set[tuple[Change, str]]]:
        """What the system reports, several times a second, if only nothing."""
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
                raise UsageError(f"The folders cannot be watched ({error}). Try it with --poll.") from error
            except RuntimeError:  # a name that is no Unicode, say: it is found by looking
                time.sleep(_TICK_SECONDS)

    def _note(self, changed: Iterable[tuple[Change, str]], now: float) -> None:
        """Wait for the files that have changed."""
        for change, name in changed:
            path = Path(name)
            if path.is_dir() and change.name != "added":
                continue  # what has changed in a folder is reported itself; what came with one is not
            for file in listed_files(path, self._roots):
                self._settling.touch(file, now)
                self._known[str(file)] = _changed_at(file)
            if self._options.prune and not path.exists() and not is_in_index(path, self._roots):
                self._gone.touch(path, now)

    def _look_through(self, now: float) -> None:
        """Wait for the files that are others than at the last look, and have not been reported."""
        listing = expand(self._roots)
        found = {str(file): _changed_at(file) for file in listing.files}
        if self._look_at:  # the first load takes all that is there at the first look
            for name, changed_at in found.items():
                if self._known.get(name) != changed_at:
                    self._settling.touch(Path(name), now)
            if self._options.prune and not listing.failures:  # a disk that is away is no deletion
                for name in self._known.keys() - found.keys():
                    self._gone.touch(Path(name), now)
        self._known = found
        ended = time.monotonic()
        self._look_at = ended + max(_MIN_SWEEP_SECONDS, _SWEEP_SHARE * (ended - now))

    def _load_settled(self, now: float) -> None:
        files = [path for path in self._settling.take(now) if path.exists()]
        gone = [path for path in self._gone.take(now) if not path.exists()]
        emptied = [] if self._options.prune_all else self._emptied_folders(gone)
        gone = [path for path in gone if not any(path.is_relative_to(root) for root in emptied)]
        if (files or gone) and not self._load(files, gone):
            for path in files:
                self._settling.touch(path, now)
            for path in gone:
                self._gone.touch(path, now)
        if emptied:  # pruned as a whole, which is refused where all of a folder is gone
            self._load(emptied, prune=True)

    def _emptied_folders(self, gone: Sequence[Path]) -> list[Path]:
        """The watched folders of these files in which nothing is left: their disk may be away."""
        roots = [root for root in self._roots if any(path.is_relative_to(root) for path in gone)]
        return [root for root in roots if not expand([root]).files]

    def _load(self, paths: Sequence[Path], gone: Sequence[Path] = (), *, prune: bool = False) -> bool:
        """Load paths, and return whether that was possible."""
        began = time.monotonic()
        try:
            report = self._index.load(
                paths,
                fields=self._options.fields,
                prune=prune,
                prune_all=self._options.prune_all,
                gone=gone,
                workers=self._options.workers,
            )
        except (IndexDamaged, IndexMissing, IndexOutdated):
            raise
        except IndexFailure as error:  # another writer holds it, or the disk is full
            self._failed(error)
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            return False
        self._told(report, time.monotonic() - began)
        return True


def _changed_at(file: Path) -> int:
    """When a file was written, moved or otherwise changed; 0 where it is gone."""
    try:
        return file.stat().st_ctime_ns
    except OSError:
        return 0
