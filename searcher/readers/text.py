"""Plain text and Markdown: a headline, perhaps a byline and a date, then the body."""

from __future__ import annotations

import datetime as dt
import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from searcher import plugins
from searcher.article import Article
from searcher.errors import ReadError
from searcher.readers import bylines, dates
from searcher.readers.base import MAX_FIELD, MAX_VALUES, Event, FormatReader, inner_path, read_whole
from searcher.readers.downloads import articles_in_text
from searcher.readers.encodings import decode, refuse_binary
from searcher.readers.finish import MAX_BODY
from searcher.readers.html.blocks import line_without_markup, paragraphs_of_markup
from searcher.readers.html.headline import without_site
from searcher.readers.html.page import without_scripts
from searcher.readers.mapper import AMBIGUOUS_NAMES, NAMES
from searcher.readers.page_text import join_spaced_capitals, pasted_article
from searcher.readers.paragraphs import split_paragraphs
from searcher.readers.turns import BOLD, HEADING, recording_article

#: The header of a Markdown file: YAML between lines of ``---``, or TOML between lines of ``+++``.
_FRONT_MATTER = re.compile(
    r"\s*(?:---[ \t]*\n(?P<yaml>.{0,10000}?)\n(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*\n(?P<toml>.{0,10000}?)\n\+\+\+)[ \t]*(?:\n|$)",
    re.S,
)

_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]*)?(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]{0,100}\])"
)
#: Links of Obsidian and wikis, ``[[Page|word]]``, and their embedded files, ``![[map.png]]``.
_WIKI = re.compile(r"(!?)\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\]")
_NOTE = re.compile(r"\[\^[\w-]{1,30}\](?::[ \t]?)?")
_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.M)
_MARKED_ADDRESS = re.compile(r"<((?:https?://|[\w.+-]{1,64}@)[^<>\s]+)>")
_STRONG = re.compile(r"\*\*|__")
_MAX_STRONG_CHARACTERS = 1000  # maximum characters between two marks
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])([^_\n]{1,1000}?)(?<=[^\s_])_(?!\w)"
)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*)$", re.M)
#: A heading, or an entirely bold line.
_APART = re.compile(r"^ {0,3}(?:(#{1,6}[ \t]+)|(?=(\*\*|__)[^\s*_][^*\n]{0,80}\2:?[ \t]*$))", re.M)
_PLAIN = {ord(HEADING): None, ord(BOLD): None}
_RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", re.M)
_QUOTED = re.compile(r"^ {0,3}(?:>[ \t]?)+", re.M)
_UNDERLINED = re.compile(r"^(\S.*)\n=+[ \t]*$", re.M)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`\n]*$")
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,1000})(?<=\S)~~")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,31});")
#: An escaped character. Programs that save pages as Markdown write many: “1\\. The first”.
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
#: Escaped characters are temporarily moved to this private-use area, which does not occur in texts.
_PRIVATE = 0xF0000
_BACK = {_PRIVATE + sign: chr(sign) for sign in range(128)}
_AWAY = {sign: _PRIVATE + sign for sign in range(128) if not chr(sign).isalnum() and not chr(sign).isspace()}
_CODE = re.compile(r"(?<!`)`([^`\n]{1,300})`(?!`)")
#: Template tags of Jekyll, Hugo and Kramdown: ``{% … %}``, ``{{ … }}``, ``{: .class}``, ``{#id}``.
_TEMPLATE = re.compile(r"\{%[^{}]{0,1000}%\}|\{\{[^{}]{0,1000}\}\}|\{(?::|[.#][\w-])[^{}\n]{0,300}\}")
#: Elements within a line, and those that make one, in a text that is Markdown else.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strike|strong"
    r"|sub|sup|time|tt|u|var|wbr)(?:\s[^<>]{0,2000})?/?>",
    re.I,
)
_BLOCK = re.compile(
    r"</?(?:p|br|div|h[1-6]|hr|[uod]l|li|d[dt]|blockquote|pre|table|t(?:head|body|foot|r|[dh])|section|article"
    r"|aside|header|footer|nav|main|figure|figcaption|picture|iframe|video|audio|source|embed|object|form|input|button"
    r"|label|details|summary|center|address|script|style|noscript|svg|!--)(?![\w-])",
    re.I,
)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def strip_markdown(text: str, *, apart: bool = False) -> str:
    """Remove the markup of Markdown, except the front matter and the first heading of level 1.

    Args:
        text: The text of a Markdown file.
        apart: Mark headings and bold lines, to recognise transcripts.
    """
    text = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    begins = front.end() if front else 0
    return text[:begins] + _without_marks(text[begins:], apart=apart)


