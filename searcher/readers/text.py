"""Plain text: a headline, perhaps a byline and a date, then the body."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import Event, Options, whole
from searcher.readers.decode import decode, refuse_binary
from searcher.readers.exports import articles_of, may_be_export
from searcher.readers.finish import MAX_BODY
from searcher.readers.markdown import FRONT_MATTER, plain
from searcher.readers.paragraphs import paragraphs

__all__ = ["TextReader", "article_from_text"]

_MARKED = (".md", ".markdown")
_LABEL = re.compile(r"^([A-Za-z][A-Za-z _-]{1,24}?)\s*:\s+(\S.*)$")
_ADDRESS = re.compile(r"https?://\S+")
_LABELS = {
    "title": "title", "headline": "title", "subject": "title",
    "author": "authors", "authors": "authors", "byline": "authors", "by": "authors", "writer": "authors",
    "date": "published", "published": "published", "publication date": "published", "pubdate": "published",
    "source": "source", "publication": "source", "publisher": "source", "newspaper": "source",
    "outlet": "source", "url": "url", "link": "url", "section": "section", "category": "section",
    "tags": "tags", "keywords": "tags", "language": "language", "lang": "language", "id": "id",
}  # fmt: skip
_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]+(?:,\s(?!\d)[\w. ]{2,20})?)"
    r"(?:,\s(?P<date>[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s\d{4})?|\d{1,2}\.?\s[^\W\d_]{3,12}\.?\s\d{4}))?"
    r"\s*(?:\((?P<agency>[\w .]{2,20})\))?\s*(?:--|[-–—])\s"
)
_AGENCIES = {"reuters": "Reuters", "ap": "AP", "afp": "AFP", "dpa": "dpa", "upi": "UPI", "tass": "TASS",
             "xinhua": "Xinhua", "ansa": "ANSA", "efe": "EFE", "kyodo": "Kyodo"}  # fmt: skip
#: Lines of a headline, bylines, a publication and a date that stand without blank lines between them.
_MAX_CREDITS = 4
#: A line that can be the name of a newspaper: up to six words, capitalised but for the smallest.
_PUBLICATION = re.compile(r"(?:(?:[A-ZÀ-Þ][\w.'’&-]*|of|the|and|de|la|le|du|der|für|on|in)(?: |$)){1,6}")


@dataclass(slots=True)
class _Head:
    """What the lines above the body say."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: dt.datetime | None = None
    labels: dict[str, str] = field(default_factory=dict)


class TextReader:
    """``.txt`` and Markdown, one article a file."""

    suffixes: tuple[str, ...] = (".txt", ".text", ".md", ".markdown")
    whole = True

    def __init__(self, _options: Options) -> None: ...

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        text = decode(whole(stream))
        refuse_binary(text)
        if origin.lower().endswith(_MARKED) and len(text) <= MAX_BODY:
            text = plain(text)
        exported = articles_of(text.split("\n")) if may_be_export(text) else None
        if exported is not None:
            yield from exported
        elif len(text) > MAX_BODY:
            raise ReadError(f"It is longer than {MAX_BODY:,} characters, too long for one article.")
        else:
            yield article_from_text(text)


def article_from_text(text: str) -> Article:
    """One article from plain text; what stands above the body is taken apart."""
    head = _Head()
    text = _front_matter(text, head)
    parts = paragraphs(text)
    labelled = _labels(parts, head)
    parts = _opened(parts[labelled:])
    if not head.title and parts and _is_headline(parts):
        head.title = parts.pop(0).replace("\n", " ")
    parts = _lines_of_credits(parts)
    while parts and (_take(parts[0], head) or _take_publication(parts, head)):
        parts.pop(0)
    return _article(head, parts)


def _front_matter(text: str, head: _Head) -> str:
    """The header between ``---`` lines that Markdown files carry."""
    found = FRONT_MATTER.match(text)
    if not found:
        return text
    for label in filter(None, map(_label, found[1].splitlines())):
        head.labels.setdefault(label[0], label[1].strip("\"'"))
    return text[found.end() :]


