"""Split plain text into paragraphs. Hard-wrapped lines are joined; tables and verse keep their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from searcher.errors import ReadError

_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_BULLETS = ("- ", "* ", "• ")
#: Maximum width of hard-wrapped text.
_MAX_BROKEN_LINE_CHARACTERS = 110
_MIN_BROKEN_LINE_CHARACTERS = 40  # shorter lines are verse or a list
_MIN_PARAGRAPH_CHARACTERS = 140  # a longer line is a separate paragraph
#: Maximum number of lines in a text. Each takes about a hundred bytes of memory.
MAX_LINES = 1_000_000
#: The start of a copyright notice.
_COPYRIGHT = re.compile(
    r"^\W*(?:copyright\b|©|\(c\)|all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados"
    r"|版权所有|版權所有|著作権|все права защищены|(?:provided|distributed|supplied) by\b)",
    re.I,
)


def is_copyright(line: str) -> bool:
    """Return True if a line begins like a copyright notice."""
    return bool(_COPYRIGHT.match(line))


def reflow(text: str) -> str:
    r"""Return the paragraphs of a text, joined with ``"\n\n"``. Words and their order do not change."""
    return "\n\n".join(split_paragraphs(text))


def split_paragraphs(text: str) -> list[str]:
    """Split plain text at blank lines, indents or line ends. Raises ReadError if it has too many lines."""
    if text.count("\n") + text.count("\r") > MAX_LINES:
        raise ReadError(f"It has more than {MAX_LINES:,} lines, too many for one article.")
    lines = [
        line.rstrip() for line in text.expandtabs(4).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    joins = _joints(lines)
    blank_lines = "" in "\n".join(lines).strip().split("\n")
    out: list[list[str]] = []  # the pieces of each
    after_blank = True
    for number, line in enumerate(lines):
        words = " ".join(line.split())
        if not words:
            after_blank = True
            continue
        if after_blank or not out:
            out.append([words])
        elif joins is not None and joins[number]:
            out[-1] += (" ", words)
        elif _is_apart(lines[number - 1], line, blank_lines, wrapped=joins is not None):
            out.append([words])
        else:
            out[-1] += ("\n", words)
        after_blank = False
    return ["".join(pieces) for pieces in out]


def _is_apart(before: str, line: str, blank_lines: bool, *, wrapped: bool) -> bool:
    """Return True if a deliberate line break begins a paragraph, not a row of a table or a verse."""
    if _indent(line) > _indent(before) + 1:
        return True
    if wrapped:
        plain = not blank_lines and not _indent(line)  # a short line is the last of a paragraph
        return plain or _indent(line) != _indent(before) or _indent(line) >= 3
    return not blank_lines or len(before) > _MIN_PARAGRAPH_CHARACTERS or len(line) > _MIN_PARAGRAPH_CHARACTERS


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joints(lines: Sequence[str]) -> list[bool] | None:
    """Return whether each line continues the previous one, or None if the text is not hard-wrapped."""
    pairs = [(before, line) for before, line in pairwise(lines) if before.strip() and line.strip()]
    if not pairs:
        return None
    lengths = sorted(len(line) for line in lines if line.strip())
    width = lengths[-1 - len(lengths) // 20]  # one line in twenty may be longer: an address, a table
    indented = any(_indent(line) >= 3 for line in lines) and any(line and not _indent(line) for line in lines)
    full = sum(_full(before, line, width) for before, line in pairs)
    level = [pair for pair in pairs if _indent(pair[1]) < 2]
    if (
        not _MIN_BROKEN_LINE_CHARACTERS <= width <= _MAX_BROKEN_LINE_CHARACTERS
        or not level
        or (full < 0.5 * len(level) and not indented)
    ):
        return None
    continues = [False]
    for before, line in pairwise(lines):
        continues.append(_continues(before, line, width, indented))
    return continues


def _full(before: str, line: str, width: int) -> bool:
    """Return True if the first word of ``line`` did not fit on the line before."""
    return len(before) + 1 + len(line.split(maxsplit=1)[0]) > 0.9 * width


def _continues(before: str, line: str, width: int, indented: bool) -> bool:
    if not before.strip() or not line.strip():
        return False
    indent, base = _indent(line), _indent(before)
    if line[indent : indent + 2] == before[base : base + 2] in _BULLETS:
        return False
    if indent >= 2 and (indented or indent > base):
        return False
    if indented and (indent == 1 or base == 1):
        return False  # wire services indent rows of tables by one space
    if _full(before, line, width) or line.lstrip()[0].islower():
        return True
    return indented and not indent and not _SENTENCE_END.search(before)
