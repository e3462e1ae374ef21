"""Which mentions of people in one article are the same person."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from searcher.extract.names.word_lists import plain, without_possessive
from searcher.names.forms import NICKNAMES, PARTICLES, SUFFIXES, TITLES
from searcher.statements.likeness import Joined

Name = tuple[str, ...]

_MIN_SHORT_NAME: Final = 3  # letters of a given name that a shorter one has to have
#: Full names with one word that are looked at: of 1,324 labelled articles one has 35, the others up to 8.
_MAX_NAMESAKES: Final = 100
_INITIALS = re.compile(r"(?:\w\.)+\w?")


def name_words(written: str) -> Name:
    """The folded words of a person's name: no title, no suffix, no possessive, initials one by one.

    >>> name_words("Sen. J.K. O’Neil Jr.’s")
    ('j', 'k', "o'neil")
    """
    parts = plain(without_possessive(written)).split()
    words = [word for part in parts if (word := part if _INITIALS.fullmatch(part) else part.strip(".,"))]
    while len(words) > 1 and words[0].rstrip(".") in TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return tuple(part for word in words for part in _parts_of_initials(word))


def without_title(written: str) -> str:
    """The name as written, without titles before it."""
    words = without_possessive(written).split()
    while len(words) > 1 and plain(words[0]).strip(".,") in TITLES:
        del words[0]
    return " ".join(words)


def same_given(one: str, other: str) -> bool:
    """Whether two given names can be one person's: equal, an initial, a short form.

    >>> same_given("alexandr", "alex"), same_given("robert", "bob"), same_given("j", "john")
    (True, True, True)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long[0] == short
    if short in NICKNAMES.get(long, ()) or long in NICKNAMES.get(short, ()):
        return True
    return len(short) >= 3 and long.startswith(short)


def same_person(one: Name, other: Name) -> bool:
    """Whether two full names (two words or more) can be one person's."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if one[-1] != other[-1]:
        # "Gabriel García" and "Gabriel García Márquez"
        return len(short) < len(long) and long[: len(short)] == short
    if not same_given(one[0], other[0]):
        return False
    return len(short) == 2 or all(same_given(a, b) for a, b in zip(one[1:-1], other[1:-1]))


def group_people(names: Sequence[Name]) -> Joined:
    """Group mentions, given in the order of the article, by who they are."""
    groups = Joined(len(names))
    full = _Full()
    for number, name in enumerate(names):
        if len(name) > 1:
            _join_full(groups, name, number, full)
            full.add(name, number)
    alone: dict[Name, int] = {}
    found: dict[Name, Sequence[int]] = {}  # by name, once all are known: those that it may mean
    for number, name in enumerate(names):
        if name and name not in found:
            found[name] = _ending_with(name, full) if len(name) > 1 else _bearers(name[0], full)
        if len(name) > 1:
            _join_surname_of_several_words(groups, number, found[name])
        elif name:
            bearers = found[name]
            groups.join(number, _bearer(number, bearers) if bearers else alone.setdefault(name, number))
    return groups


class _Full:
    """The full names of an article, by their words, with the mentions that bear each."""

    def __init__(self) -> None:
        self.mentions: dict[Name, list[int]] = {}
        self._numbers: dict[frozenset[Name], Sequence[int]] = {}
        self._by_word: dict[str, list[Name]] = defaultdict(list)
        self._by_given: dict[str, list[Name]] = defaultdict(list)  # that name, its beginning, short forms

    def add(self, name: Name, number: int) -> None:
        if name in self.mentions:
            self.mentions[name].append(number)
            return
        self.mentions[name] = [number]
        for part in {*name, *(part for word in name for part in word.split("-"))}:
            _append(self._by_word[part], name)
        for given in {name[0], name[0][:_MIN_SHORT_NAME], *NICKNAMES.get(name[0], ())}:
            _append(self._by_given[given], name)

    def with_word(self, word: str) -> Sequence[Name]:
        """Those that hold a word, or a part of one between hyphens."""
        return self._by_word.get(word, ())

    def with_given(self, word: str) -> Sequence[Name]:
        """Those whose given name may be short for a word, or the word for it."""
        given = {word[:_MIN_SHORT_NAME], word, *NICKNAMES.get(word, ())}
        return [name for one in given for name in self._by_given.get(one, ())]

    def numbers(self, names: Iterable[Name]) -> Sequence[int]:
        """Their mentions, in order, once all are known."""
        some = frozenset(names)
        if some not in self._numbers:
            self._numbers[some] = sorted(number for name in some for number in self.mentions[name])
        return self._numbers[some]

    def firsts(self, names: Iterable[Name]) -> list[int]:
        """The first mention of each, which is of one group with the others of its name."""
        return sorted({self.mentions[name][0] for name in names})


def _append(names: list[Name], name: Name) -> None:
    if len(names) < _MAX_NAMESAKES:
        names.append(name)


def _join_full(groups: Joined, name: Name, number: int, before: _Full) -> None:
    if name in before.mentions:
        groups.join(number, before.mentions[name][0])
        return
    near = {*before.with_word(name[-1]), *before.with_word(name[0])}
    like = before.firsts(other for other in near if same_person(other, name))
    if len({groups.root(other) for other in like}) == 1:
        groups.join(number, like[-1])


def _ending_with(name: Name, full: _Full) -> Sequence[int]:
    """The first mentions of the names that end with another: "Louis van Gaal" with "van Gaal"."""
    return full.firsts(
        other for other in full.with_word(name[-1]) if len(other) > len(name) and other[-len(name) :] == name
    )


def _join_surname_of_several_words(groups: Joined, number: int, longer: Sequence[int]) -> None:
    """What ends one longer name, or several of one person, is that person."""
    if longer and len({groups.root(other) for other in longer}) == 1:
        groups.join(number, longer[0])


def _bearers(word: str, full: _Full) -> Sequence[int]:
    """The mentions whose name has a word: as the surname, else as another word, else as the given name."""
    near = {*full.with_word(word), *full.with_word(word.split("-")[-1]), *full.with_given(word)}
    found = (full.numbers(other for other in near if bears(other, word)) for bears in _BEARERS)
    return next(filter(None, found), ())


def _bearer(number: int, bearers: Sequence[int]) -> int:
    """The bearer who is named last before a mention, or the first one."""
    return bearers[max(0, bisect_left(bearers, number) - 1)]


def _is_surname(name: Name, word: str) -> bool:
    return name[-1] == word or _hyphenated(name, word)


def _hyphenated(name: Name, word: str) -> bool:
    """As "al-Assad" for "Bashar al Assad"."""
    parts = tuple(word.split("-"))
    return parts[0] in PARTICLES and len(parts) > 1 and name[-len(parts) :] == parts


def _is_half_of_surname(name: Name, word: str) -> bool:
    halves = name[-1].split("-")
    return len(halves) > 1 and len(word) > 2 and word in (halves[0], halves[-1])


def _is_short_given(name: Name, word: str) -> bool:
    return len(word) > 2 and len(name[0]) > 1 and same_given(name[0], word)


# Tried in this order; the first kind that has a bearer decides.
_BEARERS: tuple[Callable[[Name, str], bool], ...] = (
    _is_surname,
    lambda name, word: word in name[1:],
    lambda name, word: word == name[0],
    _is_short_given,
    _is_half_of_surname,
)


def _parts_of_initials(word: str) -> Sequence[str]:
    return [letter for letter in word.split(".") if letter] if _INITIALS.fullmatch(word) else [word]
