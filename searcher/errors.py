"""The tree of the errors that Searcher raises on purpose.

::

    SearcherError
    ├── QueryError            the query cannot be understood; says where and what to write
    │   └── QueryTooBroad     the query would expand without bound or take too long
    ├── UsageError            an argument makes no sense (unknown field, bad date, …)
    │   ├── AmbiguousName     several people are called that; says who
    │   └── SourcesUnknown    an index names files that were never read for this user
    ├── ReadError             one file cannot be read; the run goes on with the next
    │   ├── Doubt             it was read, but something may be wrong with it
    │   ├── OutOfTime         reading it took too long and was stopped
    │   └── MissingExtra      the file needs a package that is not installed
    └── IndexFailure           the index itself; the run stops
        ├── IndexMissing      there is no index at that place
        ├── IndexDamaged      files are missing, cut or altered; says which
        ├── IndexOutdated     written by a version that this one cannot read; rebuild
        └── IndexLocked       another writer holds it and did not finish in time
"""

from __future__ import annotations

import errno
import re
from typing import Self

#: Characters that a message shows of a long query, at most so many of them before the trouble.
_MAX_SHOWN_CHARACTERS, _MAX_CHARACTERS_BEFORE = 76, 50


class SearcherError(Exception):
    """The root of all errors that Searcher raises on purpose."""


class QueryError(SearcherError):
    """The query text cannot be understood.

    ``text`` is the query, ``position`` the offset of the trouble in it, ``problem`` one sentence
    that says what is wrong and what to write instead. ``correction`` is the corrected query, if there is an
    obvious one.
    """

    def __init__(self, problem: str, text: str = "", position: int = 0, correction: str = "") -> None:
        super().__init__(problem, text, position, correction)
        self.problem = problem
        self.text = text
        self.position = position
        self.correction = correction

    def __str__(self) -> str:
        if not self.text:
            return self.problem
        line = " ".join(self.text.splitlines()) if "\n" in self.text else self.text
        start = max(0, min(self.position, len(line)) - _MAX_CHARACTERS_BEFORE)
        shown = line[start : start + _MAX_SHOWN_CHARACTERS]
        before, after = "…" if start else "", "…" if start + _MAX_SHOWN_CHARACTERS < len(line) else ""
        return f"{self.problem}\n  {before}{shown}{after}\n  {' ' * (len(before) + self.position - start)}^"


class QueryTooBroad(QueryError):
    """The query would match or expand to more, or take longer, than the limits allow."""


class UsageError(SearcherError):
    """An argument makes no sense: an unknown field, a date that is none, a limit below zero."""


class AmbiguousName(UsageError):
    """Several people are called ``asked``: those with the ``names``."""

    def __init__(self, asked: str, names: tuple[str, ...]) -> None:
        super().__init__(asked, names)
        self.asked, self.names = asked, names

    def __str__(self) -> str:
        return f"{len(self.names):,} people are called “{self.asked}”: {', '.join(self.names[:10])}."


class SourcesUnknown(UsageError):
    """An index names ``paths`` as its sources that this user has never had read."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(paths)
        self.paths = paths

    def __str__(self) -> str:
        others = f" and {len(self.paths) - 1:,} more" if len(self.paths) > 1 else ""
        return (
            f"The index names files that you have not had read here: {self.paths[0]}{others}. What is in "
            "them would come into the index. If they are yours to index, add --trust-sources."
        )


class ReadError(SearcherError):
    """One file cannot be read, or ``parts`` of one: rows, messages. It is reported and skipped. ``passing``:
    it may be read at the next try, though neither it nor the readers have changed."""

    def __init__(self, reason: str = "", parts: int = 1, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.parts = parts
        self.passing = passing

    def within(self, place: str) -> Self:
        """Return the same of a part of a file, an archive or a message."""
        made = type(self)(f"{place}: {self}", self.parts)
        made.passing = self.passing
        return made


class Doubt(ReadError):
    """What was read may be wrong: other than what a reader of the file would see, or in wrong fields. The
    articles are there, and the reason is told. The article before it is marked with the ``cause``, which is
    the reason without numbers unless it is given; an empty one marks none."""

    def __init__(self, reason: str = "", parts: int = 1, *, cause: str | None = None) -> None:
        super().__init__(reason, parts)
        self.cause = re.sub(r" \d[\d,.]*\b", "", reason) if cause is None else cause


class OutOfTime(ReadError):
    """Reading took too long and was stopped. A few more attempts are made."""


class MissingExtra(ReadError):
    """Reading this needs a package that is not there; the message says what to install."""

    def __init__(self, reason: str = "", parts: int = 1) -> None:
        super().__init__(reason, parts, passing=True)


class IndexFailure(SearcherError):
    """Something is wrong with the index itself."""


class IndexMissing(IndexFailure):
    """There is no index at that place."""


class IndexDamaged(IndexFailure):
    """Files of the index are missing, cut short or altered."""


class IndexOutdated(IndexFailure):
    """The index was written by a version whose format this one does not read."""


class IndexLocked(IndexFailure):
    """Another process is writing and did not finish within the timeout."""


#: What the system says of a request that a damaged file led to: all else that it says may be gone at the next
#: try (no such file, no space, no right, too many open files, a disk that fails).
_LASTING = frozenset({
    errno.EINVAL, errno.ENAMETOOLONG, errno.EOVERFLOW, errno.EFBIG, errno.ESPIPE, errno.EILSEQ, errno.EDOM,
    errno.ERANGE,
})  # fmt: skip


def is_passing(error: BaseException) -> bool:
    """Tell whether what went wrong may go right at the next try: the system refused, not the file."""
    if isinstance(error, OSError):
        return error.errno is not None and error.errno not in _LASTING
    return isinstance(error, (MemoryError, ImportError)) or (isinstance(error, ReadError) and error.passing)
