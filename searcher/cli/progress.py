"""Progress of a run on stderr: one line that is rewritten on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from searcher.cli.output.terminal import cut, screen
from searcher.cli.streams import note
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.ingest.report import Progress

__all__ = ["ProgressLine"]

ON_TERMINAL, ELSEWHERE = 0.1, 5.0


class ProgressLine:
    """Shows each Progress that it is called with; :meth:`end` clears the line.

    ``wanted`` says whether to show anything; None shows it on a terminal only.
    """

    def __init__(self, wanted: bool | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._live = sys.stderr.isatty()
        self._shown = self._live if wanted is None else wanted
        self._clock = clock
        self._began = clock()
        self._last = self._began

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        if not self._shown or now - self._last < (ON_TERMINAL if self._live else ELSEWHERE):
            return
        self._last = now
        line = self._line(progress, now - self._began)
        if self._live:
            sys.stderr.write(f"\r\x1b[K{cut(line, screen(sys.stderr, 'never').width - 1)}")
            sys.stderr.flush()
        else:
            note(line)

    def end(self) -> None:
        """Clear the line."""
        if self._shown and self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    @staticmethod
    def _line(progress: Progress, seconds: float) -> str:
        rate = progress.articles / seconds if seconds > 0 else 0.0
        return (
            f"{progress.files:,} of {progress.total:,} files · {progress.articles:,} articles"
            f" · {rate:,.0f} a second · {clean(progress.path.name)}"
        )