def _labels(parts: list[str], head: _Head) -> int:
    """How many paragraphs at the top hold nothing but ``Title: …``, ``Date: …`` or an address."""
    for count, part in enumerate(parts):
        found = [_label(line) for line in part.split("\n")]
        if not all(found):
            return count
        for name, value in filter(None, found):
            head.labels.setdefault(name, value)
    return len(parts)


def _label(line: str) -> tuple[str, str] | None:
    """What a line says of the article, by the name of its field."""
    if _ADDRESS.fullmatch(line):
        return "url", line
    label = _LABEL.match(line)
    return (_LABELS[label[1].lower()], label[2]) if label and label[1].lower() in _LABELS else None


def _opened(parts: list[str]) -> list[str]:
    """The lines of the first block apart, where those below the first are a byline and a date."""
    lines = parts[0].split("\n") if parts else []
    if 1 < len(lines) <= _MAX_CREDITS and all(bylines.byline(line) or _is_date(line) for line in lines[1:]):
        return [*lines, *parts[1:]]
    return parts


def _lines_of_credits(parts: list[str]) -> list[str]:
    """The first block as lines of their own, where it is a byline, a publication and a date in some order."""
    lines = parts[0].split("\n") if parts else []
    if not 1 < len(lines) <= _MAX_CREDITS:
        return parts
    telling = [line for line in lines if bylines.byline(line) or _is_date(line)]
    rest = [line for line in lines if line not in telling]
    if telling and len(rest) <= 1 and all(map(_PUBLICATION.fullmatch, rest)):
        return [*lines, *parts[1:]]
    return parts


def _take_publication(parts: list[str], head: _Head) -> bool:
    """Whether the first line names the publication: it stands between the byline and the date."""
    if not head.authors or "source" in head.labels or not _PUBLICATION.fullmatch(parts[0]):
        return False
    if len(parts) < 2 or not _is_date(parts[1]):
        return False
    head.labels["source"] = parts[0]
    return True


def _is_headline(parts: list[str]) -> bool:
    first = parts[0]
    if len(parts) < 2 or len(first) > 250 or first.count("\n") > 2:
        return False
    if first.startswith("# "):
        return True
    return not re.search(r"[.…][\"'”’»)]*$", first) and not _DATELINE.match(first)


def _take(part: str, head: _Head) -> bool:
    """Whether ``part`` is a byline or a line with the date, which the head then holds."""
    if len(part) > 150:
        return False
    names = bylines.byline(part)
    if names and not head.authors:
        head.authors = names
        head.published = head.published or dates.in_text(part)
        return True
    if head.published is None and _is_date(part):
        head.published = dates.parse(part)
        return True
    return False


def _is_date(part: str) -> bool:
    """A date and hardly anything beside it."""
    moment = dates.parse(part)
    words = re.findall(r"[^\W\d_]{2,}", part)
    return moment is not None and len(part) < 90 and len(words) <= 7 and not re.search(r"[.!?]$", part)


def _article(head: _Head, parts: list[str]) -> Article:
    labels = head.labels
    published = head.published or dates.parse(labels.get("published"))
    source = labels.get("source")
    dateline = _DATELINE.match(parts[0]) if parts else None
    if dateline:
        published = published or dates.parse(dateline["date"])
        source = source or _AGENCIES.get((dateline["agency"] or "").lower())
    return Article(
        id=labels.get("id", ""),
        title=(head.title or labels.get("title", "")).removeprefix("# "),
        body="\n\n".join(parts),
        url=labels.get("url"),
        source=source,
        authors=head.authors or bylines.names(labels.get("authors", "")),
        published=published,
        language=labels.get("language"),
        section=labels.get("section"),
        tags=tuple(tag.strip("[]\"' ") for tag in labels.get("tags", "").split(",")),
    )
