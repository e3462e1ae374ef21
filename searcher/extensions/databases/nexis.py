"""Nexis Uni, Lexis Advance, and the older LexisNexis text files.

New documents begin with headline, source and date, label the body, and end with "End of Document". Old ones
begin with "3 of 250 DOCUMENTS", then source, date and headline, with labels in capitals. Word files also have
bookmarks: "Bookmark_3" before a headline, "Body" and "Classification" at these parts.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from searcher.article import Article
from searcher.extensions.databases.fields import article_of, authors, field_named, section, subjects
from searcher.readers import dates
from searcher.readers.downloads import Paragraph
from searcher.readers.paragraphs import is_copyright, split_paragraphs

#: The line that ends a document, in the languages of the interface.
END_WORDS = (
    r"\b(?:End of Document|Ende des Dokuments|Fin du document|Fin del? documento|Fine del documento"
    r"|Fim do documento|Einde van (?:het )?document)\b"
)
_END = re.compile(rf"^\s*{END_WORDS}\s*$", re.I)
#: "3 of 250 DOCUMENTS", "Dokument 3 von 250", "3 de 250 DOCUMENTS", "FOCUS - 1 of 2 DOCUMENTS".
_COUNT = re.compile(
    r"^\s*(?:[A-Z]+ - )?(?:Do[ck]ument\w*\s+\d+ \w+ \d+|\d+ \w+ \d+\s+DO[CK]UMENT\w*)\s*$", re.I
)
_LABEL = re.compile(
    r"^\s*(?P<label>[^\W\d_][^\W\d_ /-]*(?:[ /-][^\W\d_]+){0,2})\s*:(?:\s+(?P<value>.*)|\s*)$"
)
#: Labels on a line of their own, without a colon.
_LONE_LABELS = frozenset({"body", "classification", "graphic", "notes", "highlight", "correction"})
#: Labels that are also ordinary words in a text or without a colon.
_BEFORE_TEXT = frozenset({"text", "tekst", "title", "kop"})
_MULTILINE = frozenset({"dateline", "byline", "highlight", "section", "series", "edition", "headline"})
#: Fields that may follow the body. Lines with other labels belong to the body.
_CLOSING = frozenset({"classification", "load-date", "graphic", "notes", "correction"})
_NOT_HEAD = re.compile(r"^\s*(?:Link to (?:Image|PDF)|Find in source|PDF|About LexisNexis|Bookmark)\b", re.I)
#: The line of a cover page with the number of documents: "Documents (50)".
_COVER = re.compile(r"^\s*[^\W\d_]+\s*\(\d+\)\s*$")
#: Indentation of centred lines in older files.
_CENTRED = 8 * " "
#: Maximum length of a headline without a label.
_MAX_TITLE_CHARACTERS = 250
_BEGINNING = re.compile(r"^Bookmark_\d+$")


@dataclass(slots=True)
class _Document:
    head: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    centred: bool = False  # whether the date is centred, as in older files
    below: list[str] = field(default_factory=list)  # lines after the date and before any label


def split(lines: Sequence[str]) -> list[list[str]]:
    """Split a download into documents. Empty if it is not from Nexis."""
    old = [number for number, line in enumerate(lines) if _COUNT.match(line)]
    if old and (
        len(old) > 2 or any(_is_field(line) or is_copyright(line) for line in lines[old[0] : old[0] + 60])
    ):
        bounds = [*old, len(lines)]
        return [list(lines[a + 1 : b]) for a, b in pairwise(bounds)]
    ends = [number for number, line in enumerate(lines) if _END.match(line)]
    if not ends or (len(ends) < 2 and not any(_field_name(line) == "body" for line in lines)):
        return []
    bounds = [-1, *ends]
    parts = [list(lines[a + 1 : b]) for a, b in pairwise(bounds)]
    parts[0] = _without_cover(parts[0])
    rest = list(lines[ends[-1] + 1 :])
    if any(_field_name(line) == "body" for line in rest):
        parts.append(rest)  # the last document is cut off
    return [part for part in parts if any(line.strip() for line in part)]


def _is_field(line: str) -> bool:
    """Return True for a field of the older files, whose labels are in capitals."""
    match = _LABEL.match(line)
    return bool(match and match["label"].isupper() and field_named(match["label"]))


def _without_cover(lines: list[str]) -> list[str]:
    """Remove the cover page. The first document begins with the headline, two lines above the date."""
    if not any(_COVER.match(line) for line in lines):
        return lines
    body = next((n for n, line in enumerate(lines) if _field_name(line) == "body"), len(lines))
    dated = [n for n in range(body) if _is_date(lines[n]) and not _LABEL.match(lines[n])]
    above = [n for n in range(dated[-1]) if lines[n].strip()] if dated else []
    return lines[above[-2] :] if len(above) > 1 else lines


def split_word(paragraphs: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Split a Word file into documents, without its cover page. Empty without bookmarks."""
    begun = [n for n, one in enumerate(paragraphs) if any(map(_BEGINNING.match, one.bookmarks))]
    bodies = [n for n, one in enumerate(paragraphs) for name in one.bookmarks if name.split("_")[0] == "Body"]
    if not begun or not bodies:
        return []
    heads = [n for n, one in enumerate(paragraphs) if one.heading]
    if len(heads) == len(begun) and all(map(operator.lt, heads, begun)):
        begun = heads  # newer files have the bookmark below the headline
    return [list(paragraphs[a:b]) for a, b in pairwise([*begun, len(paragraphs)])]


