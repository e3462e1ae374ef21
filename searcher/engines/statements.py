"""Statements made of quotations: by looking at every utterance, or by looking for those that are alike.

:func:`among` says what an engine has to answer. An engine that keeps nothing of utterances beside quotations
answers with :func:`looked_up` and :func:`statement_around`: those that carry a statement otherwise than asked
are found by the words that they share with it.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, chain, islice
from typing import TypeVar, get_args

from searcher import analysis
from searcher.article import Article
from searcher.engines.base import Engine
from searcher.engines.field_values import values_of
from searcher.fields import OF_QUOTES
from searcher.languages import word_language
from searcher.names.table import SAID_BY
from searcher.query.time_units import label
from searcher.query.tree import MatchAll, Phrase, QuoteQuery, TimeUnit, any_of
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Place, Statement, Statements
from searcher.statements import (
    Ballot,
    Saying,
    count_votes,
    groups,
    holds,
    parts_of,
    stands_alone,
    words_of,
    words_with_places,
)

#: Words of the phrases that a statement is looked for by: the shortest run in common that
#: :mod:`searcher.statements` asks for. One of three words is looked for by all of them, and one of
#: fewer is not: they are in too many places.
_PHRASE_WORDS, _MIN_PHRASE_WORDS = 4, 3
#: Phrases of a statement: a speech that is printed whole is found by its beginning. And statements whose
#: phrases are asked for together: a cluster takes 1,024 in one question.
_MAX_PHRASES, _MAX_TOGETHER = 40, 20

#: Tells an utterance from all others: its article, and where its first part is.
_Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance by its words alone, with the score of the quotation that was found. ``where`` is for the
    engine, which finds its article by it."""

    key: _Key
    saying: Saying
    score: float
    where: tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Carried:
    """An utterance of an article, by its words, with the score of the quotation that was found."""

    place: Place
    saying: Saying
    score: float = 0.0

    @property
    def key(self) -> _Key:
        first = self.place.parts[0]
        return self.place.article.id, first.start, first.end


def carried(hits: Iterable[QuoteHit]) -> Iterator[Carried]:
    """Yield the whole utterances of which quotations are parts, each once, as said by who said the surest
    part."""
    seen = set()
    for hit in hits:
        place = Place(hit.article, parts_of(hit.article, hit.quote), None, hit.names)
        speaker = place.said.speaker
        if speaker is not None and hit.names is not None:
            speaker = hit.names.name_of(SAID_BY, speaker) or speaker
        place = replace(place, speaker=speaker)
        one = Carried(place, saying_of(place), hit.score)
        if one.key not in seen:
            seen.add(one.key)
            yield one


def saying_of(place: Place) -> Saying:
    """Return an utterance as it is compared with others."""
    words, kind = words_of(place.text), place.parts[0].kind
    return Saying(words, place.speaker, kind == "indirect", stands_alone(kind, words))


_Said = TypeVar("_Said", bound="Heard | Carried")


def among(every: Sequence[Carried], matching: Sequence[Carried], offset: int, limit: int) -> Statements:
    """Return the statements of which utterances that match are part, in the order of these; each is made of
    every utterance."""
    group_of = {
        every[number].key: numbers for numbers in groups([one.saying for one in every]) for number in numbers
    }
    found: dict[int, tuple[list[int], float]] = {}
    for one in matching:
        numbers = group_of[one.key]
        found.setdefault(numbers[0], (numbers, one.score))
    page = list(found.values())[offset : offset + limit]
    hits = tuple(statement_of([every[n] for n in ns], score, _holding(ns, every)) for ns, score in page)
    return Statements(hits, len(found), len(matching))


def _holding(numbers: Collection[int], every: Sequence[_Said]) -> list[_Said]:
    """Return the long utterances in which one of those of these numbers was spoken."""
    some = [every[number].saying for number in numbers]
    long = (one for number, one in enumerate(every) if number not in numbers)
    return [one for one in long if any(holds(one.saying, short) for short in some)]


def value_counts(
    hits: Iterable[QuoteHit], fields: Collection[str], every: Iterable[Carried] = ()
) -> dict[str, dict[str, int]]:
    """Return for each field the number of statements that each of its values has, where quotations are found.
    A statement is made of ``every`` utterance and of what is found; no article of that is kept."""
    sayings = {one.key: one.saying for one in every}
    found: dict[str, set[tuple[_Key, str]]] = {field: set() for field in fields}
    for hit in hits:
        sayings.update((one.key, one.saying) for one in carried([hit]))
        first = parts_of(hit.article, hit.quote)[0]
        key = hit.article.id, first.start, first.end
        for field in fields:
            found[field].update((key, sys.intern(value)) for value in _values(hit, field))
    keys = list(sayings)
    statement_of_key = {
        keys[number]: numbers[0] for numbers in groups(list(sayings.values())) for number in numbers
    }
    return {
        field: dict(Counter(value for _, value in {(statement_of_key[key], value) for key, value in pairs}))
        for field, pairs in found.items()
    }


