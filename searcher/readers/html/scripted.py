"""The article of a page that has no text but in its scripts, which build the page in the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from searcher.languages.scripts import is_unspaced

__all__ = ["scripted_markup"]

#: Characters of a string that may be an article, with its markup.
_SHORTEST, _LONGEST = 300, 1_000_000
#: Paragraphs or breaks that it has at least: fewer stand in boxes and notes as well.
_PARAGRAPHS = 3
#: Share of the words of the headline that it has at least: a notice about cookies has none.
_MIN_SHARE = 1 / 3
_MIN_LETTERS = 4  # of a word of the headline
_WORD = re.compile(r"[^\W\d_]+")
_PARAGRAPH = re.compile(r"<(?:p|br)\b", re.I)
_ESCAPE_OR_QUOTE = re.compile(r'\\.|"', re.S)


def scripted_markup(text: str, headline: str) -> str:
    """The longest string with paragraphs in the scripts of a page that is about its headline, "" if there is
    none."""
    asked = _telling(headline)
    found = (markup for script in _scripts(text) for markup in _strings(script))
    articles = (one for one in found if len(_PARAGRAPH.findall(one)) >= _PARAGRAPHS and _is_about(asked, one))
    return max(articles, key=len, default="")


def _telling(headline: str) -> set[str]:
    """The longer words of a headline; where words run together every two letters."""
    words = _WORD.findall(headline.lower())
    pairs = {word[at : at + 2] for word in words if is_unspaced(word[0]) for at in range(len(word) - 1)}
    return pairs | {word for word in words if len(word) >= _MIN_LETTERS and not is_unspaced(word[0])}


def _is_about(asked: set[str], markup: str) -> bool:
    text = markup.lower()
    return sum(word in text for word in asked) >= _MIN_SHARE * len(asked)


def _scripts(text: str) -> Iterator[str]:
    end = 0
    folded = text.replace("<SCRIPT", "<script").replace("</SCRIPT", "</script")
    while (start := folded.find("<script", end)) >= 0 and (end := folded.find("</script", start)) >= 0:
        yield folded[start + len("<script") : end].partition(">")[2]


def _strings(script: str) -> Iterator[str]:
    """What stands in double quotes, its escapes resolved. A double quote within single ones is taken for the
    beginning or the end of a string."""
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
