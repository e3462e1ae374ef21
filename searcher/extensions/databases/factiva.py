"""Factiva: articles with field codes (HD, BY, PD, …) or with bare lines, each ending with "Document …"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from searcher import languages
from searcher.article import Article
from searcher.extensions.databases.fields import article_of
from searcher.extensions.databases.fields import authors as byline_of
from searcher.extensions.databases.fields import section as heading_of
from searcher.readers import bylines, dates
from searcher.readers.paragraphs import is_copyright, split_paragraphs

#: An accession number: source code padded with zeros, date of receipt, nine more characters.
ACCESSION = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]{3,9}0*(?:19|20)\d{6}[a-z][a-z0-9]{8}(?![A-Za-z0-9])")
#: The word count in any language: "877 words", "1.285 Wörter", "842字".
LENGTH = re.compile(r"^\s*\d[\d.,\s]*[^\W\d_]+\.?\s*$")
TIME = re.compile(r"^\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?(?:\s+[A-Z]{3,4})?\s*$", re.I)

_END = re.compile(rf"^\s*(?:AN\s+)?[^\W\d_]+\s+({ACCESSION.pattern})\s*$")
_CODE = re.compile(
    r"^\s*(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|CLM|VOL)"
    r"(?:\s+(.*)|\s*)$"
)
_PAGE = re.compile(r"^\s*(?:Page\s+)?[A-Z]{0,2}\d{1,4}(?:[-,]\s*\d+)*\s*$")
_SOURCE_CODE = re.compile(r"^[A-Z][A-Z0-9]{2,9}$")
_LANGUAGE = re.compile(r"^[^\W\d_]{3,20}(?:[ -]+[^\W\d_]+)?$")
#: Maximum number of lines between the date and the copyright notice.
_MAX_SERVICE_LINES = 8


def split(lines: Sequence[str]) -> list[list[str]]:
    """Split a download into documents. Empty if it is not from Factiva."""
    ends = [number for number, line in enumerate(lines) if _END.match(line)]
    if not ends:
        return []
    bounds = [-1, *ends]
    parts = [list(lines[a + 1 : b + 1]) for a, b in pairwise(bounds)]
    rest = list(lines[ends[-1] + 1 :])
    if _count_line(rest) is not None:
        parts.append(rest)  # the last document is cut off
    return parts


def parse(lines: Sequence[str]) -> Article | None:
    """Parse a document. Return None if it has no date or no body."""
    lines = [line.strip() for line in lines if line.strip()]
    codes = {match[1] for line in lines if (match := _CODE.match(line))}
    return _coded_article(lines) if {"HD", "PD"} <= codes else _uncoded_article(lines)


def _coded_article(lines: Sequence[str]) -> Article | None:
    values: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        match = _CODE.match(line)
        if match:
            code = match[1]
            values.setdefault(code, []).extend([match[2]] if match[2] else [])
        elif code:
            values[code].append(line)
    one = {code: " ".join(parts) for code, parts in values.items()}
    return of_codes(one, split_paragraphs("\n\n".join([*values.get("LP", []), *values.get("TD", [])])))


def of_codes(values: Mapping[str, str], body: Sequence[str]) -> Article | None:
    """Return the article with these values by field code, or None if the body or date is missing."""
    published = dates.parse(f"{values.get('PD', '')} {values.get('ET', '')}".strip())
    return article_of(
        body,
        published,
        id=accession(values.get("AN", "")),
        title=values.get("HD", ""),
        source=values.get("SN"),
        authors=byline_of(values.get("BY", "")),
        language=values.get("LA"),
        section=heading_of(values.get("SE", "")),
        tags=tuple(name.partition(":")[2].strip() for name in values.get("NS", "").split("|")),
    )


def accession(text: str) -> str:
    """Return the last accession number in a text, or ""."""
    accessions = ACCESSION.findall(text)
    return str(accessions[-1]) if accessions else ""


def _count_line(lines: Sequence[str]) -> int | None:
    """Return the index of the line with the word count, which the date follows."""
    return next(
        (
            n
            for n, line in enumerate(lines[:15])
            if LENGTH.match(line) and any(dates.parse(after) for after in lines[n + 1 : n + 3])
        ),
        None,
    )


def _uncoded_article(lines: Sequence[str]) -> Article | None:
    """Parse a document without codes. The order is: headline, byline, words, date, source, code, language,
    copyright."""
    counted = _count_line(lines)
    if counted is None:
        return None
    dated = next(n for n in range(counted + 1, len(lines)) if dates.parse(lines[n]))
    clock = lines[dated + 1] if dated + 1 < len(lines) and TIME.match(lines[dated + 1]) else ""
    source_line = dated + (2 if clock else 1)
    start = _body_start(lines, source_line + 1)
    ended = _END.match(lines[-1])
    body = split_paragraphs("\n\n".join(lines[start : len(lines) - bool(ended)]))
    if not body:
        return None
    title, section, authors = _headline_lines(lines[:counted])
    return Article(
        id=ended[1] if ended else "", title=title, body="\n\n".join(body),
        source=lines[source_line] if source_line < len(lines) else None, authors=authors,
        published=dates.parse(f"{lines[dated]} {clock}".strip()),
        language=_language(lines[source_line + 1 : start]),
        section=section,
    )  # fmt: skip


def _body_start(lines: Sequence[str], start: int) -> int:
    """Return the index of the line after the copyright notice or else after page and codes."""
    noted = [n for n in range(start, min(start + _MAX_SERVICE_LINES, len(lines))) if is_copyright(lines[n])]
    if noted:
        return noted[-1] + 1
    while start < len(lines) and (_SOURCE_CODE.match(lines[start]) or _PAGE.match(lines[start])):
        start += 1
    return start + bool(start < len(lines) and languages.language_code(lines[start]))


def _language(lines: Sequence[str]) -> str | None:
    plain = [line for line in lines if not is_copyright(line)]
    return plain[-1] if plain and _LANGUAGE.match(plain[-1]) else None


def _headline_lines(lines: Sequence[str]) -> tuple[str, str | None, tuple[str, ...]]:
    lines = list(lines)
    authors: tuple[str, ...] = ()
    if len(lines) > 1 and (bylines.byline(lines[-1]) or _is_name(lines[-1])):
        authors = byline_of(lines.pop())
    above = len(lines) > 1 and len(lines[0]) < min(40, len(lines[1]))
    section = lines.pop(0) if above else None
    return " ".join(lines), section, authors


def _is_name(line: str) -> bool:
    words = re.findall(r"[^\W\d_]+", line)
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and len(line) < 50
