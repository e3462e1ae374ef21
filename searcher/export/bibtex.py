"""References in BibTeX, as BibLaTeX and BibTeX read it in UTF-8."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from searcher.export.reference import Author, Reference

__all__ = ["bibtex"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_ESCAPES = str.maketrans(_SPECIAL)
#: In an address these alone would end it or begin a comment.
_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", "%": r"\%", "#": r"\#"})
_NO_KEY = re.compile(r"[^a-z0-9]+")


def bibtex(one: Reference) -> str:
    """Return the entry of an article."""
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(one))
    return f"@article{{{_key(one)},\n{fields}\n}}\n\n"


def _fields(one: Reference) -> Iterator[tuple[str, str]]:
    # Braces keep the capitals of the title, which styles would make small.
    yield "title", f"{{{_escaped(one.title)}}}"
    if one.authors:
        yield "author", " and ".join(map(_name, one.authors))
    if one.source:
        yield "journal", _escaped(one.source)
    if one.published:
        yield "date", one.published.isoformat()
        yield "year", f"{one.published.year:04}"
    if one.url:
        yield "url", one.url.translate(_IN_URL)
    if one.language:
        yield "langid", _escaped(one.language)
    if one.tags:
        yield "keywords", _escaped(", ".join(one.tags))
    if one.notes:
        yield "note", _escaped("; ".join(one.notes))


def _key(one: Reference) -> str:
    """A key that tells something and is that of no other article: “lindqvist2024-670f045cb9b3”."""
    who = one.authors[0].family if one.authors else one.source
    plain = unicodedata.normalize("NFKD", who).encode("ascii", "ignore").decode().lower()
    year = f"{one.published.year}" if one.published else ""
    return f"{_NO_KEY.sub('', plain)}{year}-{_NO_KEY.sub('-', one.id.lower()).strip('-')}".strip("-")


def _name(author: Author) -> str:
    """A body in braces, or it would be parted like a person's name."""
    if author.given:
        return f"{_escaped(author.family)}, {_escaped(author.given)}"
    return f"{{{_escaped(author.family)}}}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