def parse_word(part: Sequence[Paragraph]) -> Article | None:
    """Parse a document of a Word file. Return None if the body or date is missing."""
    title = " ".join(one.text for one in part if one.heading)
    lines = [
        line for one in _sections(part) if not one.heading for line in one.text.split("\n") if line.strip()
    ]
    lines = [line for line in lines if not _END.match(line)]
    return parse(lines, title)


def _sections(part: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Replace paragraphs bookmarked as "Body" or "Classification" by that label, whatever their language."""
    for one in part:
        kinds = (name.partition("_")[0] for name in one.bookmarks)
        named = next((kind for kind in kinds if kind.lower() in _LONE_LABELS), "")
        yield Paragraph(named, one.bookmarks, one.heading) if named and len(one.text) < 40 else one


def _parse_lines(lines: Sequence[str]) -> _Document:
    out = _Document()
    current = "head"
    for line in lines:
        field = _field_name(line)
        if any(out.body) and line.partition(":")[0].strip().casefold() in _BEFORE_TEXT:
            field = None
        if field and (current != "body" or field in _CLOSING or _is_field(line)):
            value = (match["value"] or "").strip() if (match := _LABEL.match(line)) else ""
            current = field
            if current == "body":
                out.body = [value]  # discard text before the label
            elif value:
                out.labels.setdefault(current, value)
            if current == "length":
                current = "after length"
        elif current == "head":
            centred = line.startswith(_CENTRED)
            if out.centred and not centred:
                out.below.append(line)
            if line.strip() and not _NOT_HEAD.match(line) and not (out.centred and centred):
                out.head.append(line.strip())  # edition and time are centred below the date
                out.centred = out.centred or (centred and _is_date(line))
        elif current in ("body", "after length"):
            if not (is_copyright(line) and current == "after length"):
                out.body.append(line)
        elif current in _MULTILINE and line.strip():
            _continue(out, current, line)
    return out


def _field_name(line: str) -> str | None:
    match = _LABEL.match(line)
    if match:
        name = field_named(match["label"])
        ambiguous = (name == "body" and match["value"]) or match["label"].casefold() in _BEFORE_TEXT
        return None if ambiguous and not match["label"].isupper() else name
    unpunctuated = field_named(line) if len(line) < 40 else None
    return (
        unpunctuated if unpunctuated in _LONE_LABELS and line.strip().casefold() not in _BEFORE_TEXT else None
    )


def _continue(out: _Document, label: str, line: str) -> None:
    """Append a line to a labelled value, or to the body if the value is complete (older files do not label
    the body)."""
    value = out.labels.get(label, "")
    unfinished = len(value) > 50 and not value.endswith(".")
    if not value or value.endswith(";") or (unfinished and len(value) + len(line) < 400):
        out.labels[label] = f"{value} {line.strip()}".strip()
    else:
        out.body.append(line)


def parse(lines: Sequence[str], title: str = "") -> Article | None:
    """Parse a document. Return None if the body or date is missing."""
    document = _parse_lines(lines)
    body = _trimmed(document.body)
    if not body and document.centred:
        body, title = _unlabelled_parts(document, title)
    dated = next((n for n, line in enumerate(document.head) if _is_date(line)), None)
    published = dates.parse(document.head[dated]) if dated is not None else None
    published = published or dates.parse(document.labels.get("load-date"))
    found_title, source = _title(document, dated, title)
    return article_of(
        body,
        published,
        title=found_title,
        source=source,
        authors=authors(document.labels.get("byline", ""), source),
        language=document.labels.get("language"),
        section=section(document.labels.get("section", "")),
        tags=subjects(document.labels.get("subject", "")),
    )


def _unlabelled_parts(document: _Document, title: str) -> tuple[list[str], str]:
    """Return body and headline of an older document without labels. The headline is above or below the
    date."""
    text = _trimmed(document.below)
    headline = " ".join(document.head[1 : next(n for n, line in enumerate(document.head) if _is_date(line))])
    if headline or title or len(text) < 2 or len(text[0]) > _MAX_TITLE_CHARACTERS:
        return text, title or headline
    return text[1:], text[0]


def _trimmed(lines: Sequence[str]) -> list[str]:
    while lines and (not lines[-1].strip() or is_copyright(lines[-1])):
        lines = lines[:-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
    blank_lines = any(not line.strip() for line in lines)
    return split_paragraphs(("\n" if blank_lines else "\n\n").join(lines))


def _is_date(line: str) -> bool:
    return len(line) < 80 and not is_copyright(line) and dates.parse(line) is not None


def _title(document: _Document, dated: int | None, title: str) -> tuple[str, str | None]:
    head = [line for line in document.head if not is_copyright(line)]
    date_line = document.head[dated] if dated is not None else None
    above = head[: head.index(date_line)] if date_line in head else head
    below = head[head.index(date_line) + 1 :] if date_line in head else []
    labelled = title or document.labels.get("headline")
    if labelled:
        return labelled, above[0 if title else -1] if above else None
    if len(above) >= 2:
        return " ".join(above[:-1]), above[-1]  # newer: headline, source, date
    if below:
        return " ".join(below), above[0] if above else None  # older: source, date, headline
    return ("", above[0]) if document.centred and above else ((above[0] if above else ""), None)
