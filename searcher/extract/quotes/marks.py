"""Where quoted speech starts and ends: quotation marks of every house style, told apart from apostrophes.

Nearly everything is decided within a paragraph; a quotation that runs over several paragraphs comes out as
one span a paragraph, all but the last with ``closed=False``. One odd mark therefore never spoils more
than its own paragraph, and the next one only where the first mark of that closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from searcher.extract.quotes import singles
from searcher.extract.quotes.transcripts import transcript_lines

__all__ = ["Span", "find_spans"]

_DOUBLE = re.compile(r"[\"“”„‟«»＂「」『』]|''|``|’’|‘‘|´´|(?<!\S),,(?=\w)")
_ONE_SIGN = re.compile('["“”„‟«»＂「」『』]')  # the same, much faster, where no mark is of two signs
_TWO_SIGNS = ("''", "``", "’’", "‘‘", "´´", ",,")
_ALWAYS_OPENS = frozenset(("„", "``", "‘‘", ",,", "「", "『"))
_STRAIGHT = frozenset(('"', "＂", "''", "´´"))
_GUILLEMETS = frozenset("«»")
_BEFORE_OPENING = frozenset(" \t\u00a0\u2009\u202f([{—–-/:…'‘")
_MARKS = frozenset("\"“”„«»'‘`")
#: The marks that close what one of two paragraphs opens with the first.
_CLOSED_BY = {"“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "「": "」", "『": "』"}
_ONLY_CLOSE = frozenset("」』")
_PARAGRAPH = re.compile(r"[^\n]+")
_EDGE = " \t\u00a0\u2009\u202f\u200b"
_AHEAD = 40  # marks that are looked at to tell whether what opens within a quotation closes again
_LONG_UNCLOSED = 600  # characters from a mark that never closes; what is longer is cut at a sentence
_SENTENCE_END = re.compile(r"[.?!](?=\s)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch between quotation marks.

    ``start`` and ``end`` enclose the words, ``outer_start`` and ``outer_end`` the marks too.
    ``single`` says that the marks are single ones while the article's own marks are double.
    ``label`` is the place of the speaker's name where this is a line of a transcript.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool
    single: bool = False
    label: tuple[int, int] | None = None


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The offsets of every paragraph that is not blank, whatever number of line breaks divides them."""
    for match in _PARAGRAPH.finditer(text):
        yield match.start(), match.end()


def find_spans(text: str) -> list[Span]:
    """Every quoted span in reading order; spans do not overlap and none is empty."""
    places = list(_paragraphs(text))
    marks = _DOUBLE if any(mark in text for mark in _TWO_SIGNS) else _ONE_SIGN
    lines = transcript_lines(text, places)
    doubles: list[Span] = []
    single_spans: list[Span] = []
    closing: tuple[int, int] | None = None  # of a quotation that the paragraph before left open
    for number, (start, end) in enumerate(places):
        if number in lines:
            closing = None
            continue
        next_place = places[number + 1] if number + 1 < len(places) else (end, end)
        following = text[next_place[0] : next_place[0] + 1]
        begin = start
        if closing:
            begin = closing[1]
            doubles += filter(None, [_trimmed(text, Span(start, closing[0], start, begin, True))])
        paragraph = list(_double_spans(text, begin, end, next_place, marks))
        doubles += paragraph
        single_spans += _single_spans(text, begin, end, following)
        left_open = [span for span in paragraph[-1:] if not span.closed and span.outer_end == end]
        closing = _closing(text, next_place, marks, text[left_open[0].outer_start]) if left_open else None
    spoken = [
        made
        for label, start, end in lines.values()
        if (made := _trimmed(text, Span(start, end, start, end, True, label=label)))
    ]
    return sorted([*_choose(text, doubles, single_spans), *spoken], key=lambda span: span.start)


def _choose(text: str, doubles: list[Span], single_spans: list[Span]) -> list[Span]:
    """Both kinds without overlap; the kind that holds more speech in this article wins."""
    british = _speech(text, single_spans) > _speech(text, doubles)
    first, second = (single_spans, doubles) if british else (doubles, single_spans)
    kept = list(first)
    place = 0
    for span in second:
        while place < len(first) and first[place].outer_end <= span.outer_start:
            place += 1
        if place < len(first) and first[place].outer_start < span.outer_end:
            continue
        kept.append(span if british else replace(span, single=True))
    return kept


