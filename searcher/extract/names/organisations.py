"""Which mentions of organisations in one article are the same body."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from searcher.extract.names.groups import Groups
from searcher.extract.names.lexicon import (
    FORMAL,
    GENERIC,
    SMALL,
    STATES,
    SUBUNITS,
    fold,
    without_possessive,
)
from searcher.naming import SHORT_FORMS, word_set

__all__ = ["Body", "body_words", "group_organisations", "initials", "is_body_word", "is_generic"]

Name = tuple[str, ...]

_LEGAL = re.compile(
    r"[,\s]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|lp|plc|ag|se|sa|s\.a|s\.p\.a|spa|nv|"
    r"n\.v|bv|b\.v|gmbh|oyj?|ab|asa|as|a/s|kk|k\.k|pty|pte|bhd|sdn|berhad|tbk|jsc|pjsc|ooo|holdings?|group)\.?$"
)
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[\s,]+")
_OPENS = re.compile(r"[\s>”\"]*[(\[]\s*[\"“'‘]?\s*(?:the\s+)?")
_CLOSES = re.compile(r"[\"”'’\s]{0,2}[)\]]")


@dataclass(frozen=True, slots=True)
class Body:
    """One mention: where it stands, as written, and the words that tell one body from another."""

    start: int
    end: int
    written: str
    words: Name

    @property
    def acronym(self) -> str:
        """Its letters, if it is written as an acronym."""
        letters = without_possessive(self.written).replace(".", "")
        return letters.lower() if 2 <= len(letters) <= 7 and letters.isupper() and letters.isalpha() else ""

    @property
    def first_letters(self) -> str:
        """Of all its words but the small ones, the legal form among them: "FDIC" has one of these."""
        return "".join(word[0] for word in _WORD.findall(fold(self.written)) if word not in SMALL)


def body_words(written: str) -> Name:
    """Folded words without "the", legal form and full stops.

    >>> body_words("The Goldman Sachs Group, Inc.’s")
    ('goldman', 'sachs')
    """
    name = fold(without_possessive(written)).removeprefix("the ").strip()
    for _ in range(3):
        shorter = _LEGAL.sub("", name)
        if not shorter.strip():
            break
        name = shorter
    return tuple(word for word in _PARTS.split(name.replace(".", "")) if word)


def initials(words: Name) -> frozenset[str]:
    """The acronyms that a name can have: with and without its small words, and word parts at hyphens."""
    large = [word for word in words if word not in SMALL]
    parts = [part for word in large for part in word.split("-") if part]
    return frozenset("".join(word[0] for word in some) for some in (large, words, parts))


def group_organisations(text: str, bodies: Sequence[Body]) -> Groups:
    """Group mentions, given in the order of the article."""
    groups = Groups(len(bodies))
    first: dict[Name, int] = {}
    for number, body in enumerate(bodies):
        if body.words in first:
            groups.join(number, first[body.words])
        elif body.words:
            first[body.words] = number
    _join_bracketed(groups, text, bodies)
    headline = _headline_end(text)
    longer = _Longer(bodies, first)
    for name, number in first.items():
        early = bodies[number].end <= headline or bodies[number].written.isupper()
        for like in longer.of(name, bodies[number].acronym, math.inf if early else number):
            if like:
                if len({groups.root(first[other]) for other in like}) == 1:
                    groups.join(number, first[like[0]])
                break
    return groups


class _Longer:
    """The names of an article by what a shorter one shares with them."""

    def __init__(self, bodies: Sequence[Body], first: Mapping[Name, int]) -> None:
        self._first = first
        self._by_start: dict[str, list[Name]] = defaultdict(list)
        self._by_end: dict[str, list[Name]] = defaultdict(list)
        self._by_letters: dict[str, list[Name]] = defaultdict(list)
        self._by_all_letters: dict[str, list[Name]] = defaultdict(list)
        self._of_state: dict[str, list[Name]] = defaultdict(list)
        self._by_core: dict[frozenset[str], list[Name]] = defaultdict(list)
        for name, number in first.items():
            self._by_start[name[0]].append(name)
            self._by_end[name[-1]].append(name)
            self._by_all_letters[bodies[number].first_letters].append(name)
            if len(name) > 1:
                for letters in initials(name):
                    self._by_letters[letters].append(name)
                if name[0] in STATES:
                    self._of_state[name[1]].append(name)
            if FORMAL.intersection(name):
                self._by_core[_core(name)].append(name)

    def of(self, name: Name, acronym: str, before: float) -> Iterator[list[Name]]:
        """What it can be short for, by the surest rule first; by its start alone only names ``before``."""
        start, end = self._by_start[name[0]], self._by_end[name[-1]]
        yield self._others(name, self._by_letters.get(acronym, ()) if acronym else ())
        yield self._others(name, self._by_all_letters.get(acronym, ()) if acronym else ())
        yield [other for other in self._others(name, start) if _is_short(name, other)]
        yield [
            other
            for other in self._others(name, start)
            if _is_start(name, other) and self._first[other] < before
        ]
        yield [other for other in self._others(name, end) if _is_end(name, other)]
        if is_generic(name):
            yield [other for other in self._others(name, end) if self._first[other] < self._first[name]]
        of_state = self._of_state.get(name[0], ())
        yield [other for other in self._others(name, of_state) if _is_short(name, other[1:])]
        full = tuple(SHORT_FORMS.get(" ".join(name), "").split())
        yield self._others(name, [full] if full in self._first else ())
        yield self._others(name, self._by_core.get(_core(name), ()) if FORMAL.intersection(name) else ())

    @staticmethod
    def _others(name: Name, names: Iterable[Name]) -> list[Name]:
        return [other for other in names if other != name]


def _join_bracketed(groups: Groups, text: str, bodies: Sequence[Body]) -> None:
    """As in "Financial Times (FT)"."""
    for number, (left, right) in enumerate(pairwise(bodies)):
        if not _OPENS.fullmatch(text, left.end, right.start) or not _CLOSES.match(text, right.end):
            continue
        short = "".join(right.words)
        if right.acronym or (short and short[0] in "".join(left.words)[:1]):
            groups.join(number, number + 1)


def _headline_end(text: str) -> int:
    """Where the first line ends, if it is short enough for a headline."""
    end = text.find("\n")
    return end if 0 < end < 200 else 0


_COMPASS = word_set("north south east west northern southern eastern western new old")
_GENERIC_BODIES = word_set(
    """
    department bureau office agency commission committee council board group company corporation centre center
    institute association federation foundation fund trust bank university college school hospital museum club
    authority ministry division unit society academy team government party church court chamber
    directorate secretariat panel cabinet administration embassy consulate
    """
)
_COMMON_ENDS = word_set(
    """
    bank university college school ministry department government office agency commission committee council
    court party union association federation institute centre center foundation authority board group
    company corporation airlines airways army police league club assembly parliament senate house congress
    service services fund trust society church hospital museum academy administration bureau organization
    organisation network news exchange
    """
)


def is_generic(name: Name) -> bool:
    """Whether it is a lone word that names no body in particular: "Department"."""
    return len(name) == 1 and name[0] in _GENERIC_BODIES


def is_body_word(word: str) -> bool:
    """Whether it is what many bodies' names end in: "ministry", "congress"."""
    return word in _GENERIC_BODIES or word in _COMMON_ENDS


