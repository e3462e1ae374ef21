"""How near the articles that give a surname or an acronym alone are to those that give a full name.

Near are others in their language that name the same people and bodies, are of the same outlet or weeks.
Counted at a commit and kept with the names of a group, as a value that is nobody's name, it lets a group be
decided without any article.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, Self

from searcher.names.normalise import PERSON_MARK

#: Between a surname and a full name in a value that says how near they are; no text that is read has it.
_SIGN: Final = "\x1f"
#: What counts for an article: a person both name, a body, the same outlet, and the days of one time.
_PERSON_WEIGHT, _BODY_WEIGHT, _OUTLET_WEIGHT, _TIME_WEIGHT, _DAYS = 2, 1, 1, 1, 31
#: How much an article needs to be near, by the number of articles that give the full name: a single one
#: was somebody else in 30 of 100 surnames of strangers, three in 6 (`benchmarks.quality joins`).
_NEEDED: Final = {1: 4, 2: 3}
_NEEDED_OF_MORE: Final = 2
#: Of the articles with a short name alone, the share that are near those of a longer one if it is that, and
#: the share that this has of the articles of those that may be meant: whoever writes of another says which.
MIN_NEAR_SHARE: Final = 2 / 3
MIN_SHARE: Final = 0.9
#: Articles with a full name, and with a short one alone, beyond which nobody asks how near they are.
MANY, _MAX_ARTICLES_ALONE = 10, 50
#: The same for a surname that is a first name too: Scott Ian in 14 articles is not the Ian of others. Chosen
#: with each labelled set left out in turn (`benchmarks.quality joins`): 50 leaves 98 of 241 right ones alone.
MANY_OF_FIRST_NAMES: Final = 20
#: Names that a short one may stand for that are compared, those of most articles.
_MAX_NAMES: Final = 4
#: Groups whose articles are looked up together.
_MAX_GROUPS: Final = 200


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
        frozenset(body for body in values("organisation") if " = " not in body and PERSON_MARK not in body),
    )


#: Finds the articles of values of a kind.
Look = Callable[[str, Collection[str]], Mapping[str, Sequence[Glimpse]]]


class NameQuestion(NamedTuple):
    """Is ``short``, a surname or an acronym alone, ``full``? Both as they are compared, with their values."""

    short: str
    full: str
    alone: tuple[str, ...]
    in_full: tuple[str, ...]


class Nearness(NamedTuple):
    """How many articles with a short name alone are ``near`` a longer one's, and ``touched`` by them."""

    near: int
    touched: bool


class Longer(NamedTuple):
    """A name that a short one may stand for: ``articles`` say so, and of the short one's this share is
    ``near``. ``possible``: one may mean it; ``known``: somebody looked."""

    name: str
    articles: int
    near: float
    possible: bool
    known: bool = True

    @classmethod
    def of(
        cls,
        short: str,
        alone: int,
        name: str,
        articles: int,
        near: Mapping[tuple[str, str], Nearness],
        told: int | None = None,
        many: int = MANY,
    ) -> Self:
        """Return what is known of a name that ``articles`` give in full, and ``alone`` the short one."""
        said = articles if told is None else told
        if articles >= many or not alone:
            return cls(name, said, 1.0, True, known=False)
        if alone > _MAX_ARTICLES_ALONE:
            return cls(name, said, 0.0, True, known=False)
        found = near.get((short, name), Nearness(0, False))
        return cls(name, said, found.near / alone, found.touched)

    def together(self, other: Self) -> Self:
        """Return what is known of two names that are one."""
        return max(self, other, key=lambda one: (one.articles, one.name))._replace(
            articles=self.articles + other.articles,
            near=max(self.near, other.near),
            possible=self.possible or other.possible,
            known=self.known and other.known,
        )


