"""All errors that Searcher raises deliberately.

::

    SearcherError
    ├── QueryError            invalid query; says where, and what to write instead
    │   └── QueryTooBroad     the query has too many matches or takes too long
    ├── UsageError            invalid argument (unknown field, bad date, …)
    │   ├── AmbiguousName     several people have this name; lists them
    │   └── SourcesUnknown    the index names files that this user has never read
    ├── ReadError             one file cannot be read; the run continues
    │   ├── Doubt             the file was read, but the result may be wrong
    │   ├── ReadTimeout         reading took too long and was stopped
    │   └── MissingExtra      the file needs a package that is not installed
    ├── ModelsMissing         the models are not installed; says how to install them
    └── IndexFailure          a problem with the index itself; the run stops
        ├── IndexMissing      no index at this location
        ├── IndexDamaged      files are missing, truncated or altered; says which
        ├── IndexOutdated     written in a format that this version cannot read
        └── IndexLocked       another process was still writing after the timeout
"""

from __future__ import annotations

import errno
import re
from typing import Self

#: Maximum number of characters of a query to show in a message, and to show before the error.
_MAX_SHOWN_CHARACTERS, _MAX_CHARACTERS_BEFORE = 76, 50


class SearcherError(Exception):
    """Base class of all errors that Searcher raises deliberately."""


class QueryError(SearcherError):
    """An invalid query.

    Attributes:
        problem: A sentence that says what is wrong and what to write instead.
        text: The query.
        position: Offset of the error in the query.
        correction: The corrected query, if there is an obvious one.
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
        excerpt = line[start : start + _MAX_SHOWN_CHARACTERS]
        before, after = "…" if start else "", "…" if start + _MAX_SHOWN_CHARACTERS < len(line) else ""
        return f"{self.problem}\n  {before}{excerpt}{after}\n  {' ' * (len(before) + self.position - start)}^"


class QueryTooBroad(QueryError):
    """A query with more matches or more work than the limits allow."""


class UsageError(SearcherError):
    """An invalid argument: an unknown field, an invalid date, a negative limit."""


class AmbiguousName(UsageError):
    """A name stands for several people; ``names`` are their full names."""

    def __init__(self, query: str, names: tuple[str, ...]) -> None:
        super().__init__(query, names)
        self.query, self.names = query, names

    def __str__(self) -> str:
        return f"{len(self.names):,} people are called “{self.query}”: {', '.join(self.names[:10])}."


class SourcesUnknown(UsageError):
    """The index lists source files (``paths``) that this user has never read."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(paths)
        self.paths = paths

    def __str__(self) -> str:
        more = f" and {len(self.paths) - 1:,} more" if len(self.paths) > 1 else ""
        return (
            f"The index lists files that you have not indexed on this machine: {self.paths[0]}{more}. "
            "Reading them adds their content to the index. To allow it, add --trust-sources."
        )


class ReadError(SearcherError):
    """A file, or ``parts`` of it (rows, messages), that cannot be read. It is reported and skipped.
    ``passing``: a temporary problem, so that the next attempt may succeed."""

    def __init__(self, reason: str = "", parts: int = 1, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.parts = parts
        self.is_transient = passing

    def in_part(self, place: str) -> Self:
        """Return this error with the part of a file, archive or message where it occurred."""
        error = type(self)(f"{place}: {self}", self.parts)
        error.is_transient = self.is_transient
        return error


class Doubt(ReadError):
    """A warning that articles were read but may be wrong: incomplete, or with values in wrong fields.

    The article before the warning is marked with its ``cause`` (default: the reason without numbers; empty:
    no mark).
    """

    def __init__(self, reason: str = "", parts: int = 1, *, cause: str | None = None) -> None:
        super().__init__(reason, parts)
        self.cause = re.sub(r" \d[\d,.]*\b", "", reason) if cause is None else cause


class ReadTimeout(ReadError):
    """Reading took too long and was stopped. It is attempted a few more times."""


class MissingExtra(ReadError):
    """An optional package is missing; the message says what to install."""

    def __init__(self, reason: str = "", parts: int = 1) -> None:
        super().__init__(reason, parts, passing=True)


class ModelsMissing(SearcherError):
    """The models are not installed, or not in a version that works with this one."""


class IndexFailure(SearcherError):
    """A problem with the index itself."""


class IndexMissing(IndexFailure):
    """No index exists at this location."""


class IndexDamaged(IndexFailure):
    """Files of the index are missing, truncated or altered."""


class IndexOutdated(IndexFailure):
    """The index is in a format that this version cannot read."""


class IndexLocked(IndexFailure):
    """Another process was still writing when the timeout expired."""


#: Error numbers caused by invalid data in a file. All others may be temporary: missing files, full disks,
#: permissions, too many open files, hardware errors.
_PERMANENT_ERRNOS = frozenset({
    errno.EINVAL, errno.ENAMETOOLONG, errno.EOVERFLOW, errno.EFBIG, errno.ESPIPE, errno.EILSEQ, errno.EDOM,
    errno.ERANGE,
})  # fmt: skip


def is_transient(error: BaseException) -> bool:
    """Return True if the error may be temporary: caused by the system, not by the file."""
    if isinstance(error, OSError):
        return error.errno is not None and error.errno not in _PERMANENT_ERRNOS
    return isinstance(error, (MemoryError, ImportError)) or (
        isinstance(error, ReadError) and error.is_transient
    )
