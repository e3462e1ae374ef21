"""The RSS 2.0 feed of new hits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.utils import format_datetime
from xml.sax.saxutils import escape

from searcher.cli.output.text import heading
from searcher.results import Hit
from searcher.results.quotations import QuoteHit

__all__ = ["rss"]

#: Characters that XML 1.0 cannot hold, and those that command a terminal.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def rss(news: Iterable[tuple[str, Hit | QuoteHit]]) -> str:
    """Return a feed of pairs: the name of a saved search, and a hit."""
    items = "".join(_item(name, hit) for name, hit in news)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n<channel>\n'
        "<title>Searcher alerts</title>\n<link>about:blank</link>\n"
        f"<description>What is new in saved searches</description>\n{items}</channel>\n</rss>\n"
    )


def _item(name: str, hit: Hit | QuoteHit) -> str:
    article = hit.article
    text, key = _shown(hit)
    parts = [
        _element("title", heading(article)),
        _element("link", article.url) if article.url else "",
        f'<guid isPermaLink="false">{_text(key)}</guid>\n',
        _element("category", name),
        _element("pubDate", format_datetime(article.published)) if article.published else "",
        _element("description", text),
    ]
    return f"<item>\n{''.join(parts)}</item>\n"


def _shown(hit: Hit | QuoteHit) -> tuple[str, str]:
    """Return the text of an item and its unique id."""
    if isinstance(hit, Hit):
        return " … ".join(snippet.text for snippet in hit.snippets), hit.article.id
    speaker = hit.speaker or hit.quote.speaker or "somebody"
    return f"{speaker}: “{hit.quote.text}”", f"{hit.article.id} {hit.quote.start}"


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{_text(text)}</{tag}>\n"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
