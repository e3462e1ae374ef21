"""Makes statements of the quotations that an engine finds.

The quotations that match are put together; then the articles are looked for that carry a statement of the
page otherwise than asked: without the word that was searched, cut short, or given to somebody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.query.tree import Phrase, QuoteQuery, any_of
from searcher.results import QuoteHit
from searcher.results.statements import Place, Statement, Statements
from searcher.statements.grouping import groups
from searcher.statements.likeness import Saying
from searcher.statements.utterances import parts_of
from searcher.statements.votes import Ballot, count_votes
from searcher.statements.words import words_of, words_with_places

__all__ = ["Carried", "carried", "elsewhere", "found_statements", "grouped", "statement_of"]

#: Words of the phrases that a statement is looked for by: the shortest run in common that
#: :mod:`searcher.statements.likeness` asks for. One of three words is looked for by all of them, and one of
#: fewer is not: they are in too many places.
_PHRASE, _MIN_PHRASE = 4, 3
#: Phrases of a statement: a speech that is printed whole is found by its beginning.
_MAX_PHRASES = 40


@dataclass(frozen=True, slots=True)
class Carried:
    """An utterance of an article, by its words, with the score of the quotation that was found."""

    place: Place
    saying: Saying
    score: float = 0.0

    @property
    def key(self) -> tuple[str, int, int]:
        first = self.place.parts[0]
        return self.place.article.id, first.start, first.end


def found_statements(engine: Engine, query: QuoteQuery) -> Statements:
    """Return the page of statements for a query, in the order of their first quotations."""
    together = grouped(engine, query)
    hits = tuple(
        statement_of([*members, *elsewhere(engine, members, query.kinds)], members[0].score)
        for members in together[query.offset : query.offset + query.limit]
    )
    return Statements(hits, len(together), sum(map(len, together)))


def grouped(engine: Engine, query: QuoteQuery) -> list[list[Carried]]:
    """Return the utterances that match, whatever the page, by statement, in the order of the first ones."""
    found = list(carried(engine.scan_quotes(query)))
    return [[found[number] for number in numbers] for numbers in groups([one.saying for one in found])]


def carried(hits: Iterable[QuoteHit]) -> Iterator[Carried]:
    """Yield the whole utterances of which quotations are parts, each once."""
    seen = set()
    for hit in hits:
        place = Place(hit.article, parts_of(hit.article, hit.quote), hit.speaker, hit.names)
        one = Carried(place, Saying(words_of(place.text), hit.speaker), hit.score)
        if one.key not in seen:
            seen.add(one.key)
            yield one


def elsewhere(engine: Engine, members: Sequence[Carried], kinds: tuple[str, ...]) -> Iterator[Carried]:
    """Yield the other utterances of the index that are the same as one of these."""
    phrases = dict.fromkeys(phrase for one in members for phrase in _phrases(one.place.text))
    where = any_of(*map(Phrase, list(phrases)[:_MAX_PHRASES]))
    if where is None:
        return
    asked = QuoteQuery(where, kinds=kinds, sort="oldest")
    known = {one.key for one in members}
    others = [one for one in carried(engine.scan_quotes(asked)) if one.key not in known]
    together = groups([one.saying for one in (*members, *others)])
    yield from (others[n - len(members)] for n in together[0] if n >= len(members))


def _phrases(text: str) -> Iterator[str]:
    words = words_with_places(text)
    for first in range(max(1, len(words) - _PHRASE + 1)):
        row = words[first : first + _PHRASE]
        if len(row) >= _MIN_PHRASE:
            yield text[row[0][1] : row[-1][2]]


def statement_of(members: Iterable[Carried], score: float = 0.0) -> Statement:
    """Return the statement that these utterances are."""
    ordered = sorted(members, key=_age)
    whole = max(ordered, key=lambda one: len(one.saying.words))  # the oldest among equals
    votes = count_votes(map(_ballot, ordered))
    return Statement(tuple(one.place for one in ordered), whole.place, votes, score)


def _ballot(one: Carried) -> Ballot:
    place = one.place
    named = place.said.speaker_kind != "unnamed"
    return Ballot(_story(place.article), place.speaker, place.confidence, named)


def _story(article: Article) -> str:
    return article.story or article.id


def _age(one: Carried) -> tuple[dt.datetime, str, int]:
    article = one.place.article
    return article.published or dt.datetime.max, article.id, one.place.parts[0].start
