"""Statements that are looked up by the words that utterances share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

import pytest

from searcher.article import Article
from searcher.engines import statements
from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.statements import (
    Carried,
    Heard,
    looked_up,
    statement_around,
    value_counts,
    whole_utterances,
)
from searcher.names.table import Identities
from searcher.query.tree import Filter, HasValue, MatchAll, QuoteQuery, Term
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement, Statements
from searcher.search.quote_search import find_quotation
from searcher.statements import same, traces
from tests.engines.conftest import Make
from tests.engines.test_conformance import fill
from tests.search.test_statements import ARTICLES, SAID
from tests.search.test_statements import carried as sayer


@pytest.fixture
def engine() -> MemoryEngine:
    made = MemoryEngine(identities=Identities())
    with made.writer() as writer:
        for article in ARTICLES:
            writer.add(article)
    return made


class Scanned:
    """The utterances of an engine, any of which may be alike."""

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine

    def heard(
        self, query: QuoteQuery, most: int | None = None, apart: Sequence[Heard | Carried] = ()
    ) -> tuple[Sequence[Heard | Carried], bool]:
        rest = (
            hit
            for hit in self._engine.scan(query)
            if not any(same(one.saying, far.saying) for one in whole_utterances([hit]) for far in apart)
        )
        some = list(islice(rest, most and most + 1))
        return list(whole_utterances(some[:most])), most is not None and len(some) > most

    def alike(
        self,
        _some: Iterable[Heard | Carried],
        kinds: tuple[str, ...],
        _known: QuoteQuery | None,
        most: int,
    ) -> Sequence[Heard | Carried] | None:
        every, _ = self.heard(QuoteQuery(MatchAll(), kinds=kinds, sort="oldest"))
        return every if len(every) <= most else None

    def nearest(
        self, one: Heard | Carried, kinds: tuple[str, ...], most: int
    ) -> tuple[Sequence[Heard | Carried], bool]:
        every, _ = self.heard(QuoteQuery(MatchAll(), kinds=kinds, sort="oldest"))
        scored = [replace(other, score=_shared(one, other)) for other in every if _shared(one, other)]
        return sorted(scored, key=lambda other: -other.score)[:most], len(scored) > most

    def carried(self, heard: Iterable[Heard | Carried]) -> list[Carried]:
        return [one for one in heard if isinstance(one, Carried)]


def _shared(one: Heard | Carried, other: Heard | Carried) -> float:
    return len(traces(one.saying.words) & traces(other.saying.words))


@pytest.mark.parametrize("most", [0, 400], ids=["of many", "of few"])
@pytest.mark.parametrize(
    "query",
    [
        QuoteQuery(Term("winter")),
        QuoteQuery(Term("wall"), sort="newest", offset=1),
        QuoteQuery(HasValue("speaker", "Bo Quill"), kinds=("direct",)),
        QuoteQuery(Term("ship")),
    ],
)
def test_they_are_those_of_the_engine(
    engine: MemoryEngine, query: QuoteQuery, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_MAX_UTTERANCES", most)

    assert engine.statements(query) == looked_up(Scanned(engine), query)


def test_the_statement_of_a_quotation_is_that_of_the_engine(engine: MemoryEngine) -> None:
    hit = engine.search(QuoteQuery(Term("winter"))).hits[0]

    assert engine.statement_of(hit, ("direct",)) == statement_around(Scanned(engine), hit, ("direct",))


def test_parts_are_counted_apart_where_what_joins_them_is_not_found() -> None:
    """The engine that keeps utterances knows all of them."""
    engine = MemoryEngine(identities=Identities())
    with engine.writer() as writer:
        for id, said in (("whole", SAID), ("first", SAID[:38]), ("second", SAID[44:])):
            writer.add(sayer(id, "2024-05-01", said))
    query = QuoteQuery(MatchAll(), filters=(Filter("source", ("The First", "The Second")),))
    hits = list(engine.scan(query))

    assert {"speaker": {"Ada Moss": 1}} == engine.statement_counts(query, ["speaker"])
    assert {"speaker": {"Ada Moss": 2}} == value_counts(hits, ["speaker"])


def test_values_are_counted_as_the_engine_counts_them(engine: MemoryEngine) -> None:
    query = QuoteQuery(Term("winter"))
    hits = list(engine.scan(query))

    assert engine.statement_counts(query, ["source", "speaker"]) == value_counts(hits, ["source", "speaker"])


WINTER = "Nobody in the town has the money to mend the harbour wall before another winter"
BUILT = "The wall is as good as it was when my father built it"


def carriers(number: int, *said: str, speaker: str | None = "Ada Moss") -> list[Article]:
    """So many articles, a day apart, in each of which the same is said."""
    first = dt.date(2024, 1, 1)
    name = said[0].split()[-1]
    return [
        sayer(f"{name}{n:02}", (first + dt.timedelta(n)).isoformat(), *said, speaker=speaker)
        for n in range(number)
    ]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most ten utterances are looked at together."""
    for bound in ("_MAX_HEARD", "_MAX_ALIKE", "MAX_COMPARED"):
        monkeypatch.setattr(statements, bound, 10)


