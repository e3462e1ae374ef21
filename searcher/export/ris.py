"""References in RIS, which Zotero, EndNote, Mendeley and Citavi read."""

from __future__ import annotations

from collections.abc import Iterator

from searcher.export.reference import Author, Reference

__all__ = ["ris"]


def ris(one: Reference) -> str:
    """Return the record of a newspaper article."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(one)) + "ER  - \r\n\r\n"


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "TI", one.title
    yield from (("AU", _name(author)) for author in one.authors)
    if one.source:
        yield "T2", one.source
    if one.published:
        yield "PY", f"{one.published.year:04}"
        yield "DA", f"{one.published:%Y/%m/%d}"
    for tag, value in (("SE", one.section), ("UR", one.url), ("LA", one.language)):
        if value:
            yield tag, value
    yield from (("KW", tag) for tag in one.tags)
    yield from (("N1", note) for note in one.notes)
    yield "ID", one.id


def _name(author: Author) -> str:
    return f"{author.family}, {author.given}" if author.given else author.family
