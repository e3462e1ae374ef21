"""Which mentions of people in one article are the same person."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from searcher.extract.names.groups import Groups
from searcher.extract.names.lexicon import NICKNAMES, SUFFIXES, TITLES, fold, without_possessive
from searcher.naming import PARTICLES

__all__ = ["group_people", "name_words", "same_given", "same_person", "without_title"]

Name = tuple[str, ...]

_INITIALS = re.compile(r"(?:\w\.)+\w?")


def name_words(written: str) -> Name:
    """The folded words of a person's name: no title, no suffix, no possessive, initials one by one.

    >>> name_words("Sen. J.K. O’Neil Jr.’s")
    ('j', 'k', "o'neil")
    """
    words = [
        word.strip(".,") if not _INITIALS.fullmatch(word) else word
        for word in fold(without_possessive(written)).split()
    ]
    words = [word for word in words if word]
    while len(words) > 1 and words[0].rstrip(".") in TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return tuple(part for word in words for part in _initials(word))


def without_title(written: str) -> str:
    """The name as written, without titles before it."""
    words = without_possessive(written).split()
    while len(words) > 1 and fold(words[0]).strip(".,") in TITLES:
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


def group_people(names: Sequence[Name]) -> Groups:
    """Group mentions, given in the order of the article, by who they are."""
    groups = Groups(len(names))
    full = [number for number, name in enumerate(names) if len(name) > 1]
    for place, number in enumerate(full):
        _join_full(groups, names, number, full[:place])
    for number, name in enumerate(names):
        if len(name) > 1:
            _join_surname_of_several_words(groups, names, number, full)
        elif name:
            _join_single(groups, names, number, full)
    return groups


def _join_full(groups: Groups, names: Sequence[Name], number: int, before: Sequence[int]) -> None:
    name = names[number]
    for other in before:
        if names[other] == name:
            groups.join(number, other)
            return
    like = [other for other in before if same_person(names[other], name)]
    if len({groups.root(other) for other in like}) == 1:
        groups.join(number, like[-1])


def _join_surname_of_several_words(
    groups: Groups, names: Sequence[Name], number: int, full: Sequence[int]
) -> None:
    """Whether one name ends another: "van Gaal" in "Louis van Gaal"."""
    name = names[number]
    longer = [other for other in full if len(names[other]) > len(name) and names[other][-len(name) :] == name]
    if longer and len({groups.root(other) for other in longer}) == 1:
        groups.join(number, longer[0])


def _join_single(groups: Groups, names: Sequence[Name], number: int, full: Sequence[int]) -> None:
    """One word: the surname, else another word, else the given name of the bearer named last before it."""
    word = names[number][0]
    for bears in _BEARERS:
        bearers = [other for other in full if bears(names[other], word)]
        if bearers:
            before = [other for other in bearers if other < number]
            groups.join(number, before[-1] if before else bearers[0])
            return
    for other, name in enumerate(names[:number]):
        if name == names[number]:
            groups.join(number, other)
            return


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


def _initials(word: str) -> Sequence[str]:
    return [letter for letter in word.split(".") if letter] if _INITIALS.fullmatch(word) else [word]
