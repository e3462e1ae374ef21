"""Which mentions of organisations in one article are the same body."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeVar

from searcher.extract.names.bodies import Body, Name, initials, is_generic, spelling
from searcher.extract.names.groups import Groups
from searcher.extract.names.lexicon import FORMAL
from searcher.extract.names.shortening import begins, core, in_full, is_end, is_short, is_start
from searcher.names.forms import SHORT_FORMS, STATES

__all__ = ["group_organisations"]

_Key = TypeVar("_Key")

#: Names with one first word, one last word or the same letters that are looked at: of 1,324 labelled articles
#: none has more than 8.
_MAX_ALIKE: Final = 100

# What has blanks only never gives them back: there may be thousands.
_OPENS = re.compile(r"(?:\s<[A-Z.]+>)?[\s>”\",]*+[(\[]\s*+[\"“'‘]?\s*+(?:the\s++)?")
_CLOSES = re.compile(r"[\"”'’\s]{0,2}[)\]]")


def group_organisations(text: str, bodies: Sequence[Body]) -> Groups:
    """Group mentions, given in the order of the article."""
    groups = Groups(len(bodies))
    first = _first_numbers(bodies)
    spelt: dict[str, int] = {}
    for number, body in enumerate(bodies):
        if body.words:
            groups.join(number, spelt.setdefault(spelling(body.words), number))
    _join_bracketed(groups, text, bodies)
    longer = _Longer(text, bodies, first)
    # the longest first, so that what is short for two of them finds those made one
    for name, number in sorted(first.items(), key=lambda item: -len(item[0])):
        like = next(filter(None, longer.of(name, bodies[number])), [])
        if like:
            # one body, or one that begins the others: "Marlowe" is "Marlowe Quay", not "Marlowe Quay Bank"
            least = min(like, key=len)
            one = len({groups.root(first[other]) for other in like}) == 1
            if one or all(other[: len(least)] == least for other in like):
                groups.join(number, first[least])
    return groups


def _first_numbers(bodies: Sequence[Body], headline: int = 0) -> dict[Name, int]:
    """For each name the number of its first mention below the headline."""
    first: dict[Name, int] = {}
    for number, body in enumerate(bodies):
        if body.words and body.end > headline:
            first.setdefault(body.words, number)
    return first


class _Shelf(dict[_Key, list[Name]]):
    """Names by something that they share; of more than so many the first."""

    def add(self, key: _Key, name: Name) -> None:
        names = self.setdefault(key, [])
        if len(names) < _MAX_ALIKE:
            names.append(name)


class _Longer:
    """The names of an article by what a shorter one shares with them."""

    def __init__(self, text: str, bodies: Sequence[Body], first: Mapping[Name, int]) -> None:
        self._first = first
        self._headline = _headline_end(text)
        self._told = _first_numbers(bodies, self._headline)
        self._registered = {body.words for body in bodies if body.has_legal_form}
        self._letters = {body.words for body in bodies if body.acronym}
        self._letters -= {body.words for body in bodies if not body.acronym}
        self._by_start = _Shelf[str]()
        self._by_end = _Shelf[str]()
        self._by_letters = _Shelf[str]()
        self._by_all_letters = _Shelf[str]()
        self._of_state = _Shelf[str]()
        self._by_core = _Shelf[frozenset[str]]()
        for name, number in first.items():
            self._by_start.add(name[0], name)
            self._by_end.add(name[-1], name)
            for letters in bodies[number].first_letters:
                self._by_all_letters.add(letters, name)
            if len(name) > 1:
                for letters in initials(name):
                    self._by_letters.add(letters, name)
                if name[0] in STATES:
                    self._of_state.add(name[1], name)
            if FORMAL.intersection(name):
                self._by_core.add(core(name), name)

    def of(self, name: Name, body: Body) -> Iterator[list[Name]]:
        """What it can be short for, by the surest rule first; by its start alone only names before it, unless
        it stands in a headline first."""
        acronym = body.acronym
        early = body.end <= self._headline or body.written.isupper()
        before = math.inf if early else self._first[name]
        start = self._extended(name, self._by_start.get(name[0], ()))
        end = self._extended(name, self._by_end.get(name[-1], ()))
        full = in_full(name)
        yield self._others(name, [one for one in full if one in self._first][:1])
        if full and FORMAL.intersection(full[0]):
            yield self._others(name, self._by_core.get(core(full[0]), ()))
        for letters in (self._by_letters, self._by_all_letters) if acronym else ():
            yield [other for other in self._others(name, letters.get(acronym, ())) if other[0] != name[0]]
        yield [other for other in start if is_short(name, other)]
        yield [other for other in start if is_start(name, other) and self._comes_first(other, name, before)]
        yield [other for other in start if self._is_unit(name, other)]
        yield [other for other in end if is_end(name, other)]
        if is_generic(name):
            yield [other for other in end if self._first[other] < self._first[name]]
        of_state = self._others(name, self._of_state.get(name[0], ()))
        yield [other for other in of_state if is_short(name, other[1:])]
        yield self._others(name, self._by_core.get(core(name), ()) if FORMAL.intersection(name) else ())

    def _comes_first(self, other: Name, name: Name, before: float) -> bool:
        """Below the headline too, for letters alone: "BBC Sport" is not the BBC."""
        if name not in self._letters:
            return self._first[other] < before
        return " ".join(name) not in SHORT_FORMS and self._is_told(other, name)

    def _is_told(self, other: Name, name: Name) -> bool:
        return self._told.get(other, math.inf) < self._told.get(name, math.inf)

    def _is_unit(self, name: Name, other: Name) -> bool:
        """As "Marlowe" for "Marlowe Canada Ltd", where that is named first: the one body of which is told."""
        return self._is_told(other, name) and other in self._registered and begins(name, other)

    def _extended(self, name: Name, names: Iterable[Name]) -> list[Name]:
        """Of names that begin or end with it those that may be the same: what has a legal form is whole."""
        others = self._others(name, names)
        return [] if name in self._registered else others

    def _others(self, name: Name, names: Iterable[Name]) -> list[Name]:
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
