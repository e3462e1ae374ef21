"""The article of a page that has no text but in its scripts, which build the page in the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

__all__ = ["scripted_markup"]

#: Characters of a string that may be an article, with its markup.
_SHORTEST, _LONGEST = 300, 1_000_000
#: Paragraphs or breaks that it has at least: fewer stand in boxes and notes as well.
_PARAGRAPHS = 3
_PARAGRAPH = re.compile(r"<(?:p|br)\b", re.I)
_ESCAPE_OR_QUOTE = re.compile(r'\\.|"', re.S)


def scripted_markup(text: str) -> str:
    """The longest string with paragraphs in the scripts of a page, "" if there is none."""
    found = (markup for script in _scripts(text) for markup in _strings(script))
    return max((one for one in found if len(_PARAGRAPH.findall(one)) >= _PARAGRAPHS), key=len, default="")


def _scripts(text: str) -> Iterator[str]:
    end = 0
    while (start := text.find("<script", end)) >= 0 and (end := text.find("</script", start)) >= 0:
        yield text[start + len("<script") : end].partition(">")[2]


def _strings(script: str) -> Iterator[str]:
    """What stands in double quotes, its escapes resolved."""
    start = -1
    for mark in _ESCAPE_OR_QUOTE.finditer(script):
        if mark[0] != '"':
            continue
        if start < 0:
            start = mark.end()
            continue
        if _SHORTEST <= mark.start() - start <= _LONGEST:
            try:
                yield json.loads(script[start - 1 : mark.end()], strict=False)
            except ValueError:
                pass  # a string of JavaScript alone: `"\x3c"`
        start = -1