def _speech(text: str, spans: list[Span]) -> int:
    """Characters in spans that look like speech: several words, or ending as a sentence does."""
    total = 0
    for span in spans:
        inside = text[span.start : span.end]
        if inside[-1] in ",.?!…" or inside.count(" ") >= 3:
            total += len(inside)
    return total


def _trimmed(text: str, span: Span) -> Span | None:
    """The span without space at its edges, None if it holds no letter or digit."""
    start, end = span.start, span.end
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    if start >= end or not any(char.isalnum() for char in text[start:end]):
        return None
    return replace(span, start=start, end=end)


def _single_spans(text: str, start: int, end: int, following: str) -> Iterator[Span]:
    for opened, closed_at in singles.pairs(text, start, end, following):
        closed = closed_at is not None
        stop = end if closed_at is None else closed_at
        made = _trimmed(text, Span(opened + 1, stop, opened, stop + 1 if closed else stop, closed))
        if made:
            yield made


def _closing(
    text: str, place: tuple[int, int], known: re.Pattern[str], opening: str
) -> tuple[int, int] | None:
    """Where a paragraph closes what the one before left open, and the end of that mark; None where its
    first mark does not close."""
    first = known.search(text, *place)
    if first is None or first.group() not in _CLOSED_BY.get(opening, ()) or first.start() == place[0]:
        return None
    before, after = text[first.start() - 1], text[first.end() : first.end() + 1]
    opens = after.isalnum() or (before.isspace() and opening != "«")  # French has a space before “»”
    inch = first.group() == '"' and before.isdigit() and after.isspace()
    return None if (opens or inch) and first.group() not in _ONLY_CLOSE else first.span()


def _double_spans(
    text: str, start: int, end: int, next_place: tuple[int, int], known: re.Pattern[str]
) -> Iterator[Span]:
    following = text[next_place[0] : next_place[0] + 1]
    marks = [(m.start(), m.group()) for m in known.finditer(text, start, end)]
    if not marks:
        return
    goes_on = following in _MARKS
    for opened, width, closed_at, close_width in _pair(text, start, end, marks, goes_on):
        closed = close_width > 0
        stop = closed_at
        stays_open = not closed and stop == end and not goes_on
        if stays_open and not _closing(text, next_place, known, text[opened]):
            stop = end if opened == start else _cut(text, opened + width, end)
        made = _trimmed(text, Span(opened + width, stop, opened, stop + close_width, closed))
        if made:
            yield made


def _cut(text: str, start: int, end: int) -> int:
    """Where a quotation ends that opens amid a paragraph and never closes: a long one with its sentence."""
    stop = _SENTENCE_END.search(text, start, end) if end - start > _LONG_UNCLOSED else None
    return stop.end() if stop else end


