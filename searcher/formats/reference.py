"""References to articles: citations, RIS, BibTeX, CSL-JSON and metadata for web pages."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import Any
from urllib.parse import urlencode

from searcher.article import Article
from searcher.fields import group_all_tags
from searcher.names.forms import PARTICLES
from searcher.query.request import displayed_speaker
from searcher.results import Hit
from searcher.results.articles import headline
from searcher.results.quotations import QuoteHit
from searcher.sanitize import clean_line

#: Words that show that an author is an organisation.
_ORGANISATION = re.compile(
    r"\b(?:staff|agency|agencies|press|news|reuters|agence|desk|team|redaktion|rédaction)\b", re.I
)

#: Suffixes of family names.
_SUFFIX = re.compile(r"[IVX]+|[JS]r\.?")
#: Maximum length of the abstract, in characters. It is the beginning of the first paragraph.
_MAX_ABSTRACT_CHARACTERS = 500

#: Chinese, Japanese and Korean names put the family name first and are not inverted.
_FAMILY_FIRST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Author:
    """An author. ``given_name`` is empty for organisations and for names with the family name first."""

    family_name: str
    given_name: str = ""

    @property
    def inverted_name(self) -> str:
        """The inverted name: “van Beethoven, Ludwig”."""
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to an article. ``notes`` are quotations."""

    id: str
    title: str
    authors: tuple[Author, ...] = ()
    source: str = ""
    published: dt.date | None = None
    url: str = ""
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    beginning: str = ""
    notes: tuple[str, ...] = ()

    @property
    def abstract(self) -> str:
        return clean_line(shorten(self.beginning, _MAX_ABSTRACT_CHARACTERS, placeholder="…"))


def reference(article: Article, notes: Iterable[str] = ()) -> Reference:
    return Reference(
        clean_line(article.id), clean_line(headline(article)), tuple(map(_author, article.authors)),
        clean_line(article.source or ""), article.published.date() if article.published else None,
        clean_line(article.url or ""), clean_line(article.language or ""), clean_line(article.section or ""),
        tuple(map(clean_line, group_all_tags(article.tags)["tag"])),
        article.body[: 2 * _MAX_ABSTRACT_CHARACTERS].partition("\n\n")[0], tuple(map(clean_line, notes)),
    )  # fmt: skip


def references(hits: Iterable[Hit | QuoteHit]) -> Iterator[Reference]:
    """Yield a reference per article. Quotations are notes of their article's reference."""
    statements: dict[str, tuple[Article, list[str]]] = {}
    for hit in hits:
        if isinstance(hit, Hit):
            yield reference(hit.article)
        else:
            statements.setdefault(hit.article.id, (hit.article, []))[1].append(said_line(hit))
    for article, notes in statements.values():
        yield reference(article, notes)


def said_line(hit: QuoteHit) -> str:
    """Return a quotation with its speaker and its place in the record, in one line."""
    words, moment = clean_line(hit.quote.text), hit.quote.moment
    quoted = words if hit.quote.kind == "indirect" else f"“{words}”"
    speaker = displayed_speaker(hit.speaker, hit.quote.confidence) if hit.speaker else ""
    by = " ".join(filter(None, (speaker, f"({moment})" if moment else "")))
    return f"{clean_line(by)}: {quoted}" if by else quoted


def _author(name: str) -> Author:
    """Split a name: “Ludwig van Beethoven” is “van Beethoven, Ludwig”."""
    name = clean_line(name).strip()
    if ", " in name:
        family, given_name = name.split(", ", 1)
        return Author(family, given_name)
    words = name.split()
    at = len(words) - 1
    at -= at > 1 and _SUFFIX.fullmatch(words[at]) is not None
    while at > 1 and words[at - 1].lower() in PARTICLES:
        at -= 1
    if at < 1 or _ORGANISATION.search(name) or _FAMILY_FIRST.search(name):
        return Author(name)
    return Author(" ".join(words[at:]), " ".join(words[:at]))


def citation(one: Reference) -> str:
    """Return a citation: authors, title, source, day, address."""
    authors = "; ".join(author.inverted_name for author in one.authors)
    origin = ", ".join(filter(None, (one.source, _day(one))))
    return " ".join(filter(None, (_sentence(authors), _sentence(one.title), _sentence(origin), one.url)))


