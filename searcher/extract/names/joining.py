"""One name of several spans: "University of" + "Auckland", "Stanley Black" + "Decker"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from searcher.extract.names.tagger import Span

__all__ = ["join_parts"]

_OPEN_END = re.compile(r"\b(?:of|for|and|in|at|de|du|of the|for the)$")
_INITIAL_END = re.compile(r"\w [A-Z]\.$")
_LONGEST_PAIR: Final = 4  # spaces in what an ampersand makes one name: "Stanley Black & Decker"


def join_parts(text: str, spans: Sequence[Span]) -> list[Span]:
    """Parts that go together are one name: "University of" + "Auckland"."""
    joined: list[Span] = []
    for span in spans:
        left = joined[-1] if joined else None
        if left and left.kind == span.kind == "PER" and _goes_on(text, left, span):
            joined[-1] = replace(left, end=span.end, confidence=max(left.confidence, span.confidence))
        elif left and left.kind == "ORG" and _go_together(text, left, span):
            joined[-1] = Span(left.start, span.end, "ORG", max(left.confidence, span.confidence))
        else:
            joined.append(span)
    return joined


def _goes_on(text: str, left: Span, right: Span) -> bool:
    """As "Ada B." + "Quill", which looks like the end of a sentence."""
    gap = text[left.end : right.start]
    return gap in (" ", ". ") and bool(_INITIAL_END.search(text[left.start : right.start - 1]))


def _go_together(text: str, left: Span, right: Span) -> bool:
    """As "University of" + "Auckland", and "Marlowe Securities" + "Japan) Ltd" with a bracket between."""
    gap = text[left.end : right.start]
    if gap == " & " and right.kind == "ORG":
        return text.count(" ", left.start, right.end) <= _LONGEST_PAIR
    if gap == " " and right.kind == "ORG" and not text[right.start : right.end].isupper():
        return text[left.end - 1].isalpha() and text[right.start].isalpha()  # no scores: "Dover 2 Deal 1"
    if gap in (" ", " the ") and right.kind in ("LOC", "NORP", "ORG"):
        return bool(_OPEN_END.search(text[left.start : right.start].rstrip()))
    return gap == " (" and right.kind == "ORG" and ")" in text[right.start : right.end]
