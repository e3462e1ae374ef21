"""The marks of Markdown (https://spec.commonmark.org) off a text: what is left is what a reader sees."""

from __future__ import annotations

import re

__all__ = ["FRONT_MATTER", "plain"]

#: The header between ``---`` lines that Markdown files carry.
FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.{0,5000}?)\n---[ \t]*(?:\n|$)", re.S)

_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(
    r"(?<!!)\[([^\]\n]{1,500})\](?:\([^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]*)?(?:\s+\"[^\"\n]*\")?\)|\[[^\]\n]{0,100}\])"
)
_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.M)
_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?\S?)(?<=\S)\1", re.S)
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])([^_\n]{1,1000}?)(?<=[^\s_])_(?!\w)"
)
_HEADING = re.compile(r"^ {0,3}#{2,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.M)
_RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$", re.M)
_QUOTED = re.compile(r"^ {0,3}>\s?", re.M)
_CODE = re.compile(r"(?<!`)`([^`\n]{1,300})`(?!`)")


def plain(text: str) -> str:
    """``text`` without the marks of links, stress, headings and block quotes. The first heading keeps its
    mark, by which the headline is known."""
    front = FRONT_MATTER.match(text)
    if front:
        return front[0] + _plain(text[front.end() :])
    return _plain(text)


def _plain(text: str) -> str:
    text = _TARGET.sub("", _PICTURE.sub("", text))
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1", text))
    text = _CODE.sub(r"\1", _RULE.sub("", _QUOTED.sub("", text)))
    text = _EMPHASIS.sub(lambda found: found[1] or found[2], _STRONG.sub(r"\2", text))
    return _HEADING.sub(r"\1", text)