class LookingUp(MemoryEngine):
    """A small engine that looks statements up as a cluster does."""

    def statements(self, query: QuoteQuery) -> Statements:
        return looked_up(Scanned(self), query)

    def statement_of(self, hit: QuoteHit, kinds: tuple[str, ...]) -> Statement | None:
        return statement_around(Scanned(self), hit, kinds)


@pytest.fixture(params=["memory", "opensearch"])
def looking(request: pytest.FixtureRequest) -> Engine:
    if request.param == "memory":
        return LookingUp(identities=Identities())
    make: Make = request.getfixturevalue("make_opensearch")
    return make()


@pytest.mark.usefixtures("few")
def test_of_what_very_many_carry_some_places_are_given(looking: Engine) -> None:
    articles = [*carriers(1, WINTER), *carriers(30, WINTER.upper(), speaker="Bo Quill")]
    fill(looking, (tuple(articles),))
    (found,) = looking.statements(QuoteQuery(HasValue("speaker", "Ada Moss"))).hits

    assert found.more
    assert 10 == len(found.places)
    assert {"more": True}.items() <= found.to_dict().items()


@pytest.mark.usefixtures("few")
def test_what_shares_common_words_alone_is_no_reason_to_say_that_there_are_more(looking: Engine) -> None:
    others = [
        sayer(
            f"other{n}", None, f"Nobody in the town has {'nine ' * (n % 3)}lives like harbour cat number {n}"
        )
        for n in range(30)
    ]
    query = QuoteQuery(HasValue("speaker", "Bo Quill"))
    fill(looking, ((*others, *carriers(3, WINTER, speaker="Bo Quill")),))
    (found,) = looking.statements(query).hits

    assert (3, False) == (len(found.places), found.more)


@pytest.mark.usefixtures("few")
def test_a_page_goes_on_behind_what_very_many_carry(looking: Engine) -> None:
    articles = [*carriers(30, WINTER), sayer("early", "2023-01-01", BUILT)]
    fill(looking, (tuple(articles),))
    found = looking.statements(QuoteQuery(HasValue("speaker", "Ada Moss"), sort="newest"))

    assert [WINTER, BUILT] == [hit.text for hit in found]
    assert (2, True) == (found.total, found.more)


@pytest.mark.usefixtures("few")
def test_all_are_counted_where_none_is_to_be_shown(looking: Engine) -> None:
    articles = [*carriers(30, WINTER), sayer("early", "2023-01-01", BUILT)]
    fill(looking, (tuple(articles),))
    found = looking.statements(QuoteQuery(MatchAll(), limit=0))

    assert (2, 31, False) == (found.total, found.places, found.more)


@pytest.mark.usefixtures("few")
def test_what_very_many_carry_is_found_again_once(looking: Engine) -> None:
    fill(looking, (tuple(carriers(40, WINTER)),))

    assert [WINTER] == [one.place.text for one in find_quotation(looking, WINTER, 10)]
