"""Factiva: articles with field codes (HD, BY, PD, …) or with bare lines, each ended by "Document …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from searcher.article import Article
from searcher.readers import bylines, dates
from searcher.readers.paragraphs import paragraphs

__all__ = ["parse", "split"]

_END = re.compile(r"^\s*Document\s+([A-Z][A-Z0-9]{5,}\d[a-z0-9]{3,})\s*$")
_CODE = re.compile(
    r"^\s*(SE|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN|ART|CLM|VOL)"
    r"(?:\s+(.*)|\s*)$"
)
_WORDS = re.compile(r"^\s*[\d,.]+\s+(?:words|mots|palabras|Wörter|parole|palavras|woorden)\s*$", re.I)
_TIME = re.compile(r"^\s*\d{1,2}:\d{2}(?:\s*[AP]M)?(?:\s+GMT)?\s*$", re.I)
_COPYRIGHT = re.compile(r"^\s*(?:©|\(c\)|Copyright\b)", re.I)
_PAGE = re.compile(r"^\s*(?:Page\s+)?[A-Z]{0,2}\d{1,4}(?:[-,]\s*\d+)*\s*$")
_SOURCE_CODE = re.compile(r"^[A-Z][A-Z0-9]{2,9}$")
_LANGUAGES = re.compile(
    r"^(?:English|German|French|Spanish|Italian|Portuguese|Dutch|Swedish|Danish|Norwegian|Finnish|Polish|"
    r"Russian|Japanese|Chinese[\w -]*|Korean|Arabic|Turkish|Czech|Hungarian|Indonesian|"
    r"Deutsch|Français|Español|Italiano)$"
)


def split(lines: Sequence[str]) -> list[list[str]]:
    """The documents of an export; none where this is no export of Factiva."""
    ends = [number for number, line in enumerate(lines) if _END.match(line) or _is_accession(lines, number)]
    if not ends:
        return []
    bounds = [-1, *ends]
    parts = [list(lines[a + 1 : b + 1]) for a, b in pairwise(bounds)]
    rest = list(lines[ends[-1] + 1 :])
    if any(_WORDS.match(line) for line in rest):
        parts.append(rest)  # the last one was cut short
    return parts


def _is_accession(lines: Sequence[str], number: int) -> bool:
    """Whether it is the field AN, with its code in the same line."""
    return bool(re.match(r"^\s*AN\s+Document\s+\w+", lines[number]))


def parse(lines: Sequence[str]) -> Article | None:
    """One document; None when its date or its body is not to be found."""
    lines = [line.strip() for line in lines if line.strip()]
    coded = [line for line in lines if _CODE.match(line)]
    codes = {_CODE.match(line)[1] for line in coded}  # type: ignore[index]
    return _coded(lines) if {"HD", "PD"} <= codes else _bare(lines)


def _coded(lines: Sequence[str]) -> Article | None:
    values: dict[str, list[str]] = {}
    now = ""
    for line in lines:
        found = _CODE.match(line)
        if found:
            now = found[1]
            values.setdefault(now, []).extend([found[2]] if found[2] else [])
        elif now:
            values[now].append(line)
    one = {code: " ".join(parts) for code, parts in values.items()}
    body = paragraphs("\n\n".join([*values.get("LP", []), *values.get("TD", [])]))
    published = dates.parse(f"{one.get('PD', '')} {one.get('ET', '')}".strip())
    if not body or published is None:
        return None
    return Article(
        id=_accession(one.get("AN", "")),
        title=one.get("HD", ""),
        body="\n\n".join(body),
        source=one.get("SN"),
        authors=bylines.names(one.get("BY", "")),
        published=published,
        language=one.get("LA"),
        section=one.get("SE"),
    )


def _accession(text: str) -> str:
    found = re.search(r"([A-Z][A-Z0-9]{5,}\w+)\s*$", text)
    return found[1] if found else ""


def _bare(lines: Sequence[str]) -> Article | None:
    """Without codes the order tells: headline, byline, words, date, source, code, language, copyright."""
    counted = next((n for n, line in enumerate(lines[:15]) if _WORDS.match(line)), None)
    if counted is None:
        return None
    dated = next((n for n in range(counted + 1, min(counted + 4, len(lines))) if dates.parse(lines[n])), None)
    if dated is None:
        return None
    clock = lines[dated + 1] if dated + 1 < len(lines) and _TIME.match(lines[dated + 1]) else ""
    rest = dated + (2 if clock else 1)
    source = lines[rest] if rest < len(lines) else None
    start, language = rest + 1, None
    while (
        start < len(lines)
        and start < rest + 7
        and (_is_service(lines[start]) or _LANGUAGES.match(lines[start]))
    ):
        if _LANGUAGES.match(lines[start]):
            language = lines[start]
        start += 1
    ended = _END.match(lines[-1])
    body = paragraphs("\n\n".join(lines[start : len(lines) - bool(ended)]))
    if not body:
        return None
    title, section, authors = _above(lines[:counted])
    return Article(
        id=ended[1] if ended else "",
        title=title,
        body="\n\n".join(body),
        source=source,
        authors=authors,
        published=dates.parse(f"{lines[dated]} {clock}".strip()),
        language=language,
        section=section,
    )


def _is_service(line: str) -> bool:
    return bool(
        _SOURCE_CODE.match(line)
        or _PAGE.match(line)
        or _COPYRIGHT.match(line)
        or re.match(r"^(?:Edition|Volume|Issue|ISSN)\b", line)
    ) or line.rstrip(".").lower() in {"all rights reserved", "final", "first", "main", "national", "metro"}


def _above(lines: Sequence[str]) -> tuple[str, str | None, tuple[str, ...]]:
    """Headline, section and authors."""
    lines = list(lines)
    authors: tuple[str, ...] = ()
    if len(lines) > 1 and (bylines.byline(lines[-1]) or _is_name(lines[-1])):
        authors = bylines.names(lines.pop())
    section = (
        lines.pop(0) if len(lines) > 1 and len(lines[0]) < 40 and len(lines[1]) > len(lines[0]) else None
    )
    return " ".join(lines), section, authors


def _is_name(line: str) -> bool:
    words = re.findall(r"[^\W\d_]+", line)
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and len(line) < 50
