"""Programs of the system that turn what no reader reads into what one does."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from searcher.errors import ReadError
from searcher.readers.decode import decode

__all__ = ["MAX_SECONDS", "run"]

#: Seconds that a program may take. The worker that reads may take sixty.
MAX_SECONDS = 50


def run(command: Sequence[str], seconds: float = MAX_SECONDS) -> bytes:
    """Return what a program prints. Raises ReadError where it fails or takes too long."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ReadError(f"{name} took longer than {seconds:g} seconds for it.") from None
    except OSError as error:
        raise ReadError(f"{name} cannot be run ({error.strerror}).") from None
    if done.returncode:
        said = " ".join(decode(done.stderr or done.stdout).split())[:200]
        raise ReadError(f"{name} could not read it ({said or done.returncode}).")
    return done.stdout
