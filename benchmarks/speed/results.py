"""What was measured, as it travels from the process that measured it to the tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """CPU seconds of one question: asked for the first time, and again; ``hits`` is -1 where not counted."""

    number: int
    kind: str
    first: float
    again: float
    hits: int


@dataclass(frozen=True, slots=True)
class Indexing:
    """``cpu`` seconds, and bytes. The ``memory`` at its peak, and the ``own`` of it at its own, without files
    that are mapped; None where the system does not tell."""

    cpu: float
    memory: int
    size: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Questions a second, and seconds that one took; ``commits`` were made by a writer meanwhile."""

    threads: int
    per_second: float
    p50: float
    p95: float
    commits: int | None = None


@dataclass(frozen=True, slots=True)
class Adding:
    """Seconds from giving one article to finding it."""

    middle: float
    longest: float


@dataclass(frozen=True, slots=True)
class Start:
    """A new process that answers one question: CPU and wall-clock seconds."""

    articles: int
    word: str
    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    cpu: float


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Seconds of the clock, CPU seconds of all processes, and those of the one that the others work for."""

    wall: float
    cpu: float
    parent: float


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Saved pages to searchable articles: each stage on its own, then as ``searcher index`` does it."""

    pages: int
    articles: int
    stages: tuple[Stage, ...]
    one_core: Run
    two_cores: Run


@dataclass(slots=True)
class Measured:
    """All that is known of one engine at one size."""

    articles: int
    engine: str
    indexing: Indexing | None = None
    rounds: list[tuple[Asked, ...]] = field(default_factory=list)
    memory: int = 0
    adding: Adding | None = None
    readings: list[Reading] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)

    def asked(self) -> dict[int, Asked]:
        """Of each question the median of all rounds."""
        found: dict[int, list[Asked]] = {}
        for one in (one for asked in self.rounds for one in asked):
            found.setdefault(one.number, []).append(one)
        return {number: _middle(same) for number, same in found.items()}

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Measured:
        """As :meth:`to_dict` gave it, but only what is drawn."""
        rounds = [tuple(Asked(**row) for row in rows) for rows in data["rounds"]]
        return cls(data["articles"], data["engine"], rounds=rounds)


def _middle(same: list[Asked]) -> Asked:
    first, again = median(one.first for one in same), median(one.again for one in same)
    return replace(same[0], first=first, again=again)


def percentiles(times: list[float]) -> tuple[float, float]:
    """The median and the 95th of a hundred."""
    times = sorted(times)
    return times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
