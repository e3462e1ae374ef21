"""Words that are a term as a rule and a body's name where the article shows it: BMI, RAM, API, PMI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from searcher.extract.names.bodies import FORMS, body_words, initials
from searcher.extract.names.lexicon import NOBODY, fold, without_possessive
from searcher.extract.names.tagger import Span
from searcher.extract.names.witnesses import shows_body

__all__ = ["without_terms"]

_SURE: Final = 0.9  # of the tagger, where only what stands beside the word speaks for a body
_INITIALS: Final = 3  # words of a name whose first letters are looked for
_LIST: Final = (", ", " and ", ", and ", " & ", " or ", "/")


def without_terms(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but for such words that nothing shows to be a body's name, in capitals as people too."""
    terms = [number for number, span in enumerate(spans) if _is_term(text, span)]
    if not terms:
        return list(spans)
    names = set(_short_names(text, spans))
    nobodies = {number for number in terms if not _is_body(text, spans, number, names)}
    return [span for number, span in enumerate(spans) if number not in nobodies]


def _is_term(text: str, span: Span) -> bool:
    name = text[span.start : span.end]
    return (span.kind == "ORG" or (span.kind == "PER" and name.isupper())) and fold(name) in NOBODY


def _short_names(text: str, spans: Sequence[Span]) -> Iterable[str]:
    """What the full names of the article's bodies are short for: "api" of "American Petroleum Institute" and
    "cts" of "CTS Corp"."""
    for span in spans:
        name = without_possessive(text[span.start : span.end])
        if span.kind != "ORG" or " " not in name:
            continue
        words = body_words(name)
        if len(words) >= _INITIALS:
            yield from initials(words)
        elif len(words) == 1 and FORMS.intersection(fold(name).replace(".", "").split()):
            yield words[0]


def _is_body(text: str, spans: Sequence[Span], number: int, names: set[str]) -> bool:
    span = spans[number]
    name = text[span.start : span.end]
    if span.kind != "ORG" or not name.isupper():
        return False
    return fold(name) in names or (
        span.confidence >= _SURE and (shows_body(text, span) or _is_listed(text, spans, number))
    )


def _is_listed(text: str, spans: Sequence[Span], number: int) -> bool:
    """Whether a body stands beside it, with a comma or "and" between: "ASCAP, BMI and SOCAN"."""
    before, after = spans[max(0, number - 1) : number], spans[number + 1 : number + 2]
    gaps = [(left, text[left.end : spans[number].start]) for left in before]
    gaps += [(right, text[spans[number].end : right.start]) for right in after]
    return any(other.kind == "ORG" and gap in _LIST and not _is_term(text, other) for other, gap in gaps)
