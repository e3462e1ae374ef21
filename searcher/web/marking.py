"""Texts as HTML: every text is escaped, and only marks are markup of our own."""

from __future__ import annotations

from urllib.parse import urlsplit

from markupsafe import Markup

from searcher import notebook
from searcher.results import Marks

__all__ = ["marked", "web_link"]


def marked(text: str, marks: Marks = ()) -> Markup:
    """Return a text with its matches in ``<mark>``."""
    return Markup(notebook.marked(text, marks))  # noqa: S704  it escapes every part of the text


def web_link(url: str | None) -> str | None:
    """Return an address that may become a link: an article's may be ``javascript:…``."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
