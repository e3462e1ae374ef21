"""A citation as a line of text, and the tags by which Zotero knows a page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from searcher.export.reference import Reference

__all__ = ["coins", "line", "meta"]


def line(one: Reference) -> str:
    """Return a citation: authors, title, source, day, address."""
    authors = "; ".join(
        f"{author.family}, {author.given}" if author.given else author.family for author in one.authors
    )
    title = _ended(one.title)
    day = one.published.isoformat() if one.published else ""
    origin = ", ".join(part for part in (one.source, day) if part)
    parts = (_ended(authors), title, _ended(origin), one.url)
    return " ".join(part for part in parts if part)


def _ended(part: str) -> str:
    """A part of a citation with a full stop, where it does not end with one (an initial) already."""
    return part if not part or part.endswith(("?", "!", ".")) else f"{part}."


def meta(one: Reference) -> Iterator[tuple[str, str]]:
    """Return the names and contents of ``<meta>`` tags (Highwire's, which Zotero and scholarly crawlers
    read)."""
    yield "citation_title", one.title
    for author in one.authors:
        yield "citation_author", f"{author.family}, {author.given}" if author.given else author.family
    if one.published:
        yield "citation_publication_date", f"{one.published:%Y/%m/%d}"
    for name, value in (("journal_title", one.source), ("language", one.language)):
        if value:
            yield f"citation_{name}", value


def coins(one: Reference) -> str:
    """Return the ContextObject of a reference (COinS), for the title of an empty ``<span class="Z3988">``."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", one.title),
        ("rft.jtitle", one.source),
        ("rft.date", one.published.isoformat() if one.published else ""),
        ("rft_id", one.url),
        *(("rft.au", f"{author.given} {author.family}".strip()) for author in one.authors),
    ]
    return urlencode([pair for pair in pairs if pair[1]])