class ShortName(NamedTuple):
    """A surname or acronym that ``articles`` give alone, with the names that it may stand for, the likeliest
    first; ``least``: articles that must give the full name."""

    name: str
    articles: int
    among: tuple[Longer, ...]
    least: int = 1

    @classmethod
    def of(cls, name: str, articles: int, among: Iterable[Longer], least: int = 1) -> Self:
        ranked = sorted(among, key=lambda one: (one.near < MIN_NEAR_SHARE, -one.articles, one.name))
        return cls(name, articles, tuple(ranked), least)

    @property
    def share(self) -> float:
        """Return the share of the first one in its articles and those of all that may be meant, or of all."""
        first, *others = self.among
        possible = [one for one in others if one.possible] or ([] if first.possible else others)
        return first.articles / max(1, sum(one.articles for one in (first, *possible)))

    @property
    def mostly(self) -> str | None:
        """Return the name that has nearly all articles of all, near or not."""
        most = max(self.among, key=lambda one: (one.articles, one.name))
        enough = max(self.least, MIN_SHARE * sum(one.articles for one in self.among))
        return most.name if most.articles >= enough else None

    @property
    def meant(self) -> str | None:
        """Return the name that is surely meant, if any is."""
        first = self.among[0]
        sure = first.possible and first.near >= MIN_NEAR_SHARE and self.share >= MIN_SHARE
        return first.name if sure and first.articles >= self.least else None


def most(named: Mapping[str, int]) -> dict[str, int]:
    """Return the names of most articles that are compared, each with these."""
    return dict(sorted(named.items(), key=lambda one: (-one[1], one[0]))[:_MAX_NAMES])


def without_sign(value: str) -> str:
    """Return the short name of a value that says how near a longer one is, and any other value as it is."""
    return value.partition(_SIGN)[0]


def read_nearness(values: Mapping[str, int]) -> dict[str, tuple[tuple[str, str], Nearness]]:
    """Return the values that say how near a short name and a full one are, with what they say."""
    found = {}
    for value, weight in values.items():
        if _SIGN in value:
            short, _, full = value.partition(_SIGN)
            found[value] = (short, full), Nearness(weight - 1, True)
    return found


def is_asked(alone: int, articles: int, many: int) -> bool:
    """Tell whether articles are looked at, where so many give a short name alone and a longer one."""
    return 0 < alone <= _MAX_ARTICLES_ALONE and 0 < articles < many


def add_nearness(
    kind: str,
    groups: Iterable[dict[str, int]],
    questions: Callable[[Mapping[str, int]], Iterable[NameQuestion]],
    look: Look,
) -> None:
    """Add to groups how near the short names in them are to which, in place of what was told."""
    left = (group for group in groups if len(group) > 1 or _SIGN in next(iter(group), ""))
    while some := list(islice(left, _MAX_GROUPS)):
        for group in some:
            for value in [value for value in group if _SIGN in value]:
                del group[value]
        asked = [(group, one) for group in some for one in questions(group)]
        seen = look(kind, {value for _, one in asked for value in (*one.alone, *one.in_full)})
        for group, one in asked:
            if weight := _weight(one, seen, group.keys()):
                group[f"{one.short}{_SIGN}{one.full}"] = weight


def _weight(asked: NameQuestion, seen: Mapping[str, Sequence[Glimpse]], group: Collection[str]) -> int:
    """Return one more than the number of articles that are near; none where no article is touched."""
    alone = {*asked.alone}
    others = [
        one
        for value in asked.in_full
        for one in seen.get(value, ())
        if alone.isdisjoint(one.people) and alone.isdisjoint(one.bodies)
    ]
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
        self._bodies = frozenset().union(*(one.bodies for one in articles)).difference(group)
        self._sources = {one.source for one in articles} - {""}
        self._days = [one.day for one in articles if one.day is not None]

    def points(self, article: Glimpse) -> int:
        """Return how near an article is."""
        time = article.day is not None and any(abs(article.day - day) < _DAYS for day in self._days)
        return (
            _PERSON_WEIGHT * len(article.people & self._people)
            + _BODY_WEIGHT * len(article.bodies & self._bodies)
            + _OUTLET_WEIGHT * (article.source in self._sources)
            + _TIME_WEIGHT * time
        )
