"""Find quoted text: quotation marks of every house style, and the lines of transcripts (``WALLACE: …``).

A quotation over several paragraphs is one span per paragraph, all but the last with ``closed=False``. Each
paragraph is parsed on its own, so that an odd mark affects at most the next paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from searcher.extract.quotes import lexicon
from searcher.languages import is_unspaced
from searcher.names.normalise import word_set
from searcher.names.people import first_name_gender

_LABEL_IN_CAPITALS = re.compile(
    r"[“\"'‘]?((?:[A-Z][A-Z.\-’']{1,20})(?: [A-Z][A-Z.\-’']*){0,4})(?:,? \([^)\n]{0,40}\))?: +(?=\S)"
)
_LABEL_IN_SMALL = re.compile(r"((?:[A-Z][\w.\-’']{1,20})(?: [A-Z][\w.\-’']{0,20}){0,2}): +(?=[A-Z“\"‘'\[(…])")
_NOT_NAMES = word_set(
    "Q A PHOTO PHOTOS VIDEO WATCH READ UPDATE CORRECTION NOTE RELATED MORE SOURCE QUESTION ANSWER BREAKING "
    "DEAR EXCLUSIVE LIVE LISTEN ALSO CROSSTALK OPINION ANALYSIS EDITORIAL"
)
_LETTERS = re.compile(r"[^\W\d_]+")
#: Labels of speakers without a name.
PARTS = word_set("host moderator reporter interviewer anchor narrator announcer male female voice")
_ENDS_OF_TURNS = frozenset(".!?…)]-–—")  # punctuation, the end of a stage direction, or an interruption
_MIN_SPEECH_PARAGRAPHS = 4  # fewer labelled paragraphs are usually list items ("Pros: …")

#: The place of a label, and the start and end of the speech after it.
Line = tuple[tuple[int, int], int, int]


def transcript_lines(text: str, places: list[tuple[int, int]]) -> dict[int, Line]:
    """Return the lines of a transcript by paragraph number, or {} if the text is not one.

    A transcript has at least two labels in capitals, or four in mixed case that recur. At least half of the
    labels are names or roles (not "PRICE:"), and at least half of the lines end like sentences.
    """
    capitals = _labelled_lines(_LABEL_IN_CAPITALS, text, places)
    capitals = {n: line for n, line in capitals.items() if text[slice(*line[0])].split()[0] not in _NOT_NAMES}
    if len(capitals) >= 2 and _are_turns(capitals, text):
        return capitals
    in_mixed_case = _labelled_lines(_LABEL_IN_SMALL, text, places)
    counts = Counter(text[slice(*line[0])] for line in in_mixed_case.values())
    in_mixed_case = {n: line for n, line in in_mixed_case.items() if counts[text[slice(*line[0])]] >= 2}
    enough = len(in_mixed_case) >= _MIN_SPEECH_PARAGRAPHS and len(counts) >= 2
    return in_mixed_case if enough and _are_turns(in_mixed_case, text) else {}


def _are_turns(lines: Mapping[int, Line], text: str) -> bool:
    complete = sum(text[end - 1] in _ENDS_OF_TURNS for _, _, end in lines.values())
    labels = Counter(text[slice(*label)] for label, _, _ in lines.values())
    return 2 * complete >= len(lines) and _are_names(labels, text)


def _are_names(labels: Counter[str], text: str) -> bool:
    """Return True if at least half of the labels are names or roles."""
    counts = Counter(_LETTERS.findall(text))
    for label, number in labels.items():
        for word in _LETTERS.findall(label):
            counts[word] -= number
    return 2 * sum(_is_name(label, counts) for label in labels) >= len(labels)


def _is_name(label: str, counts: Counter[str]) -> bool:
    """Return True for a role, a first and last name, or a word that the text mostly capitalises."""
    words = _LETTERS.findall(label.lower())
    if any(word in lexicon.ROLES or word in lexicon.TITLES or word in PARTS for word in words):
        return True
    if len(words) > 1 and first_name_gender(words[0]) and not counts[words[-1]]:
        return True
    return counts[words[-1].capitalize()] > counts[words[-1]]


def _labelled_lines(pattern: re.Pattern[str], text: str, places: list[tuple[int, int]]) -> dict[int, Line]:
    lines = {}
    for number, (start, end) in enumerate(places):
        match = pattern.match(text, start, end)
        if match:
            begin, stop = match.end(), end
            while stop > begin and text[stop - 1] in "\"”’' ":
                stop -= 1
            if text[begin] in '"“' and stop < end:
                begin += 1
            lines[number] = ((match.start(1), match.end(1)), begin, stop)
    return lines


_SINGLE = re.compile(r"['‘’‚`´]")
_ELISION = re.compile(
    r"(?:s|em|til|till|tis|twas|twere|cause|n|round|bout|d|ll|re|ve|m|t|im|un|ere|neath|cos|coz|nuff|kay)\b|\d\ds?\b",
    re.IGNORECASE,
)
_BEFORE_SINGLE = frozenset('([{—–-/"“„:…«')
_BEHIND_SINGLE = frozenset('$£€“"…#@[(¿¡„')
_BEFORE_CLOSING = frozenset('.,?!…;:)—–-]”"%')
_BEHIND_CLOSING = frozenset('.,?!;:)]}—–-…/”"»')
_OPENS_ONE, _CLOSES_ONE, _CLOSES_TWO = 1, 2, 3  # roles of a single quotation mark


def _pairs_of_singles(text: str, start: int, end: int, following: str) -> Iterator[tuple[int, int | None]]:
    """Yield the outermost pairs of single marks between two offsets: (opening, closing or None).

    Args:
        following: First character of the next paragraph. If it is a mark, too, the first mark of this
            paragraph may stay open.
    """
    events = list(_roles_of_singles(text, start, end))
    stack: list[int] = []
    for number, (at, role) in enumerate(events):
        if role == _OPENS_ONE:
            closes = any(other != _OPENS_ONE for _, other in events[number + 1 : number + 12])
            if closes or (at == start and following in "'‘" and following):
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
        last = next((at for at, role in reversed(events) if role == _CLOSES_ONE and at > stack[0]), None)
        if last is not None:
            yield stack[0], last


def _roles_of_singles(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the single marks that may open or close, with their roles. Doubled ones are double marks."""
    for match in _SINGLE.finditer(text, start, end):
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
                yield at, _OPENS_ONE
        elif (before.isspace() or before in _BEFORE_SINGLE) and (after.isalnum() or after in _BEHIND_SINGLE):
            if char != "´" and not _ELISION.match(text, at + 1, end):
                yield at, _OPENS_ONE
        elif not before.isspace() and (not after.isalnum() or is_unspaced(after)) and char != "`":
            yield at, _CLOSES_ONE