def _without_marks(text: str, *, apart: bool = False) -> str:
    text = _CODE.sub(lambda match: match[1].translate(_AWAY), _TEMPLATE.sub("", _with_code_kept(text)))
    if apart:
        text = _APART.sub(lambda match: f"{match[1]}{HEADING}" if match[1] else BOLD, text)
    text = _ESCAPED.sub(lambda match: chr(_PRIVATE + ord(match[1])), text)
    text = _NOTE.sub("", _WIKI.sub(lambda match: "" if match[1] else match[2], text))
    text = _TARGET.sub("", _PICTURE.sub("", text))
    text = _MARKED_ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
    text = _UNDERLINED.sub(r"# \1", _RULE.sub("", _QUOTED.sub("", text)))
    text = _STRUCK.sub(r"\1", text)
    text = _EMPHASIS.sub(lambda match: match[1] or match[2], _without_strong(text))
    text = _without_headings(_without_elements(text))
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text.translate(_BACK)


def _without_structure(text: str) -> str:
    """Remove the markup of reStructuredText (https://docutils.sourceforge.io/rst.html)."""
    text = _DIRECTIVE.sub("", text)
    text = _FIELD.sub(r"\1: ", _RULED.sub("\n", text.replace("``", "`")))
    return _REFERENCE.sub(r"\1", text).replace("::\n", ":\n").replace("**", "").strip()


def _without_headings(text: str) -> str:
    """Remove the marks of headings, except the first of level 1."""
    first = next((match for match in _HEADING.finditer(text) if match[1] == "#"), None)

    def plain(match: re.Match[str]) -> str:
        mark = "# " if first and match.start() == first.start() else ""
        return mark + match[2].rstrip(" \t").rstrip("#").rstrip(" \t")

    return _HEADING.sub(plain, text)


def _with_code_kept(text: str) -> str:
    """Protect the punctuation in code blocks from later steps, and remove the fences."""
    out: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if not fence:
            fence = mark[1] if mark else ""
            out.append("" if mark else line)
        elif mark and mark[1].startswith(fence):
            fence = ""
            out.append("")
        else:
            out.append(line.translate(_AWAY))
    return "\n".join(out)


def _without_elements(text: str) -> str:
    """Convert HTML in the text to paragraphs, without scripts and comments."""
    if "<" not in text:
        return text
    out: list[str] = []
    marked: list[str] = []
    for block in [*_BLANK_LINES.split(_INLINE.sub("", without_scripts(text, []))), ""]:
        if _BLOCK.search(block):
            marked.append(block)
            continue
        if marked:
            out += paragraphs_of_markup("\n\n".join(marked))
            marked = []
        out.append(block)
    return "\n\n".join(out[:-1])


def _without_strong(text: str) -> str:
    """Remove pairs of bold marks: the first precedes a word, the second follows one."""
    opened: dict[str, re.Match[str]] = {}
    paired: list[int] = []
    for mark in _STRONG.finditer(text):
        start, end = mark.span()
        first = opened.get(mark[0])
        distance = start - first.end() if first else 0
        if first and 0 < distance <= _MAX_STRONG_CHARACTERS and not text[start - 1].isspace():
            paired += (first.start(), start)
            del opened[mark[0]]
        elif (not first or distance > _MAX_STRONG_CHARACTERS) and not text[end : end + 1].isspace():
            opened[mark[0]] = mark
    lines: list[str] = []
    place = 0
    for start in sorted(paired):
        lines.append(text[place:start])
        place = start + 2
    return "".join((*lines, text[place:]))


