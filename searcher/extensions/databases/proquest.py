"""ProQuest: documents between rules, with labels such as "Publication title:" and "Full text:"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searcher.article import Article
from searcher.extensions.databases.fields import article_of
from searcher.readers import bylines, dates
from searcher.readers.paragraphs import split_paragraphs

_RULE = re.compile(r"^\s*[_=-]{20,}\s*$")
_MARK = re.compile(r"^\s*ProQuest document ID\s*:", re.I)
_TEXT = re.compile(r"^\s*Full text\s*:")
_COUNT = re.compile(r"^\s*Document \d+ of \d+\s*$", re.I)
_LABEL = re.compile(
    r"^\s*(Title|Author|Publication info|ProQuest document link|Abstract(?: \(summary\))?|Full text|Links"
    r"|Subject|Location|People|Company / organization|Company|Publication title|Publication subject"
    r"|Publication (?:year|date|type)|Publisher|Place of publication|Country of publication"
    r"|Section|Source type|Language of publication|Language|Document type|ProQuest document ID|Document URL"
    r"|Copyright|Last updated|Database|ISSN|e-?ISSN|Volume|Issue|Pages?|First page|Column|[Dd]ateline"
    r"|Identifier / keyword|Word count|Document feature|Classification|Credit|Number of pages"
    r"|Table of contents|Contact us|Bibliography)\s*:\s*(.*)$"
)
#: Labels that may also begin lines of an article.
_IN_TEXTS = ("Title", "Section", "Location", "People", "Company", "Author", "Links", "Copyright")
_BOILERPLATE = re.compile(
    r"^\s*(?:Contact ProQuest|Copyright ©|http://search\.proquest|https://www\.proquest"
    r"|ProQuest document link$|Enlarge this image\.?$|None available\.?$)",
    re.I,
)
#: Lines above the first document in a mail.
_MAIL_PREAMBLE = re.compile(
    r"All documents are reproduced with|Please do not reply|Email \d+ of \d+|.{1,80} sent you the following"
    r"|Table of contents$|\d+\. |\W*$",
    re.I,
)
#: An edition after a headline or publication, and the place of publication.
_EDITION = re.compile(
    r"\s*:?\s*\[[^\[\]]{1,60}\bedition\b[^\[\]]{0,20}\]\s*\.?$|,[^,;]{1,40}\bedition\b.*$", re.I
)


def split(lines: Sequence[str]) -> list[list[str]]:
    """Split a download into documents. Empty if it is not from ProQuest."""
    if not any(_MARK.match(line) for line in lines):
        return []
    parts: list[list[str]] = [[]]
    for line in lines:
        if _RULE.match(line) or _COUNT.match(line):
            parts.append([])
        else:
            parts[-1].append(line)
    documents = [part for part in parts if any(_MARK.match(line) or _TEXT.match(line) for line in part)]
    return documents if len(documents) >= sum(1 for line in lines if _MARK.match(line)) else _by_mark(lines)


def _by_mark(lines: Sequence[str]) -> list[list[str]]:
    """Split a download without rules (Word, RTF): a document ends with the labels after its ProQuest ID."""
    parts: list[list[str]] = [[]]
    marked = False
    for line in lines:
        if _RULE.match(line) or _COUNT.match(line):
            continue
        if marked and not _LABEL.match(line) and not _BOILERPLATE.match(line) and line.strip():
            parts.append([])
            marked = False
        marked = marked or bool(_MARK.match(line))
        parts[-1].append(line)
    return [part for part in parts if any(_MARK.match(line) for line in part)]


def parse(lines: Sequence[str]) -> Article | None:
    """Parse a document. Return None if the date, or both full text and abstract, are missing."""
    head, values = _labelled_lines(lines)
    one = {name: " ".join(" ".join(parts).split()) for name, parts in values.items()}
    info = one.get("publication info", "")
    text = values.get("full text") or values.get("abstract") or []
    blank_lines = any(not line.strip() for line in text[1:])
    body = split_paragraphs(("\n" if blank_lines else "\n\n").join(text))
    published = dates.parse(one.get("publication date")) or dates.parse(info) or dates.in_text(info)
    return article_of(
        body,
        published,
        id=one.get("proquest document id", ""),
        title=_EDITION.sub("", one.get("title") or _headline(head)),
        url=one.get("document url") or None,
        source=_EDITION.sub("", re.split(r"\s*[;:]\s", one.get("publication title") or info)[0]) or None,
        authors=_authors(one.get("author", "")),
        language=one.get("language of publication") or one.get("language"),
        section=one.get("section") or None,
        tags=tuple(part.strip() for part in one.get("subject", "").split(";") if part.strip()),
    )


def _headline(head: Sequence[str]) -> str:
    above = [number for number, line in enumerate(head) if _MAIL_PREAMBLE.match(line)]
    return next(iter(head[above[-1] + 1 if above else 0 :]), "")


def _labelled_lines(lines: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the lines before the first label, and the lines of each label. Of equal labels the first
    counts."""
    head: list[str] = []
    values: dict[str, list[str]] = {}
    label_name = ""
    for line in lines:
        label = _LABEL.match(line)
        if label and not (label_name == "full text" and label[1] in _IN_TEXTS):
            label_name = label[1].lower().split(" (")[0]
            values.setdefault(label_name, [label[2]])
        elif label_name and not _BOILERPLATE.match(line):
            values[label_name].append(line)
        elif label_name:
            label_name = label_name if label_name == "full text" else "-"
            values.setdefault(label_name, [])
        elif line.strip():
            head.append(line.strip())
    return head, values


def _authors(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.split(";"))
    inverted = (
        f"{first_names} {name}" if first_names else name
        for name, _, first_names in (p.partition(", ") for p in parts)
    )
    return tuple(name for part in inverted for name in bylines.names(part) if part != "Anonymous")
