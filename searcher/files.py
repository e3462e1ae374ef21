"""Create and open files and folders safely: complete or not at all, and never through a link.

New files are created exclusively, or under a random name and then renamed, so that a link with the same name
is replaced and never followed. They get the permissions of their folder. SQLite never replays the journal of
another database.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from searcher.errors import IndexDamaged, IndexFailure, UsageError
from searcher.platform import (
    is_dead_process,
    is_owned,
    lock_file,
    replace_file,
    restrict_permissions,
    sync_folder,
    unlock_file,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK
#: Interval between attempts to take a lock, in seconds. Committing one article takes 0.01 s.
_POLL_SECONDS = 0.02
#: Name of a file that is locked while a temporary folder is in use.
_IN_USE = ".in-use"
#: An unlocked temporary folder of this age, in seconds, was left by a killed process.
_ABANDONED_SECONDS = 3600


def make_file(path: Path) -> None:
    """Create an empty file. Raises FileExistsError if there is a file or link, and OSError."""
    os.close(os.open(path, _NEW, _permissions(path)))


def open_file(path: Path) -> BinaryIO:
    """Open a regular file for reading. Raises OSError. Links, pipes and devices, which may lead anywhere or
    never end, count as missing."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NO_LINK)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENXIO):
            raise
        raise FileNotFoundError(errno.ENOENT, "It is no file", str(path)) from error
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise FileNotFoundError(errno.ENOENT, "It is no file", str(path))
    return os.fdopen(file, "rb", buffering=0)


def create_file(path: Path) -> BinaryIO:
    """Create a file for writing, replacing an existing one. Raises OSError."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    return os.fdopen(os.open(path, _NEW, _permissions(path)), "wb")


def append_file(path: Path, data: bytes) -> None:
    """Append to a file in one write, creating it if necessary. Raises OSError."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_LINK, _permissions(path))
    try:
        os.write(file, data)
    finally:
        os.close(file)


def open_for_update(path: Path) -> BinaryIO:
    """Open an existing file for writing from its start. Raises OSError, also for a link."""
    return os.fdopen(os.open(path, os.O_RDWR | _NO_LINK), "r+b", buffering=0)


def make_folder(path: Path) -> None:
    """Create a folder that only this user can enter, unless it exists. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def atomic_file(path: Path, *, follow: bool = False) -> Iterator[Path]:
    """Yield the path of a new file, which replaces ``path`` at the end, synced to disk.

    ``follow``: the user named the file, so replace the target of a symbolic link, write to pipes and devices
    directly, and create the file with default permissions. Raises OSError.
    """
    if follow and path.exists() and not path.is_file():
        yield path
        return
    path = path.resolve() if follow else path
    with temporary_path(path) as new:
        os.close(os.open(new, _NEW, 0o666 if follow else _permissions(path)))
        yield new
        flush_file(new)
        with suppress(FileNotFoundError):
            replaced = os.lstat(path)
            if stat.S_ISREG(replaced.st_mode):
                new.chmod(stat.S_IMODE(replaced.st_mode))
        replace_file(new, path)
        sync_folder(path.parent)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder that becomes ``path``, or whose files replace those in it. Raises OSError."""
    path = path.resolve()
    with temporary_path(path) as new:
        new.mkdir()
        yield new
        for file in new.iterdir():
            flush_file(file)
        if path.is_dir():
            for file in new.iterdir():
                replace_file(file, path / file.name)
            sync_folder(path)
        else:
            replace_file(new, path)
        sync_folder(path.parent)


@contextmanager
def temporary_path(path: Path) -> Iterator[Path]:
    """Yield a temporary name on the same disk, and remove it and those of killed processes at the end."""
    import glob  # Not imported by searches.

    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        match = re.fullmatch(r"\.([0-9]{1,10})-[0-9a-f]+\.part", leftover.name.removeprefix(f".{path.name}"))
        if match and is_dead_process(int(match[1])):
            with suppress(OSError):  # It belongs to another user, or was removed meanwhile.
                _remove(leftover)
    new = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(8).hex()}.part")
    try:
        yield new
    finally:
        _remove(new)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder that is removed at the end, together with those of killed processes. Raises OSError."""
    import shutil
    import tempfile

    _remove_abandoned(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix="searcher-"))
    lock = FileLock(folder / _IN_USE)
    try:
        lock.acquire(0)
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def read_text(file: Path) -> str:
    """Read a UTF-8 file, with or without a byte order mark; "" if missing. Raises IndexDamaged."""
    try:
        with open_file(file) as opened:
            return opened.read().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        if os.path.isfile(file) and not os.path.islink(file):  # Created meanwhile.
            return read_text(file)
        if os.path.lexists(file):
            raise IndexDamaged(f"{file} is a link, or not a file: replace it with the file itself.") from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(f"{file} cannot be read: {error}") from error


def replace_text(file: Path, text: str) -> None:
    """Replace the text of a file, synced to disk. On failure, the file is unchanged.

    Raises IndexFailure if it cannot be written, and UsageError if the text is not valid Unicode.
    """
    require_encodable(file.name, text)
    try:
        with atomic_file(file) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except OSError as error:
        raise IndexFailure(f"{file} cannot be written: {error}") from error


def require_encodable(name: str, text: str) -> None:
    """Raise UsageError if a text cannot be encoded."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        part = ascii(text[max(0, error.start - 20) : error.end])
        raise UsageError(f"{name} must be text, but {part} is not valid Unicode.") from error


