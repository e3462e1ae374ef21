"""How near the articles with a surname or an acronym alone are to those with a full name.

Articles in the same language are near if they name the same people and organisations, or share outlet and
weeks. The result is stored in the group of names as a marked value, so that the group can be decided without
reading articles.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple, Self

from searcher.names.normalise import PERSON_MARK

#: Separates the surname from the full name in a stored value. This character does not occur in texts.
_SIGN: Final = "\x1f"
#: Weights of a shared person, organisation and outlet, and of dates that are less than _DAYS days apart.
_PERSON_WEIGHT, _ORGANISATION_WEIGHT, _OUTLET_WEIGHT, _TIME_WEIGHT, _DAYS = 2, 1, 1, 1, 31
#: Minimum weight of a near article, by the number of articles with the full name. If only one article had the
#: full name, it was another person for 30 of 100 surnames of strangers (`benchmarks.quality joins`).
_MIN_WEIGHT: Final = {1: 4, 2: 3}
#: Minimum weight if more articles have the full name.
_MIN_WEIGHT_OF_MORE: Final = 2
#: A join is certain only if at least this share of the articles with the short name are near.
MIN_NEAR_SHARE: Final = 2 / 3
#: It must also have at least this share of the articles of all possible candidates.
MIN_SHARE: Final = 0.9
#: A full name that this many articles have needs no comparison. A short name that more articles use alone is
#: too frequent to compare.
SUFFICIENT_ARTICLES, MAX_ARTICLES_ALONE = 10, 50
#: The same for surnames that are also first names. Chosen by leaving out each labelled set in turn.
SUFFICIENT_OF_FIRST_NAMES: Final = 20
#: Maximum number of candidates compared per short name.
_MAX_NAMES: Final = 4
#: Maximum number of groups whose articles are looked up in one step.
_MAX_GROUPS: Final = 200


class NameContext(NamedTuple):
    """The context of a name in an article: language, outlet, day, and all names."""

    language: str
    source: str
    day: int | None
    people: frozenset[str]
    bodies: frozenset[str]


def name_context(day: int | None, values: Callable[[str], Iterable[str]]) -> NameContext:
    """Return the context in an article, given its day and a function that returns the values of a field."""
    return NameContext(
        next(iter(values("language")), ""),
        next(iter(values("source")), ""),
        day,
        frozenset(values("person")),
        frozenset(body for body in values("organisation") if " = " not in body and PERSON_MARK not in body),
    )


#: Function that takes a kind and values, and returns the contexts of the articles with each value.
ContextLookup = Callable[[str, Collection[str]], Mapping[str, Sequence[NameContext]]]


class NameQuestion(NamedTuple):
    """Does ``short``, a surname or an acronym, mean ``full``?

    Both are keys; ``short_values`` and ``full_values`` are their values.
    """

    short: str
    full: str
    short_values: tuple[str, ...]
    full_values: tuple[str, ...]


class Nearness(NamedTuple):
    """The number of articles with a short name that are near, and whether any has something in common."""

    near: int
    touched: bool


class LongerName(NamedTuple):
    """A name that a short one may mean.

    ``articles`` is the evidence for it, ``near`` the share of the short name's articles that are near,
    ``is_possible`` whether any has something in common, ``is_compared`` whether articles were compared.
    """

    name: str
    articles: int
    near: float
    is_possible: bool
    is_compared: bool = True

    @classmethod
    def of(
        cls,
        short: str,
        short_articles: int,
        name: str,
        articles: int,
        near: Mapping[tuple[str, str], Nearness],
        explained: int | None = None,
        sufficient: int = SUFFICIENT_ARTICLES,
    ) -> Self:
        """Return the candidate for a name, given the number of articles with it in full and in short."""
        evidence = articles if explained is None else explained
        if articles >= sufficient or not short_articles:
            return cls(name, evidence, 1.0, True, is_compared=False)
        if short_articles > MAX_ARTICLES_ALONE:
            return cls(name, evidence, 0.0, True, is_compared=False)
        nearness = near.get((short, name), Nearness(0, False))
        return cls(name, evidence, nearness.near / short_articles, nearness.touched)

    def merge(self, other: Self) -> Self:
        return max(self, other, key=lambda one: (one.articles, one.name))._replace(
            articles=self.articles + other.articles,
            near=max(self.near, other.near),
            is_possible=self.is_possible or other.is_possible,
            is_compared=self.is_compared and other.is_compared,
        )


class ShortName(NamedTuple):
    """A surname or acronym that ``articles`` give alone, with its candidates, the most likely first.

    ``least`` is the minimum number of articles with the full name.
    """

    name: str
    articles: int
    candidates: tuple[LongerName, ...]
    least: int = 1

    @classmethod
    def of(cls, name: str, articles: int, among: Iterable[LongerName], least: int = 1) -> Self:
        ranked = sorted(among, key=lambda one: (one.near < MIN_NEAR_SHARE, -one.articles, one.name))
        return cls(name, articles, tuple(ranked), least)

    @property
    def share(self) -> float:
        """Return the first candidate's share of the articles of all possible ones."""
        first, *rest = self.candidates
        possible = [one for one in rest if one.is_possible] or ([] if first.is_possible else rest)
        return first.articles / max(1, sum(one.articles for one in (first, *possible)))

    @property
    def main_name(self) -> str | None:
        most = max(self.candidates, key=lambda one: (one.articles, one.name))
        enough = max(self.least, MIN_SHARE * sum(one.articles for one in self.candidates))
        return most.name if most.articles >= enough else None

    @property
    def certain_name(self) -> str | None:
        """Return the candidate that is certain, if any."""
        first = self.candidates[0]
        sure = first.is_possible and first.near >= MIN_NEAR_SHARE and self.share >= MIN_SHARE
        return first.name if sure and first.articles >= self.least else None