def _values(hit: QuoteHit, field: str) -> Iterable[str]:
    """Return the values of a field where a quotation is found, by their names across articles."""
    article = hit.article
    if field == "speaker":
        said_by = hit.names.asked_for(hit.quote) if hit.names is not None else hit.speaker
        return [hit.speaker] if said_by and hit.speaker else ()
    if field in OF_QUOTES:
        own = getattr(hit.quote, field)
        own_values = (own,) if own else ()
        return hit.names.names_of(field, own_values) if hit.names is not None else own_values
    if field in get_args(TimeUnit):
        return [label(field, article.published.date())] if article.published else ()
    values = values_of(article, field)
    return hit.names.names_of(field, values) if hit.names is not None else values


#: Yields the whole utterances of which quotations are parts that match, as :func:`carried` does.
Hears = Callable[[QuoteQuery], Iterator["Heard | Carried"]]
#: Returns utterances with their articles, in their order.
Fetches = Callable[[Iterable["Heard | Carried"]], list[Carried]]


def looked_up(
    engine: Engine, query: QuoteQuery, hears: Hears | None = None, fetches: Fetches | None = None
) -> Statements:
    """Return the page of statements for a query: those that match are put together, and the others of each
    are looked for. ``hears`` and ``fetches`` are for an engine that knows what was said without articles."""
    hears, fetches = hears or partial(_scanned, engine), fetches or _with_articles
    found = list(hears(query))
    together = [[found[number] for number in numbers] for numbers in groups([one.saying for one in found])]
    page = together[query.offset : query.offset + query.limit]
    hits: list[Statement] = []
    for first in range(0, len(page), _MAX_TOGETHER):
        hits += _completed(page[first : first + _MAX_TOGETHER], query.kinds, hears, fetches)
    below = engine.search(replace(query, limit=0)).below_confidence
    return Statements(tuple(hits), len(together), len(found), below_confidence=below)


def statement_around(
    engine: Engine,
    hit: QuoteHit,
    kinds: tuple[str, ...],
    hears: Hears | None = None,
    fetches: Fetches | None = None,
) -> Statement:
    """Return the statement that a quotation is part of."""
    hears, fetches = hears or partial(_scanned, engine), fetches or _with_articles
    return _completed([list(carried([hit]))], kinds, hears, fetches)[0]


def _scanned(engine: Engine, query: QuoteQuery) -> Iterator[Carried]:
    return carried(engine.scan(query))


def _with_articles(heard: Iterable[Heard | Carried]) -> list[Carried]:
    return [one for one in heard if isinstance(one, Carried)]


def _completed(
    statements: Sequence[Sequence[Heard | Carried]], kinds: tuple[str, ...], hears: Hears, fetches: Fetches
) -> list[Statement]:
    """Return statements of which these utterances are part, with all others that are the same as one of
    them: those share a phrase with it."""
    known = fetches(one for members in statements for one in members)
    own = iter(known)
    made = [list(islice(own, len(members))) for members in statements]
    phrases = [dict.fromkeys(p for one in members for p in _phrases(one.place.text)) for members in made]
    where = any_of(*(Phrase(phrase) for some in phrases for phrase in list(some)[:_MAX_PHRASES]))
    keys = {one.key for one in known}
    asked = QuoteQuery(where or MatchAll(), kinds=kinds, sort="oldest")
    others = [one for one in hears(asked) if one.key not in keys] if where else []
    every: list[Heard | Carried] = [*known, *others]
    group_of = {number: some for some in groups([one.saying for one in every]) for number in some}
    starts = list(accumulate((len(members) for members in made), initial=0))
    added = [[n for n in group_of[start] if n >= len(known)] for start, _ in zip(starts, made)]
    holding = [_holding(group_of[start], every) for start, _ in zip(starts, made)]
    wanted = ([*(every[n] for n in numbers), *long] for numbers, long in zip(added, holding))
    with_articles = iter(fetches(chain.from_iterable(wanted)))
    return [
        statement_of(
            [*members, *islice(with_articles, len(numbers))],
            members[0].score,
            list(islice(with_articles, len(long))),
        )
        for members, numbers, long in zip(made, added, holding)
    ]


def _phrases(text: str) -> Iterator[str]:
    words = words_with_places(text)
    for first in range(max(1, len(words) - _PHRASE_WORDS + 1)):
        row = words[first : first + _PHRASE_WORDS]
        if len(row) >= _MIN_PHRASE_WORDS:
            yield text[row[0][1] : row[-1][2]]


def statement_of(
    members: Iterable[Carried], score: float = 0.0, holding: Sequence[Carried] = ()
) -> Statement:
    """Return the statement that utterances are, and the long ones that hold it: these say who speaks where no
    other does."""
    ordered = sorted(members, key=_age)
    whole = max(ordered, key=lambda one: len(one.saying.words))  # the oldest among equals
    votes = count_votes(map(_ballot, ordered)) or count_votes(map(_ballot, holding))
    places = (one.place for one in sorted([*ordered, *holding], key=_age))
    return Statement(tuple(places), whole.place, votes, score)


def _ballot(one: Carried) -> Ballot:
    place = one.place
    kind, length = place.said.speaker_kind, partial(_words_in, place.article)
    return Ballot(_story(place.article), place.speaker, place.confidence, kind, length)


def _words_in(article: Article) -> int:
    return len(analysis.index_terms(article.body, word_language(article.language)))


def _story(article: Article) -> str:
    """Return what the copies of a story share."""
    return f"story {article.story}" if article.story else f"article {article.id}"


def _age(one: Carried) -> tuple[dt.datetime, str, int]:
    article = one.place.article
    return article.published or dt.datetime.max, article.id, one.place.parts[0].start
