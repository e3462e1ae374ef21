"""Downloads: files that hold many articles, found by the recognisers of the group ``searcher.downloads``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from searcher import plugins
from searcher.readers.base import Event

Articles = Iterator[Event]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a Word file. Its style may mark it as a first-level heading or an author."""

    text: str
    bookmarks: tuple[str, ...] = ()
    heading: bool = False
    author: bool = False


class Recogniser(Protocol):
    """Recognises downloads, registered in the entry-point group ``searcher.downloads``.

    Each method is called for every file of its kind and returns None for ordinary articles, which it should
    reject quickly.
    """

    @staticmethod
    def articles_in_text(text: str, /) -> Articles | None:
        """Return the articles in a text file."""

    @staticmethod
    def articles_in_lines(lines: Sequence[str], /) -> Articles | None:
        """Return the articles in the lines of a document."""

    @staticmethod
    def articles_in_page(page: str, lines: Callable[[], Sequence[str]], /) -> Articles | None:
        """Return the articles in a web page or mail. ``lines`` returns its visible lines."""

    @staticmethod
    def articles_in_word(paragraphs: Sequence[Paragraph], /) -> Articles | None:
        """Return the articles in a Word file whose paragraphs mark them."""

    @staticmethod
    def articles_in_xml(root: Any, /) -> Articles | None:
        """Return the articles in an XML document."""


def articles_in_text(text: str) -> Articles | None:
    """Return the articles in a text file, or None if it is not a download."""
    return _first(one.articles_in_text(text) for one in _recognisers())


def articles_in_lines(lines: Sequence[str]) -> Articles | None:
    """Return the articles in the lines of a document, or None if it is not a download."""
    return _first(one.articles_in_lines(lines) for one in _recognisers())


def articles_in_page(page: str) -> Articles | None:
    """Return the articles in a web page or mail, or None if it is not a download."""
    return _first(one.articles_in_page(page, lambda: _visible_lines(page)) for one in _recognisers())


def articles_in_word(paragraphs: Sequence[Paragraph]) -> Articles | None:
    """Return the articles in a Word file whose paragraphs mark them, or None."""
    return _first(one.articles_in_word(paragraphs) for one in _recognisers())


def articles_in_xml(root: Any) -> Articles | None:
    """Return the articles in an XML document, or None if it is not a download."""
    return _first(one.articles_in_xml(root) for one in _recognisers())


def _visible_lines(page: str) -> list[str]:
    from searcher.readers.html.blocks import layout
    from searcher.readers.html.page import parse

    return [line for block in layout(parse(page).tree).blocks for line in block.text.split("\n")]


def _recognisers() -> Iterable[Recogniser]:
    return plugins.load("searcher.downloads").values()


def _first(results: Iterable[Articles | None]) -> Articles | None:
    return next((articles for articles in results if articles is not None), None)
