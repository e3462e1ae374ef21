"""Markup that is all article: the content of a feed's entry, a chapter, a message, a story's inline XHTML."""

from __future__ import annotations

from collections.abc import Iterable

from searcher.errors import ReadError
from searcher.readers.html.blocks import Block, Layout, layout
from searcher.readers.html.page import Page, parse

__all__ = ["assemble", "fragment_paragraphs", "page_paragraphs"]

#: Characters of the cell of a table; a longer one holds paragraphs, as where tables lay out a page. 50 to
#: 1,000 change no body of the labelled pages (aeb and wcxb).
_LONG_CELL = 200


def fragment_paragraphs(markup: str) -> list[str]:
    """Every paragraph of ``markup``, nothing left out."""
    try:
        return page_paragraphs(parse(markup))
    except ReadError:
        return []


def page_paragraphs(page: Page) -> list[str]:
    """Every paragraph of a page, menus and all."""
    found = layout(page.tree)
    return assemble(found, found.blocks)


def assemble(found: Layout, blocks: Iterable[Block]) -> list[str]:
    """The paragraphs of some blocks of a page; the cells of one table row stand in one line."""
    out: list[str] = []
    row_before = -1
    for block in blocks:
        row = _row(found, block)
        if row >= 0 and row == row_before:
            out[-1] += " | " + block.text
        else:
            out.append(block.text)
        row_before = row
    return out


def _row(found: Layout, block: Block) -> int:
    """The table row in which ``block`` is a cell, -1 if it is none or holds paragraphs."""
    cell = found.nodes[block.node]
    if cell.tag not in ("td", "th") or len(block.text) > _LONG_CELL:
        return -1
    return cell.parent if found.nodes[cell.parent].tag == "tr" else -1