def _is_apostrophe(text: str, events: list[tuple[int, int]], number: int, end: int) -> bool:
    """Return True for the end of a plural possessive or a clipped word (workers' rights, nothin')."""
    at = events[number][0]
    before, after = text[at - 1], text[at + 1] if at + 1 < end else ""
    if before in _BEFORE_CLOSING or after in _BEHIND_CLOSING or not after:
        return False
    clipped = before in "szxSZX" or text[max(0, at - 2) : at] == "in"
    if not clipped or not text[at + 2 : at + 3].islower():
        return False
    return number + 1 < len(events) and events[number + 1][1] == _CLOSES_ONE


_DOUBLE = re.compile(r"[\"“”„‟«»＂「」『』]|''|``|’’|‘‘|´´|(?<!\S),,(?=\w)")
_ONE_SIGN = re.compile('["“”„‟«»＂「」『』]')  # much faster; used if the text has no two-character marks
_TWO_SIGNS = ("''", "``", "’’", "‘‘", "´´", ",,")
_ALWAYS_OPENS = frozenset(("„", "``", "‘‘", ",,", "「", "『"))
_STRAIGHT = frozenset(('"', "＂", "''", "´´"))
_GUILLEMETS = frozenset("«»")
_BEFORE_OPENING = frozenset(" \t\u00a0\u2009\u202f([{—–-/:…'‘")
_MARKS = frozenset("\"“”„«»'‘`")
#: The marks that can close each opening mark.
_CLOSED_BY = {"“": "”", "”": "”", "„": "“”", "«": "»", "»": "«", '"': '"', "「": "」", "『": "』"}
_ONLY_CLOSE = frozenset("」』")
_PARAGRAPH = re.compile(r"[^\n]+")
_EDGE = " \t\u00a0\u2009\u202f\u200b"
_MARKS_AHEAD = 40  # maximum marks searched for the end of a nested quotation
#: An unclosed quotation with more characters than this is cut after its first sentence.
_MAX_UNCLOSED_CHARACTERS = 600
_SENTENCE_END = re.compile(r"[.?!](?=\s)")


