"""Markup of databases' downloads as BeautifulSoup reads it, and the text in it."""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

from searcher.readers.html.fragment import fragment_paragraphs

__all__ = ["line_of", "lines_of", "paragraphs_of", "parsed"]


def parsed(markup: str) -> BeautifulSoup:
    """The tree of some markup, where a line break holds white space, too."""
    soup = BeautifulSoup(markup, "lxml")
    for mark in soup.find_all("br"):
        mark.insert_after("\n")
    return soup


def line_of(element: Tag | None) -> str:
    """All text in an element, in one line; nothing where there is no element."""
    return " ".join(element.get_text().split()) if element is not None else ""


def lines_of(element: Tag) -> list[str]:
    """The lines that ``<br>`` and paragraphs make of an element, empty ones left out."""
    copy = parsed(element.decode())
    for mark in copy.find_all(["br", "p", "div", "tr"]):
        mark.insert_before("\n")
    text = "".join("\n" if piece == "\n" else piece.replace("\n", " ") for piece in copy.strings)
    return [line for line in (" ".join(part.split()) for part in text.split("\n")) if line]


def paragraphs_of(elements: Iterable[Tag]) -> list[str]:
    """The paragraphs in some elements, in their order."""
    return [part for element in elements for part in fragment_paragraphs(element.decode())]