def _is_short(name: Name, other: Name) -> bool:
    """The same, or nothing but generic words less."""
    return other == name or (_is_start(name, other) and all(word in GENERIC for word in other[len(name) :]))


def _is_start(name: Name, other: Name) -> bool:
    """As "Meta" begins "Meta Platforms", but not "Meta AI"; "University" begins too many names."""
    rest = other[len(name) :]
    return (
        bool(rest)
        and other[: len(name)] == name
        and not SUBUNITS.intersection(rest)
        and (len(name) > 1 or rest[0] not in ("of", "for"))
        and name[0] not in _COMMON_STARTS
    )


_COMMON_STARTS = word_set(
    """
    university ministry department bank national royal federal state international american united
    """
)


def _is_end(name: Name, other: Name) -> bool:
    """As "White Sox" ends "Chicago White Sox" and "United" "Manchester United"; not "Council" or "Bank"."""
    return (
        len(other) - len(name) in (1, 2)
        and other[-len(name) :] == name
        and (len(name) > 1 or (len(name[0]) > 3 and name[0] not in _COMMON_ENDS))
        and not SMALL.intersection(other[: -len(name)])
        and other[0] not in _COMPASS
    )


def _core(name: Name) -> frozenset[str]:
    """What "Department of Justice" and "Justice Department" share; a leading "US" does not matter."""
    return frozenset(word for word in name if word not in SMALL and word not in STATES)
