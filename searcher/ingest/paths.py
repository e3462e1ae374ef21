"""The files that paths, folders and globs stand for, what else is there, and which files this user has had
read.

An index that came from somebody else may name any file as one of its sources: so what is loaded is listed in
the user's data folder, which nobody else writes to, a JSON string a line.
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
from searcher.locations import MARKER, data_folder, is_index
from searcher.readers.base import MAX_DOCUMENT
from searcher.readers.dispatch import SPECIAL

#: What changes when a file is written: its size, and when it and what is known of it were changed.
Stamp = tuple[int, int, int]

#: Bytes from which on a file is refused of which less than this share was ever written: no download of text
#: is empty to nine tenths, and to read a hole of a terabyte takes half an hour.
MIN_SPARSE, MIN_WRITTEN_SHARE = 1 << 28, 0.1
#: Bytes read at a time.
_CHUNK_BYTES = 1 << 20
#: Seconds within which two changes of a file may bear one time: clocks of kernels tick 100 times a second.
_TICK_SECONDS = 0.02
#: What is called an ending: a name may hold a dot for many other reasons.
_ENDING = re.compile(r"\.[A-Za-z0-9_+-]{1,10}")


@dataclass(slots=True)
class Listing:
    """What paths stand for.

    ``files`` are to be read: each once, absolute, in a repeatable order. ``failures`` are paths that stand
    for no file and folders that cannot be listed, ``passed_over`` is everything else in the ``folders``.
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

    Of a folder, the files that some reader takes, in it and below, but no hidden ones, other indexes, and
    links out of it. A file named outright is taken whatever it is called, and wherever it leads.
    """
    listing = Listing()
    for path in paths:
        if is_index(path):
            listing.fail(str(path), "It is an index, and no folder of articles.")
        elif not _expand_one(path, listing):
            listing.fail(str(path), "There is no such file or folder.")
    taken = {str(path) for path in listing.files}
    listing.passed_over = [problem for problem in listing.passed_over if problem.path not in taken]
    return listing


def listed_files(path: Path, roots: Iterable[Path]) -> Iterator[Path]:
    """The files of the listing of ``roots`` that a path stands for: itself, or all below a folder."""
    for root in map(_absolute, roots):
        if path == root:
            yield from expand([root]).files
        elif root in path.parents:
            yield from _listed_below(root, path)


def is_in_index(path: Path, roots: Iterable[Path]) -> bool:
    """Whether a path below one of the roots is a file of an index that lies there."""
    return any(
        (folder / MARKER).exists() for root in map(_absolute, roots) for folder in _folders(root, path)
    )


def _folders(root: Path, path: Path) -> list[Path]:
    """The folders from a root down to a path below it; none where it is not."""
    return [folder for folder in reversed(path.parents) if root == folder or root in folder.parents]


def _listed_below(root: Path, path: Path) -> Iterator[Path]:
    from searcher.readers.records import SNAPSHOT_INDEX, is_snapshot_at

    for folder in _folders(root, path):
        if (folder / MARKER).exists() or (folder != root and _is_not_entered(folder)):
            return
        if is_snapshot_at(folder):
            path = folder / SNAPSHOT_INDEX
            break
    if path.is_dir():
        if not _is_not_entered(path):
            listing = Listing()
            _walk(path, listing, os.path.realpath(root))
            yield from listing.files
    elif path.exists() and _kind_passed_over(str(path), path.name, os.path.realpath(root)) is None:
        yield path


def _is_not_entered(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.is_symlink()


def under(roots: Iterable[Path]) -> Callable[[Path], bool]:
    """Return a test whether an absolute path is one of ``roots`` or lies below one."""
    wanted = frozenset(map(os.path.abspath, roots))

    def is_under(path: Path) -> bool:
        at = str(path)
        while at not in wanted:
            at, below = os.path.dirname(at), at
            if at == below:
                return False
        return True

    return is_under


def shard_of(files: Iterable[Path], number: int, count: int) -> Iterator[Path]:
    """Return the files of one shard, chosen by their paths: the same on every machine that knows a file by
    this path. Raises UsageError if there is no such shard."""
    if not 1 <= number <= count:
        raise UsageError(f"There is no shard {number} of {count}.")
    return (file for file in files if crc32(os.fsencode(file)) % count == number - 1)


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    try:
        return _stamp(os.stat(path))
    except OSError:
        return None


def digest_of(path: Path) -> tuple[str, Stamp]:
    """The SHA-256 of a file up to where it ends when opened, and its stamp from before. Raises OSError and
    ReadError."""
    with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
        status = os.fstat(file.fileno())
        if 0 <= time.time() - status.st_ctime < _TICK_SECONDS:
            time.sleep(_TICK_SECONDS)
            status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(_no_file(status.st_mode))
        _refuse_holes(file.fileno(), status.st_size)
        digest, remaining = hashlib.sha256(), status.st_size
        while remaining > 0 and (chunk := file.read(min(_CHUNK_BYTES, remaining))):
            digest.update(chunk)
            remaining -= len(chunk)
        return digest.hexdigest(), _stamp(status)


def _expand_one(path: Path, listing: Listing) -> bool:
    """Add what a path stands for to the listing; whether it stands for anything."""
    try:
        mode = path.stat().st_mode
    except PermissionError as error:
        listing.fail(str(path), f"It cannot be opened ({error.strerror}).")
        return True
    except (OSError, ValueError):
        return _expand_glob(path, listing)
    if stat.S_ISDIR(mode):
        _walk(_absolute(path), listing, os.path.realpath(path))
    elif stat.S_ISREG(mode):
        listing.files[_absolute(path)] = None
    else:
        listing.fail(str(path), _no_file(mode))
    return True


def _expand_glob(path: Path, listing: Listing) -> bool:
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []
    found = [_expand_one(Path(match), listing) for match in matches]
    return any(found)


def _walk(root: Path, listing: Listing, within: str) -> None:
    """List a folder. ``within``: the folder, free of links, out of which no link is followed."""
    listing.folders.append(str(root))

    def fail(error: OSError) -> None:
        listing.fail(str(error.filename), f"The folder cannot be listed ({error.strerror or error}).")

    from searcher.readers.records import is_snapshot_folder

    for folder, folders, names in os.walk(root, onerror=fail):
        if MARKER in names:  # an index, ours or another, is no collection of articles
            listing.pass_over(folder, "index")
            folders.clear()
            continue
        if is_snapshot_folder(names):
            names = list(_one_page(folder, [*folders, *names], listing))
            folders.clear()
        folders[:] = sorted(_to_enter(folder, folders, listing))
        for name in sorted(names):
            path = os.path.join(folder, name)
            kind = _kind_passed_over(path, name, within)
            if kind:
                listing.pass_over(path, kind)
            else:
                listing.files[Path(path)] = None


def _one_page(folder: str, names: Iterable[str], listing: Listing) -> Iterator[str]:
    """The file that stands for a folder of ArchiveBox; the same page in other shapes is passed over."""
    from searcher.readers.records import SNAPSHOT_INDEX

    for name in names:
        if name == SNAPSHOT_INDEX:
            yield name
        else:
            listing.pass_over(os.path.join(folder, name), "copy of a page that is read")


def _to_enter(folder: str, names: Iterable[str], listing: Listing) -> Iterator[str]:
    """The folders to go into; those that are hidden, and links, are noted as passed over."""
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith("."):
            listing.pass_over(path, "hidden folder")
        elif os.path.islink(path):
            listing.pass_over(path, "link to a folder: read if it is named itself")
        else:
            yield name


def _kind_passed_over(path: str, name: str, within: str) -> str | None:
    """What a file of a folder is that is not read: hidden, a link out, of an unknown ending; else None."""
    if name.startswith("."):
        return "hidden"
    if os.path.islink(path) and not Path(os.path.realpath(path)).is_relative_to(within):
        return "link out of the folder: read if it is named itself"
    try:
        mode = os.stat(path).st_mode
    except OSError:
        mode = stat.S_IFREG  # a link to nothing, say: reading it gives the reason
    if not stat.S_ISREG(mode):
        return SPECIAL.get(stat.S_IFMT(mode), "no file")
    if name.lower().endswith(".xml") and _is_joined(path, within):
        return "page of a digitised paper that is read with its issue"
    if readers.takes(Path(path)):
        return None
    ending = os.path.splitext(name)[1]
    return ending.lower() if _ENDING.fullmatch(ending) else "without an ending"


def _is_joined(path: str, within: str) -> bool:
    """Return True if a manifest in the folder of a page, or in the one above, joins it, and is listed too."""
    from searcher.readers import manifests

    folder = os.path.dirname(path)
    with suppress(OSError):
        for above in (folder, os.path.dirname(folder)):
            if path in _joined_pages(above, within, os.stat(above).st_mtime_ns):
                with open(path, "rb", opener=_open_without_waiting) as file:
                    return manifests.is_page(file.read(4096))
    return False


@lru_cache(64)
def _joined_pages(folder: str, within: str, _changed: int) -> frozenset[str]:
    """Return the pages that manifests in a folder join; none where that folder is not listed."""
    from searcher.readers import manifests

    found = set[str]()
    if not Path(os.path.realpath(folder)).is_relative_to(within):
        return frozenset()
    for name in filter(manifests.is_manifest, os.listdir(folder)):
        with suppress(OSError), open(os.path.join(folder, name), "rb", opener=_open_without_waiting) as file:
            pages = manifests.pages_in(name, file.read(MAX_DOCUMENT))
            found.update(os.path.normpath(os.path.join(folder, page)) for page in pages)
    return frozenset(found)


def _no_file(mode: int) -> str:
    return f"It is a {SPECIAL.get(stat.S_IFMT(mode), 'folder')} and no file."


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a path; opening a named pipe would otherwise wait for somebody to write."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refuse_holes(descriptor: int, size: int) -> None:
    """Raise ReadError for a large file most of which was never written."""
    if size < MIN_SPARSE or not hasattr(os, "SEEK_DATA"):
        return
    written = _written_bytes(descriptor, size, enough=int(size * MIN_WRITTEN_SHARE))
    os.lseek(descriptor, 0, os.SEEK_SET)
    if written < size * MIN_WRITTEN_SHARE:
        raise ReadError(
            f"Of its {size / 2**20:,.0f} MB only {written / 2**20:,.0f} were ever written; "
            "the download or copy may not be finished."
        )


def _written_bytes(descriptor: int, size: int, enough: int) -> int:
    """The bytes of a file that are no holes, up to some number that is enough to know."""
    written = at = 0
    while at < size and written < enough:
        try:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
            at = os.lseek(descriptor, start, os.SEEK_HOLE)
        except OSError as error:
            no_more_data = error.errno == errno.ENXIO
            return written if no_more_data else size  # the system cannot tell
        written += at - start
    return written


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


_FILE = "read.jsonl"


def had_read(paths: Iterable[str | Path]) -> None:
    """Note files and folders, with all that is below them. Where no note can be kept there is none."""
    new = dict.fromkeys(map(os.path.realpath, _unknown(paths)))
    if new:
        with suppress(OSError):
            make_folder(data_folder())
            append_file(data_folder() / _FILE, "".join(f"{json.dumps(path)}\n" for path in new).encode())


def require_known(paths: Iterable[str | Path]) -> None:
    """Raise SourcesUnknown where any of these is there and was never read for this user."""
    unknown = [path for path in _unknown(paths) if os.path.lexists(path)]
    if unknown:
        raise SourcesUnknown(tuple(unknown))


def _unknown(paths: Iterable[str | Path]) -> list[str]:
    """Return those paths that are neither noted nor below one that is, wherever links lead."""
    noted, folders = _noted(), dict[str, tuple[str, bool]]()

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


def _noted() -> frozenset[str]:
    try:
        lines = (data_folder() / _FILE).read_text("utf-8").splitlines()
        return frozenset(map(json.loads, filter(None, lines)))
    except (OSError, ValueError, TypeError):
        return frozenset()
