"""Single quotation marks told from apostrophes: ‘British style’, 'typewriter style', ‚German‘."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searcher.languages.scripts import is_unspaced

__all__ = ["pairs"]

_MARK = re.compile(r"['‘’‚`´]")
_ELISION = re.compile(
    r"(?:s|em|til|till|tis|twas|twere|cause|n|round|bout|d|ll|re|ve|m|t|im|un|ere|neath|cos|coz|nuff|kay)\b|\d\ds?\b",
    re.IGNORECASE,
)
_OPENING_BEFORE = frozenset('([{—–-/"“„:…«')
_OPENING_AFTER = frozenset('$£€“"…#@[(¿¡„')
_STRONG_BEFORE = frozenset('.,?!…;:)—–-]”"%')
_CLOSING_AFTER = frozenset('.,?!;:)]}—–-…/”"»')
_OPENS, _CLOSES, _CLOSES_TWO = 1, 2, 3


def pairs(text: str, start: int, end: int, following: str) -> Iterator[tuple[int, int | None]]:
    """The outermost pairs of single marks between two offsets: (opening, closing or None).

    ``following`` is the first character of the next paragraph: an opening mark at the start of this
    one may stay without its closing mark where the next paragraph opens too.
    """
    events = list(_events(text, start, end))
    stack: list[int] = []
    for number, (at, role) in enumerate(events):
        if role == _OPENS:
            if _closer_ahead(events, number) or (at == start and following in "'‘" and following):
                stack.append(at)
        elif role == _CLOSES_TWO:
            if len(stack) >= 2:
                opened = stack[0]
                del stack[-2:]
                if not stack:
                    yield opened, at + 1
        elif stack and not _is_apostrophe(text, events, number, end):
            opened = stack.pop()
            if not stack:
                yield opened, at
    if stack and stack[0] == start and following and following in "'‘":
        yield start, None
    elif stack:
        last = next((at for at, role in reversed(events) if role == _CLOSES and at > stack[0]), None)
        if last is not None:
            yield stack[0], last


def _events(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Every single mark that may open or close; the rest are apostrophes.

    A doubled mark is a double quotation mark in disguise, or the end of a quotation within a quotation.
    """
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        char = text[at]
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if before == char or after == char:
            if after == char and not before.isspace() and at > start and char in "'’":
                yield at, _CLOSES_TWO
            continue
        if char == "‚":
            if after.isalpha() and not before.isalnum():
                yield at, _OPENS
        elif (before.isspace() or before in _OPENING_BEFORE) and (after.isalnum() or after in _OPENING_AFTER):
            if char != "´" and not _ELISION.match(text, at + 1, end):
                yield at, _OPENS
        elif not before.isspace() and (not after.isalnum() or is_unspaced(after)) and char != "`":
            yield at, _CLOSES


def _closer_ahead(events: list[tuple[int, int]], number: int) -> bool:
    """Whether some later mark in the paragraph may close; looked for in a bounded stretch."""
    return any(role != _OPENS for _, role in events[number + 1 : number + 12])


def _is_apostrophe(text: str, events: list[tuple[int, int]], number: int, end: int) -> bool:
    """A mark that could close but ends a plural possessive or a clipped word (workers' rights, nothin')."""
    at = events[number][0]
    before, after = text[at - 1], text[at + 1] if at + 1 < end else ""
    if before in _STRONG_BEFORE or after in _CLOSING_AFTER or not after:
        return False
    clipped = before in "szxSZX" or text[max(0, at - 2) : at] == "in"
    if not clipped or not text[at + 2 : at + 3].islower():
        return False
    return number + 1 < len(events) and events[number + 1][1] == _CLOSES