def _day(one: Reference) -> str:
    return one.published.isoformat() if one.published else ""


def _sentence(part: str) -> str:
    """Return a part of a citation with a full stop, unless it already ends with punctuation."""
    return part if not part or part.endswith(("?", "!", ".")) else f"{part}."


def meta(one: Reference) -> Iterator[tuple[str, str]]:
    """Return the names and contents of Highwire ``<meta>`` tags, which Zotero and scholarly crawlers read."""
    pairs = [
        ("title", one.title),
        *(("author", author.inverted_name) for author in one.authors),
        ("publication_date", _day(one).replace("-", "/")),
        ("journal_title", one.source),
        ("language", one.language),
    ]
    return ((f"citation_{name}", value) for name, value in pairs if value)


def coins(one: Reference) -> str:
    """Return the COinS metadata of a reference, for the title of a ``<span class="Z3988">``."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", one.title),
        ("rft.jtitle", one.source),
        ("rft.date", _day(one)),
        ("rft_id", one.url),
        *(("rft.au", f"{author.given_name} {author.family_name}".strip()) for author in one.authors),
    ]
    return urlencode([pair for pair in pairs if pair[1]])


def csl(one: Reference) -> dict[str, Any]:
    """Return a CSL-JSON item without empty values."""
    day = one.published
    item: dict[str, Any] = {
        "id": one.id,
        "type": "article-newspaper",
        "title": one.title,
        "author": [
            {"family": author.family_name, "given": author.given_name}
            if author.given_name
            else {"literal": author.family_name}
            for author in one.authors
        ],
        "container-title": one.source,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "URL": one.url,
        "language": one.language,
        "section": one.section,
        "keyword": ", ".join(one.tags),
        "abstract": one.abstract,
        "note": "; ".join(one.notes),
    }
    return {name: value for name, value in item.items() if value}


def ris(one: Reference) -> str:
    day = _day(one).replace("-", "/")
    pairs = [
        *[("TY", "NEWS"), ("TI", one.title)],
        *(("AU", author.inverted_name) for author in one.authors),
        *[("T2", one.source), ("PY", day[:4]), ("DA", day)],
        *[("SE", one.section), ("UR", one.url), ("LA", one.language)],
        *(("KW", tag) for tag in one.tags),
        ("AB", one.abstract),
        *(("N1", note) for note in one.notes),
        ("ID", one.id),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in pairs if value) + "ER  - \r\n\r\n"


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
#: Escapes for the characters that would end an address or start a comment in BibTeX.
_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", "%": r"\%", "#": r"\#"})
_NO_KEY = re.compile(r"[^a-z0-9]+")


def bibtex(one: Reference) -> str:
    pairs = {
        # Braces prevent styles from changing the case of the title.
        "title": f"{{{_escape(one.title)}}}",
        "author": " and ".join(map(_bibtex_name, one.authors)),
        "journal": _escape(one.source),
        "date": _day(one),
        "year": _day(one)[:4],
        "url": one.url.translate(_IN_URL),
        "langid": _escape(one.language),
        "keywords": _escape(", ".join(one.tags)),
        "note": _escape("; ".join(one.notes)),
    }
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in pairs.items() if value)
    return f"@article{{{_key(one)},\n{fields}\n}}\n\n"


def _key(one: Reference) -> str:
    """Return a readable, unique key: “lindqvist2024-670f045cb9b3”."""
    who = one.authors[0].family_name if one.authors else one.source
    plain = unicodedata.normalize("NFKD", who).encode("ascii", "ignore").decode().lower()
    year = f"{one.published.year}" if one.published else ""
    return f"{_NO_KEY.sub('', plain)}{year}-{_NO_KEY.sub('-', one.id.lower()).strip('-')}".strip("-")


def _bibtex_name(author: Author) -> str:
    """Return an author. Braces prevent BibTeX from splitting an organisation's name."""
    return _escape(author.inverted_name) if author.given_name else f"{{{_escape(author.family_name)}}}"


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)
