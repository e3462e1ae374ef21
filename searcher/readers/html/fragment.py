"""Markup that is all article: the content of a feed’s entry, a chapter, a message, a field of a record."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from searcher.errors import ReadError
from searcher.readers.base import MAX_FIELD
from searcher.readers.html.blocks import Block, Layout, layout
from searcher.readers.html.page import Page, parse

#: Characters of the cell of a table; a longer one holds paragraphs, as where tables lay out a page.
_MAX_CELL = 200


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
        row = _table_row(found, block)
        if row >= 0 and row == row_before:
            out[-1] += " | " + block.text
        else:
            out.append(block.text)
        row_before = row
    return out


def _table_row(found: Layout, block: Block) -> int:
    """The table row in which ``block`` is a cell, -1 if it is none or holds paragraphs."""
    cell = found.nodes[block.node]
    if cell.tag not in ("td", "th") or len(block.text) > _MAX_CELL:
        return -1
    return cell.parent if found.nodes[cell.parent].tag == "tr" else -1


#: What stands in such fields and is no text of the article: what is hidden, what one can press or fill in,
#: what plug-ins put below (Jetpack, AddToAny, WordPress' captions), and messages shown from elsewhere.
_NO_TEXT = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "form", "button", "select", "nav",
    "figcaption",
})  # fmt: skip
_NO_TEXT_CLASSES = frozenset({
    "wp-caption-text", "sharedaddy", "jp-relatedposts", "addtoany_share_save_container", "twitter-tweet",
    "instagram-media", "fb-post", "tiktok-embed",
})  # fmt: skip
_MARKUP = re.compile(
    r"</?(?:p|br|div|h\d|li|ul|ol|span|a|strong|em|b|i|blockquote|table|tr|td|section|article|img|figure)\b[^<>]*>",
    re.I,
)
#: The line that blogs put below each entry of their feeds.
_APPEARED = re.compile(r"^(?:The post )?.{0,300} (?:appeared first on|erschien zuerst auf) .{1,200}$")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,31});", re.I)


def is_markup(text: str) -> bool:
    """Whether a text is HTML: two tags at least, since one may be meant as text."""
    return "<" in text and len(_MARKUP.findall(text)) >= 2


def paragraphs_of_markup(markup: str) -> list[str]:
    """The paragraphs of the article in ``markup``, without what only the page is for."""
    if "<" in markup or "&" in markup or len(markup) > MAX_FIELD:
        found = _paragraphs_with_text(markup)
    else:
        found = list(filter(None, [" ".join(markup.split())]))
    return found[:-1] if found and _APPEARED.match(found[-1]) else found


def _paragraphs_with_text(markup: str) -> list[str]:
    try:
        page = parse(markup)
    except ReadError:
        return []
    for element in [*page.tree.iter("*")]:
        if _is_no_text(element) and element.getparent() is not None:
            element.drop_tree()
    return page_paragraphs(page)


def _is_no_text(element: Any) -> bool:
    if element.tag in _NO_TEXT or element.get("hidden") is not None:
        return True
    style = element.get("style") or ""
    hidden = "display:none" in style or "display: none" in style
    return hidden or not _NO_TEXT_CLASSES.isdisjoint((element.get("class") or "").split())


def line_without_markup(text: str) -> str:
    """A headline or a name without tags and entities."""
    if is_markup(text):
        text = " ".join(paragraphs_of_markup(text))
    return html.unescape(text) if _ENTITY.search(text) else text
