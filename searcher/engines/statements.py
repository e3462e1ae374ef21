"""Statements made of quotations: by looking at every utterance, or by looking for those that are alike.

:func:`among` says what an engine has to answer. An engine that finds utterances by the words that they share
answers with :func:`looked_up` and :func:`statement_around`.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar, get_args

from searcher import analysis
from searcher.article import Article
from searcher.engines.field_values import values_of
from searcher.fields import OF_QUOTES
from searcher.languages import word_language
from searcher.names.table import SAID_BY
from searcher.query.time_units import label
from searcher.query.tree import QuoteQuery, TimeUnit
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Place, Statement, Statements, sure_parts
from searcher.statements import (
    MAX_COMPARED,
    Ballot,
    Grouping,
    Saying,
    count_votes,
    groups,
    holds,
    parts_of,
    says_more,
    stands_alone,
    words_of,
)

#: Utterances that match of which it is looked up whether others join some of them: more have too many words
#: to ask for, and that is looked up for those that are shown.
_MAX_UTTERANCES = 400
#: Quotations that match of which statements are made, at least, and utterances that may be the same as some
#: or hold them: a thousand take some 80 ms.
_MAX_HEARD = _MAX_ALIKE = 1_000
#: Times that others are looked for by what was found before, where they are too many for all to be read; and
#: statements whose like are passed over.
_MAX_TURNS, _MAX_APART = 3, 40

#: Tells an utterance from all others: its article, and where its first part is.
_Key = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance by its words alone, with the score of the quotation that was found. ``place`` is for the
    engine, which knows its article by it."""

    key: _Key
    saying: Saying
    score: float
    place: bytes


@dataclass(frozen=True, slots=True)
class Carried:
    """An utterance of an article, by its words, with the score of the quotation that was found."""

    place: Place
    saying: Saying
    score: float = 0.0
    words: int | None = None  # of the body of its article, where that is known

    @property
    def key(self) -> _Key:
        first = self.place.parts[0]
        return self.place.article.id, first.start, first.end


def whole_utterances(hits: Iterable[QuoteHit]) -> Iterator[Carried]:
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


def among(
    every: Sequence[Carried],
    matching: Sequence[Carried],
    kinds: tuple[str, ...],
    offset: int,
    limit: int,
    min_confidence: float = 0.0,
) -> Statements:
    """Return the statements of which utterances that match are part, in the order of these. A statement is
    made of every utterance, and shown with those that have a part of these ``kinds``, without the parts of a
    lower confidence."""
    shown = {
        n for n, one in enumerate(every) if not {part.kind for part in one.place.parts}.isdisjoint(kinds)
    }
    group_of = {
        every[number].key: numbers for numbers in groups([one.saying for one in every]) for number in numbers
    }
    found: dict[int, tuple[list[int], float]] = {}
    for one in matching:
        numbers = group_of[one.key]
        found.setdefault(numbers[0], (numbers, one.score))
    page = list(found.values())[offset : offset + limit]
    hits = []
    for numbers, score in page:
        members = [every[number] for number in numbers if number in shown]
        others = [every[number] for number in shown.difference(numbers)]
        hits.append(statement_of(members, score, _holding(members, others), min_confidence))
    return Statements(tuple(hits), len(found), len(matching))


def _holding(members: Iterable[_Said], others: Iterable[_Said]) -> list[_Said]:
    """Return those of the others in which one of the members was spoken."""
    some = dict.fromkeys(member.saying for member in members)
    least = min(len(saying.words) for saying in some)
    long = (one for one in others if says_more(least, len(one.saying.words)))
    return [one for one in long if any(holds(one.saying, short) for short in some)]


def value_counts(
    hits: Iterable[QuoteHit], fields: Collection[str], every: Iterable[Carried] = ()
) -> dict[str, dict[str, int]]:
    """Return for each field the number of statements that each of its values has, where quotations are found.
    A statement is made of ``every`` utterance and of what is found; no article of that is kept."""
    sayings = {one.key: one.saying for one in every}
    found: dict[str, set[tuple[_Key, str]]] = {field: set() for field in fields}
    for hit in hits:
        sayings.update((one.key, one.saying) for one in whole_utterances([hit]))
        first = parts_of(hit.article, hit.quote)[0]
        key = hit.article.id, first.start, first.end
        for name in fields:
            found[name].update((key, sys.intern(value)) for value in _values(hit, name))
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


