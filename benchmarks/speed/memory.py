"""The memory of this process."""

from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")
_TICK_SECONDS = 0.1  # seconds between looks


@dataclass(slots=True)
class Own:
    """The most bytes seen that are no file's."""

    peak: int = 0


def peak() -> int:
    """The most bytes in memory so far, mapped files among them. Of this program alone: getrusage may tell
    those of the process which started it."""
    return _field("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def watched() -> Iterator[Own]:
    """Look ten times a second. The peak stays 0 where the system does not tell."""
    own, over = Own(), threading.Event()

    def watch() -> None:
        while not over.wait(_TICK_SECONDS):
            own.peak = max(own.peak, _field("RssAnon"))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield own
    finally:
        over.set()
        thread.join()


def _field(name: str) -> int:
    """In bytes; 0 where there is none."""
    if not _STATUS.exists():
        return 0
    for line in _STATUS.read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    return 0