@dataclass(frozen=True, slots=True)
class Span:
    """Text between quotation marks, or a line of a transcript.

    Attributes:
        outer_start, outer_end: The place including the marks.
        closed: False if the quotation continues in the next paragraph, or never closes.
        single: True for single marks in an article with double marks.
        label: Place of a transcript's label.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool
    single: bool = False
    label: tuple[int, int] | None = None


def find_spans(text: str) -> list[Span]:
    """Return every quoted span in reading order. Spans do not overlap and are not empty."""
    places = [match.span() for match in _PARAGRAPH.finditer(text)]
    marks = _DOUBLE if any(mark in text for mark in _TWO_SIGNS) else _ONE_SIGN
    lines = transcript_lines(text, places)
    doubles: list[Span] = []
    single_spans: list[Span] = []
    closing: tuple[int, int] | None = None  # mark that closes a quotation from the previous paragraph
    for number, (start, end) in enumerate(places):
        if number in lines:
            closing = None
            continue
        next_place = places[number + 1] if number + 1 < len(places) else (end, end)
        following = text[next_place[0] : next_place[0] + 1]
        begin = start
        if closing:
            begin = closing[1]
            doubles += filter(None, [_trimmed_span(text, Span(start, closing[0], start, begin, True))])
        paragraph = list(_double_spans(text, begin, end, next_place, marks))
        doubles += paragraph
        single_spans += _single_spans(text, begin, end, following)
        left_open = [span for span in paragraph[-1:] if not span.closed and span.outer_end == end]
        closing = _end_mark(text, next_place, marks, text[left_open[0].outer_start]) if left_open else None
    spoken = [
        made
        for label, start, end in lines.values()
        if (made := _trimmed_span(text, Span(start, end, start, end, True, label=label)))
    ]
    return sorted([*_choose(text, doubles, single_spans), *spoken], key=lambda span: span.start)


def _choose(text: str, doubles: list[Span], single_spans: list[Span]) -> list[Span]:
    """Merge double and single spans without overlaps. The kind with more speech takes precedence."""
    british = _speech(text, single_spans) > _speech(text, doubles)
    first, second = (single_spans, doubles) if british else (doubles, single_spans)
    merged = list(first)
    place = 0
    for span in second:
        while place < len(first) and first[place].outer_end <= span.outer_start:
            place += 1
        if place < len(first) and first[place].outer_start < span.outer_end:
            continue
        merged.append(span if british else replace(span, single=True))
    return merged


def _speech(text: str, spans: list[Span]) -> int:
    """Return the characters in spans that look like speech: several words, or an end of a sentence."""
    inner = (text[span.start : span.end] for span in spans)
    return sum(len(inside) for inside in inner if inside[-1] in ",.?!…" or inside.count(" ") >= 3)


def strip_place(text: str, start: int, end: int, edges: str) -> tuple[int, int]:
    """Return a place in a text without leading and trailing ``edges`` characters."""
    while start < end and text[start] in edges:
        start += 1
    while end > start and text[end - 1] in edges:
        end -= 1
    return start, end


def _trimmed_span(text: str, span: Span) -> Span | None:
    """Return a span without space at its edges, or None if it has no letter or digit."""
    start, end = strip_place(text, span.start, span.end, _EDGE)
    return replace(span, start=start, end=end) if any(map(str.isalnum, text[start:end])) else None


def _single_spans(text: str, start: int, end: int, following: str) -> Iterator[Span]:
    for opened, closed_at in _pairs_of_singles(text, start, end, following):
        closed = closed_at is not None
        stop = end if closed_at is None else closed_at
        made = _trimmed_span(text, Span(opened + 1, stop, opened, stop + closed, closed))
        if made:
            yield made


def _end_mark(
    text: str, place: tuple[int, int], known: re.Pattern[str], opening: str
) -> tuple[int, int] | None:
    """Return the mark that closes a quotation from the paragraph before, if the first mark does."""
    first = known.search(text, *place)
    if first is None or first.group() not in _CLOSED_BY.get(opening, ()) or first.start() == place[0]:
        return None
    before, after = text[first.start() - 1], text[first.end() : first.end() + 1]
    opens = after.isalnum() or (before.isspace() and opening != "«")  # French puts a space before “»”
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
    for opened, width, closed_at, close_width in _pairs_of_doubles(text, start, end, marks, goes_on):
        closed, stop = close_width > 0, closed_at
        stays_open = not closed and stop == end and not goes_on
        if stays_open and not _end_mark(text, next_place, known, text[opened]):
            stop = end if opened == start else _cut(text, opened + width, end)
        made = _trimmed_span(text, Span(opened + width, stop, opened, stop + close_width, closed))
        if made:
            yield made


def _cut(text: str, start: int, end: int) -> int:
    """Return the end of a quotation that never closes: that of its sentence if it is long."""
    stop = _SENTENCE_END.search(text, start, end) if end - start > _MAX_UNCLOSED_CHARACTERS else None
    return stop.end() if stop else end


def _pairs_of_doubles(
    text: str, start: int, end: int, marks: list[tuple[int, str]], goes_on: bool
) -> Iterator[tuple[int, int, int, int]]:
    """Yield place and width of opening marks and their closing marks (width 0: not closed)."""
    opened: tuple[int, str] | None = None
    nested: list[str] = []  # opening marks of nested quotations
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
        if nested and (mark not in _STRAIGHT or opened[1] in _GUILLEMETS or mark == nested[-1]):
            nested.pop()
            continue
        yield opened[0], len(opened[1]), at, len(mark)
        opened, nested = None, []
    if opened is not None:
        yield opened[0], len(opened[1]), end, 0


def _opens(mark: str, before: str, after: str) -> bool:
    if mark in _ALWAYS_OPENS or mark == "«":
        return True
    starts_word = not after.isspace() and (
        after.isalnum() or after in "'‘’$£€.…[(#@¿¡*—–-<" or not before.isspace()
    )
    boundary = before in _BEFORE_OPENING or before.isspace() or not before.isalnum()
    if mark == "“":
        german = after in ",;:)" and before not in _BEFORE_OPENING  # a closing mark in German: „Ja!“, sagt er
        return not (after.isspace() or german) or before.isspace()
    if mark == "»":
        return before.isspace() and after.isalnum()
    if mark in ("”", "’’", "‟"):
        return before in _BEFORE_OPENING and (after.isalnum() or after in "'’‘")
    return boundary and starts_word and not before.isdigit()


def _opens_inside(mark: str, before: str, after: str, opened: tuple[int, str], at: int) -> bool:
    if mark == "«" == opened[1]:  # in text typed like «Ja«, it closes after a word
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
    """Return True if a nested quotation has its own closing mark, False if it shares one, else None."""
    at, inner = marks[number]
    if inner != outer:
        return True
    left_open = _left_open(text, inner, marks[number : number + _MARKS_AHEAD])
    if left_open == 0:
        return True
    behind_word = text[max(0, at - 3) : at].rstrip(_EDGE)[-1:].isalnum()
    if left_open > 1 or not behind_word:  # a new quotation never starts after a word
        return None
    if goes_on:
        return True
    return False if inner == "«" else None


def _left_open(text: str, sign: str, marks: list[tuple[int, str]]) -> int:
    """Return how many nested quotations of one kind of mark stay open."""
    closing = _CLOSED_BY.get(sign, sign)
    depth = 1
    for at, mark in marks:
        behind = at + len(mark)
        begins_word = text[at - 1].isspace() and text[behind : behind + 1].isalnum()
        if mark == sign and (sign != closing or begins_word):
            depth += 1
        elif mark == sign or mark in closing:
            depth -= 1
        if depth == 0:
            break
    return depth