_MARKED = (".md", ".markdown", ".rst")
#: The lines below headings of reStructuredText and above them, fields, what refers, and what is to be done.
_RULED = re.compile(r"^([=\-~^\"'#*+.`])\1{2,}[ \t]*\n", re.M)
_FIELD = re.compile(r"^:(\w[\w -]{0,24}):[ \t]+(?=\S)", re.M)
_REFERENCE = re.compile(r"(?::[\w:]{1,30}:)?`([^`<>\n]{1,500}?)(?:\s*<[^<>\n]{1,2000}>)?`_{0,2}")
_DIRECTIVE = re.compile(r"^\.\. .*\n(?:[ \t]+\S.*\n)*", re.M)
#: Header fields that may contain the day of clipping; and the maximum nesting of lists.
_CLIPPED, _MAX_LIST_LEVELS = frozenset(("created", "created_at", "saved")), 3
#: Keys that give the value of a mapping: a person, a category, or the dates of MkDocs.
_NAMED = ("name", "title", "published", "created")
#: The date at the start of the name of a post or its folder.
_DAY_IN_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?![\d])")
_LABEL = re.compile(r"^[-*>• ]{0,6}([^\W\d_][\w -]{1,24}?)\s*(?::(?=\s|$)|：)\s*(\S.*)?$")
_ADDRESS = re.compile(r"https?://\S+")
#: A headline followed by its URL at the start of a text.
_ABOVE = re.compile(r"\s*(?!https?:)(\S[^\n]{5,250})\n\s*(https?://\S+)\s*?(?:\n|$)")
_LABELS = {
    "title": "title", "headline": "title", "subject": "title",
    "author": "authors", "authors": "authors", "byline": "authors", "by": "authors", "writer": "authors",
    "date": "published", "published": "published", "publication date": "published", "pubdate": "published",
    "source": "source", "publication": "source", "publisher": "source", "newspaper": "source",
    "outlet": "source", "url": "url", "link": "url", "section": "section", "category": "section",
    "tags": "tags", "keywords": "tags", "language": "language", "lang": "language", "id": "id",
}  # fmt: skip
#: The labels in other languages, and column names of tables.
_LABELS |= {
    name: field
    for field in ("title", "authors", "published", "source", "url")
    for name in NAMES[field]
    if name not in AMBIGUOUS_NAMES and name not in _LABELS
}
#: Labels that occur only in Markdown headers. The date that may be the day of clipping is last.
_DECLARED = _LABELS | {
    "categories": "tags", "tag": "tags", "canonical url": "url", "canonical": "url", "original url": "url",
    "external url": "url", "site": "source", "site name": "source", "website": "source",
    "publishdate": "published", "publish date": "published", "date published": "published",
    "datepublished": "published", "published at": "published", "published on": "published",
    "published date": "published", "posted": "published", "posted on": "published", "post date": "published",
    "datetime": "published", "date created": "published", "created": "published", "created at": "published",
    "saved": "published", "author name": "authors",
}  # fmt: skip
_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]+(?:,\s(?!\d)[\w. ]{2,20})?)"
    r"(?:,\s(?P<date>[A-Z][a-z]{2,8}\.?\s\d{1,2}(?:,\s\d{4})?|\d{1,2}\.?\s[^\W\d_]{3,12}\.?\s\d{4}))?"
    r"\s*(?:\((?P<agency>[\w .]{2,20})\))?\s*(?:--|[-–—])\s"
)
_AGENCIES = {"reuters": "Reuters", "ap": "AP", "afp": "AFP", "dpa": "dpa", "upi": "UPI", "tass": "TASS",
             "xinhua": "Xinhua", "ansa": "ANSA", "efe": "EFE", "kyodo": "Kyodo"}  # fmt: skip
#: Maximum number of credit lines (headline, byline, publication, date) without blank lines between them.
_CREDIT_LINES = 4
#: Maximum number of paragraphs with credits above a text.
_MAX_HEAD_PARAGRAPHS = 20
#: Maximum length of a title above a transcript.
_MAX_TITLE_CHARACTERS = 200
#: A line that may be the name of a newspaper: up to six words, capitalised except for words such as “the”.
_PUBLICATION = re.compile(r"(?:(?:[A-ZÀ-Þ][\w.'’&-]*|of|the|and|de|la|le|du|der|für|on|in)(?: |$)){1,6}")


