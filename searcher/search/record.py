"""A person's record: what somebody said, when, of what and to whom, and who is named beside them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search
from searcher.query.tree import HasValue, MatchAll, QuoteQuery, Term
from searcher.results import FacetValue, Results
from searcher.results.statements import Statement
from searcher.search.answering import Answering
from searcher.search.related import telling_words
from searcher.search.statements import Carried, grouped, statement_of

__all__ = ["Record", "record_of"]

#: Words that are shown; those that are looked up, the most frequent first; and the statements that hold one.
MAX_TOPICS, _MAX_CANDIDATES, _MIN_STATEMENTS = 12, 60, 2
#: How much more often a topic is spoken of than others speak of it.
_MIN_LIFT = 2.0
#: Statements that are shown: those that most sources carried.
MAX_CARRIED = 3


@dataclass(frozen=True, slots=True)
class Record:
    """What a collection has of a person.

    ``names`` are the names across articles that the asked one means: one mostly. ``articles`` name them, in
    ``speaking`` of these they are quoted. ``statements`` were said, in ``places`` articles; ``years`` and
    ``outlets`` count these, ``topics`` are words in them that others use less, most telling first, and
    ``carried`` those that most sources carried. ``people`` and ``organisations`` are named beside them.
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

    def __repr__(self) -> str:
        return (
            f"<Record of {', '.join(self.names)}: {self.articles:,} articles, {self.statements:,} statements>"
        )

    def to_dict(self) -> dict[str, Any]:
        counted = ("years", "topics", "outlets", "people", "organisations")
        return {
            "names": list(self.names),
            **{name: getattr(self, name) for name in ("articles", "speaking", "statements", "places")},
            **{name: {one.value: one.count for one in getattr(self, name)} for name in counted},
            "carried": [statement.to_dict() for statement in self.carried],
        }


def record_of(answering: Answering, name: str) -> Record:
    """Return the record of whoever a name means."""
    engine = answering.engine
    names = tuple(sorted(engine.names().meant("person", name) | engine.names().meant("speaker", name)))
    # A condition rather than a filter: a facet leaves its own filter out, and who stands beside is asked.
    about = answering.search(
        Search(HasValue("person", name), facets=("person", "organisation"), limit=0, correct=False)
    )
    said = grouped(
        engine,
        QuoteQuery(HasValue("speaker", name), confidence=DEFAULT_MIN_CONFIDENCE, sort="oldest"),
    )
    return Record(
        names,
        about.total,
        len({one.place.article.id for statement in said for one in statement}),
        len(said),
        sum(map(len, said)),
        _counted(year for statement in said if (year := _year(statement))),
        _topics(answering, said, names),
        _counted(source for statement in said for source in _sources(statement)),
        _beside(about, "person", names),
        _beside(about, "organisation", names),
        tuple(statement_of(statement) for statement in _most_carried(said)),
    )


def _beside(about: Results, field: str, names: Collection[str]) -> tuple[FacetValue, ...]:
    return tuple(value for value in about.facets[field].values if value.value not in names)


def _counted(values: Iterable[str]) -> tuple[FacetValue, ...]:
    counts = Counter(values)
    return tuple(FacetValue(value, counts[value]) for value in sorted(counts, key=lambda v: (-counts[v], v)))


def _year(statement: Sequence[Carried]) -> str | None:
    """The year in which a statement was first carried."""
    days = [day for one in statement if (day := one.place.article.published)]
    return str(min(days).year) if days else None


def _sources(statement: Sequence[Carried]) -> set[str]:
    return {source for one in statement if (source := one.place.source)}


def _most_carried(said: Sequence[Sequence[Carried]]) -> list[Sequence[Carried]]:
    """The statements that most sources carried, each more than one."""
    shared = [statement for statement in said if len(_sources(statement)) > 1]
    return sorted(shared, key=lambda statement: -len(_sources(statement)))[:MAX_CARRIED]


def _topics(
    answering: Answering, said: Sequence[Sequence[Carried]], names: Iterable[str]
) -> tuple[FacetValue, ...]:
    """The words that tell the statements most from all quotations: by what each adds to the divergence of the
    two (S. Kullback and R. Leibler, "On information and sufficiency", 1951)."""
    own = {key for name in names for key, _ in telling_words(name)}
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for statement in said:
        words = dict(telling_words(statement_of(statement).text))
        counts.update(words.keys() - own)
        spelling = {**words, **spelling}
    total = answering.engine.quotes(QuoteQuery(MatchAll(), limit=0)).total
    scores: dict[str, float] = {}
    for key, times in counts.most_common(_MAX_CANDIDATES):
        everywhere = answering.engine.quotes(QuoteQuery(Term(spelling[key]), limit=0)).total
        lift = times / len(said) / max(everywhere / total, 1 / total)
        if times >= _MIN_STATEMENTS and lift >= _MIN_LIFT:
            scores[key] = times * math.log(lift)
    best = sorted(scores, key=lambda key: (-scores[key], key))[:MAX_TOPICS]
    return tuple(FacetValue(spelling[key], counts[key]) for key in best)
