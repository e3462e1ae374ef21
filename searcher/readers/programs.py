"""Programs of the system that turn what no reader reads into what one does."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from searcher.errors import ReadError
from searcher.readers.decode import decode

#: Seconds that a program may take. The worker that reads may take sixty.
MAX_SECONDS = 50


def installed(name: str) -> str | None:
    """Return where a program is; one in the current folder, which may be a stranger's, is not installed."""
    found = shutil.which(name, path=_search_path())
    return found if found is not None and os.path.isabs(found) else None


def run(command: Sequence[str], folder: Path, seconds: float = MAX_SECONDS) -> bytes:
    """Return what a program prints that runs in a folder of our own.

    Raises ReadError where it fails or takes too long.
    """
    name = Path(command[0]).name
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "PATH": _search_path(), "PYTHONSAFEPATH": "1"},
        )
    except subprocess.TimeoutExpired:
        raise ReadError(f"{name} took longer than {seconds:g} seconds for it.") from None
    except OSError as error:
        raise ReadError(f"{name} cannot be run ({error.strerror}).", passing=True) from None
    if done.returncode:
        said = " ".join(decode(done.stderr or done.stdout).split())[:200]
        raise ReadError(f"{name} could not read it ({said or done.returncode}).")
    return done.stdout


def _search_path() -> str:
    """The folders of programs, but for the current one."""
    return os.pathsep.join(filter(os.path.isabs, os.get_exec_path()))
