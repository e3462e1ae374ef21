"""The marks of Markdown (https://spec.commonmark.org) off a text: what is left is what a reader sees.

By patterns and not by a parser, because nothing else is wanted: lines, lists and tables stay as they were
written, and :mod:`searcher.readers.text` takes them as it takes those of any text. A parser (markdown-it-py
was tried: a megabyte with what it needs, and eight times as slow) gives blocks without these, which would
have to be written again. What it knows more is rare in articles: HTML between the words, addresses in angle
brackets.
"""

from __future__ import annotations

import html
import re

__all__ = ["FRONT_MATTER", "plain"]

#: The header between ``---`` lines that Markdown files carry.
FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.{0,5000}?)\n---[ \t]*(?:\n|$)", re.S)

_PICTURE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]*)?(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]{0,100}\])"
)
_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.M)
_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")
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


def plain(text: str) -> str:
    """``text`` without the marks of links, pictures, stress, code, block quotes and all headings but those of
    the first level, by which the headline is known. The header between ``---`` lines stays."""
    front = FRONT_MATTER.match(text)
    if front:
        return front[0] + _plain(text[front.end() :])
    return _plain(text)


def _plain(text: str) -> str:
    text = _ESCAPED.sub(lambda found: chr(_KEPT + ord(found[1])), text)
    text = _TARGET.sub("", _PICTURE.sub("", text))
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
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
