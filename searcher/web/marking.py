"""Texts as HTML: every text is escaped, and only marks are markup of our own."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup

from searcher import notebook
from searcher.results import Marks
from searcher.results.statements import Place

__all__ = ["context", "marked", "web_link"]

#: Characters of the article on each side of a statement.
_AROUND: Final = 240


def marked(text: str, marks: Marks = ()) -> Markup:
    """Return a text with its matches in ``<mark>``."""
    return Markup(notebook.marked(text, marks))  # noqa: S704  it escapes every part of the text


def context(place: Place) -> Markup:
    """Return a statement between the words around it, where it stands."""
    body, start, end = place.article.body, place.parts[0].start, place.parts[-1].end
    before = body[max(0, start - _AROUND) : start]
    after = body[end : end + _AROUND]
    if start > _AROUND:
        before = "… " + before[before.find(" ") + 1 :]
    if end + _AROUND < len(body):
        after = after[: max(0, after.rfind(" "))] + " …"
    return Markup('{}<span class="said">{}</span>{}').format(before, body[start:end], after)


def web_link(url: str | None) -> str | None:
    """Return an address that may become a link: an article's may be ``javascript:…``."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
