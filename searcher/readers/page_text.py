"""Clean text copied from a web page, with a menu above the article and links below it."""

from __future__ import annotations

import re

from searcher.readers import dates

#: Maximum number of lines above the headline, and minimum length of a headline that is recognised again.
_MAX_MENU_LINES, _MIN_HEADLINE_CHARACTERS = 400, 20
#: The name of the site after the headline: "Ferry sails again - The Tallow Post".
_SITE = re.compile(r"\s+[-–—|·»:]\s+(?P<site>[^|–—·»]{3,80})$")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
#: Maximum length of a line of a menu or a teaser, and minimum length of a line of text or of the one before.
_MAX_LINK_CHARACTERS, _MIN_TEXT_CHARACTERS = 300, 40
#: Minimum number of links that end a page, and lines below the headline among which the day is sought.
_MIN_LINKS, _DATED_LINES = 5, 5
#: Letter-spaced words, "O F F I C E", and words with a spaced initial, "D ISTRICT A TTORNEY".
_SPACED_LETTERS = re.compile(r"(?<!\S)(?:[A-ZÀ-ÞА-Я] ){3,}[A-ZÀ-ÞА-Я](?!\S)")
#: At least one initial is a consonant, which is not a word by itself as in "A MAN".
_SPACED_INITIALS = re.compile(
    r"(?<![\w.])(?=(?:[AEIOU] [A-Z]{2,} )*[B-DF-HJ-NP-TV-Z] )(?:[A-Z] [A-Z]{2,}\b ?){2,}"
)
_INITIAL = re.compile(r"\b([A-Z]) (?=[A-Z]{2})")


def pasted_article(text: str) -> str:
    """Return the article in copied page text, below labels with its title, site and day. Other text is
    unchanged.

    The first line of a copied page is its headline with the name of the site; below the menu, the headline
    is repeated alone.
    """
    lines = [" ".join(line.split()) for line in text.strip("\ufeff \t\r\n").split("\n")]
    named = _SITE.search(lines[0][:_MAX_LINK_CHARACTERS])
    title = lines[0][: named.start()] if named else ""
    head = lines[:_MAX_MENU_LINES] if len(title) >= _MIN_HEADLINE_CHARACTERS else []
    last = [end for n in range(1, len(head)) for end in (n, n + 1) if " ".join(head[n : end + 1]) == title]
    begin = next((n for n in reversed(last) if not any(map(_is_sentence, lines[1:n]))), 0)
    if named is None or not begin:
        return text
    end = len(lines)
    while end > begin + 1 and not _ends_text(*lines[end - 2 : end]):
        end -= 1
    body = lines[begin + 1 : end if sum(map(bool, lines[end:])) >= _MIN_LINKS else None]
    day = next(filter(dates.parse, (*lines[1:begin], *body[:_DATED_LINES])), "")
    rest = "\n".join(line for line in body if not day or line != day)
    return f"Title: {title}\nSource: {named['site']}\n{day and f'Date: {day}'}\n\n{rest}"


def _is_sentence(line: str) -> bool:
    return len(line) > _MAX_LINK_CHARACTERS or (" " in line and bool(_SENTENCE_END.search(line)))


def _ends_text(before: str, line: str) -> bool:
    """Return True if a line ends the text. A form's remark does not: (“Leave it empty.”)"""
    return _is_sentence(line) and max(len(before), len(line)) >= _MIN_TEXT_CHARACTERS


def join_spaced_capitals(text: str) -> str:
    """Return the text with the words in letter-spaced capitals joined again."""
    text = _SPACED_LETTERS.sub(lambda match: match[0].replace(" ", ""), text)
    return _SPACED_INITIALS.sub(lambda match: _INITIAL.sub(r"\1", match[0]), text)
