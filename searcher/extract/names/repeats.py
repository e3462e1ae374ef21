"""Names that the tagger saw once and overlooked elsewhere in the article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from searcher.extract.names.lexicon import ALSO_WORDS, fold
from searcher.extract.names.tagger import Kind, Span

__all__ = ["mark_repeats"]

_TOKEN = re.compile(r"(?<![\w-])(?:\w+|[^\w\s])")
_GOES_ON = re.compile(r"[\w-]")
_CAPITAL_AFTER = re.compile(r"\s[A-Z]")
_CONFIDENCE: Final = 0.8  # of a mention marked only because the name stands elsewhere


def mark_repeats(text: str, spans: Sequence[Span]) -> list[Span]:
    """A name is marked wherever it stands, a surname of the article too: "Ada Quill", then "Quill"."""
    known = _worth_finding(text, spans)
    taken = bytearray(len(text))
    for span in spans if known else ():
        if span.kind != "LOC":  # a city may be its club
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
    found = [
        Span(start, start + len(name), known[name], _CONFIDENCE)
        for name, start in _places_of(text, known)
        if not any(taken[start : start + len(name)])
    ]
    return [*spans, *(span for span in found if not _begins_longer(text, span))]


def _worth_finding(text: str, spans: Iterable[Span]) -> dict[str, Kind]:
    """Names of several words, surnames, and organisations named more than once; none in capitals."""
    counts = Counter((text[span.start : span.end], span.kind) for span in spans)
    known: dict[str, Kind] = {}
    for (name, kind), count in counts.items():
        words = name.split()
        if name.isupper():
            continue
        if kind == "PER" and len(words) > 1:
            known[name] = "PER"
            surname = words[-1]
            if len(surname) > 3 and surname[0].isupper() and fold(surname) not in ALSO_WORDS:
                known.setdefault(surname, "PER")
        elif kind == "ORG" and len(name) > 3 and (len(words) > 1 or count > 1):
            known.setdefault(name, "ORG")
    return known


def _places_of(text: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Where names stand, each place for the longest that fits, none over another."""
    by_start: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=len, reverse=True):
        token = _TOKEN.match(name)
        if token:
            by_start[token[0]].append(name)
    free = 0
    for token in _TOKEN.finditer(text) if by_start else ():
        start = token.start()
        for name in by_start.get(token[0], ()) if start >= free else ():
            end = start + len(name)
            if text.startswith(name, start) and not _GOES_ON.match(text, end):
                yield name, start
                free = end
                break


def _begins_longer(text: str, span: Span) -> bool:
    """Whether a single word stands before another capitalised one: "Quill Quay" is not the Quill known."""
    return " " not in text[span.start : span.end] and _CAPITAL_AFTER.match(text, span.end) is not None
