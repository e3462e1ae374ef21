"""Where a name begins and ends: parted, joined and trimmed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.tagger import Span

__all__ = ["join_parts", "split_at_lines", "trim_edges"]

_LINE_END = re.compile(r"(?<!\s)\s*\n\s*")
_MIN_SENTENCE_WORDS: Final = 6  # words beyond a line end; as many are no name but a sentence
_NICKNAMED = re.compile(
    r"(?:[\w.-]+ )*[^\W\d_a-z][\w.-]* [\"“‘](?:the )?[^\W\d_a-z][\w.-]*(?: [\w.-]+)?[\"”’] (?=[A-Z])"
)
_INITIAL_LAST = re.compile(r"\w [A-Z]\.?$")
_BARE_INITIAL = re.compile(r"(?<=\w )[A-Z](?![\w.])")
_OPENING_MARK = re.compile('["“‘]')
# Where a company sits and who leads it: "Marlowe Ltd of Dover", "Marlowe CEO"; not "Corp of America".
_BEYOND_END = re.compile(r"(?<=\b(?:Inc|Ltd|Plc|PLC|LLC))\sof\s(?:the\s)?[A-Z][\w. ]+$|(?<=\w)\sC[EFTO]O$")
_ABBREVIATED = re.compile(r"\b(Inc|Co|Corp|Ltd|Jr|Sr|Bros|[A-Z])\.$")
_UNSTOPPED = re.compile(r"\b(?:Inc|Co|Corp|Ltd|Jr|Sr|Bros)\b(?!\.)")
_OPENING: Final = "<>_^ \t\n\"“‘'([{,;:–—-*•#/"
_CLOSING: Final = "<>([{* \t\n\"”’')]},;:–—-/"


def split_at_lines(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name ends with its line, as headings have no full stop: "Ada Quill" above "Ben Moss"."""
    return [part for span in spans for part in _lines(text, span)]


def join_parts(text: str, spans: Sequence[Span]) -> list[Span]:
    """Parts of one name are joined: "Dover" + "Harbour Council", "Ada" + "“Bee” Quill",
    "Ada J" + "Quill"; not "HW" + "DW"."""
    joined: list[Span] = []
    bare = _BareInitials(text)
    for span in spans:
        left = joined[-1] if joined else None
        if left and left.kind == span.kind and _go_together(text, left, span, bare):
            joined[-1] = replace(left, end=span.end, confidence=max(left.confidence, span.confidence))
        else:
            joined.append(span)
    return joined


def trim_edges(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name has no marks around it, no seat and no office: "“Marlowe Ltd of Dover”"."""
    unstopped = frozenset(_UNSTOPPED.findall(text))
    return [span for span in (_trimmed(text, span, unstopped) for span in spans) if span]


def _lines(text: str, span: Span) -> Iterator[Span]:
    stops = [stop.span() for stop in _LINE_END.finditer(text, span.start, span.end)]
    starts = [span.start, *(end for _, end in stops)]
    ends = [*(start for start, _ in stops), span.end]
    for start, end in zip(starts, ends):
        if start < end and (start == span.start or text.count(" ", start, end) < _MIN_SENTENCE_WORDS):
            yield replace(span, start=start, end=end)


class _BareInitials:
    """Names in a text that end with a single capital and no full stop behind it: "Malcolm X"."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._by_length: dict[
            int, frozenset[str]
        ] = {}  # what stands before such a place; names have few lengths

    def has(self, name: str) -> bool:
        """Whether a name that ends so stands anywhere in the text."""
        size = len(name)
        if size not in self._by_length:
            ends = (match.end() for match in _BARE_INITIAL.finditer(self._text))
            self._by_length[size] = frozenset(self._text[end - size : end] for end in ends if end >= size)
        return name in self._by_length[size]


def _go_together(text: str, left: Span, right: Span, bare: _BareInitials) -> bool:
    if left.kind == "PER":
        initial = text[left.end : right.start] in (" ", ". ") and _ends_with_initial(text, left)
        if initial and not bare.has(text[left.start : left.end].rstrip(".")):
            return True
        if not _OPENING_MARK.search(text, left.start, left.end + len(" “")):
            return False  # the nickname of somebody further on
        nicknamed = _NICKNAMED.match(text, left.start)
        return nicknamed is not None and left.end <= right.start <= nicknamed.end()
    if left.kind != "ORG" or text[left.end : right.start] != " ":
        return False
    return not text[left.end - 1].isdigit() and not text[right.start : right.end].isupper()


def _ends_with_initial(text: str, span: Span) -> bool:
    """Whether a name ends with the initial of a middle name, "Ada J."; where the text has it without a full
    stop too, that is a surname: "Malcolm X"."""
    return bool(_INITIAL_LAST.search(text[span.start : span.end]))


def _trimmed(text: str, span: Span, unstopped: Collection[str]) -> Span | None:
    start, end = _stripped(text, span.start, span.end, unstopped)
    beyond = _BEYOND_END.search(text[start:end]) if span.kind == "ORG" else None
    end = start + beyond.start() if beyond else end
    return replace(span, start=start, end=end) if start < end else None


def _stripped(text: str, start: int, end: int, unstopped: Collection[str]) -> tuple[int, int]:
    while start < end and text[start] in _OPENING:
        start += 1
    while end > start and text[end - 1] in _CLOSING and not _closes(text, start, end):
        end -= 1
    stop = end - start > 1 and text[end - 1] == "." and not _is_abbreviated(text[start:end], unstopped)
    return start, end - stop


def _is_abbreviated(name: str, unstopped: Collection[str]) -> bool:
    """Whether the full stop is the name's: agencies write "Corp", so that "Corp." ends a sentence there."""
    short = _ABBREVIATED.search(name)
    if short is None or len(short[1]) == 1:
        return short is not None
    return short[1] not in unstopped


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last character closes a bracket that the name opens: "Unite (UK)"."""
    return text[end - 1] == ")" and "(" in text[start:end]
