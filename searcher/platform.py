"""Everything that differs between Linux, macOS and Windows.

No other module calls functions that only some systems have. Tests simulate the others with ``WINDOWS`` and
``HAS_PROC``.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

WINDOWS = os.name == "nt"
#: True if /proc has the memory of processes, as on Linux. Elsewhere, psutil asks the system.
HAS_PROC = os.path.exists("/proc/self/statm")
#: The signal of the processor time limit. None on Windows, which has no such timer.
TIME_SIGNAL: Final = getattr(signal, "SIGPROF", None)
#: Maximum seconds to wait on Windows until another process, such as a virus scanner, closes a file.
_REPLACE_SECONDS: Final = 1.0
#: Names of exit codes of crashed processes: negative signals, and on Windows the exception codes.
_CRASHES: Final = {
    **{
        -getattr(signal, name): name
        for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
        if hasattr(signal, name)
    },
    0xC0000005: "access violation",
    0xC00000FD: "stack overflow",
    0xC0000374: "damaged heap",
    0xC0000409: "abort",
}


def data_folder() -> Path:
    """Return the folder for this user's data: indexes, and records of what was indexed."""
    from platformdirs import user_data_path  # Not imported by commands that name their index.

    return user_data_path("searcher", appauthor=False)


def replace_file(new: Path, path: Path) -> None:
    """Rename ``new`` to ``path``, replacing what is there. Raises OSError.

    Windows refuses this while another process has the file open, so it is tried again for a second.
    """
    until = time.monotonic() + _REPLACE_SECONDS
    while True:
        try:
            return os.replace(new, path)
        except PermissionError:
            if not WINDOWS or time.monotonic() >= until:
                raise
        time.sleep(0.02)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to disk. Windows has no such call and needs none. Raises OSError."""
    if WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_file(file: int) -> bool:
    """Lock an open file without waiting. Return False if another process has locked it. Raises OSError."""
    # Both modules exist on some systems only, and searches import neither.
    if WINDOWS:
        msvcrt: Any = import_module("msvcrt")
        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            return True
        return False
    fcntl: Any = import_module("fcntl")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def unlock_file(file: int) -> None:
    if WINDOWS:
        msvcrt: Any = import_module("msvcrt")
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)
    else:
        fcntl: Any = import_module("fcntl")
        fcntl.flock(file, fcntl.LOCK_UN)


def restrict_permissions(file: int, mode: int) -> None:
    """Remove the permissions of an open file that are not in ``mode``, if this user owns it."""
    status = os.fstat(file)
    if not WINDOWS and is_owned(status) and status.st_mode & 0o777 & ~mode:
        os.fchmod(file, status.st_mode & mode)


def is_owned(status: os.stat_result) -> bool:
    """Return True if a file belongs to this user. Windows does not say, and keeps profiles private."""
    return WINDOWS or status.st_uid == os.geteuid()


def is_dead_process(process: int) -> bool:
    """Return True if no process has this number."""
    try:
        if WINDOWS:  # There, os.kill(process, 0) would send Ctrl-C.
            return not _psutil().pid_exists(process)
        os.kill(process, 0)
    except OverflowError:  # The number cannot be that of a process.
        return True
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def memory_of_processes(processes: Sequence[int]) -> dict[int, int]:
    """Return the resident memory of these processes in bytes. Dead processes are missing."""
    sizes = {}
    for process in processes:
        if HAS_PROC:
            with suppress(OSError, ValueError, IndexError), open(f"/proc/{process}/statm", "rb") as status:
                sizes[process] = int(status.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        else:
            psutil = _psutil()
            with suppress(psutil.Error):
                sizes[process] = psutil.Process(process).memory_info().rss
    return sizes


def crash_name(code: int) -> str:
    """Return what crashed a process that ended with this code, or "" if it did not crash."""
    return _CRASHES.get(code & 0xFFFFFFFF if WINDOWS else code, "")


def _psutil() -> Any:
    import psutil  # A dependency only where /proc is missing.

    return psutil
