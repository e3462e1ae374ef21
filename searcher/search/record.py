"""The record of a person: what they said, when and where, about what, and who is mentioned with them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Any

from searcher.engines.base import Engine
from searcher.errors import AmbiguousName
from searcher.languages import ENGLISH, word_language, word_list
from searcher.names.table import exact_query
from searcher.query.request import DEFAULT_MIN_CONFIDENCE, Search
from searcher.query.tree import HasValue, MatchAll, Not, QuoteQuery, Term, all_of
from searcher.results import FacetValue, Results
from searcher.results.statements import Place, Statement
from searcher.search.answers import Answers
from searcher.search.related import content_words

#: Maximum number of topics. Maximum number of words that are looked up as possible topics. Minimum number of
#: the person's statements that mention a topic.
MAX_TOPICS, _MAX_CANDIDATES, _MIN_STATEMENTS = 12, 60, 2
#: A topic is at least this many times as frequent in the person's statements as in other people's.
_MIN_LIFT = 2.0
#: Maximum share of other people's statements that mention a topic. More frequent words are fillers (“yeah”).
_MAX_SHARE = 1 / 20
#: Maximum share of the articles in a language that mention a topic. Up to _MIN_ARTICLES are always allowed.
_MAX_ARTICLES_SHARE, _MIN_ARTICLES = 1 / 4, 10
#: Maximum number of widely carried statements to show.
MAX_CARRIED_STATEMENTS = 3


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a person.

    Attributes:
        name: The name across articles.
        articles: Number of articles that mention the person.
        speaking: Number of articles that quote them.
        perhaps: Number of further articles that quote them with low confidence.
        statements: Number of statements, in ``places`` articles.
        years, outlets: Statements and articles by year and by source.
        topics: Words typical of the statements, most typical first.
        people, organisations: Names mentioned with the person.
        carried: The statements that most sources carried.
    """

    name: str
    articles: int = 0
    speaking: int = 0
    statements: int = 0
    places: int = 0
    years: tuple[FacetValue, ...] = ()
    topics: tuple[FacetValue, ...] = ()
    outlets: tuple[FacetValue, ...] = ()
    people: tuple[FacetValue, ...] = ()
    organisations: tuple[FacetValue, ...] = ()
    carried: tuple[Statement, ...] = ()
    perhaps: int = 0

    def __repr__(self) -> str:
        return f"<Record of {self.name}: {self.articles:,} articles, {self.statements:,} statements>"

    def to_dict(self) -> dict[str, Any]:
        figures = ("articles", "speaking", "perhaps", "statements", "places")
        counted = ("years", "topics", "outlets", "people", "organisations")
        return {
            "name": self.name,
            **{name: getattr(self, name) for name in figures},
            **{name: {one.value: one.count for one in getattr(self, name)} for name in counted},
            "carried": [statement.to_dict() for statement in self.carried],
        }


def record_of(answers: Answers, name: str) -> Record:
    """Return the record of a person, empty for an unknown one. Raises AmbiguousName."""
    engine = answers.engine
    names = engine.names().names_meant("person", name) or engine.names().names_meant("speaker", name)
    if len(names) > 1:
        raise AmbiguousName(name, tuple(sorted(names)))
    if not names:
        return Record("")
    (name,) = names
    exact_name = exact_query("person", name)
    # This is a condition because a facet ignores filters on its own field, and here it must count the other
    # people in the articles about this person.
    about = answers.search(Search(HasValue("person", exact_name), facets=("person", "organisation"), limit=0))
    statements = list(_said_by(engine, name, exact_name))
    speaking = len({place.article.id for _, places in statements for place in places})
    return Record(
        name, about.total, speaking, len(statements),
        sum(len(places) for _, places in statements),
        _ranked_counts(year for _, places in statements if (year := _year(places))),
        _topics(answers, [statement.whole for statement, _ in statements], name),
        _ranked_counts(source for _, places in statements for source in _sources(places)),
        _other_names(about, "person", name), _other_names(about, "organisation", name),
        _most_carried(statements), max(0, engine.count(HasValue("speaker", exact_name)) - speaking),
    )  # fmt: skip


