"""The paragraphs of the article in a page."""

from __future__ import annotations

import copy
import logging

from searcher.readers.html.lines import without_clutter
from searcher.readers.html.metadata import Facts
from searcher.readers.html.page import HEAVY, Page

__all__ = ["paragraphs"]

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def paragraphs(page: Page, facts: Facts) -> list[str]:
    """The body of the article, without headline, menus, credits and links to other articles."""
    found = _trafilatura(page) if page.size < HEAVY else []
    return without_clutter(found, facts.titles)


def _trafilatura(page: Page) -> list[str]:
    from trafilatura import extract

    try:
        text = extract(copy.deepcopy(page.tree), include_comments=False) or ""
    except (RecursionError, ValueError, AttributeError, TypeError):
        return []  # its own bugs on odd trees; another extractor takes over
    return [line for line in text.split("\n") if line.strip()]