@dataclass(slots=True)
class _Head:
    """The data in the lines above the body."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: dt.datetime | None = None
    labels: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


class TextReader(FormatReader):
    """``.txt``, Markdown and reStructuredText, one article per file."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, origin: str, /) -> Iterator[Event]:
        text = decode(read_whole(stream)).replace("\r\n", "\n").replace("\r", "\n")
        text = join_spaced_capitals(text)
        refuse_binary(text)
        marked = origin.lower().endswith(_MARKED) and len(text) <= MAX_BODY
        lines_apart = text
        if marked and origin.lower().endswith(".rst"):
            text = lines_apart = _without_structure(text)
        elif marked:
            lines_apart = strip_markdown(text, apart=True)
            text = lines_apart.translate(_PLAIN)
        downloaded = articles_in_text(text)
        if downloaded is not None:
            yield from downloaded
        elif len(text) > MAX_BODY:
            raise ReadError(f"It is longer than {MAX_BODY:,} characters, too long for one article.")
        else:
            chat = plugins.find_optional("searcher.speech", "chat")
            article = (chat and chat(text, origin)) or transcribed_article(lines_apart, origin)
            yield article or article_from_text(pasted_article(text), origin if marked else "")


def transcribed_article(text: str, origin: str) -> Article | None:
    """Return the article of a transcript with its turns, or None for other texts."""
    front = _FRONT_MATTER.match(text)
    find = plugins.find_optional("searcher.speech", "text")
    transcript = find(text[front.end() :] if front else text) if find else None
    if transcript is None:
        return None
    above, turns = transcript
    head = article_from_text(f"{front[0] if front else ''}{above.translate(_PLAIN)}", origin)
    title = "" if head.title or "\n" in head.body or len(head.body) > _MAX_TITLE_CHARACTERS else head.body
    made = recording_article(
        origin, [*([] if title else head.body.split("\n\n")), *turns], head.title or title
    )
    published = head.published or made.published
    return replace(head, title=made.title, body=made.body, quotes=made.quotes, published=published)


def article_from_text(text: str, post: str = "") -> Article:
    """Return an article from plain text. ``post`` is the origin of Markdown, which may contain the day."""
    head = _Head()
    text = _wire_heading(_fields_in_a_line(_front_matter(text, head), head), head)
    if above := _ABOVE.match(text):
        head.title, head.labels["url"] = above[1].strip(), above[2]
        text = text[above.end() :]
    if post and head.published is None:
        head.published = date_in_file_name(post)
    parts = split_paragraphs(text)
    parts = _opening_lines(parts[_labels(parts, head) :])
    titled = bool(head.labels.get("title") or head.title)
    signed = bylines.byline(parts[0]) if not titled and _is_headline(parts[1:]) else ()
    if signed and all(map(bylines.is_name, signed)):
        head.authors = head.authors or signed
        parts.pop(0)
    if parts and head.labels.get("title") and _letters(parts[0]) == _letters(head.labels["title"]):
        parts.pop(0)
    elif not titled and parts and _is_headline(parts):
        head.title = parts.pop(0).replace("\n", " ")
    parts = _lines_of_credits(parts[_labels(parts, head) :])
    credit_count = 0
    while credit_count < min(len(parts), _MAX_HEAD_PARAGRAPHS) and (
        _take(parts[credit_count], head) or _take_publication(parts[credit_count : credit_count + 2], head)
    ):
        credit_count += 1
    del parts[:credit_count]
    if post and head.published is None and len(parts) > 2 and parts[0].startswith("# ") and is_date(parts[1]):
        _take(parts.pop(1), head)
    return _article(head, [part.removeprefix("# ") for part in parts] if post else parts)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))


def date_in_file_name(origin: str) -> dt.datetime | None:
    """Return the day at the start of the name of a post, or of its folder for an index file."""
    path = inner_path(origin)
    day = _DAY_IN_NAME.match(path.parent.name if path.stem in ("index", "_index") else path.name)
    return dates.parse(day[1]) if day else None


