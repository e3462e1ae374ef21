"""Bytes to articles: any supported file, compressed or in an archive too.

:func:`events` yields what a file holds, articles and errors for the parts that cannot be read;
:func:`read` yields the articles only. Which reader takes a file is told by its ending, and by its first bytes
where the ending says nothing or lies. Readers register in the entry-point group ``searcher.readers``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from searcher.article import Article
from searcher.errors import ReadError, UsageError
from searcher.readers.base import CLEANER, Event, Options, Reader
from searcher.readers.dispatch import Dispatcher, file_of, suffixes, takes
from searcher.readers.finish import is_by_text

__all__ = [
    "CLEANER",
    "Event",
    "Options",
    "Reader",
    "events",
    "file_of",
    "is_by_text",
    "read",
    "read_bytes",
    "suffixes",
    "takes",
]


def events(
    path: str | Path, *, mapping: Mapping[str, str] | None = None, ocr: str | None = None
) -> Iterator[Event]:
    """What the file holds, in its order: articles, and a ReadError for each part that is none.

    ``mapping`` names the fields of records (``{"title": "Headline"}``); ``ocr`` is in which languages scanned
    pages are recognised (“eng+deu”; None: not at all). Nothing is raised for what is in
    the file: a file that cannot be read at all yields one ReadError, MissingExtra if a package is missing.
    """
    yield from Dispatcher(mapping, ocr).file(Path(path))


def read(path: str | Path, *, mapping: Mapping[str, str] | None = None) -> Iterator[Article]:
    """The articles in a file, broken parts left out. Raises ReadError if there is none, and UsageError for no
    path."""
    given: object = path
    if not isinstance(given, str | os.PathLike) or "\0" in str(path):
        raise UsageError(f"What is read is a file, by its path, not {path!r:.40}.")
    return _articles(events(path, mapping=mapping))


def read_bytes(data: bytes, name: str, *, mapping: Mapping[str, str] | None = None) -> Iterator[Article]:
    """The articles in ``data``, the content of a file called ``name``. Raises ReadError as :func:`read`."""
    return _articles(Dispatcher(mapping).data(data, name))


def _articles(found: Iterator[Event]) -> Iterator[Article]:
    trouble: ReadError | None = None
    empty = True
    for event in found:
        if isinstance(event, Article):
            empty = False
            yield event
        elif trouble is None:
            trouble = event
    if empty:
        raise trouble or ReadError("There is no article in it.")
