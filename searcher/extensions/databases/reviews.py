"""Press reviews: articles of many papers in one text, each with a line that cites it.

The citation is above the headline, "Tallow Post" vom 02.04.2013   Seite: 1, or below it, Tallow Post,
woensdag 30 november 2011, p. 23, 853w. Used by APA, DeFacto, Mediargus and press offices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from searcher.article import Article
from searcher.readers import bylines, dates
from searcher.readers.paragraphs import split_paragraphs

_PAGE = (
    r"\b(?:seite|page|pagina|página|pág|pag|blz|pp?|s)\b[.:]?[^\S\n]{0,40}[A-Z]{0,2}\d"
    r"|\b\d{2,5} ?(?:w|words|woorden|mots)\b"
)
_QUOTED = r"[\"“„”«»](?P<quoted>[^\"“„”«»\n]{2,60})[\"“„”«»][^\S\n]"
_CITATION = re.compile(
    rf"^[^\S\n]{{0,9}}(?:{_QUOTED}(?=[^\n]{{0,140}}(?:{_PAGE}|\d[:.]\d\d\b))"
    rf"|(?P<name>[^\W\d_][^,;:!?\n]{{1,60}}),[^\S\n](?=[^\n]{{0,140}}(?:{_PAGE})))"
    r"(?=[^\n]{0,120}(?:19|20)\d\d\b)(?P<rest>[^\n]{8,150})$",
    re.I | re.M,
)
#: Minimum citations in a review, also if it begins with a citation or headline; maximum lines of a cover;
#: minimum characters of an article, and minimum share of citations with one. Notes to a text have none.
_MIN_CITATIONS, _MIN_FIRST, _MAX_COVER_LINES, _MIN_CHARACTERS, _MIN_PROSE_SHARE = 3, 2, 20, 100, 0.6
#: Maximum lines between citation and text (section, edition, headlines), minimum words and maximum length of
#: a headline.
_MAX_HEAD_LINES, _MIN_HEADLINE_WORDS, _HEADLINE_WIDTH = 6, 3, 200
_NUMBER = re.compile(r"^\D?\d{1,4}[.)]\s+")
_LABEL = re.compile(r"^(?:ressort|rubriek|rubrique|section|rubrik)\s*:\s*(.{1,80})$", re.I)
_RULE = re.compile(r"^\W*_{3,}\W*$|^\W*$")


@dataclass(frozen=True, slots=True)
class CitedLines:
    """The lines of one article, and the index of its citation."""

    lines: Sequence[str]
    at: int


def may_be_review(text: str) -> bool:
    """Return True if a text contains a citation."""
    return next(_CITATION.finditer(text), None) is not None


def split(lines: Sequence[str]) -> list[CitedLines]:
    """Split a review into articles. Empty if it is not a review."""
    lines = [line.strip() for line in lines]
    places = [n for n, line in enumerate(lines) if parse_citation(line)]
    filled = [n for n, line in enumerate(lines) if line]
    above = filled.index(places[0]) if places else _MAX_COVER_LINES
    if len(places) < (_MIN_FIRST if above < _MIN_FIRST else _MIN_CITATIONS) or above >= _MAX_COVER_LINES:
        return []
    texts = (sum(map(len, lines[at + 1 : end])) for at, end in pairwise([*places, len(lines)]))
    if sum(length >= _MIN_CHARACTERS for length in texts) < _MIN_PROSE_SHARE * len(places):
        return []
    heads = [next((n for n in range(at - 1, -1, -1) if lines[n]), at) for at in places]
    below = above > 0 and all(_is_headline(lines[head]) for head in heads)
    starts = heads if below else places
    return [
        CitedLines(lines[start:end], at - start)
        for at, (start, end) in zip(places, pairwise([*starts, len(lines)]), strict=True)
    ]


def _is_headline(line: str) -> bool:
    return len(line) <= _HEADLINE_WIDTH and not parse_citation(line) and not re.search(r"(?<!\.)\.$", line)


def parse_citation(line: str) -> tuple[str, str] | None:
    """Return the paper that a line cites and the rest of the line, or None."""
    match = _CITATION.match(line)
    if not match or dates.in_text(match["rest"]) is None:
        return None
    return (match["quoted"] or match["name"]).strip(), match["rest"]


def parse(part: CitedLines) -> Article | None:
    """Parse an article. Return None if it has no text."""
    lines = list(part.lines)
    citation = parse_citation(lines.pop(part.at))
    section, title = "", ""
    if part.at:
        title = _NUMBER.sub("", next(filter(None, lines)))
        lines = lines[part.at :]
    else:
        head = [line for line in lines if line][:_MAX_HEAD_LINES]
        section = next((label[1] for line in head if (label := _LABEL.match(line))), "")
        lines = [line for line in lines if not _LABEL.match(line)]
        short = [n for n, line in enumerate(lines[: 2 * _MAX_HEAD_LINES]) if 0 < len(line) <= _HEADLINE_WIDTH]
        long = (n for n in short if len(lines[n].split()) >= _MIN_HEADLINE_WORDS)
        at = next(long, short[-1] if short else 0)
        if short and len(lines) > 1:
            title, lines = lines[at], lines[at + 1 :]
    return article(citation, title, [line for line in lines if not _RULE.match(line) or not line], section)


def article(
    citation: tuple[str, str] | None, title: str, lines: Sequence[str], section: str = ""
) -> Article | None:
    """Return the article with this citation, or None if it has no text."""
    filled = [line for line in lines if line]
    signed = next(filter(None, map(bylines.byline, filled[:2])), ())
    unsigned = [line for line in lines if not (signed and bylines.byline(line) == signed)]
    body = split_paragraphs(("\n" if len(filled) < len(lines) else "\n\n").join(unsigned))
    if not body or citation is None:
        return None
    return Article(
        id="", title=title, body="\n\n".join(body), source=citation[0], authors=signed,
        published=dates.in_text(citation[1]), section=section or None,
    )  # fmt: skip
