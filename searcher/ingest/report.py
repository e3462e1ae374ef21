"""What a run did: counts of files and articles, and problems."""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

#: Number of places to list per reason.
MAX_EXAMPLES = 3
#: Maximum number of different reasons per file. Maximum number of reported duplicates per file.
MAX_REASONS, MAX_REMARKS = 100, 1_000
#: The place at the start of a reason: "Line 12: …", "“Ferry”: …", "pages.zip: ferry.txt: …".
_PLACE = re.compile(
    r"(?P<place>[A-Z][a-z]+ [\d,]+|“[^”]+”|[^:\n]{1,300}\.\w{1,10}(?:: [^:\n]{1,300}\.\w{1,10})*): "
)


_BEYOND = "More parts cannot be read, for other reasons."


class Failure(NamedTuple):
    """A path or ``archive.zip!member`` that is not in the index, and the reason in one sentence."""

    origin: str
    reason: str


class ProblemKind(enum.Enum):
    """How much of a file is not indexed, or a remark about an indexed article."""

    FILE = "not read"
    PART = "in part"
    PASSED_OVER = "passed over"
    OTHER_TEXT = "other text"
    REPEATED = "repeated"
    JOINED = "joined"
    DOUBTFUL = "doubtful"

    @property
    def is_incomplete(self) -> bool:
        """True if something is not in the index."""
        return self in (ProblemKind.FILE, ProblemKind.PART, ProblemKind.PASSED_OVER)

    @property
    def names_another_article(self) -> bool:
        """True if the problem names another article."""
        return self in (ProblemKind.OTHER_TEXT, ProblemKind.REPEATED, ProblemKind.JOINED)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not completely indexed, and why.

    Attributes:
        origin: The place in the file: the ``path`` itself or ``archive.zip!member``.
        reason: One sentence. For a skipped file, its extension or type.
        count: Number of rows or other parts with this reason.
        version: Version of the readers that met the problem. Empty if a retry may help.
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
    """Progress of a run: ``files`` of ``total`` files read, with ``articles`` articles.

    ``in_file`` is the number of articles so far in ``path``, the current file. If ``step`` is “annotated”,
    the numbers count annotated articles.
    """

    files: int
    total: int
    articles: int
    path: Path
    step: Literal["read", "annotated"] = "read"
    in_file: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run.

    Attributes, in articles:
        added: New articles.
        updated: Articles replaced by a newer version.
        unchanged: Articles that were already indexed.
        copies: Articles found more than once. The index holds the fullest version.
        removed: Articles deleted because their file, or their place in it, is gone.
        carried_over: Articles that a rebuild carried over because no file contains them.
        left_out: Articles that a user had deleted.
        other_texts: Articles with the address of another article and a different text.
        joined: Pages joined to an article.
        doubtful: Articles that may have been read incorrectly.
        annotated: Pending articles that now have names and quotations.
        prune_refused: Articles that were not removed because there were too many.

    Attributes, in files:
        files: All files.
        files_read: Files with at least one article.
        files_unchanged: Files that were not read again.
        files_failed: Files without an article.
        files_failed_before: Unchanged files that failed before.
        files_partial_before: Unchanged files that were read in part before.
        passed_over: Skipped files by extension or type.
        failed: Reasons, without duplicates within a file.
        parts_failed: Rows, messages and other unreadable parts of files that were read.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    carried_over: int = 0
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
        return f"<Report: {', '.join(counts).replace('_', ' ') or 'nothing read'}>"

    def to_dict(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in _COUNTS}
        failed = [{"origin": failure.origin, "error": failure.reason} for failure in self.failed]
        return {**counts, "passed_over": dict(self.passed_over), "failed": failed}


_COUNTS = tuple(name for name, default in Report.__dataclass_fields__.items() if default.type == "int")


class Tally(Counter[str]):
    """Counters of a run, named like the fields of :class:`Report`."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[Failure] = []
        self.passed_over: Counter[str] = Counter()

    def report(self) -> Report:
        passed_over = dict(self.passed_over.most_common())
        return Report(**self, failed=tuple(self.failed), passed_over=passed_over)


class ProblemGroups:
    """The problems of one file, grouped by reason: a thousand bad rows are one problem."""

    def __init__(self, *, most: int = MAX_REASONS, each: bool = False, beyond: str = _BEYOND) -> None:
        """``most``: maximum number of groups; more problems get the reason ``beyond``. ``each``: do not group
        reasons that differ only in their place."""
        self._most, self._each, self._beyond = most, each, beyond
        self._first: dict[tuple[str, str], Problem] = {}
        self._places: dict[tuple[str, str], list[str]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, problem: Problem) -> None:
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
        """Return one problem per reason, with its count: “Line 2, Line 3, Line 4 and 40 more: …”."""
        problems = []
        for key, first in self._first.items():
            reason, places, count = key[1], self._places[key], self._counts[key]
            if places:
                more = f" and {count - len(places):,} more" if count > len(places) else ""
                reason = f"{', '.join(places)}{more}: {reason}"
            problems.append(replace(first, reason=reason, kind=kind or first.kind, count=count))
        return problems
