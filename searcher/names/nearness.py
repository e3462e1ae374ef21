"""How near the articles that give a surname alone are to those that give a full name with it.

An article is near others in its language that name the same people and bodies, are of the same outlet, or of
the same weeks. Nearness is counted at a commit and kept with the names of a group, as a value that is
nobody's name: how many articles with the surname alone are near those of a bearer. So a group is decided
without any article, and an article that names nobody of it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

#: Between a surname and a full name in a value that says how near they are; no text that is read has it.
_SIGN: Final = "\x1f"
#: What counts for an article: somebody whom both name, a body that both name, the same outlet, and the days
#: within which another is of the same time.
_PERSON, _BODY, _OUTLET, _TIME, _DAYS = 2, 1, 1, 1, 31
#: How much an article needs to be near, by the number of articles that give the full name: one of them alone
#: was somebody else in 30 of 100 surnames of strangers, three in 6 (`benchmarks.quality joins`).
_NEEDED: Final = {1: 4, 2: 3}
_NEEDED_OF_MORE: Final = 2
#: Groups whose articles are looked up together.
_TOGETHER: Final = 200


class Glimpse(NamedTuple):
    """What an article says beside a name: its language, outlet, day and all whom it names."""

    language: str
    source: str
    day: int | None
    people: frozenset[str]
    bodies: frozenset[str]


def glimpse(day: int | None, values: Callable[[str], Iterable[str]]) -> Glimpse:
    """Return what an article says, from the number of its day and what gives the values of its fields."""
    return Glimpse(
        next(iter(values("language")), ""),
        next(iter(values("source")), ""),
        day,
        frozenset(values("person")),
        frozenset(values("organisation")),
    )


#: Finds the articles of people, by value.
Look = Callable[[Collection[str]], Mapping[str, Sequence[Glimpse]]]


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """Is ``short``, a surname alone, ``full``? Both as they are compared, with their values in articles."""

    short: str
    full: str
    alone: tuple[str, ...]
    in_full: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nearness:
    """Of the articles with a surname alone, how many are ``near`` those of a bearer; not even ``touched`` is
    who is in other languages, or in other company, outlets and times at once."""

    near: int
    touched: bool


NOWHERE: Final = Nearness(0, False)


def read_nearness(values: Mapping[str, int]) -> dict[str, tuple[tuple[str, str], Nearness]]:
    """Return the values that say how near a surname and a full name are, each with both and what it says."""
    found = {}
    for value, weight in values.items():
        if _SIGN in value:
            short, _, full = value.partition(_SIGN)
            found[value] = (short, full), Nearness(weight - 1, True)
    return found


def add_nearness(
    groups: Iterable[dict[str, int]],
    questions: Callable[[Mapping[str, int]], Sequence[NameQuestion]],
    look: Look,
) -> None:
    """Add to groups of people, each value with its weight, how near the surnames in them are to whom, in the
    place of what was told before."""
    left = (group for group in groups if len(group) > 1)
    while some := list(islice(left, _TOGETHER)):
        for group in some:
            for value in [value for value in group if _SIGN in value]:
                del group[value]
        asked = [(group, one) for group in some for one in questions(group)]
        seen = look({value for _, one in asked for value in (*one.alone, *one.in_full)})
        for group, one in asked:
            if weight := _weight(one, seen, group.keys()):
                group[f"{one.short}{_SIGN}{one.full}"] = weight


def _weight(asked: NameQuestion, seen: Mapping[str, Sequence[Glimpse]], group: Collection[str]) -> int:
    """Return one more than the number of articles that are near; none where no article is touched."""
    alone = {*asked.alone}
    others = [one for value in asked.in_full for one in seen.get(value, ()) if alone.isdisjoint(one.people)]
    by_language: dict[str, list[Glimpse]] = {}
    for one in others:
        by_language.setdefault(one.language, []).append(one)
    company = {language: _Company(articles, group) for language, articles in by_language.items()}
    needed = _NEEDED.get(len(others), _NEEDED_OF_MORE)
    points = [
        company[one.language].points(one)
        for value in asked.alone
        for one in seen.get(value, ())
        if one.language in company
    ]
    return (1 + sum(point >= needed for point in points)) if any(points) else 0


class _Company:
    """The company, outlets and days of articles."""

    def __init__(self, articles: Sequence[Glimpse], group: Collection[str]) -> None:
        self._people = frozenset().union(*(one.people for one in articles)).difference(group)
        self._bodies = frozenset().union(*(one.bodies for one in articles))
        self._sources = {one.source for one in articles} - {""}
        self._days = [one.day for one in articles if one.day is not None]

    def points(self, article: Glimpse) -> int:
        """Return how near an article is."""
        time = article.day is not None and any(abs(article.day - day) < _DAYS for day in self._days)
        return (
            _PERSON * len(article.people & self._people)
            + _BODY * len(article.bodies & self._bodies)
            + _OUTLET * (article.source in self._sources)
            + _TIME * time
        )
