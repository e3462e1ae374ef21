"""Plain text and Markdown: a headline, perhaps a byline and a date, then the body."""

from __future__ import annotations

import datetime as dt
import html
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
from searcher.readers.paragraphs import paragraphs

#: The header between ``---`` lines that Markdown files carry.
FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.{0,5000}?)\n---[ \t]*(?:\n|$)", re.S)

_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]*)?(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]{0,100}\])"
)
_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.M)
_MARKED_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")
_STRONG = re.compile(r"\*\*|__")
_MAX_STRONG = 1000  # characters between two such marks
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])([^_\n]{1,1000}?)(?<=[^\s_])_(?!\w)"
)
_HEADING = re.compile(r"^ {0,3}#{2,6}[ \t]+(.*)$", re.M)
_RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", re.M)
_QUOTED = re.compile(r"^ {0,3}(?:>[ \t]?)+", re.M)
_UNDERLINED = re.compile(r"^(\S.*)\n=+[ \t]*$", re.M)
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[^`\n]*$", re.M)
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,1000})(?<=\S)~~")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,31});")
#: A sign that is meant as such. Programs that save pages as Markdown write many: “1\\. The first”.
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
#: Where escaped signs are kept meanwhile: characters that no text has.
_KEPT = 0xF0000
_BACK = {_KEPT + sign: chr(sign) for sign in range(128)}
_CODE = re.compile(r"(?<!`)`([^`\n]{1,300})`(?!`)")


def without_marks(text: str) -> str:
    """``text`` without the marks of links, pictures, stress, code, block quotes and all headings but those of
    the first level, by which the headline is known. The header between ``---`` lines stays."""
    front = FRONT_MATTER.match(text)
    if front:
        return front[0] + _without_marks(text[front.end() :])
    return _without_marks(text)


def _without_marks(text: str) -> str:
    text = _ESCAPED.sub(lambda found: chr(_KEPT + ord(found[1])), text)
    text = _TARGET.sub("", _PICTURE.sub("", text))
    text = _MARKED_ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
    text = _UNDERLINED.sub(r"# \1", _RULE.sub("", _QUOTED.sub("", _FENCE.sub("", text))))
    text = _STRUCK.sub(r"\1", _CODE.sub(r"\1", text))
    text = _EMPHASIS.sub(lambda found: found[1] or found[2], _without_strong(text))
    text = _HEADING.sub(lambda found: found[1].rstrip(" \t").rstrip("#").rstrip(" \t"), text)
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return text.translate(_BACK)


def _without_strong(text: str) -> str:
    """``text`` without the pairs of marks that set it in bold: the first stands before a word, the second
    behind one."""
    opened: dict[str, re.Match[str]] = {}
    paired: list[int] = []
    for mark in _STRONG.finditer(text):
        start, end = mark.span()
        first = opened.get(mark[0])
        between = start - first.end() if first else 0
        if first and 0 < between <= _MAX_STRONG and not text[start - 1].isspace():
            paired += (first.start(), start)
            del opened[mark[0]]
        elif (not first or between > _MAX_STRONG) and not text[end : end + 1].isspace():
            opened[mark[0]] = mark
    kept: list[str] = []
    place = 0
    for start in sorted(paired):
        kept.append(text[place:start])
        place = start + 2
    return "".join((*kept, text[place:]))


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
            text = without_marks(text)
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