def _front_matter(text: str, head: _Head) -> str:
    """Read the front matter of Markdown, if there is any, and return the rest of the text."""
    match = _FRONT_MATTER.match(text)
    values = _header(match) if match else None
    if not match or values is None:
        return text
    values_by_field: dict[str, list[str]] = {}
    for name, value in sorted(values.items(), key=lambda one: one[0] in _CLIPPED):
        if field := _DECLARED.get(re.sub(r"[\s_-]+", " ", name.strip().casefold())):
            values_by_field.setdefault(field, []).extend(_texts(value))
    for field in ("title", "source", "url", "section", "language", "id"):
        if said := next(filter(None, values_by_field.get(field, ())), ""):
            head.labels[field] = said
    if _ADDRESS.fullmatch(head.labels.get("source", "")):
        head.labels.setdefault("url", head.labels.pop("source"))
    if title := head.labels.get("title"):
        head.labels["title"] = " ".join(_without_marks(line_without_markup(title)).split())
    people = (text.strip("[]@ ") for text in values_by_field.get("authors", ()))
    head.authors = tuple(name for text in people for name in bylines.names(text))
    head.published = next(filter(None, map(dates.parse, values_by_field.get("published", ()))), None)
    paths = (path for name in ("path", "permalink", "url") for path in _texts(values.get(name)))
    days = (dates.in_url(f"/{path.strip('/')}/") for path in paths)
    head.published = head.published or next(filter(None, days), None)
    head.tags = tuple(
        tag for text in values_by_field.get("tags", ()) for tag in re.split(r"[,;]", text.lstrip("#"))
    )
    return text[match.end() :]


#: Separators of header fields in one line, and the minimum number of fields.
_FIELDS_PARTED, _MIN_HEADER_FIELDS = ("###", "|||", "\t", "|"), 4


def _fields_in_a_line(text: str, head: _Head) -> str:
    """Read a first line with an address, a day and other fields. Return the rest of the text."""
    first, _, rest = text.partition("\n")
    for mark in _FIELDS_PARTED if len(first) <= MAX_FIELD else ():
        cells = [cell.strip() for cell in first.split(mark)]
        url = next(filter(_ADDRESS.fullmatch, cells), None)
        day = next(filter(is_date, cells), None)
        if len(cells) >= _MIN_HEADER_FIELDS and url and day:
            texts = (cell for cell in cells if cell not in (url, day) and " " in cell)
            titles = (cell for cell in texts if cell[0] not in "[{")
            head.labels["url"], head.title = url, max(titles, key=len, default="")
            head.published = dates.parse(day)
            return rest
    return text


#: How agencies begin a text (IPTC 7901): service and number, priority, category, words; and how they end the
#: heading below, of a keyword with strokes, marks in capitals, headline and byline.
_WIRE = re.compile(
    r"\x01?[a-z]{2,4}\d{2,6} +\d +[a-z] +\d{1,5} [^\n]{0,80}\n(?P<heading>[^=]{10,800}?) *=\s*\n"
)


def _wire_heading(text: str, head: _Head) -> str:
    """Read the heading of a news agency, and return the rest of the text."""
    match = _WIRE.match(text)
    if not match:
        return text
    lines = [line for part in match["heading"].split("\n") if (line := part.strip("\x02 \r\t"))]
    named = [line for line in lines if not (line.endswith("/") or line.startswith("By ") or line.isupper())]
    head.title = " ".join(named) or lines[-1]
    head.authors = tuple(name for line in lines for name in bylines.byline(line))
    return text[match.end() :]


def _header(match: re.Match[str]) -> Mapping[str, Any] | None:
    """Parse front matter, or return None. Invalid YAML is read line by line."""
    import yaml

    try:
        if match["toml"] is not None:
            return tomllib.loads(match["toml"])
        value = yaml.load(match["yaml"], yaml.BaseLoader)  # noqa: S506  # BaseLoader creates only strings, lists and mappings
    except (yaml.YAMLError, ValueError, RecursionError):
        value = _header_by_lines(match["yaml"] or "")
    return value if isinstance(value, dict) and all(isinstance(name, str) for name in value) else None


