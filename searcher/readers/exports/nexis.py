"""Nexis: Nexis Uni and Lexis Advance documents, and the older LexisNexis text files.

The newer ones begin with headline, source, date; label "Body", and end with "End of Document". The older
ones begin with "3 of 250 DOCUMENTS", then source, date, headline, and have labels in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from searcher.article import Article
from searcher.readers import bylines, dates
from searcher.readers.paragraphs import paragraphs

__all__ = ["parse", "split"]

_END = re.compile(r"^\s*End of Document\s*$", re.I)
_COUNT = re.compile(r"^\s*(?:Document\s+)?\d+ of \d+(?: DOCUMENTS?)?\s*$", re.I)
_LABEL = re.compile(
    r"^\s*(?:(Section|Length|Byline|Dateline|Highlight|Headline|Load-Date|Language|Publication-Type|Series|"
    r"Subject|Journal Code|Country|City|State|Organization|Company|Industry|Person|Geographic|Ticker|"
    r"Correction-Date|URL|Distribution|Edition)\s*:\s*(.*)|(Body|Classification|Graphic|Notes|Highlight)\s*:?\s*)$"
)
_OLD_LABEL = re.compile(
    r"^\s*(SECTION|LENGTH|BYLINE|DATELINE|HIGHLIGHT|HEADLINE|BODY|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|GRAPHIC|"
    r"NOTES|JOURNAL-CODE|SERIES|TYPE|SUBJECT|COUNTRY|CITY|STATE|ORGANIZATION|COMPANY|INDUSTRY|PERSON|GEOGRAPHIC|"
    r"TICKER|CORRECTION-DATE|URL|DISTRIBUTION|EDITION|DOCUMENT-TYPE|PUB-TYPE|CATEGORY)\s*:(?:\s+(.*)|\s*)$"
)
_RUNNING_ON = frozenset({"dateline", "byline", "highlight", "section", "series", "edition", "headline"})
_COPYRIGHT = re.compile(r"^\s*(?:Copyright\b|©|All Rights Reserved)", re.I)
_NOT_HEAD = re.compile(r"^\s*(?:Link to (?:Image|PDF)|Find in source|PDF|About LexisNexis|Bookmark)\b", re.I)


def split(lines: Sequence[str]) -> list[list[str]]:
    """The documents of an export; none where this is no export of Nexis."""
    old = [number for number, line in enumerate(lines) if _COUNT.match(line)]
    if old and any(_OLD_LABEL.match(line) or _COPYRIGHT.match(line) for line in lines[old[0] : old[0] + 60]):
        bounds = [*old, len(lines)]
        return [list(lines[a + 1 : b]) for a, b in pairwise(bounds)]
    ends = [number for number, line in enumerate(lines) if _END.match(line)]
    if not ends or not any(_LABEL.match(line) and line.strip().lower().startswith("body") for line in lines):
        return []
    bounds = [-1, *ends]
    parts = [list(lines[a + 1 : b]) for a, b in pairwise(bounds)]
    rest = list(lines[ends[-1] + 1 :])
    if any(re.match(r"\s*Body\s*$", line) for line in rest):
        parts.append(rest)  # the last one was cut short
    return [part for part in parts if any(line.strip() for line in part)]


@dataclass(slots=True)
class _Document:
    head: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)


def _read(lines: Sequence[str]) -> _Document:
    out = _Document()
    now = "head"
    for line in lines:
        label = _OLD_LABEL.match(line) or (_LABEL.match(line) if now != "body" or _closing(line) else None)
        if label:
            now = next(filter(None, label.groups()[::2])).lower().replace(" ", "-")
            if now == "body":
                out.body = [label[2] or ""]  # what stood before it was something else
            elif label[2]:
                out.labels.setdefault(now, label[2].strip())
            if now == "length":
                now = "after length"
        elif now == "head":
            if line.strip() and not _NOT_HEAD.match(line):
                out.head.append(line.strip())
        elif now in ("body", "after length"):
            if not (_COPYRIGHT.match(line) and now == "after length"):
                out.body.append(line)
        elif now in _RUNNING_ON and line.strip():
            _continue(out, now, line)
    return out


def _continue(out: _Document, label: str, line: str) -> None:
    """A labelled value that runs on, unless the body has begun (older files label no body)."""
    value = out.labels.get(label, "")
    if not value or (len(value) > 50 and len(value) + len(line) < 400 and not value.endswith(".")):
        out.labels[label] = f"{value} {line.strip()}".strip()
    else:
        out.body.append(line)


def _closing(line: str) -> bool:
    """The labels that end a body; words such as "Body" or "Company" may stand in it."""
    return bool(re.match(r"\s*(?:Classification\s*$|Load-Date\s*:|Graphic\s*$|Notes\s*$)", line))


def parse(lines: Sequence[str]) -> Article | None:
    """One document; None when it has no body or no date, and so is none."""
    document = _read(lines)
    body = _tidy(document.body)
    dated = next((n for n, line in enumerate(document.head) if _is_date(line)), None)
    published = (
        dates.parse(document.head[dated])
        if dated is not None
        else dates.parse(document.labels.get("load-date"))
    )
    if not body or published is None:
        return None
    title, source = _title(document, dated)
    return Article(
        id="",
        title=title,
        body="\n\n".join(body),
        source=source,
        authors=bylines.names(document.labels.get("byline", "")),
        published=published,
        language=document.labels.get("language"),
        section=re.split(r";", document.labels.get("section", ""))[0] or None,
        tags=_subjects(document.labels.get("subject", "")),
    )


def _tidy(lines: Sequence[str]) -> list[str]:
    while lines and (not lines[-1].strip() or _COPYRIGHT.match(lines[-1])):
        lines = lines[:-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
    blank_lines = any(not line.strip() for line in lines)
    return paragraphs(("\n" if blank_lines else "\n\n").join(lines))


def _is_date(line: str) -> bool:
    return len(line) < 80 and not _COPYRIGHT.match(line) and dates.parse(line) is not None


def _title(document: _Document, dated: int | None) -> tuple[str, str | None]:
    """Headline and source, from the lines above and below the date."""
    head = [line for line in document.head if not _COPYRIGHT.match(line)]
    date_line = document.head[dated] if dated is not None else None
    above = head[: head.index(date_line)] if date_line in head else head
    below = head[head.index(date_line) + 1 :] if date_line in head else []
    labelled = document.labels.get("headline")
    if labelled:
        return labelled, above[0] if above else None
    if len(above) >= 2:
        return " ".join(above[:-1]), above[-1]  # newer: headline, source, date
    if below:
        return " ".join(below), above[0] if above else None  # older: source, date, headline
    return (above[0] if above else ""), None


def _subjects(text: str) -> tuple[str, ...]:
    return tuple(
        re.sub(r"\s*\(\d+%\)", "", part).strip().capitalize() for part in text.split(";") if part.strip()
    )