class FileLock:
    """A file lock between threads and processes, compatible with Whoosh's.

    The system releases it when a process dies. A user who cannot write to the folder cannot take it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self, timeout: float) -> bool:
        """Take the lock. Returns False after ``timeout`` seconds. Raises OSError."""
        until = time.monotonic() + timeout
        while not self._take():
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            unlock_file(file)
            os.close(file)

    def _take(self) -> bool:
        rights = _permissions(self._path, writers=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | _NO_LINK, rights)
        try:
            restrict_permissions(file, rights)
            if lock_file(file):
                self._file = file
                return True
        except BaseException:
            os.close(file)
            raise
        os.close(file)
        return False


def flush_file(path: Path) -> None:
    """Sync a file to disk. Raises OSError."""
    file = os.open(path, os.O_RDWR | _NO_LINK)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _permissions(path: Path, *, writers: bool = False) -> int:
    """Return the permissions of a new file, before the umask: those of its folder, or with ``writers``, read
    and write for those who can write to the folder."""
    mode = stat.S_IMODE(os.stat(path.parent).st_mode)
    return (mode & 0o222) | (mode & 0o222) << 1 if writers else mode & 0o666


def _remove_abandoned(place: Path) -> None:
    """Remove our temporary folders that no process has locked."""
    import shutil

    limit = time.time() - _ABANDONED_SECONDS
    for folder in place.glob("searcher-*"):
        with suppress(OSError):
            status = os.lstat(folder)
            is_old = is_owned(status) and status.st_mtime < limit
            if not is_old or not re.fullmatch(r"searcher-\w{8}", folder.name):
                continue
            if stat.S_ISDIR(status.st_mode) and stat.S_ISREG(os.lstat(folder / _IN_USE).st_mode):
                lock = FileLock(folder / _IN_USE)
                if lock.acquire(0):
                    shutil.rmtree(folder, ignore_errors=True)
                    lock.release()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


#: Maximum seconds to wait for another process that is writing.
MAX_WAIT_SECONDS: Final = 60
#: The last bytes of a journal that names a super-journal. Searcher never writes one, and SQLite would delete
#: the file with that name.
_NAMES_ANOTHER: Final = bytes.fromhex("d9d505f920a163d7")


def connect_file(path: Path, *, writes: bool = False) -> Connection:
    """Open an existing database, for writing if possible, so that SQLite can recover from a crash.

    Raises DatabaseError for a symbolic link, and for a journal that belongs to another database.
    """
    import sqlite3

    if path.is_symlink():
        raise sqlite3.DatabaseError("it is a link, and links are not followed")
    journal = path.with_name(f"{path.name}-journal")
    if os.path.lexists(journal) and _last_bytes(journal) in (_NAMES_ANOTHER, b""):
        raise sqlite3.DatabaseError(f"{journal.name} belongs to another program")
    writable = writes or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    return connect(f"{path.absolute().as_uri()}?mode={'rw' if writable else 'ro'}")


def connect(database: str) -> Connection:
    """Open a database in autocommit mode: callers begin and end transactions."""
    import sqlite3

    return sqlite3.connect(
        database,
        timeout=MAX_WAIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        uri=database.startswith("file:"),
    )


def _last_bytes(journal: Path) -> bytes:
    """Return the last bytes of a journal: a zero if it is empty or gone, and nothing if it is not a file."""
    try:
        with os.fdopen(os.open(journal, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - len(_NAMES_ANOTHER)))
            return file.read() or bytes(1)
    except FileNotFoundError:  # Another process has just ended its transaction.
        return bytes(1)
    except OSError:
        return b""