def _said_by(engine: Engine, name: str, exact_name: str) -> Iterator[tuple[Statement, list[Place]]]:
    """Yield the statements of a person, each with the places that are certain enough."""
    speaker = HasValue("speaker", exact_name)
    query = QuoteQuery(speaker, min_confidence=DEFAULT_MIN_CONFIDENCE, sort="oldest", limit=0)
    for statement in engine.statements(replace(query, limit=engine.search(query).total)).hits:
        places = [
            place
            for place in statement.places
            if place.speaker == name and place.confidence >= DEFAULT_MIN_CONFIDENCE
        ]
        if places:
            yield statement, places


def _other_names(about: Results, field: str, name: str) -> tuple[FacetValue, ...]:
    return tuple(value for value in about.facets[field].values if value.value != name)


def _ranked_counts(values: Iterable[str]) -> tuple[FacetValue, ...]:
    counts = Counter(values)
    return tuple(FacetValue(value, counts[value]) for value in sorted(counts, key=lambda v: (-counts[v], v)))


def _year(places: Sequence[Place]) -> str | None:
    days = [day for place in places if (day := place.article.published)]
    return str(min(days).year) if days else None


def _sources(places: Sequence[Place]) -> set[str]:
    return {source for place in places if (source := place.source)}


def _most_carried(statements: Sequence[tuple[Statement, Sequence[Place]]]) -> tuple[Statement, ...]:
    """Return the statements that most sources carried, each by more than one."""
    shared = [(len(_sources(places)), statement) for statement, places in statements]
    ranked = sorted((pair for pair in shared if pair[0] > 1), key=lambda pair: -pair[0])
    return tuple(statement for _, statement in ranked[:MAX_CARRIED_STATEMENTS])


def _topics(answers: Answers, places: Sequence[Place], name: str) -> tuple[FacetValue, ...]:
    """Return the words that distinguish a person's statements, by their contribution to the divergence from
    other people's (S. Kullback and R. Leibler, "On information and sufficiency", 1951)."""
    own = {key for key, _ in content_words(name)}
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for place in places:
        words = dict(content_words(place.text, place.article.language))
        talk = _talk_words() if word_language(place.article.language) == ENGLISH else frozenset()
        counts.update(words.keys() - own - talk)
        spelling = {**words, **spelling}
    engine, by_others = answers.engine, Not(HasValue("speaker", exact_query("person", name)))
    total = max(engine.search(QuoteQuery(by_others, limit=0)).total, 1)
    [(language, _)] = Counter(place.article.language for place in places).most_common(1) or [("", 0)]
    among = HasValue("language", language) if language else MatchAll()
    most_articles = max(_MIN_ARTICLES, _MAX_ARTICLES_SHARE * engine.count(among))
    scores: dict[str, float] = {}
    for key, times in counts.most_common(_MAX_CANDIDATES):
        word = Term(spelling[key])
        share = max(engine.search(QuoteQuery(all_of(word, by_others), limit=0)).total, 1) / total
        lift = times / len(places) / share
        if times < _MIN_STATEMENTS or lift < _MIN_LIFT or share > max(_MAX_SHARE, 1 / total):
            continue
        if engine.count(all_of(word, among)) <= most_articles:
            scores[key] = times * math.log(lift)
    best = sorted(scores, key=lambda key: (-scores[key], key))[:MAX_TOPICS]
    return tuple(FacetValue(spelling[key], counts[key]) for key in best)


@cache
def _talk_words() -> frozenset[str]:
    lists = map(word_list, ("TALK_WORDS", "STRONG_CUES", "SPEECH_VERBS"))
    return frozenset(key for key, _ in content_words(" ".join(chain.from_iterable(lists))))
