"""One suite over every engine: the same articles and the same questions, the same answers.

Cases are data (``cases/<case>/articles.jsonl`` and ``searches.json``); random worlds are judged by the
memory engine. SEARCHER_TREES sets how many random questions are asked (default 600).
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from searcher.article import Article
from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import WhooshEngine
from searcher.errors import QueryError
from searcher.names.resolution import Identities
from searcher.query import language
from searcher.query.tree import MatchAll, Query, QuoteQuery, Term
from searcher.results import Hit, QuoteHit, Quotes, Results
from tests.engines import worlds

CASES = Path(__file__).parent / "cases"
QUESTIONS = int(os.environ.get("SEARCHER_TREES", "600"))
PER_WORLD = 30


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made: Engine
    if request.param == "memory":
        made = MemoryEngine(identities=Identities())
    else:
        made = WhooshEngine(tmp_path / "index", identities=Identities(), create=True)
    yield made
    made.close()


def fill(engine: Engine, batches: tuple[tuple[Article | str, ...], ...]) -> None:
    for batch in batches:
        with engine.writer() as writer:
            for change in batch:
                if isinstance(change, str):
                    writer.delete(change)
                else:
                    writer.add(change)


def answer(found: Results) -> dict[str, Any]:
    """What two engines must agree on; scores to nine digits."""
    return {
        "ids": [hit.article.id for hit in found],
        "scores": [pytest.approx(hit.score, rel=1e-9) for hit in found],
        "total": found.total,
        "articles": found.articles,
        "facets": {name: dict(facet.values.counts) for name, facet in found.facets.items()},
    }


def quoted(found: Quotes) -> dict[str, Any]:
    return {
        "quotes": [(hit.article.id, hit.quote.start, hit.speaker) for hit in found],
        "scores": [pytest.approx(hit.score, rel=1e-9) for hit in found],
        "total": found.total,
        "below_confidence": found.below_confidence,
    }


def outcome(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | str:
    try:
        return ask()
    except QueryError as error:
        return type(error).__name__


def answered(engine: Engine, query: Query) -> dict[str, Any]:
    return answer(engine.search(query))


def quoted_by(engine: Engine, query: QuoteQuery) -> dict[str, Any]:
    return quoted(engine.quotes(query))


def agree(judge: Engine, engine: Engine, query: Query) -> None:
    expected, actual = (outcome(partial(answered, one, query)) for one in (judge, engine))

    assert expected == actual, query
    if not isinstance(expected, str):
        assert scanned(judge.scan(query)) == scanned(engine.scan(query)), query


def agree_on_quotations(judge: Engine, engine: Engine, query: QuoteQuery) -> None:
    expected, actual = (outcome(partial(quoted_by, one, query)) for one in (judge, engine))

    assert expected == actual, query
    if not isinstance(expected, str):
        assert said(judge.scan_quotes(query)) == said(engine.scan_quotes(query)), query


def scanned(hits: Iterable[Hit]) -> list[Any]:
    return [(hit.article, pytest.approx(hit.score, rel=1e-9)) for hit in hits]


def said(hits: Iterable[QuoteHit]) -> list[Any]:
    return [(hit.quote, hit.speaker, pytest.approx(hit.score, rel=1e-9)) for hit in hits]


def judged(engine: Engine, seed: int) -> None:
    """Ask ``engine`` and the memory engine the same random questions about the same random world."""
    judge = MemoryEngine(identities=Identities())
    changes = worlds.world(seed).batches
    fill(judge, changes)
    fill(engine, changes)
    rng = random.Random(-seed - 1)
    for _ in range(PER_WORLD):
        agree(judge, engine, worlds.query(rng))
        agree_on_quotations(judge, engine, worlds.quote_query(rng))

    assert [a.id for a in judge.articles()] == [a.id for a in engine.articles()]
    assert judge.count() == engine.count()
    assert all(judge.values(name) == engine.values(name) for name in worlds.FACETS)
    known = list(judge.words())

    assert known == list(engine.words())
    assert judge.frequencies(known) == engine.frequencies(known)


@pytest.mark.parametrize("seed", range(QUESTIONS // PER_WORLD))
def test_random_questions_have_the_answers_of_the_memory_engine(seed: int, tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index", identities=Identities(), create=True)
    try:
        judged(engine, seed)
    finally:
        engine.close()


def searches() -> list[Any]:
    return [
        pytest.param(case.name, search, id=f"{case.name}-{search['name']}")
        for case in sorted(CASES.iterdir())
        for search in json.loads((case / "searches.json").read_text("utf-8"))
    ]


@pytest.mark.parametrize(("case", "search"), searches())
def test_cases_have_the_answers_written_beside_them(
    engine: Engine, case: str, search: dict[str, Any]
) -> None:
    lines = (CASES / case / "articles.jsonl").read_text("utf-8").splitlines()
    fill(engine, (tuple(Article.from_dict(json.loads(line)) for line in lines),))

    assert search["expected"] == ask(engine, search)


def ask(engine: Engine, search: dict[str, Any]) -> dict[str, Any]:
    """The part of the answer that the case speaks of."""
    where = language.parse(search["query"])
    if search.get("in") == "quotes":
        quotes = engine.quotes(QuoteQuery(where, limit=50))
        return {"quotes": [[hit.article.id, hit.quote.text, hit.speaker] for hit in quotes]}
    query = Query(
        where, facets=tuple(search.get("facets", ())), sort=search.get("sort", "relevance"), limit=50
    )
    result = engine.search(query)
    ids = [hit.article.id for hit in result]
    out: dict[str, Any] = {"ids": ids if search.get("ordered") else sorted(ids)}
    if query.facets:
        out["facets"] = {name: dict(facet.values.counts) for name, facet in result.facets.items()}
    return out


def test_an_id_added_again_replaces_the_article_and_counts_as_added_last(engine: Engine) -> None:
    fill(engine, ((Article("1", "old"), Article("2", "two")), (Article("1", "new"),)))

    assert [("2", "two"), ("1", "new")] == [(a.id, a.title) for a in engine.articles()]


def test_an_id_twice_in_one_batch_stays_once(engine: Engine) -> None:
    fill(engine, ((Article("1", "old"), Article("1", "new")),))

    assert ["new"] == [a.title for a in engine.articles()]


def test_an_error_inside_the_writer_discards_the_batch(engine: Engine) -> None:
    fill(engine, ((Article("1", "kept"),),))

    def fail() -> None:
        with engine.writer() as writer:
            writer.add(Article("2", "lost"))
            writer.delete("1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert ["kept"] == [a.title for a in engine.articles()]


def test_a_fresh_writer_replaces_everything_at_commit(engine: Engine) -> None:
    fill(engine, ((Article("1", "old"),),))
    with engine.writer(fresh=True) as writer:
        writer.add(Article("2", "new"))
        before = [a.id for a in engine.articles()]

    assert (["1"], ["2"]) == (before, [a.id for a in engine.articles()])


def test_an_article_comes_back_as_it_went_in(engine: Engine) -> None:
    article = worlds.article(random.Random(5), "x")
    fill(engine, ((article,),))

    assert article == engine.get("x")


def test_an_empty_index_answers(engine: Engine) -> None:
    found = engine.search(Query(MatchAll(), facets=("person", "year")))

    assert (0, [0, 0]) == (found.total, [len(facet.values) for facet in found.facets.values()])


def test_a_scan_gives_every_hit_of_the_commit_at_which_it_began(engine: Engine) -> None:
    fill(engine, (tuple(Article(str(n), "ferry") for n in range(30)),))
    hits = engine.scan(Query(Term("ferry"), limit=0))
    first = next(hits)
    fill(engine, (tuple(str(n) for n in range(30)),))

    assert [str(n) for n in range(30)] == [hit.article.id for hit in (first, *hits)]
    assert [] == list(engine.scan(Query(Term("ferry"))))


def test_an_id_is_contained_until_it_is_deleted(engine: Engine) -> None:
    fill(engine, ((Article("1"), Article("2")), ("1",)))

    assert [False, True, False] == [engine.contains(id) for id in ("1", "2", "3")]


def test_articles_are_counted_by_a_query_or_all(engine: Engine) -> None:
    fill(engine, ((Article("1", "ferry"), Article("2", "harbour")),))

    assert (2, 1) == (engine.count(), engine.count(Term("ferry")))
