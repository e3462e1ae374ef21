"""Votes on what a name names: person, organisation or something else."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from searcher.extract.names.bodies import is_body_word
from searcher.extract.names.lexicon import FIRMS, fold, without_possessive
from searcher.extract.names.people import name_words
from searcher.extract.names.tagger import Kind, Span
from searcher.extract.names.witnesses import shows_body
from searcher.names.normalise import word_set

__all__ = ["Ballot"]

_LEGAL: Final = word_set("inc corp co ltd plc llc llp ag nv sa")
_FAMILY: Final = word_set("group holdings and &")  # of companies
_WITNESS: Final = 2.0  # what words beside it count, and the tagger's own at most 1
_ALONE: Final = 2.0
_SURNAME: Final = 8.0  # what a full name counts for its surname alone, where it came first
_INITIALS = re.compile(r"(?:\w\.)+$")
_THE_BEFORE = re.compile(r"\b[Tt]he\s$")
_FULL: Final = 2  # words of a company that is called like somebody
_LONGEST: Final = 8  # words of a name whose beginnings count
_SURE: Final = 0.9
_RIVALS: Final[tuple[Kind, ...]] = ("PER", "ORG", "Product")
_THINGS: Final[tuple[Kind, ...]] = ("Misc", "Facility", "NORP")  # outvote them, but are not outvoted


class Ballot:
    """How much of an article, by confidence, takes a name for what."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        self._text = text
        self._votes: dict[tuple[str, ...], dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
        self._bearers: dict[str, float] = defaultdict(float)  # given name or surname -> places of full names
        self._begun: dict[tuple[str, ...], float] = defaultdict(float)  # first words -> longer organisations
        self._witnessed = set[tuple[str, ...]]()  # names that words beside them show to be bodies
        self._ends = set[tuple[str, ...]]()  # surnames of several words: "St. Germain" of "Ada St. Germain"
        self._surnames = set[str]()
        self._introduced = set[str]()  # surnames that came with a given name before they came alone
        for span in spans:
            key = self._key(span)
            self._votes[key][span.kind] += span.confidence
            if span.kind in ("PER", "ORG") and shows_body(text, span):
                self._votes[key]["ORG"] += _WITNESS
                self._witnessed.add(key)
            if span.kind == "ORG":
                self._begin(key, span.confidence)
            words = name_words(text[span.start : span.end]) if span.kind == "PER" else ()
            if len(words) > 1:
                if (words[-1],) not in self._votes:
                    self._introduced.add(words[-1])
                self._surnames.add(words[-1])
                self._ends.update(words[start:] for start in range(1, len(words) - 1))
                self._bearers[words[-1]] += span.confidence
                self._bearers[words[0]] += span.confidence

    def _begin(self, key: tuple[str, ...], confidence: float) -> None:
        """What an organisation's first words may stand for: alone, where no full name holds the word, it is
        rather the organisation, and surely where that has a legal form ("Marlowe" of "Marlowe Ltd")."""
        alone = math.inf if key and key[-1].rstrip(".") in _LEGAL else _ALONE * confidence
        for length in range(1, min(len(key), _LONGEST)):
            self._begun[key[:length]] += alone if length == 1 else confidence
        core = [word for word in key if word.rstrip(".,") not in _LEGAL and word not in _FAMILY]
        if len(core) == _FULL and (
            " ".join(core) in FIRMS or (core != list(key) and _INITIALS.match(core[0]))
        ):
            self._begun[(core[1],)] += alone  # "Penney" of "J.C. Penney"

    def witnessed(self, span: Span) -> bool:
        """Whether words beside the name show somewhere that it is a body's."""
        return self._key(span) in self._witnessed

    def elected(self, span: Span) -> Kind:
        """A lone word is a person if it is part of a known person's name, an organisation if it begins a
        known one's name; else most of the places where a name stands decide."""
        key, kind = self._key(span), span.kind
        votes = self._votes[key]
        person, body = votes.get("PER", 0.0), votes.get("ORG", 0.0)
        if kind in ("PER", "ORG") and self._is_family(span, key):
            return "NORP"
        if len(key) == 1 and kind in ("PER", "ORG") and key[0] in self._bearers:
            bearers = self._bearers[key[0]]
            if key[0] in self._introduced and key not in self._begun:
                bearers *= _SURNAME
            return "PER" if body <= bearers + person else "ORG"
        if kind in ("PER", "ORG") and key in self._begun:
            return "ORG" if person <= self._begun[key] + body else "PER"
        if kind == "ORG" and tuple(word.strip(".") for word in key) in self._ends:
            return "PER"
        if kind in _THINGS or kind == "LOC" or len(votes) == 1:
            return kind  # a city may be its club a line later …
        if kind == "ORG" and votes.get("LOC", 0.0) > 2 * body and span.confidence < _SURE:
            return "LOC"  # … where the tagger is sure of it
        if kind == "PER" and votes.get("LOC", 0.0) > person:
            return "LOC"
        return self._most(key, kind)

    def _most(self, key: tuple[str, ...], kind: Kind) -> Kind:
        """What most places take a name for."""
        votes = self._votes[key]
        rivals: dict[Kind, float] = {other: votes[other] for other in (*_RIVALS, *_THINGS) if other in votes}
        if any(map(is_body_word, key)):  # a museum is a building and who runs it
            rivals.pop("Facility", None)
        return max(rivals, key=lambda other: (rivals[other], other == kind)) if kind in rivals else kind

    def _is_family(self, span: Span, key: tuple[str, ...]) -> bool:
        """Whether it is the plural of a surname of the article: "the Bidens"."""
        if len(key) != 1 or key[0].removesuffix("s") not in self._surnames or key[0] in self._surnames:
            return False
        return _THE_BEFORE.search(self._text, max(0, span.start - 4), span.start) is not None

    def _key(self, span: Span) -> tuple[str, ...]:
        """Its folded words, legal form included: a body with one is never a person."""
        return tuple(fold(without_possessive(self._text[span.start : span.end])).split())
