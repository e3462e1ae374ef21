"""Lines in capitals, where the tagger sees a name in every word or none: what the rest of the text says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from searcher.extract.names.bodies import initials
from searcher.extract.names.borders import without_legal_form
from searcher.extract.names.lexicon import ALSO_WORDS, NOBODY, fold, small_words, without_possessive
from searcher.extract.names.people import name_words
from searcher.extract.names.tagger import Kind, Span

__all__ = ["in_capitals", "repeats_in_capitals"]

# A word of a name: no possessive, no full stop at its end but an abbreviation's.
_WORD = re.compile(r"(?:[^\W_]\.){2,}|[^\W_]+(?:[.&-][^\W_]+|['’](?!S\b)[^\W_]+)*|&")
_LINE = re.compile(r"[^\n]+")
_LEAST_LETTERS: Final = 8  # a shorter line is a name or a label
_SURNAME: Final = 5  # letters of a surname that is looked for alone
_INITIALS: Final = 3  # words of a name whose first letters are looked for
_CONFIDENCE: Final = 0.8


def in_capitals(text: str, span: Span) -> bool:
    """Whether the line around a span is all in capitals."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    line = text[start : end if end >= 0 else len(text)]
    return line.isupper() and len(line) > span.end - span.start + _LEAST_LETTERS


def repeats_in_capitals(text: str, spans: Sequence[Span]) -> list[Span]:
    """Names of the article that stand unmarked in such lines: "IMF LENDS ZAMBIA MORE, CHIVUNO SAYS"."""
    lines = [line for line in _LINE.finditer(text) if line[0].isupper() and len(line[0]) > _LEAST_LETTERS]
    if not lines or len(lines) > 1 + text.count("\n") // 2:
        return []  # none, or an article all in capitals
    known = dict(_loud_names(text, [span for span in spans if not in_capitals(text, span)]))
    if not known:
        return []
    longest = 1 + max(name.count(" ") for name in known)
    found = [span for line in lines for span in _named_in(text, line, known, longest)]
    return [span for span in found if all(_within(other, span) for other in spans if _meet(other, span))]


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _within(inner: Span, outer: Span) -> bool:
    """Whether it is a part of the name: "DOVER" of "DOVER QUAY"."""
    shorter = inner.end - inner.start < outer.end - outer.start
    return shorter and outer.start <= inner.start and inner.end <= outer.end


def _named_in(text: str, line: re.Match[str], known: Mapping[str, Kind], longest: int) -> Iterator[Span]:
    """Names of a line, each as long as it can be."""
    words = [match.span() for match in _WORD.finditer(text, *line.span())]
    number = 0
    while number < len(words):
        start = words[number][0]
        for length in range(min(longest, len(words) - number), 0, -1):
            end = words[number + length - 1][1]
            if text[start:end] in known and text[start - 1 : start] != "<":
                yield Span(start, end, known[text[start:end]], _CONFIDENCE)
                number += length - 1
                break
        number += 1


def _loud_names(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, Kind]]:
    small = small_words(text)
    counts = Counter((text[span.start : span.end], span.kind) for span in spans)
    for (written, kind), count in counts.items():
        name = without_legal_form(without_possessive(written))
        if kind == "PER":
            yield from ((loud, kind) for loud in _loud_person(name, small))
        elif fold(name) not in NOBODY and (count > 1 or name.isupper() or name != written or " " in name):
            yield name.upper(), kind
            if written.startswith(f"{name} Group"):
                yield f"{name} Group".upper(), kind
            words = tuple(fold(written).replace(",", "").replace(".", "").split())
            if len(words) >= _INITIALS:
                yield from ((short.upper(), kind) for short in initials(words) if len(short) >= _INITIALS)


def _loud_person(name: str, small: set[str]) -> Iterator[str]:
    words = name.split()
    if len(words) > 1:
        yield name.upper()
    surname = (name_words(name) or [""])[-1]
    also_a_word = surname in ALSO_WORDS or surname in small
    if len(surname) >= _SURNAME and not also_a_word:
        yield words[-1].upper()
