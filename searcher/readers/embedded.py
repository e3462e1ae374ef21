"""HTML in a field of something else: a record, the entry of a feed, a message. Clean paragraphs of it."""

from __future__ import annotations

import html
import re
from typing import Any

from searcher.errors import ReadError
from searcher.readers.base import MAX_FIELD
from searcher.readers.html.fragment import page_paragraphs
from searcher.readers.html.page import parse

__all__ = ["is_markup", "line_without_markup", "paragraphs_of_markup"]

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
        found = _read(markup)
    else:
        found = list(filter(None, [" ".join(markup.split())]))
    return found[:-1] if found and _APPEARED.match(found[-1]) else found


def _read(markup: str) -> list[str]:
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