def most_frequent(named: Mapping[str, int]) -> dict[str, int]:
    """Return the names to compare, those with the most articles."""
    return dict(sorted(named.items(), key=lambda one: (-one[1], one[0]))[:_MAX_NAMES])


def without_nearness(value: str) -> str:
    """Return a value without the full name that :func:`add_nearness` puts after it."""
    return value.partition(_SIGN)[0]


def read_nearness(values: Mapping[str, int]) -> dict[str, tuple[tuple[str, str], Nearness]]:
    """Return the values of a group that say how near two names are, parsed."""
    pairs = ((value, *value.partition(_SIGN)[::2]) for value in values if _SIGN in value)
    return {value: ((short, full), Nearness(values[value] - 1, True)) for value, short, full in pairs}


def add_nearness(
    kind: str,
    groups: Iterable[dict[str, int]],
    questions: Callable[[Mapping[str, int]], Iterable[NameQuestion]],
    look: ContextLookup,
) -> None:
    """Replace what groups say about how near short names are to full ones."""
    remaining = (group for group in groups if len(group) > 1 or _SIGN in next(iter(group), ""))
    while batch := list(islice(remaining, _MAX_GROUPS)):
        for group in batch:
            for value in [value for value in group if _SIGN in value]:
                del group[value]
        batch_questions = [(group, question) for group in batch for question in questions(group)]
        glimpses = look(
            kind, {value for _, one in batch_questions for value in (*one.short_values, *one.full_values)}
        )
        for group, one in batch_questions:
            if weight := _weight(one, glimpses, group.keys()):
                group[f"{one.short}{_SIGN}{one.full}"] = weight


def _weight(
    question: NameQuestion, glimpses: Mapping[str, Sequence[NameContext]], group: Collection[str]
) -> int:
    short_values = {*question.short_values}
    rest = [
        article
        for value in question.full_values
        for article in glimpses.get(value, ())
        if short_values.isdisjoint(article.people) and short_values.isdisjoint(article.bodies)
    ]
    by_language: dict[str, list[NameContext]] = {}
    for article in rest:
        by_language.setdefault(article.language, []).append(article)
    company = {language: _Company(articles, group) for language, articles in by_language.items()}
    needed = _MIN_WEIGHT.get(len(rest), _MIN_WEIGHT_OF_MORE)
    points = [
        company[article.language].points(article)
        for value in question.short_values
        for article in glimpses.get(value, ())
        if article.language in company
    ]
    return (1 + sum(point >= needed for point in points)) if any(points) else 0


class _Company:
    def __init__(self, articles: Sequence[NameContext], group: Collection[str]) -> None:
        self._people = frozenset().union(*(one.people for one in articles)).difference(group)
        self._bodies = frozenset().union(*(one.bodies for one in articles)).difference(group)
        self._sources = {one.source for one in articles} - {""}
        self._days = [one.day for one in articles if one.day is not None]

    def points(self, article: NameContext) -> int:
        time = article.day is not None and any(abs(article.day - day) < _DAYS for day in self._days)
        return (
            _PERSON_WEIGHT * len(article.people & self._people)
            + _ORGANISATION_WEIGHT * len(article.bodies & self._bodies)
            + _OUTLET_WEIGHT * (article.source in self._sources)
            + _TIME_WEIGHT * time
        )
