"""Files that have changed and may not be finished: they are let through once they have stayed the same."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from searcher.ingest.paths import Stamp, stamp_of

__all__ = ["SETTLED_SECONDS", "Settling"]

#: Seconds that a file must not have changed: a browser or a copying program that writes pauses less than
#: that, and whoever saves a page waits no longer than this and the reading of it.
SETTLED_SECONDS: Final = 2.0


class Settling:
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