def _header_by_lines(header: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    name = ""
    for line in header.splitlines():
        label = re.match(r"(\w[\w -]{0,40}):(?:\s+(.*))?$", line)
        item = re.match(r"\s*-\s+(\S.*)$", line)
        if label:
            name = label[1]
            values[name] = [label[2].strip("\"' ")] if label[2] else []
        elif item and name:
            values[name].append(item[1].strip("\"' "))
    return values


def _texts(value: object, deep: int = 0) -> list[str]:
    """Return the texts in a header value: itself, list items, or the names of mappings."""
    if isinstance(value, list) and deep < _MAX_LIST_LEVELS:
        return [text for one in value[:MAX_VALUES] for text in _texts(one, deep + 1)]
    if isinstance(value, Mapping):
        named = next(filter(None, map(value.get, _NAMED)), "")
        return _texts(named, deep + 1) if deep < _MAX_LIST_LEVELS else []
    return [str(value).strip()] if isinstance(value, (str, int, dt.date)) else []


def _labels(parts: list[str], head: _Head) -> int:
    """Count the first paragraphs that consist of labelled lines (``Title: …``) or an address."""
    for count, part in enumerate(parts):
        lines = part.split("\n")
        labels = [_label(line) for line in lines]
        are_labelled = all(label or _LABEL.match(line) for label, line in zip(labels, lines))
        if not all(labels) and not (are_labelled and 2 * sum(map(bool, labels)) >= max(4, len(lines))):
            return count
        for name, value in filter(None, labels):
            head.labels.setdefault(name, value)
    return len(parts)


def _label(line: str) -> tuple[str, str] | None:
    """Return the field and value in a labelled line, or None."""
    if _ADDRESS.fullmatch(line):
        return "url", line
    label = _LABEL.match(line)
    name = _LABELS.get(label[1].lower()) if label and label[2] else None
    if not label or not name or (name == "published" and not dates.parse(label[2])):
        return None
    of_link = name == "url" and not _ADDRESS.fullmatch(label[2])  # its words
    return "title" if of_link else name, label[2]


def _opening_lines(parts: list[str]) -> list[str]:
    """Split the first block into lines if those after the first are a byline and a date."""
    lines = parts[0].split("\n") if parts else []
    if 1 < len(lines) <= _CREDIT_LINES and all(bylines.byline(line) or is_date(line) for line in lines[1:]):
        return [*lines, *parts[1:]]
    return parts


def _lines_of_credits(parts: list[str]) -> list[str]:
    """Split the first block into lines if it has a byline, a publication and a date, in any order."""
    lines = parts[0].split("\n") if parts else []
    if not 1 < len(lines) <= _CREDIT_LINES:
        return parts
    telling = [line for line in lines if bylines.byline(line) or is_date(line)]
    rest = [line for line in lines if line not in telling]
    if telling and len(rest) <= 1 and all(map(_PUBLICATION.fullmatch, rest)):
        return [*lines, *parts[1:]]
    return parts


def _take_publication(parts: list[str], head: _Head) -> bool:
    """Read the publication in the first line, between byline and date. Return True if it is there."""
    if not head.authors or "source" in head.labels or not _PUBLICATION.fullmatch(parts[0]):
        return False
    if len(parts) < 2 or not is_date(parts[1]):
        return False
    head.labels["source"] = parts[0]
    return True


def _is_headline(parts: list[str]) -> bool:
    if len(parts) < 2 or len(first := parts[0]) > 250 or first.count("\n") > 2:
        return False
    if first.startswith("# "):
        return True
    return not re.search(r"[.…][\"'”’»)]*$", first) and not _DATELINE.match(first)


def _take(part: str, head: _Head) -> bool:
    """Read a byline or a date into the head. Return True if ``part`` is one of them."""
    if len(part) > 150:
        return False
    names = bylines.byline(part)
    if names and (not head.authors or set(names) <= set(head.authors)):
        head.authors = head.authors or names
        head.published = head.published or dates.in_text(part)
        return True
    if is_date(part):
        moment = dates.parse(part)
        is_consistent = head.published is None or bool(moment and moment.date() == head.published.date())
        head.published = head.published or moment
        return is_consistent
    return False


def is_date(part: str) -> bool:
    """Return True for a date with few other words."""
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
        title=without_site((head.title or labels.get("title", "")).removeprefix("# "), source),
        body="\n\n".join(parts),
        url=labels.get("url"),
        source=source,
        authors=head.authors or bylines.names(labels.get("authors", "")),
        published=published,
        language=labels.get("language"),
        section=labels.get("section"),
        tags=(*head.tags, *(tag.strip("[]\"' ") for tag in labels.get("tags", "").split(","))),
    )