class Utterances(Protocol):
    """What is to be known of the utterances of an index."""

    def heard(
        self, query: QuoteQuery, most: int | None = None, apart: Sequence[Heard | Carried] = ()
    ) -> tuple[Sequence[Heard | Carried], bool]:
        """Return the whole utterances of which quotations are parts that match, as :func:`carried` does: of
        the first ``most`` quotations, and whether there are others. Those nearly the same as one of ``apart``
        may be left out."""
        ...

    def alike(
        self, some: Sequence[Heard | Carried], kinds: tuple[str, ...], known: QuoteQuery | None, most: int
    ) -> Iterable[Heard | Carried] | None:
        """Return utterances of these kinds: at least all that are the same as one of some, or hold it; None
        where more than ``most`` may be. Those that are ``known`` may be left out."""
        ...

    def nearest(
        self, one: Heard | Carried, kinds: tuple[str, ...], most: int
    ) -> tuple[Sequence[Heard | Carried], bool]:
        """Return the utterances of the ``most`` quotations of these kinds that have most in common with one,
        which is their score, and whether there are others."""
        ...

    def carried(self, heard: Iterable[Heard | Carried]) -> list[Carried]:
        """Return utterances with their articles, in their order."""
        ...


def looked_up(source: Utterances, query: QuoteQuery) -> Statements:
    """Return the page of statements for a query: those that match are put together, and the others of each
    are looked for; of very many, those of this page alone. A page of none counts all that match."""
    page = slice(query.offset, query.offset + query.limit)
    known, more = _matching(source, query, page.stop)
    found = len(known.every)
    lookup = _Lookup(source, query.kinds, None if more else query, known, found, query.min_confidence)
    made = lookup.closed(page, of_all=found <= _MAX_UTTERANCES)
    return Statements(lookup.made(made[page]), len(made), found, more=more)


def _matching(source: Utterances, query: QuoteQuery, last: int) -> tuple[_Known, bool]:
    """Return the utterances that match, and whether there are others. Where these are many, enough of them
    for the last statement that is wanted: those nearly the same as one that is known are passed over then."""
    known, most = _Known(), max(_MAX_HEARD, last) if query.limit else None
    some, cut = source.heard(query, most)
    left, _ = cut, known.add(some)
    while left and len(made := known.statements()) <= last:
        apart = [known.typical(of) for of in sorted(made, key=len)[-_MAX_APART:]]
        some, left = source.heard(query, most, apart)
        if not known.add(some):
            break
    return known, cut


