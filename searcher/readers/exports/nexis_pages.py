"""LexisNexis HTML downloads: documents between comments, fields behind labels in capitals.

In the order of a document: its number, the publication, the date, the headline, labelled fields, the body,
labelled fields again, the copyright. Each is a ``<div>`` of its own; which one is centred and what is bold
is told by numbered classes that the style sheet of the page explains.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bs4 import Tag

from searcher.article import Article
from searcher.readers import dates
from searcher.readers.exports.fields import authors, field_named, is_copyright, section, subjects
from searcher.readers.exports.markup import line_of, lines_of, paragraphs_of, parsed

__all__ = ["article", "parts"]


_BEGIN = re.compile(r"<DOCFULL>\s*-->", re.I)
_END = re.compile(r"<!--[^<>]{0,200}</DOCFULL>", re.I)
_CENTRED = re.compile(r"\.(\w+)\s*\{[^{}]*text-align:\s*center", re.I)
_COUNT = re.compile(r"^\W*(?:\w+\W+)?\d+\s+\w+\s+\d+\s+\w+\W*$")  # “3 of 250 DOCUMENTS”, in any language
_LABEL = re.compile(r"^[^\W\d_a-zß-ÿ][^\d_a-zß-ÿ:]{1,40}:$")


@dataclass(slots=True)
class _Document:
    head: list[Tag] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    body: list[Tag] = field(default_factory=list)


def parts(text: str) -> list[tuple[str, frozenset[str]]]:
    """The markup of each document, and the classes of the page whose elements are centred."""
    centred = frozenset(_CENTRED.findall(text[:20_000]))
    begun = _BEGIN.split(text)[1:]
    return [(_END.split(part, maxsplit=1)[0], centred) for part in begun]


def article(part: tuple[str, frozenset[str]]) -> Article | None:
    """One document; None when it has no body or no date."""
    markup, centred = part
    document = _read(_blocks(markup))
    while document.body and _is_last(document.body[-1], centred):
        document.body.pop()
    source, published, titles = _head(document.head, centred)
    published = published or dates.parse(document.values.get("load-date"))
    body = paragraphs_of(document.body)
    if not body or published is None:
        return None
    values = document.values
    return Article(
        id="",
        title=values.get("headline") or " ".join(titles),
        body="\n\n".join(body),
        source=source,
        authors=authors(values.get("byline", "")),
        published=published,
        language=values.get("language"),
        section=section(values.get("section", "")),
        tags=subjects(values.get("subject", "")),
    )


def _blocks(markup: str) -> list[Tag]:
    """The elements of a document that hold text, without the one that counts the documents."""
    body = parsed(markup).body
    blocks = [block for block in body.find_all(recursive=False) if line_of(block)] if body else []
    return blocks[1:] if blocks and _COUNT.match(line_of(blocks[0])) else blocks


def _read(blocks: Sequence[Tag]) -> _Document:
    out = _Document()
    labelled = False
    for block in blocks:
        label, value = _labelled(block)
        known = field_named(label)
        if known == "body" or (label and not known and out.body):
            out.body.append(block)
        elif label:
            labelled = True
            out.values.setdefault(known or label.casefold(), value)
        elif labelled:
            out.body.append(block)
        else:
            out.head.append(block)
    return out


def _labelled(block: Tag) -> tuple[str, str]:
    """The label of a field and its value; nothing where the block is no field."""
    first = block.find("span")
    label = line_of(first) if isinstance(first, Tag) else ""
    return (label, line_of(block)[len(label) :].strip()) if _LABEL.match(label) else ("", "")


def _head(blocks: Sequence[Tag], centred: frozenset[str]) -> tuple[str | None, dt.datetime | None, list[str]]:
    """The publication, the date and the headline. Beside the date stand edition and corrections."""
    dated = next((n for n, block in enumerate(blocks) if dates.parse(line_of(block)[:150])), None)
    if dated is None:
        return (line_of(blocks[0]) if blocks else None), None, [line_of(block) for block in blocks[1:]]
    before = [line for block in blocks[:dated] for line in lines_of(block)]
    titles = [line_of(block) for block in blocks[dated + 1 :] if not _is_centred(block, centred)]
    return (before[0] if before else None), dates.parse(line_of(blocks[dated])[:150]), titles


def _is_centred(block: Tag, centred: frozenset[str]) -> bool:
    return bool(centred.intersection(block.get_attribute_list("class")))


def _is_last(block: Tag, centred: frozenset[str]) -> bool:
    """Whether it is a notice of copyright, which ends a document."""
    return is_copyright(line_of(block)) or (_is_centred(block, centred) and block.name == "div")
