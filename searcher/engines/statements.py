"""Statements in plain Python, for engines that do not compute them on arrays.

:func:`statements_page` defines the answer that every engine must give, by comparing all utterances of an
index.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar, get_args

from searcher import analysis
from searcher.article import Article
from searcher.engines.field_values import values_of
from searcher.fields import QUOTE_FIELDS
from searcher.languages import word_language
from searcher.names.table import SAID_BY
from searcher.query.time_units import label
from searcher.query.tree import TimeUnit
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Place, Statement, Statements, confident_parts
from searcher.statements import (
    Ballot,
    ComparedUtterance,
    count_votes,
    folded_words,
    group_utterances,
    holds,
    is_much_longer,
    is_unrepeatable,
    utterance_parts,
)

#: Identifies an utterance: the id of its article, and the start and end of its first part.
_Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class StoredUtterance:
    """An utterance whose article has not been read, with the id of its statement. The engine finds the
    article by ``place`` and ``document``."""

    key: _Key
    saying: ComparedUtterance
    statement: int
    place: bytes
    document: tuple[str, str]


@dataclass(frozen=True, slots=True)
class LocatedUtterance:
    """An utterance in its article, with its words and the score of the matching quotation."""

    place: Place
    saying: ComparedUtterance
    score: float = 0.0
    words: int | None = None  # number of words in the article's body, if known

    @property
    def key(self) -> _Key:
        first = self.place.parts[0]
        return self.place.article.id, first.start, first.end


def distinct_utterances(hits: Iterable[QuoteHit]) -> Iterator[LocatedUtterance]:
    """Yield the distinct utterances that quotations are parts of. The speaker is that of the part with the
    highest confidence."""
    seen = set()
    for hit in hits:
        place = Place(hit.article, utterance_parts(hit.article, hit.quote), None, hit.names)
        speaker = place.best_part.speaker
        if speaker is not None and hit.names is not None:
            speaker = hit.names.name_of(SAID_BY, speaker) or speaker
        place = replace(place, speaker=speaker)
        one = LocatedUtterance(place, comparable(place), hit.score)
        if one.key not in seen:
            seen.add(one.key)
            yield one


def comparable(place: Place) -> ComparedUtterance:
    """Return an utterance in the form that is compared with others."""
    words, kind = folded_words(place.text), place.parts[0].kind
    return ComparedUtterance(words, place.speaker, kind == "indirect", is_unrepeatable(kind, words))


_Said = TypeVar("_Said", bound="StoredUtterance | LocatedUtterance")


def statements_page(
    utterances: Sequence[LocatedUtterance],
    matching: Sequence[LocatedUtterance],
    kinds: tuple[str, ...],
    offset: int,
    limit: int,
    min_confidence: float = 0.0,
) -> Statements:
    """Return one page of the statements that matching utterances belong to, in the order of these.

    Args:
        utterances: All utterances of the index, of which statements are made.
        matching: Utterances that match the query.
        kinds: Show only utterances with a part of one of these kinds.
        min_confidence: Leave out parts of a lower confidence.
    """
    numbers_of_kinds = {
        n for n, one in enumerate(utterances) if not {part.kind for part in one.place.parts}.isdisjoint(kinds)
    }
    group_of = members_by_utterance(utterances)
    statements: dict[int, tuple[list[int], float]] = {}
    for one in matching:
        numbers = group_of[one.key]
        statements.setdefault(numbers[0], (numbers, one.score))
    page = list(statements.values())[offset : offset + limit]
    hits = []
    for numbers, score in page:
        members = [utterances[number] for number in numbers if number in numbers_of_kinds]
        candidates = [utterances[number] for number in numbers_of_kinds.difference(numbers)]
        hits.append(make_statement(members, score, longer_utterances(members, candidates), min_confidence))
    return Statements(tuple(hits), len(statements), len(matching))


def members_by_utterance(utterances: Sequence[LocatedUtterance]) -> dict[_Key, list[int]]:
    """Return for each utterance the numbers of all utterances of its statement, including its own."""
    number_groups = group_utterances([one.saying for one in utterances])
    return {utterances[number].key: numbers for numbers in number_groups for number in numbers}


def longer_utterances(members: Iterable[_Said], candidates: Iterable[_Said]) -> list[_Said]:
    """Return the longer utterances that contain one of the members."""
    contained = dict.fromkeys(member.saying for member in members)
    least = min(len(saying.words) for saying in contained)
    long = (one for one in candidates if is_much_longer(least, len(one.saying.words)))
    return [one for one in long if any(holds(one.saying, short) for short in contained)]


def statement_value_counts(
    hits: Iterable[tuple[Hashable, QuoteHit]], fields: Collection[str]
) -> dict[str, dict[str, int]]:
    """Return the number of statements of each value of these fields, given quotations and the ids of their
    statements."""
    pairs_of: dict[str, set[tuple[Hashable, str]]] = {field: set() for field in fields}
    for statement, hit in hits:
        for field, pairs in pairs_of.items():
            pairs.update((statement, sys.intern(value)) for value in _values(hit, field))
    return {field: dict(Counter(value for _, value in pairs)) for field, pairs in pairs_of.items()}


def _values(hit: QuoteHit, field: str) -> Iterable[str]:
    """Return the names across articles of a quotation's values in a field."""
    article = hit.article
    if field == "speaker":
        said_by = hit.names.searchable_speaker(hit.quote) if hit.names is not None else hit.speaker
        return [hit.speaker] if said_by and hit.speaker else ()
    if field in QUOTE_FIELDS:
        value = getattr(hit.quote, field)
        quote_values = (value,) if value else ()
        return hit.names.names_of(field, quote_values) if hit.names is not None else quote_values
    if field in get_args(TimeUnit):
        return [label(field, article.published.date())] if article.published else ()
    values = values_of(article, field)
    return hit.names.names_of(field, values) if hit.names is not None else values


def make_statement(
    members: Iterable[LocatedUtterance],
    score: float = 0.0,
    holding: Sequence[LocatedUtterance] = (),
    min_confidence: float = 0.0,
) -> Statement:
    """Return the statement made of some utterances.

    Args:
        holding: Longer utterances that contain the statement. They decide its speaker if no member names one.
        min_confidence: Leave out parts of a lower confidence.
    """

    def place_of(one: LocatedUtterance) -> Place:
        return replace(one.place, parts=confident_parts(one.place.parts, min_confidence))

    def rank(one: LocatedUtterance) -> tuple[bool, int]:
        return one.place.best_part.confidence >= min_confidence, len(one.saying.words)

    ordered = sorted(members, key=_age)
    votes = count_votes(map(_ballot, ordered)) or count_votes(map(_ballot, holding))
    places = map(place_of, sorted([*ordered, *holding], key=_age))
    return Statement(tuple(places), place_of(max(ordered, key=rank)), votes, score)  # the oldest among equals


def _ballot(one: LocatedUtterance) -> Ballot:
    place = one.place
    kind, length = place.best_part.speaker_kind, partial(_words_in, one)
    return Ballot(_story(place.article), place.speaker, place.confidence, kind, length)


def _words_in(one: LocatedUtterance) -> int:
    article = one.place.article
    return (
        one.words
        if one.words is not None
        else len(analysis.index_terms(article.body, word_language(article.language)))
    )


def _story(article: Article) -> str:
    """Return a key shared by the copies of a story."""
    return f"story {article.story}" if article.story else f"article {article.id}"


def _age(one: LocatedUtterance) -> tuple[dt.datetime, str, int]:
    article = one.place.article
    return article.published or dt.datetime.max, article.id, one.place.parts[0].start