def statement_around(source: Utterances, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement:
    """Return the statement that a quotation is part of."""
    known = _Known()
    found = known.add(whole_utterances([hit]))
    lookup = _Lookup(source, kinds, None, known, found)
    return lookup.made(lookup.closed(slice(1), of_all=True))[0]


class _Known:
    """Utterances, numbered as they come, by their statements."""

    def __init__(self) -> None:
        self.every: list[Heard | Carried] = []
        self._numbers: dict[_Key, int] = {}
        self._grouping = Grouping()

    def add(self, some: Iterable[Heard | Carried]) -> int:
        """Add those that are not known, and return how many these are."""
        before = len(self.every)
        for one in some:
            if self._numbers.setdefault(one.key, len(self.every)) == len(self.every):
                self.every.append(one)
                self._grouping.add(one.saying)
        return len(self.every) - before

    def statements(self) -> list[list[int]]:
        return self._grouping.joined.all()

    def are_one(self, one: Heard | Carried, other: Heard | Carried) -> bool:
        """Whether an utterance is the same as another, or holds it."""
        root = self._grouping.joined.root
        return root(self._numbers[one.key]) == root(self._numbers[other.key]) or holds(
            one.saying, other.saying
        )

    def typical(self, numbers: Sequence[int]) -> Heard | Carried:
        """Return one of these with the words that most of them have."""
        counts = Counter(self.every[number].saying for number in numbers)
        return self.every[max(numbers, key=lambda number: counts[self.every[number].saying])]


@dataclass
class _Lookup:
    """The statements of the utterances that a query finds, which are the first of those known."""

    source: Utterances
    kinds: tuple[str, ...]
    query: QuoteQuery | None
    known: _Known
    found: int
    min_confidence: float = 0.0
    #: Utterances whose others are known, and those that more may be the same as than are known.
    asked: set[int] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)

    def closed(self, page: slice, *, of_all: bool) -> list[list[int]]:
        """Look for the others of the statements of a page, ``of_all`` if these are not too many. Return the
        numbers of each statement, in the order of what is found."""
        of_all = of_all and self._statements()[page] != self._statements()
        for wanted in (slice(None), page) if of_all else (page,):
            while new := [n for of in self._statements()[wanted] for n in of if n not in self.asked]:
                some = [self.known.every[number] for number in new]
                most = max(_MAX_ALIKE, MAX_COMPARED * len(self._statements()[page]))
                if (others := self.source.alike(some, self.kinds, self.query, most)) is None:
                    break
                self.asked.update(new)
                self.known.add(others)
            else:
                return self._statements()
        for _ in range(_MAX_TURNS):
            self._look_for_nearest(self._statements()[page])
        self.cut.update(of[0] for of in self._statements()[page] if not self.asked.issuperset(of))
        return self._statements()

    def _statements(self) -> list[list[int]]:
        return [of for of in self.known.statements() if of[0] < self.found]

    def _look_for_nearest(self, shown: Sequence[list[int]]) -> None:
        """Look for some others of each statement: for those that have most in common with one of it."""
        left = [of for of in shown if not self.asked.issuperset(of) and self.cut.isdisjoint(of)]
        most = max(MAX_COMPARED, _MAX_ALIKE // max(1, len(left)))
        for of in left:
            new = [number for number in of if number not in self.asked]
            self.asked.update(new)
            typical = self.known.typical(new)
            others, more = self.source.nearest(typical, self.kinds, most)
            self.known.add(others)
            last = (one for one in others if one.score == others[-1].score)
            if more and any(self.known.are_one(one, typical) for one in last):
                self.cut.add(of[0])

    def made(self, shown: Sequence[Sequence[int]]) -> tuple[Statement, ...]:
        """Return the statements that utterances are of these numbers, with the long ones that hold them."""
        every = self.known.every
        parts = [([every[number] for number in of], _holding(of, every)) for of in shown]
        whole = iter(self.source.carried(one for members, long in parts for one in (*members, *long)))
        return tuple(
            replace(
                statement_of(
                    list(islice(whole, len(members))),
                    members[0].score,
                    list(islice(whole, len(long))),
                    self.min_confidence,
                ),
                more=not self.cut.isdisjoint(of),
            )
            for of, (members, long) in zip(shown, parts)
        )


def statement_of(
    members: Iterable[Carried],
    score: float = 0.0,
    holding: Sequence[Carried] = (),
    min_confidence: float = 0.0,
) -> Statement:
    """Return the statement that utterances are, and the long ones that hold it: these say who speaks where no
    other does. Parts of a lower confidence than ``min_confidence`` are left out."""

    def place_of(one: Carried) -> Place:
        return replace(one.place, parts=sure_parts(one.place.parts, min_confidence))

    def rank(one: Carried) -> tuple[bool, int]:
        return one.place.said.confidence >= min_confidence, len(one.saying.words)

    ordered = sorted(members, key=_age)
    votes = count_votes(map(_ballot, ordered)) or count_votes(map(_ballot, holding))
    places = map(place_of, sorted([*ordered, *holding], key=_age))
    return Statement(tuple(places), place_of(max(ordered, key=rank)), votes, score)  # the oldest among equals


def _ballot(one: Carried) -> Ballot:
    place = one.place
    kind, length = place.said.speaker_kind, partial(_words_in, one)
    return Ballot(_story(place.article), place.speaker, place.confidence, kind, length)


def _words_in(one: Carried) -> int:
    article = one.place.article
    return (
        one.words
        if one.words is not None
        else len(analysis.index_terms(article.body, word_language(article.language)))
    )


def _story(article: Article) -> str:
    """Return what the copies of a story share."""
    return f"story {article.story}" if article.story else f"article {article.id}"


def _age(one: Carried) -> tuple[dt.datetime, str, int]:
    article = one.place.article
    return article.published or dt.datetime.max, article.id, one.place.parts[0].start