def _pair(
    text: str, start: int, end: int, marks: list[tuple[int, str]], goes_on: bool
) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of marks: where it opens, width of that mark, where it closes, width (0: it does not).

    ``goes_on`` says that the next paragraph begins with a mark.
    """
    opened: tuple[int, str] | None = None
    nested: list[str] = []  # the signs that opened what is open within
    straight_left = sum(mark in _STRAIGHT for _, mark in marks)
    for number, (at, mark) in enumerate(marks):
        straight_left -= mark in _STRAIGHT
        before = text[at - 1] if at > start else " "
        after = text[at + len(mark)] if at + len(mark) < end else " "
        if opened is None:
            if _opens(mark, before, after):
                opened = (at, mark)
            continue
        if _opens_inside(mark, before, after, opened, at):
            own = _closes_itself(text, opened[1], marks, number, goes_on)
            if own is not None:
                nested += [mark] * own
                continue
            if mark not in _STRAIGHT or straight_left % 2 == 1:
                yield opened[0], len(opened[1]), at, 0
                opened = (at, mark)
                continue
        if _is_inch(mark, before, after, opened[1], marks, number):
            continue
        if nested and (mark not in _STRAIGHT or opened[1] in _GUILLEMETS or mark == nested[-1]):
            nested.pop()
            continue
        yield opened[0], len(opened[1]), at, len(mark)
        opened, nested = None, []
    if opened is not None:
        yield opened[0], len(opened[1]), end, 0


def _opens(mark: str, before: str, after: str) -> bool:
    if mark in _ALWAYS_OPENS:
        return True
    starts_word = not after.isspace() and (
        after.isalnum() or after in "'‘’$£€.…[(#@¿¡*—–-<" or not before.isspace()
    )
    boundary = before in _BEFORE_OPENING or before.isspace() or not before.isalnum()
    if mark == "“":
        german = after in ",;:)" and before not in _BEFORE_OPENING  # it closes: „Ja!“, sagt er
        return not (after.isspace() or german) or before.isspace()
    if mark == "«":
        return True
    if mark == "»":
        return before.isspace() and after.isalnum()
    if mark in ("”", "’’", "‟"):
        return before in _BEFORE_OPENING and (after.isalnum() or after in "'’‘")
    return boundary and starts_word and not before.isdigit()


def _opens_inside(mark: str, before: str, after: str, opened: tuple[int, str], at: int) -> bool:
    if mark == "«" == opened[1]:  # behind a word it closes, where somebody typed it so: «Ja«
        return before in _BEFORE_OPENING or before in "«(" or at - opened[0] == 1
    if at - opened[0] <= 1:
        return False
    if mark == "“":
        return opened[1] != "„" and not after.isspace()
    if mark in ("„", "「", "『", "``"):
        return True
    if mark == "«":
        return opened[1] != "»" and before.isspace()
    if mark == "”" and opened[1] not in (*_GUILLEMETS, "”"):
        return False
    return before.isspace() and after.isalnum()


def _closes_itself(
    text: str, outer: str, marks: list[tuple[int, str]], number: int, goes_on: bool
) -> bool | None:
    """Whether what opens inside a quotation is closed by a mark of its own, or by the one that closes both
    («Я читал «Войну и мир», which only guillemets do); None where it is a new quotation."""
    at, inner = marks[number]
    if inner != outer:
        return True if _nests(outer, inner, marks, number) else None
    left_open = _left_open(text, inner, marks[number : number + _AHEAD])
    if left_open == 0:
        return True
    if (
        left_open > 1 or not text[max(0, at - 3) : at].rstrip(_EDGE)[-1:].isalnum()
    ):  # no new quotation begins behind a word
        return None
    if goes_on:
        return True
    return False if inner == "«" else None


def _left_open(text: str, sign: str, marks: list[tuple[int, str]]) -> int:
    """How many quotations stay open, of one within another of the same sign and what these marks open and
    close behind it; 0 where all are closed. A sign that does either is told by the space beside it."""
    closing = _CLOSED_BY.get(sign, sign)
    depth = 1
    for at, mark in marks:
        if mark == sign and (sign != closing or _begins_word(text, at, mark)):
            depth += 1
        elif mark == sign or mark in closing:
            depth -= 1
        if depth == 0:
            break
    return depth


def _begins_word(text: str, at: int, mark: str) -> bool:
    behind = at + len(mark)
    return text[at - 1].isspace() and text[behind : behind + 1].isalnum()


def _nests(outer: str, inner: str, marks: list[tuple[int, str]], number: int) -> bool:
    """Whether a mark that opens inside a quotation of other marks begins a nested one: both close again."""
    if inner in _STRAIGHT:
        return outer in _GUILLEMETS and _is_paired(outer, inner, marks[number + 1 : number + _AHEAD])
    if inner == "”":
        return True
    if outer in _STRAIGHT:
        return True
    opened = [outer, inner]
    for _, mark in marks[number + 1 : number + _AHEAD]:
        if mark in _CLOSED_BY.get(opened[-1], ()):
            opened.pop()
        if not opened:
            return True
    return False


def _is_paired(outer: str, inner: str, following: list[tuple[int, str]]) -> bool:
    """Whether an odd number of inner marks comes before the guillemet that closes the outer quotation."""
    closing = "»" if outer == "«" else "«"
    count = 0
    for _, mark in following:
        if mark == closing:
            return count % 2 == 1
        count += mark == inner
    return False


def _is_inch(
    mark: str, before: str, after: str, outer: str, marks: list[tuple[int, str]], number: int
) -> bool:
    """A straight mark after a number, inside curly marks that close later: 6'2" or 5"."""
    if mark != '"' or not before.isdigit() or outer in _STRAIGHT or not (after.isspace() or after.isalpha()):
        return False
    return any(other == "”" for _, other in marks[number + 1 : number + 4])
