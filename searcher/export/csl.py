"""References as CSL-JSON, which Zotero, Pandoc and every citation processor read."""

from __future__ import annotations

from typing import Any

from searcher.export.reference import Author, Reference

__all__ = ["csl"]


def csl(one: Reference) -> dict[str, Any]:
    """Return the item of a newspaper article, without what is not known."""
    day = one.published
    item: dict[str, Any] = {
        "id": one.id,
        "type": "article-newspaper",
        "title": one.title,
        "author": [_name(author) for author in one.authors],
        "container-title": one.source,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "URL": one.url,
        "language": one.language,
        "section": one.section,
        "keyword": ", ".join(one.tags),
        "note": "; ".join(one.notes),
    }
    return {name: value for name, value in item.items() if value}


def _name(author: Author) -> dict[str, str]:
    if author.given:
        return {"family": author.family, "given": author.given}
    return {"literal": author.family}
