"""Expand paths, folders and globs to files, and remember which files this user has indexed.

An index from somebody else may name any file as a source. Therefore the indexed paths are also listed in the
user's data folder, which nobody else can write to, one JSON string per line.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from searcher import readers
from searcher.errors import ReadError, SourcesUnknown, UsageError
from searcher.files import append_file, make_folder
from searcher.ingest.report import Failure, Problem, ProblemKind
from searcher.locations import MARKER, is_index
from searcher.platform import data_folder
from searcher.readers.base import MAX_DOCUMENT
from searcher.readers.dispatch import SPECIAL_FILES

#: Size, modification time and change time of a file in nanoseconds.
Stamp = tuple[int, int, int]

#: Refuse sparse files: those of at least MIN_SPARSE bytes of which less than MIN_WRITTEN_SHARE was written.
#: Real texts are never 90 % holes, and reading a hole of a terabyte takes half an hour.
MIN_SPARSE, MIN_WRITTEN_SHARE = 1 << 28, 0.1
_CHUNK_BYTES = 1 << 20
#: Two changes within this many seconds may have the same time, because kernel clocks tick 100 times a second.
_TICK_SECONDS = 0.02
#: A file name extension. The pattern is strict because names may contain dots elsewhere.
_ENDING = re.compile(r"\.[A-Za-z0-9_+-]{1,10}")


@dataclass(slots=True)
class Listing:
    """The files that a list of paths stands for.

    Attributes:
        files: Absolute paths to read, without duplicates, in a repeatable order.
        folders: Folders that were listed.
        failures: Paths that match no file, and folders that cannot be listed.
        passed_over: All other files in the folders.
    """

    files: dict[Path, None] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passed_over: list[Problem] = field(default_factory=list)

    def pass_over(self, path: str, kind: str) -> None:
        self.passed_over.append(Problem(path, path, kind, ProblemKind.PASSED_OVER))

    def fail(self, path: str, reason: str) -> None:
        self.failures.append(Failure(path, reason))


def expand(paths: Iterable[Path]) -> Listing:
    """List the files that paths, folders and globs stand for.

    A folder stands for all files below it that a reader accepts, without hidden files, other indexes, and
    links that leave the folder. A file named explicitly is always included.
    """
    listing = Listing()
    for path in paths:
        if is_index(path):
            listing.fail(str(path), "It is an index, not a folder of articles.")
        elif not _expand_one(path, listing):
            listing.fail(str(path), "There is no such file or folder.")
    listed = {str(path) for path in listing.files}
    listing.passed_over = [problem for problem in listing.passed_over if problem.path not in listed]
    return listing


def files_to_read(path: Path, roots: Iterable[Path]) -> Iterator[Path]:
    """Yield the files of ``roots`` that a path stands for: itself, or all files below a folder."""
    for root in map(_absolute_path, roots):
        if path == root:
            yield from expand([root]).files
        elif root in path.parents:
            yield from _listed_below(root, path)


def is_in_index(path: Path, roots: Iterable[Path]) -> bool:
    """Return True if a path below one of the roots is inside an index."""
    return any(
        (folder / MARKER).exists() for root in map(_absolute_path, roots) for folder in _folders(root, path)
    )


def _folders(root: Path, path: Path) -> list[Path]:
    """Return the folders from a root down to a path below it. Empty if it is not below the root."""
    return [folder for folder in reversed(path.parents) if root == folder or root in folder.parents]


def _listed_below(root: Path, path: Path) -> Iterator[Path]:
    from searcher.readers.records import SNAPSHOT_INDEX, is_snapshot_at

    for folder in _folders(root, path):
        if (folder / MARKER).exists() or (folder != root and _is_skipped_folder(folder)):
            return
        if is_snapshot_at(folder):
            path = folder / SNAPSHOT_INDEX
            break
    if path.is_dir():
        if not _is_skipped_folder(path):
            listing = Listing()
            _walk(path, listing, os.path.realpath(root))
            yield from listing.files
    elif path.exists() and _skip_reason(str(path), path.name, os.path.realpath(root)) is None:
        yield path


def _is_skipped_folder(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.is_symlink()


def below_any(roots: Iterable[Path]) -> Callable[[Path], bool]:
    """Return a predicate: is an absolute path one of ``roots`` or below one?"""
    paths = frozenset(map(os.path.abspath, roots))

    def is_under(path: Path) -> bool:
        at = str(path)
        while at not in paths:
            at, below = os.path.dirname(at), at
            if at == below:
                return False
        return True

    return is_under


def shard_of(files: Iterable[Path], number: int, count: int) -> Iterator[Path]:
    """Yield the files of one shard. The choice depends only on the path, so it is the same on every machine.

    Raises UsageError for an invalid shard.
    """
    if not 1 <= number <= count:
        raise UsageError(f"There is no shard {number} of {count}.")
    return (file for file in files if crc32(os.fsencode(file)) % count == number - 1)


def file_stamp(path: Path) -> Stamp | None:
    """Return the stamp of a file, or None if it does not exist."""
    try:
        return _stamp(os.stat(path))
    except OSError:
        return None


def digest_and_stamp(path: Path) -> tuple[str, Stamp]:
    """Return the SHA-256 and the stamp of a file as it is when opened. Raises OSError and ReadError."""
    with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
        status = os.fstat(file.fileno())
        if 0 <= time.time() - status.st_ctime < _TICK_SECONDS:
            time.sleep(_TICK_SECONDS)
            status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(_not_a_file(status.st_mode))
        _refuse_holes(file.fileno(), status.st_size)
        digest, remaining = hashlib.sha256(), status.st_size
        while remaining > 0 and (chunk := file.read(min(_CHUNK_BYTES, remaining))):
            digest.update(chunk)
            remaining -= len(chunk)
        return digest.hexdigest(), _stamp(status)


def _expand_one(path: Path, listing: Listing) -> bool:
    """Add the files of a path to the listing. Returns False without files."""
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        listing.fail(str(path), f"It cannot be opened ({error.strerror}).")
        return True
    except (OSError, ValueError):
        return _expand_glob(path, listing)
    if stat.S_ISDIR(mode):
        _walk(_absolute_path(path), listing, os.path.realpath(path))
    elif stat.S_ISREG(mode):
        listing.files[_absolute_path(path)] = None
    else:
        listing.fail(str(path), _not_a_file(mode))
    return True


def _expand_glob(path: Path, listing: Listing) -> bool:
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []
    expanded = [_expand_one(Path(match), listing) for match in matches]
    return any(expanded)


def _walk(root: Path, listing: Listing, allowed_root: str) -> None:
    """List a folder. Links that leave ``allowed_root``, a real path, are not followed."""
    listing.folders.append(str(root))

    def fail(error: OSError) -> None:
        listing.fail(str(error.filename), f"The folder cannot be listed ({error.strerror or error}).")

    from searcher.readers.records import SNAPSHOT_INDEX, is_snapshot_folder

    for folder, folders, names in os.walk(root, onerror=fail):
        if MARKER in names:  # Another index is not a collection of articles.
            listing.pass_over(folder, "index")
            folders.clear()
            continue
        if is_snapshot_folder(names):  # The folder's other files are copies of the same page.
            for name in (*folders, *names):
                if name != SNAPSHOT_INDEX:
                    listing.pass_over(os.path.join(folder, name), "copy of a page that is read")
            names = [SNAPSHOT_INDEX]
            folders.clear()
        folders[:] = sorted(_folders_to_enter(folder, folders, listing))
        for name in sorted(names):
            path = os.path.join(folder, name)
            kind = _skip_reason(path, name, allowed_root)
            if kind:
                listing.pass_over(path, kind)
            else:
                listing.files[Path(path)] = None


def _folders_to_enter(folder: str, names: Iterable[str], listing: Listing) -> Iterator[str]:
    """Yield subfolders to enter. Hidden folders and links are recorded as skipped."""
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith("."):
            listing.pass_over(path, "hidden folder")
        elif os.path.islink(path):
            listing.pass_over(path, "link to a folder: read if it is named itself")
        else:
            yield name


def _skip_reason(path: str, name: str, folder: str) -> str | None:
    """Return why a file in a folder is not read, or None if it is."""
    if name.startswith("."):
        return "hidden"
    if os.path.islink(path) and not Path(os.path.realpath(path)).is_relative_to(folder):
        return "link out of the folder: read if it is named itself"
    try:
        mode = os.stat(path).st_mode
    except OSError:
        mode = stat.S_IFREG  # Possibly a broken link. Reading it reports the reason.
    if not stat.S_ISREG(mode):
        return SPECIAL_FILES.get(stat.S_IFMT(mode), "no file")
    if name.lower().endswith(".xml") and _is_joined_page(path, folder):
        return "page of a digitised paper that is read with its issue"
    if readers.can_read(Path(path)):
        return None
    ending = os.path.splitext(name)[1]
    return ending.lower() if _ENDING.fullmatch(ending) else "without an ending"


def _is_joined_page(path: str, root: str) -> bool:
    """Return True if a listed manifest, in the folder of a page or the one above, joins it to an issue."""
    from searcher.readers import manifests

    folder = os.path.dirname(path)
    with suppress(OSError):
        for above in (folder, os.path.dirname(folder)):
            if path in _joined_pages(above, root, os.stat(above).st_mtime_ns):
                with open(path, "rb", opener=_open_without_waiting) as file:
                    return manifests.is_page(file.read(4096))
    return False


@lru_cache(64)
def _joined_pages(folder: str, root: str, _changed: int) -> frozenset[str]:
    """Return the pages joined by the manifests of a folder. Empty if the folder is not listed."""
    from searcher.readers import manifests

    joined = set[str]()
    if not Path(os.path.realpath(folder)).is_relative_to(root):
        return frozenset()
    for name in filter(manifests.is_manifest, os.listdir(folder)):
        with suppress(OSError), open(os.path.join(folder, name), "rb", opener=_open_without_waiting) as file:
            pages = manifests.pages_in(name, file.read(MAX_DOCUMENT))
            joined.update(os.path.normpath(os.path.join(folder, page)) for page in pages)
    return frozenset(joined)


def _not_a_file(mode: int) -> str:
    return f"It is a {SPECIAL_FILES.get(stat.S_IFMT(mode), 'folder')}, not a file."


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a path. Without O_NONBLOCK, opening a named pipe would wait for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refuse_holes(descriptor: int, size: int) -> None:
    """Raise ReadError for a large file that was mostly never written."""
    if size < MIN_SPARSE or not hasattr(os, "SEEK_DATA"):
        return
    written = _written_bytes(descriptor, size, enough=int(size * MIN_WRITTEN_SHARE))
    os.lseek(descriptor, 0, os.SEEK_SET)
    if written < size * MIN_WRITTEN_SHARE:
        raise ReadError(
            f"Only {written / 2**20:,.0f} of its {size / 2**20:,.0f} MB were written: "
            "the download or copy may be incomplete."
        )


def _written_bytes(descriptor: int, size: int, enough: int) -> int:
    """Count the bytes of a file outside holes, until there are enough."""
    written = at = 0
    while at < size and written < enough:
        try:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
            at = os.lseek(descriptor, start, os.SEEK_HOLE)
        except OSError as error:
            no_more_data = error.errno == errno.ENXIO
            return written if no_more_data else size  # The file system does not report holes.
        written += at - start
    return written


def _absolute_path(path: Path) -> Path:
    return Path(os.path.abspath(path))


_FILE = "read.jsonl"


def remember_paths(paths: Iterable[str | Path]) -> None:
    """Remember paths as indexed by this user. Does nothing if the data folder cannot be written."""
    unknown = dict.fromkeys(map(os.path.realpath, _unknown_paths(paths)))
    if unknown:
        with suppress(OSError):
            make_folder(data_folder())
            append_file(data_folder() / _FILE, "".join(f"{json.dumps(path)}\n" for path in unknown).encode())


def require_remembered(paths: Iterable[str | Path]) -> None:
    """Raise SourcesUnknown if any of these exists but was never indexed by this user."""
    unknown = [path for path in _unknown_paths(paths) if os.path.lexists(path)]
    if unknown:
        raise SourcesUnknown(tuple(unknown))


def _unknown_paths(paths: Iterable[str | Path]) -> list[str]:
    """Return the paths that are not remembered, nor below a remembered folder, after following links."""
    noted, folders = _remembered_paths(), dict[str, tuple[str, bool]]()

    def is_known(path: str) -> bool:
        above, name = os.path.split(path)
        if above not in folders:
            real = Path(os.path.realpath(above))
            folders[above] = str(real), any(str(one) in noted for one in (real, *real.parents))
        real_above, below_noted = folders[above]
        if os.path.islink(path) or name in ("", ".", ".."):
            target = Path(os.path.realpath(path))
            return any(str(one) in noted for one in (target, *target.parents))
        return below_noted or os.path.join(real_above, name) in noted

    return [path for path in map(str, paths) if not is_known(path)]


def _remembered_paths() -> frozenset[str]:
    try:
        lines = (data_folder() / _FILE).read_text("utf-8").splitlines()
        return frozenset(map(json.loads, filter(None, lines)))
    except (OSError, ValueError, TypeError):
        return frozenset()
