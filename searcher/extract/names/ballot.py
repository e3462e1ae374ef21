"""Votes on what a name names: person, organisation or something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from searcher.extract.names.lexicon import fold, without_possessive
from searcher.extract.names.people import name_words
from searcher.extract.names.tagger import Kind, Span

__all__ = ["Ballot"]

_WITNESS: Final = 2.0  # what words beside it count, and the tagger's own at most 1
_ALONE: Final = 2.0  # of the first word of an organisation, where no full name holds it
_MIN_SURE: Final = 0.9
_MAX_WORDS: Final = 8  # words of a name whose beginnings count
# Outvote each other; things outvote them, but are not outvoted.
_RIVALS: Final[tuple[Kind, ...]] = ("PER", "ORG", "Product")
_THINGS: Final[tuple[Kind, ...]] = ("Misc", "Facility", "NORP")
# What companies and clubs have and people have not.
_HAS = re.compile(
    r"\s(?:co-?founder|founder|(?:vice[- ])?chairman|chairwoman|chief\s(?:executive|financial|operating)|"
    r"C[EFTO]O|shareholders|employees|(?:analyst|economist|strategist)\s[A-Z]\w+|"
    r"guard|striker|midfielder|defender|defenseman|goalkeeper|winger|quarterback|pitcher)\b|"
    r"-(?:owned|listed)\b|['’]s?\s(?:shareholders|chief\sexecutive)\b"
)


class Ballot:
    """How much of an article, by confidence, takes a name for what."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._votes: dict[tuple[str, ...], dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
        self._bearers: dict[str, float] = defaultdict(float)  # given name or surname -> places of full names
        self._begun: dict[tuple[str, ...], float] = defaultdict(float)  # first words -> longer organisations
        for span in spans:
            key = self._key(span)
            self._votes[key][span.kind] += span.confidence
            if span.kind in ("PER", "ORG") and _HAS.match(text, span.end):
                self._votes[key]["ORG"] += _WITNESS
            if span.kind == "ORG":
                for length in range(1, min(len(key), _MAX_WORDS)):
                    self._begun[key[:length]] += span.confidence * (_ALONE if length == 1 else 1)
            words = name_words(text[span.start : span.end]) if span.kind == "PER" else ()
            if len(words) > 1:
                self._bearers[words[-1]] += span.confidence
                self._bearers[words[0]] += span.confidence

    def elected(self, span: Span) -> Kind:
        """A lone word is a person if it is part of a known person's name, an organisation if it begins a
        known one's name; else most of the places where a name stands decide."""
        key, kind = self._key(span), span.kind
        votes = self._votes[key]
        person, body = votes.get("PER", 0.0), votes.get("ORG", 0.0)
        if len(key) == 1 and kind in ("PER", "ORG") and key[0] in self._bearers:
            return "PER" if body <= self._bearers[key[0]] + person else "ORG"
        if kind in ("PER", "ORG") and key in self._begun:
            return "ORG" if person <= self._begun[key] + body else "PER"
        if kind == "ORG" and votes.get("LOC", 0.0) > 2 * body and span.confidence < _MIN_SURE:
            return "LOC"
        if kind == "PER" and votes.get("LOC", 0.0) > person:
            return "LOC"
        return self._most(votes, kind)

    def _most(self, votes: dict[Kind, float], kind: Kind) -> Kind:
        """What most places take a name for; a place stays one, as a city may be its club a line later."""
        if kind not in _RIVALS:
            return kind
        return max((*_RIVALS, *_THINGS), key=lambda other: (votes.get(other, 0.0), other == kind))

    def _key(self, span: Span) -> tuple[str, ...]:
        """Its folded words, legal form included: a body with one is never a person."""
        return tuple(fold(without_possessive(self._text[span.start : span.end])).split())
