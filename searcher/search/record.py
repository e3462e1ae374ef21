"""A person's record: what somebody said, when, of what and to whom, and who is named beside them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from searcher.engines.base import Engine
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search
from searcher.query.tree import HasValue, MatchAll, Not, QuoteQuery, Term, all_of, any_of
from searcher.results import FacetValue, Results
from searcher.results.statements import Place, Statement
from searcher.search.answers import Answers
from searcher.search.related import telling_words

#: Words that are shown; those that are looked up, the most frequent first; and the statements that hold one.
MAX_TOPICS, _MAX_CANDIDATES, _MIN_STATEMENTS = 12, 60, 2
#: How much more often a topic is spoken of than others speak of it.
_MIN_LIFT = 2.0
#: The share of what others say that a topic is in at most: what is in more fills a talk (“yeah”).
_MAX_SHARE = 1 / 20
#: Statements that are shown: those that most sources carried.
MAX_CARRIED_STATEMENTS = 3


@dataclass(frozen=True, slots=True)
class Record:
    """What a collection has of a person.

    ``names`` are the names across articles that the asked one means: one mostly. ``articles`` name them,
    ``speaking`` quote them, and ``perhaps`` others, less surely (DEFAULT_MIN_CONFIDENCE): a facet of speakers
    counts both. ``statements`` were said, in ``places`` articles; ``years`` and ``outlets`` count these,
    ``topics`` are words in them that others use less, most telling first, and ``carried`` those that most
    sources carried. ``people`` and ``organisations`` are named beside them.
    """

    names: tuple[str, ...]
    articles: int
    speaking: int
    statements: int
    places: int
    years: tuple[FacetValue, ...]
    topics: tuple[FacetValue, ...]
    outlets: tuple[FacetValue, ...]
    people: tuple[FacetValue, ...]
    organisations: tuple[FacetValue, ...]
    carried: tuple[Statement, ...]
    perhaps: int = 0

    def __repr__(self) -> str:
        return (
            f"<Record of {', '.join(self.names)}: {self.articles:,} articles, {self.statements:,} statements>"
        )

    def to_dict(self) -> dict[str, Any]:
        figures = ("articles", "speaking", "perhaps", "statements", "places")
        counted = ("years", "topics", "outlets", "people", "organisations")
        return {
            "names": list(self.names),
            **{name: getattr(self, name) for name in figures},
            **{name: {one.value: one.count for one in getattr(self, name)} for name in counted},
            "carried": [statement.to_dict() for statement in self.carried],
        }


def record_of(answers: Answers, name: str) -> Record:
    engine = answers.engine
    names = tuple(sorted(engine.names().meant("person", name) | engine.names().meant("speaker", name)))
    # A condition rather than a filter: a facet leaves its own filter out, and who stands beside is asked.
    about = answers.search(
        Search(HasValue("person", name), facets=("person", "organisation"), limit=0, correct=False)
    )
    said = list(_said_by(engine, name, names))
    speaking = len({place.article.id for _, places in said for place in places})
    return Record(
        names, about.total, speaking, len(said),
        sum(len(places) for _, places in said),
        _ranked_counts(year for _, places in said if (year := _year(places))),
        _topics(answers, [statement.whole for statement, _ in said], names),
        _ranked_counts(source for _, places in said for source in _sources(places)),
        _named_beside(about, "person", names), _named_beside(about, "organisation", names),
        _most_carried(said), max(0, engine.count(HasValue("speaker", name)) - speaking),
    )  # fmt: skip


def _said_by(engine: Engine, name: str, names: Collection[str]) -> Iterator[tuple[Statement, list[Place]]]:
    """Yield the statements of somebody, each with the places that name him, surely enough."""
    said = HasValue("speaker", name)
    asked = QuoteQuery(said, min_confidence=DEFAULT_MIN_CONFIDENCE, sort="oldest", limit=0)
    for statement in engine.statements(replace(asked, limit=engine.search(asked).total)).hits:
        places = [
            place
            for place in statement.places
            if place.speaker in names and place.confidence >= DEFAULT_MIN_CONFIDENCE
        ]
        if places:
            yield statement, places


def _named_beside(about: Results, field: str, names: Collection[str]) -> tuple[FacetValue, ...]:
    return tuple(value for value in about.facets[field].values if value.value not in names)


def _ranked_counts(values: Iterable[str]) -> tuple[FacetValue, ...]:
    counts = Counter(values)
    return tuple(FacetValue(value, counts[value]) for value in sorted(counts, key=lambda v: (-counts[v], v)))


def _year(places: Sequence[Place]) -> str | None:
    """The year in which a statement was first carried."""
    days = [day for place in places if (day := place.article.published)]
    return str(min(days).year) if days else None


def _sources(places: Sequence[Place]) -> set[str]:
    return {source for place in places if (source := place.source)}


def _most_carried(said: Sequence[tuple[Statement, Sequence[Place]]]) -> tuple[Statement, ...]:
    """The statements that most sources carried, each more than one."""
    shared = [(len(_sources(places)), statement) for statement, places in said]
    ranked = sorted((pair for pair in shared if pair[0] > 1), key=lambda pair: -pair[0])
    return tuple(statement for _, statement in ranked[:MAX_CARRIED_STATEMENTS])


def _topics(answers: Answers, said: Sequence[Place], names: Iterable[str]) -> tuple[FacetValue, ...]:
    """The words that tell the statements most from what others say: by what each adds to the divergence of
    the two (S. Kullback and R. Leibler, "On information and sufficiency", 1951)."""
    own = {key for name in names for key, _ in telling_words(name)}
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for place in said:
        words = dict(telling_words(place.text, place.article.language))
        counts.update(words.keys() - own)
        spelling = {**words, **spelling}
    others = Not(any_of(*(HasValue("speaker", name) for name in names)) or MatchAll())
    total = answers.engine.search(QuoteQuery(others, limit=0)).total
    scores: dict[str, float] = {}
    for key, times in counts.most_common(_MAX_CANDIDATES):
        theirs = QuoteQuery(all_of(Term(spelling[key]), others), limit=0)
        share = max(answers.engine.search(theirs).total, 1) / max(total, 1)
        lift = times / len(said) / share
        if times >= _MIN_STATEMENTS and lift >= _MIN_LIFT and share <= max(_MAX_SHARE, 1 / max(total, 1)):
            scores[key] = times * math.log(lift)
    best = sorted(scores, key=lambda key: (-scores[key], key))[:MAX_TOPICS]
    return tuple(FacetValue(spelling[key], counts[key]) for key in best)
