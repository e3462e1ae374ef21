"""What a run of loading did: files, articles and rows, each counted by what became of them."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

#: Places in a file that are named for each reason; of the others there is only the number.
MAX_EXAMPLES = 3
#: Reasons that are told apart in one file, and articles of one that were taken for others.
MAX_REASONS, MAX_TAKEN = 100, 1_000
#: Where in a file a reason applies, at its beginning: "Line 12: …", "“Ferry”: …", "pages.zip: ferry.txt: …".
_PLACE = re.compile(
    r"(?P<place>[A-Z][a-z]+ [\d,]+|“[^”]+”|[^:\n]{1,300}\.\w{1,10}(?:: [^:\n]{1,300}\.\w{1,10})*): "
)


_BEYOND = "It cannot be read either, for another reason."


class Failure(NamedTuple):
    """What is not in the index (a path, ``archive.zip!member``), and why, in one sentence."""

    origin: str
    reason: str


class ProblemKind(enum.Enum):
    """How much of a file is not in the index; or what is to be known of an article that is."""

    FILE = "not read"
    PART = "in part"
    PASSED_OVER = "passed over"
    OTHER_TEXT = "other text"
    REPEATED = "repeated"
    JOINED = "joined"
    DOUBTFUL = "doubtful"

    @property
    def lacks(self) -> bool:
        """Whether something is not in the index."""
        return self in (ProblemKind.FILE, ProblemKind.PART, ProblemKind.PASSED_OVER)

    @property
    def tells_of_others(self) -> bool:
        """Whether it tells which other article one was taken for, or stands beside."""
        return self in (ProblemKind.OTHER_TEXT, ProblemKind.REPEATED, ProblemKind.JOINED)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file of which something is not in the index, and why.

    ``origin`` is where in the file (the ``path``, or ``archive.zip!member``), ``count`` the number of rows or
    other parts with this ``reason``; of a file that was passed over, the reason is its ending or what it is
    instead of a file. ``version`` is that of the readers that met it, "" if it may be gone at the next try.
    """

    path: str
    origin: str
    reason: str
    kind: ProblemKind
    count: int = 1
    version: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "origin": self.origin,
            "kind": self.kind.value,
            "reason": self.reason,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """``files`` of ``total`` files are done and have given ``articles`` articles; ``path`` is the last,
    ``within`` which so many came so far. ``step`` “annotated”: so many have their names and quotations."""

    files: int
    total: int
    articles: int
    path: Path
    step: Literal["read", "annotated"] = "read"
    within: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in articles, in files and in parts of files.

    Articles: ``added`` and ``updated`` were written, ``unchanged`` were in the index already; ``copies`` are
    in another file too, or twice in one, and the index holds the fuller version; ``removed`` are gone because
    their file, or their place in it, is; ``kept`` were carried over by a rebuild because no file gives them
    any more; ``left_out`` were deleted by hand; ``other_texts`` stand beside another text of their address;
    ``joined`` are pages that were joined with others of their article; ``doubtful`` is for how many something
    may be wrong with what was read; ``annotated`` were in the index as text, and have their names and
    quotations now.

    Files: of ``files``, ``files_read`` gave articles, ``files_unchanged`` were not read again,
    ``files_failed`` gave none and ``files_failed_before`` gave none when they were last read, and have not
    changed. ``passed_over`` counts what else is in the folders, by ending or kind.

    ``failed`` lists ``(origin, reason)``, equal reasons of one file once; ``parts_failed`` is the number of
    rows, messages and other parts that could not be read, of files that gave others.
    ``prune_refused``: as many articles would have been removed, and were not, being too many.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    files: int = 0
    failed: tuple[Failure, ...] = ()
    copies: int = 0
    left_out: int = 0
    files_read: int = 0
    files_unchanged: int = 0
    files_failed: int = 0
    files_failed_before: int = 0
    files_partial_before: int = 0
    parts_failed: int = 0
    prune_refused: int = 0
    other_texts: int = 0
    joined: int = 0
    doubtful: int = 0
    annotated: int = 0
    passed_over: Mapping[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        counts = (f"{getattr(self, name):,} {name}" for name in _COUNTS if getattr(self, name))
        return f"<Report: {', '.join(counts) or 'nothing read'}>"

    def to_dict(self) -> dict[str, Any]:
        """What can be written as JSON."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        failed = [{"origin": failure.origin, "error": failure.reason} for failure in self.failed]
        return {**counts, "passed_over": dict(self.passed_over), "failed": failed}


_COUNTS = tuple(name for name, default in Report.__dataclass_fields__.items() if default.type == "int")


class Tally:
    """Counts what happens in a run, by the names of the fields of :class:`Report`."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._passed_over: Counter[str] = Counter()
        self._failed: list[Failure] = []

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def add(self, name: str, number: int = 1) -> None:
        """Count ``number`` more of what the report calls ``name``."""
        self._counts[name] += number

    def fail(self, failures: Iterable[Failure]) -> None:
        """List what could not be read."""
        self._failed += failures

    def pass_over(self, kinds: Iterable[str]) -> None:
        """Count files that no reader takes, by ending or kind."""
        self._passed_over.update(kinds)

    def report(self) -> Report:
        """What has happened so far."""
        return Report(
            **self._counts, failed=tuple(self._failed), passed_over=dict(self._passed_over.most_common())
        )


class ProblemGroups:
    """The problems of one file, equal reasons once: a thousand bad rows are one problem."""

    def __init__(self, *, most: int = MAX_REASONS, each: bool = False, beyond: str = _BEYOND) -> None:
        """``each``: reasons that differ in their place only are told apart, too; ``most`` of them, and what
        comes ``beyond``."""
        self._most, self._each, self._beyond = most, each, beyond
        self._first: dict[tuple[str, str], Problem] = {}
        self._places: dict[tuple[str, str], list[str]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, problem: Problem) -> None:
        """Add a problem to those of the same reason."""
        match = None if self._each else _PLACE.match(problem.reason)
        key = problem.origin, problem.reason[match.end() :] if match else problem.reason
        if key not in self._first and len(self._first) >= self._most:
            problem = replace(problem, reason=self._beyond, origin=problem.path)
            key = problem.origin, problem.reason
        self._first.setdefault(key, problem)
        self._counts[key] += problem.count
        places = self._places.setdefault(key, [])
        if match and len(places) < MAX_EXAMPLES:
            places.append(match["place"])

    def all(self, kind: ProblemKind | None = None) -> list[Problem]:
        """Every reason once, with the number of its problems and where the first ones are."""
        return [
            replace(
                first,
                reason=_at(self._places[key], self._counts[key], key[1]),
                kind=kind or first.kind,
                count=count,
            )
            for (key, first), count in zip(self._first.items(), self._counts.values())
        ]


def _at(places: list[str], count: int, reason: str) -> str:
    """The reason with its places: “Line 2, Line 3, Line 4 and 40 more: …”."""
    if not places:
        return reason
    more = f" and {count - len(places):,} more" if count > len(places) else ""
    return f"{', '.join(places)}{more}: {reason}"
