"""Texts as HTML: every text is escaped, and only marks are markup of our own."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from searcher import notebook
from searcher.results import Marks
from searcher.results.statements import Place

__all__ = ["context", "isolated_days", "marked", "nearest", "web_link"]

#: Characters of the article on each side of a statement, and of a match beside it.
_AROUND: Final = 240
_MAX_BESIDE: Final = 120
#: Characters of a word that was cut and is left out; where words have no spaces a text ends anywhere.
_MAX_WORD: Final = 40
_DAY: Final = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")


def marked(text: str, marks: Marks = ()) -> Markup:
    """Return a text with its matches in ``<mark>``."""
    return Markup(notebook.marked(text, marks))  # noqa: S704  it escapes every part of the text


def isolated_days(text: str) -> Markup:
    """Return a text whose days are read from left to right behind Arabic letters too: these make Arabic
    numbers of the digits, and the parts of “2025-01-15” then follow one another from the right."""
    parts = _DAY.split(text)
    return Markup().join(
        Markup("<bdi>{}</bdi>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )


def context(place: Place) -> Markup:
    """Return a statement between the words around it, where it stands."""
    body, start, end = place.article.body, place.parts[0].start, place.parts[-1].end
    before = body[max(0, start - _AROUND) : start]
    after = body[end : end + _AROUND]
    if start > _AROUND:
        before = _begun(before)
    if end + _AROUND < len(body):
        after = _ended(after)
    return Markup('{}<span class="said">{}</span>{}').format(before, body[start:end], after)


def nearest(place: Place, marks: Marks) -> Markup | None:
    """Return the match that is nearest to a statement, between the words around it. None where the statement
    has one itself, or the article none."""
    body, start, end = place.article.body, place.parts[0].start, place.parts[-1].end
    if not marks or any(start <= first < end for first, _ in marks):
        return None
    first, last = min(marks, key=lambda mark: max(start - mark[1], mark[0] - end))
    paragraph = body.rfind("\n", 0, first) + 1
    stop = body.find("\n", last) if "\n" in body[last:] else len(body)
    left, right = max(paragraph, first - _MAX_BESIDE), min(stop, last + _MAX_BESIDE)
    before = body[left:first] if left == paragraph else _begun(body[left:first])
    after = body[last:right] if right == stop else _ended(body[last:right])
    return Markup("{}<mark>{}</mark>{}").format(before, body[first:last], after)


def _begun(text: str) -> str:
    """Return a text that was cut at its beginning, from a whole word on."""
    return "… " + text[text.find(" ", 0, _MAX_WORD) + 1 :]


def _ended(text: str) -> str:
    """Return a text that was cut at its end, up to a whole word."""
    at = text.rfind(" ", max(0, len(text) - _MAX_WORD))
    return (text if at < 0 else text[:at]) + " …"


def web_link(url: str | None) -> str | None:
    """Return an address that may become a link: an article's may be ``javascript:…``."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
