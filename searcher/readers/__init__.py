"""Read articles from bytes: any supported file, also compressed or in an archive.

:func:`events` yields articles and an error for each part that cannot be read; :func:`read` yields the
articles only. The file name decides which reader is used; the first bytes decide if the name has no known
ending or is wrong. Readers register in the entry-point group ``searcher.readers``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from searcher.article import Article
from searcher.errors import ReadError, UsageError
from searcher.readers.base import CLEANER, Event, Options, Reader
from searcher.readers.dispatch import Dispatcher, can_read, file_of_origin, suffixes
from searcher.readers.finish import has_id_from_text

__all__ = [
    "CLEANER",
    "Event",
    "Options",
    "Reader",
    "events",
    "file_of_origin",
    "has_id_from_text",
    "read",
    "read_bytes",
    "suffixes",
    "can_read",
]


def events(
    path: str | Path, *, mapping: Mapping[str, str] | None = None, ocr: str | None = None
) -> Iterator[Event]:
    """Yield the articles in a file, in order, and a ReadError for each part that is not an article.

    ``mapping`` names the fields of records (``{"title": "Headline"}``). ``ocr`` names the languages for
    recognising scanned pages ("eng+deu"); None: no recognition. The content of the file raises nothing: an
    unreadable file yields one ReadError, or MissingExtra if a package is missing.
    """
    yield from Dispatcher(mapping, ocr).file(Path(path))


def read(path: str | Path, *, mapping: Mapping[str, str] | None = None) -> Iterator[Article]:
    """Yield the articles in a file, skipping broken parts. Raises ReadError without articles, UsageError for
    an invalid path."""
    value: object = path
    if not isinstance(value, str | os.PathLike) or "\0" in str(path):
        raise UsageError(f"Expected the path of a file, not {path!r:.40}.")
    return _articles(events(path, mapping=mapping))


def read_bytes(data: bytes, name: str, *, mapping: Mapping[str, str] | None = None) -> Iterator[Article]:
    """Yield the articles in ``data``, the content of a file called ``name``. Raises ReadError like
    :func:`read`."""
    return _articles(Dispatcher(mapping).data(data, name))


def _articles(events: Iterator[Event]) -> Iterator[Article]:
    error: ReadError | None = None
    empty = True
    for event in events:
        if isinstance(event, Article):
            empty = False
            yield event
        elif error is None:
            error = event
    if empty:
        raise error or ReadError("It contains no articles.")
