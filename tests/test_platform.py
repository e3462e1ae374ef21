"""What differs between systems, each simulated with its refusals."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from searcher import platform
from searcher.files import FileLock, atomic_file


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "WINDOWS", True)


@pytest.fixture
def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_process_that_ended_is_dead(ended_process: int) -> None:
    assert (True, False) == (
        platform.is_dead_process(ended_process),
        platform.is_dead_process(os.getpid()),
    )


def test_a_number_that_no_process_can_have_is_dead() -> None:
    assert platform.is_dead_process(10**30)


@pytest.mark.usefixtures("windows")
def test_on_windows_no_signal_asks_whether_a_process_lives(
    monkeypatch: pytest.MonkeyPatch, ended_process: int
) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("Windows sends Ctrl-C"))
    psutil = SimpleNamespace(pid_exists=lambda process: process == os.getpid())
    monkeypatch.setattr(platform, "_psutil", lambda: psutil)

    assert (True, False) == (
        platform.is_dead_process(ended_process),
        platform.is_dead_process(os.getpid()),
    )


def refuse(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let os.replace fail, as on Windows while another process has the file open."""
    replace, left = os.replace, [times]

    def refusing(new: Path, path: Path) -> None:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "Access is denied", str(path))
        replace(new, path)

    monkeypatch.setattr(os, "replace", refusing)


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_that_is_open_for_a_moment_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refuse(3, monkeypatch)
    path = tmp_path / "names.txt"
    path.write_text("old")

    with atomic_file(path) as new:
        new.write_text("new")

    assert "new" == path.read_text()


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_that_stays_open_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refuse(1_000_000, monkeypatch)
    monkeypatch.setattr(platform, "_REPLACE_SECONDS", 0.1)
    path = tmp_path / "names.txt"
    path.write_text("old")

    with pytest.raises(PermissionError), atomic_file(path) as new:
        new.write_text("new")

    assert (["names.txt"], "old") == (os.listdir(tmp_path), path.read_text())


def test_elsewhere_a_refusal_is_reported_immediately(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(platform, "WINDOWS", False)
    refuse(1, monkeypatch)
    (tmp_path / "new").write_text("new")

    with pytest.raises(PermissionError):
        platform.replace_file(tmp_path / "new", tmp_path / "old")


@pytest.mark.usefixtures("windows")
def test_on_windows_a_lock_is_that_of_its_own_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locked: set[int] = set()

    def locking(file: int, mode: str, _size: int) -> None:
        place = os.fstat(file).st_ino
        if mode == "unlock":
            locked.remove(place)
        elif place in locked:
            raise PermissionError(13, "Permission denied")
        else:
            locked.add(place)

    msvcrt = SimpleNamespace(locking=locking, LK_NBLCK="lock", LK_UNLCK="unlock")
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")

    taken = [first.acquire(0), second.acquire(0)]
    first.release()

    assert [True, False, True] == [*taken, second.acquire(0)]
    second.release()


@pytest.mark.usefixtures("windows")
def test_on_windows_no_folder_is_opened_to_sync_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("Windows refuses this"))

    platform.sync_folder(tmp_path)


@pytest.mark.usefixtures("windows")
def test_on_windows_calls_that_it_lacks_are_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delattr(os, "geteuid")
    monkeypatch.delattr(os, "fchmod")
    path = tmp_path / "file"
    path.touch()

    with path.open("rb") as file:
        platform.restrict_permissions(file.fileno(), 0o600)

    assert platform.is_owned(path.stat())


@pytest.mark.parametrize("has_proc", [True, False])
def test_the_memory_of_living_processes_is_known(
    monkeypatch: pytest.MonkeyPatch, has_proc: bool, ended_process: int
) -> None:
    if has_proc and not platform.HAS_PROC:
        pytest.skip("there is no /proc")
    monkeypatch.setattr(platform, "HAS_PROC", has_proc)

    sizes = platform.memory_of_processes([os.getpid(), ended_process])

    assert [os.getpid()] == list(sizes)
    assert sizes[os.getpid()] > 1 << 20


@pytest.mark.parametrize(
    ("on_windows", "code", "name"),
    [
        (False, -11, "SIGSEGV"),
        (False, -9, ""),
        (False, 1, ""),
        (True, 0xC0000005, "access violation"),
        (True, -0x3FFFFFFB, "access violation"),
        (True, 1, ""),
    ],
)
def test_a_crash_has_a_name(monkeypatch: pytest.MonkeyPatch, on_windows: bool, code: int, name: str) -> None:
    monkeypatch.setattr(platform, "WINDOWS", on_windows)

    assert name == platform.crash_name(code)


def test_data_are_where_the_system_keeps_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert tmp_path / "searcher" == platform.data_folder()


#: Functions and modules that Windows lacks, or that behave differently there.
_SYSTEM_CALLS = re.compile(
    r"\bos\.(?:fork|(?:get|set)e?[ug]id|kill(?:pg)?|setsid|f?ch(?:mod|own)|mkfifo|statvfs|uname|nice|wait\w*|p(?:read|write)v?"
    r"|posix_\w+|sched_\w+|sysconf|replace|register_at_fork|set_blocking|O_NO\w+|O_DIRECTORY)\b"
    r"|\bsignal\.(?:alarm|setitimer|pthread_\w+|SIG(?:KILL|ALRM|HUP|USR\d|PIPE|STOP|CONT))\b|\bmmap\.(?:MAP|PROT|MADV)_\w+"
    r"|\bimport (?:fcntl|msvcrt|resource|pwd|grp|termios|pty|syslog)\b|\bAF_UNIX\b|\"/proc|/bin/ps"
)
#: Modules that call them after asking whether they exist.
_GUARDED = {
    "searcher/engines/whoosh/format/array_file.py": {"os.pread", "mmap.MADV_DONTNEED"},
    "searcher/extensions/web/commands.py": {"import pwd", "os.getuid"},
    "searcher/ingest/worker_pool.py": {"signal.setitimer"},
}


def test_only_the_module_for_it_calls_what_some_systems_lack(project: Path) -> None:
    calls = {
        path.relative_to(project).as_posix(): set(_SYSTEM_CALLS.findall(path.read_text("utf-8")))
        for path in (project / "searcher").rglob("*.py")
        if path.name != "platform.py"
    }

    assert _GUARDED == {path: found for path, found in calls.items() if found}
