"""What a run of one kind of fault found."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Outcome:
    """``counts`` says how often each thing happened, ``bad`` what must never happen (a sentence each, enough
    to repeat it), ``notes`` what else is worth knowing."""

    title: str
    counts: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.bad

    def render(self) -> str:
        lines = [f"{self.title}: {'as promised' if self.good else f'{len(self.bad)} BROKEN'}"]
        lines += [f"  {number:>7,}  {what}" for what, number in self.counts.items()]
        lines += [f"  {note}" for note in self.notes]
        lines += [f"  BROKEN: {what}" for what in self.bad[:20]]
        return "\n".join(lines)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="searcher-faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
