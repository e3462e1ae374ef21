"""Paragraphs for texts with a sentence a line: some sets of names lost theirs.

In print a paragraph behind a dash goes on over several sentences, and the next one begins with a dash or
tells. Where the labels say that the next line goes on speaking, or that nobody speaks in either, the line
break becomes a space: places stay as they are.
"""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["in_paragraphs"]

Row = dict[str, Any]

MAX_INNER: Final = 0.25  # sentences that end within a line, a line, in texts with a sentence a line
SENTENCES: Final = 3  # of a paragraph in which nobody speaks
_INNER: Final = re.compile(r"[.!?…][\"»”]?[ \t]")
_SENTENCE_END: Final = frozenset(".!?…,;:")
_DASH: Final = re.compile(r"\W*[-–—]|[^\n:]{1,30}\s(?:--|[–—])\s")


def in_paragraphs(row: Row) -> Row:
    """A labelled article with paragraphs; unchanged where its text has some."""
    text: str = row["text"]
    lines = text.split("\n")
    if "" in lines or len(lines) < 3 or len(_INNER.findall(text)) > MAX_INNER * len(lines):
        return row
    spoken = {quote["start"] for quote in row["quotes"] if quote.get("marks") == "dash"}
    ends = {quote["end"] for quote in row["quotes"]}
    open_at = {
        quote["start"]
        for quote in row["quotes"]
        if text[quote["start"] : quote["start"] + 1].isalnum() and quote["start"] - 1 in ends
    } - spoken
    made, place, length, dialogue = [lines[0]], len(lines[0]) + 1, 1, bool(_DASH.match(lines[0]))
    for line in lines[1:]:
        begins = _DASH.match(line) is not None
        if dialogue:
            goes_on = not begins and place in spoken
        else:
            goes_on = place in open_at or not (begins or place in spoken or length >= SENTENCES)
        made += [" " if goes_on else "\n", line]
        if not goes_on:
            length, dialogue = 0, begins
        length += 1
        place += len(line) + 1
    joined = "".join(made)
    return row | {"text": joined, "quotes": _joined(joined, row["quotes"])}


def _joined(text: str, quotes: list[Row]) -> list[Row]:
    """Sentences of one paragraph that one speaker says behind a dash, or between one pair of marks, are one
    quotation."""
    joined: list[Row] = []
    for quote in sorted(quotes, key=lambda one: int(one["start"])):
        before = joined[-1] if joined else None
        if before and _adjoin(text, before, quote):
            joined[-1] = before | {"end": quote["end"]}
        else:
            joined.append(quote)
    return joined


def _adjoin(text: str, before: Row, quote: Row) -> bool:
    between = text[before["end"] : quote["start"]]
    dashes = before.get("marks") == quote.get("marks") == "dash"
    open_still = text[before["end"] - 1] in _SENTENCE_END and text[quote["start"] :][:1].isalnum()
    same = before["speaker_canonical"] == quote["speaker_canonical"]
    return same and between == " " and (dashes or open_still)
