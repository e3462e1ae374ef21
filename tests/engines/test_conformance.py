"""One suite over every engine: the same articles and the same questions, the same answers.

The engines are the memory engine, the whoosh engine, the whoosh engine answering without NumPy whatever it
can answer so, and an index on OpenSearch where there is a cluster. Cases are data
(``cases/<case>/articles.jsonl`` and ``searches.json``); random worlds are judged by the memory engine.
SEARCHER_TREES sets how many random questions each engine is asked (default 600), SEARCHER_WORLD the first
world that they are about (default 0).
"""

from __future__ import annotations

import json
import math
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest

from searcher.analysis.terms import Terms
from searcher.article import Article, Mention, Quote, QuoteKind
from searcher.engines.base import Engine
from searcher.engines.memory import MemoryEngine
from searcher.engines.whoosh import EngineOptions, WhooshEngine
from searcher.engines.whoosh.without_numpy import LightPolicy
from searcher.errors import QueryError, UsageError
from searcher.names.decisions import Curation
from searcher.names.table import Identities
from searcher.query import language
from searcher.query.tree import (
    TIME_FACETS,
    And,
    Expr,
    HasAny,
    HasValue,
    MatchAll,
    Not,
    Or,
    Query,
    QuoteQuery,
    Term,
)
from searcher.results import Hit, Results
from searcher.results.quotations import QuoteHit, Quotes
from tests.engines import worlds

CASES = Path(__file__).parent / "cases"
QUESTIONS = int(os.environ.get("SEARCHER_TREES", "600"))
WORLD = int(os.environ.get("SEARCHER_WORLD", "0"))
PER_WORLD = 30


#: Every query that can be answered without NumPy is.
WITHOUT_NUMPY = EngineOptions(light_policy=LightPolicy(sys.maxsize, sys.maxsize, ignores_numpy=True))
ENGINES: Mapping[str, Callable[[Path], Engine]] = {
    "memory": lambda _: MemoryEngine(identities=Identities()),
    "whoosh": lambda folder: WhooshEngine(folder, identities=Identities(), create=True),
    "light": lambda folder: WhooshEngine(folder, identities=Identities(), create=True, options=WITHOUT_NUMPY),
}
#: OpenSearch gives scores as numbers of 32 bits.
SINGLE = 2e-6


#: An index on a cluster, which one process has at a time.
ON_A_CLUSTER = pytest.param("opensearch", marks=[pytest.mark.slow, pytest.mark.xdist_group("cluster")])


@pytest.fixture(params=[*ENGINES, ON_A_CLUSTER])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "opensearch":
        made: Engine = request.getfixturevalue("emptied_opensearch")()
    else:
        made = ENGINES[request.param](tmp_path / "index")
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


def answer(found: Results, rel: float = 1e-9) -> dict[str, Any]:
    """What two engines must agree on; scores to nine digits, or as given."""
    return {
        "ids": [hit.article.id for hit in found],
        "scores": [pytest.approx(hit.score, rel=rel) for hit in found],
        "total": found.total,
        "articles": found.articles,
        "facets": {name: dict(facet.values.counts) for name, facet in found.facets.items()},
    }


def quoted(found: Quotes, rel: float = 1e-9) -> dict[str, Any]:
    return {
        "quotes": [(hit.article.id, hit.quote.start, hit.speaker) for hit in found],
        "scores": [pytest.approx(hit.score, rel=rel) for hit in found],
        "total": found.total,
        "below_confidence": found.below_confidence,
    }


def outcome(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | str:
    try:
        return ask()
    except QueryError as error:
        return type(error).__name__


def answered(engine: Engine, query: Query, rel: float) -> dict[str, Any]:
    return answer(engine.search(query), rel)


def quoted_by(engine: Engine, query: QuoteQuery, rel: float) -> dict[str, Any]:
    return quoted(engine.search(query), rel)


def agree(judge: Engine, engine: Engine, query: Query, rel: float = 1e-9) -> None:
    expected, actual = (outcome(partial(answered, one, query, rel)) for one in (judge, engine))

    assert expected == actual, query
    if not isinstance(expected, str):
        assert scanned(judge.scan(query), rel) == scanned(engine.scan(query), rel), query
        asked = replace(query, facets=TIME_FACETS, explain=True)
        expected_counts, counts = (over_time(one.search(asked)) for one in (judge, engine))
        assert expected_counts == counts, query
        expected_parts, parts = (explained(one.search(asked), rel) for one in (judge, engine))
        assert expected_parts == parts, query


def agree_on_quotations(judge: Engine, engine: Engine, query: QuoteQuery, rel: float = 1e-9) -> None:
    expected, actual = (outcome(partial(quoted_by, one, query, rel)) for one in (judge, engine))

    assert expected == actual, query
    if not isinstance(expected, str):
        assert said(judge.scan(query), rel) == said(engine.scan(query), rel), query


def over_time(found: Results) -> dict[str, dict[str, int]]:
    return {unit: dict(facet.values.counts) for unit, facet in found.facets.items()}


def explained(found: Results, rel: float) -> list[Any]:
    return [[(part, pytest.approx(score, rel=rel)) for part, score in hit.explanation] for hit in found]


def scanned(hits: Iterable[Hit], rel: float) -> list[Any]:
    return [(hit.article, pytest.approx(hit.score, rel=rel)) for hit in hits]


def said(hits: Iterable[QuoteHit], rel: float) -> list[Any]:
    return [(hit.quote, hit.speaker, pytest.approx(hit.score, rel=rel)) for hit in hits]


def judged(
    engine: Engine, seed: int, query: Callable[[random.Random], Query] = worlds.query, rel: float = 1e-9
) -> None:
    """Ask ``engine`` and the memory engine the same random questions about the same random world."""
    judge = MemoryEngine(identities=Identities())
    changes = worlds.world(seed).batches
    fill(judge, changes)
    fill(engine, changes)
    rng = random.Random(-seed - 1)
    for _ in range(PER_WORLD):
        agree(judge, engine, query(rng), rel)
        if query is worlds.query:  # quotations are answered on arrays alone
            agree_on_quotations(judge, engine, worlds.quote_query(rng), rel)

    assert [a.id for a in judge.storage().articles()] == [a.id for a in engine.storage().articles()]
    assert [judge.get(f"a{n}") for n in range(30)] == [engine.get(f"a{n}") for n in range(30)]
    assert judge.count() == engine.count()
    known = list(judge.terms("text"))

    assert known == list(engine.terms("text"))
    assert judge.frequencies("text", known) == engine.frequencies("text", known)


@pytest.mark.parametrize(
    ("name", "query"), [("whoosh", worlds.query), ("light", worlds.simple_query)], ids=["whoosh", "light"]
)
@pytest.mark.parametrize("seed", worlds.seeds(QUESTIONS // PER_WORLD, 6, WORLD))
def test_random_questions_have_the_answers_of_the_memory_engine(
    name: str, query: Callable[[random.Random], Query], seed: int, tmp_path: Path
) -> None:
    engine = ENGINES[name](tmp_path / "index")
    try:
        judged(engine, seed, query)
    finally:
        engine.close()


# Half as many: each takes twenty times as long.
@pytest.mark.parametrize("seed", range(WORLD, WORLD + QUESTIONS // PER_WORLD // 2))
def test_random_questions_have_the_same_answers_on_opensearch(
    make_opensearch: Callable[[], Engine], seed: int
) -> None:
    engine = make_opensearch()

    judged(engine, seed, rel=SINGLE)
    engine.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "query"),
    [("whoosh", worlds.query), ("whoosh", worlds.simple_query), ("light", worlds.simple_query)],
    ids=["whoosh", "whoosh-simple", "light"],
)
def test_the_best_of_many_articles_are_those_of_the_memory_engine(
    name: str, query: Callable[[random.Random], Query], tmp_path: Path
) -> None:
    judge, engine = MemoryEngine(identities=Identities()), ENGINES[name](tmp_path / "index")
    changes = worlds.crowd(7).batches
    fill(judge, changes)
    fill(engine, changes)
    rng = random.Random(8)
    for _ in range(3 * PER_WORLD):
        agree(judge, engine, replace(query(rng), limit=rng.choice((1, 3, 10, 30)), collapse=False))
    engine.close()


SCORED = (
    Article("1", "Storm", "A storm and a flood."),
    Article("2", "Rain", "The flood came, a storm flood: flood after flood."),
    Article("3", "Rain again", "A storm of rain"),
    Article("4", "Storm flood", f"Nothing else, said many of those who were there{' and again' * 16}."),
)


def textbook(tf: int, df: int, length: int, average: float) -> float:
    """BM25 among four articles, as it is documented."""
    idf = math.log(1 + (4 - df + 0.5) / (df + 0.5))
    return idf * tf * 2.2 / (tf + 1.2 * (0.35 + 0.65 * length / average))


#: For each article its words, and the weighted occurrences of storm, flood and “storm flood”.
OCCURRENCES = {"1": (6, 3, 1, 0), "2": (10, 1, 4, 1), "3": (6, 1, 0, 0), "4": (43, 2, 2, 2)}


@pytest.mark.parametrize(
    ("where", "weights"),
    [
        (Term("storm"), (1, 0, 0)),
        (Or((Term("storm"), Term("storm"))), (4 / 3, 0, 0)),
        (And((Term("the"), Term("storm"))), (1, 0, 0)),
        (Or((Term("storm"), Term("flood"))), (1, 1, 0.1)),
    ],
    ids=["a word", "a word twice", "a stop word too", "two neighbours"],
)
def test_scores_are_those_of_the_textbook(
    engine: Engine, where: Expr, weights: tuple[float, float, float]
) -> None:
    fill(engine, ((*SCORED, Article("gone", "Storm storm", "storm " * 50)), ("gone",)))
    average = sum(length for length, *_ in OCCURRENCES.values()) / 4
    frequencies = [sum(tf[n] > 0 for tf in OCCURRENCES.values()) for n in (1, 2, 3)]
    expected = {
        id: sum(
            weight * textbook(tf, df, length, average) for weight, tf, df in zip(weights, tfs, frequencies)
        )
        for id, (length, *tfs) in OCCURRENCES.items()
    }
    actual = {hit.article.id: hit.score for hit in engine.search(Query(where))}

    assert {id: pytest.approx(expected[id]) for id in actual} == actual
    assert any(actual.values())


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
        quotes = engine.search(QuoteQuery(where, limit=50))
        return {"quotes": [[hit.article.id, hit.quote.text, hit.speaker] for hit in quotes]}
    if search.get("in") == "statements":
        found = engine.statements(QuoteQuery(where, kinds=get_args(QuoteKind), sort="oldest", limit=50))
        return {"statements": [[s.text, [p.article.id for p in s.places], s.speaker] for s in found]}
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

    assert [("2", "two"), ("1", "new")] == [(a.id, a.title) for a in engine.storage().articles()]


def test_an_id_twice_in_one_batch_stays_once(engine: Engine) -> None:
    fill(engine, ((Article("1", "old"), Article("1", "new")),))

    assert ["new"] == [a.title for a in engine.storage().articles()]


def test_an_error_inside_the_writer_discards_the_batch(engine: Engine) -> None:
    fill(engine, ((Article("1", "kept"),),))

    def fail() -> None:
        with engine.writer() as writer:
            writer.add(Article("2", "lost"))
            writer.delete("1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert ["kept"] == [a.title for a in engine.storage().articles()]


def test_a_fresh_writer_replaces_everything_at_commit(engine: Engine) -> None:
    fill(engine, ((Article("1", "old"),),))
    with engine.writer(fresh=True) as writer:
        writer.add(Article("2", "new"))
        before = [a.id for a in engine.storage().articles()]

    assert (["1"], ["2"]) == (before, [a.id for a in engine.storage().articles()])


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


def test_an_id_is_a_term_until_it_is_deleted(engine: Engine) -> None:
    fill(engine, ((Article("1"), Article("2")), ("1",)))

    assert {"2": 1} == engine.frequencies("id", ("1", "2", "3"))


def test_ids_that_begin_so(engine: Engine) -> None:
    fill(engine, (tuple(Article(id, "ferry") for id in ("ab1", "ab2", "ab3", "é1", "")),))
    with engine.writer() as writer:
        writer.delete("ab1")
        writer.add(Article("ab2", "again"))

    assert [["ab2", "ab3"], ["ab3"], ["é1"], [], ["", "ab2", "ab3", "é1"], ["ab2", "ab3", "é1"], []] == [
        sorted(engine.terms("id", prefix)) for prefix in ("ab", "ab3", "é", "abc", "", ("ab", "ab3", "é"), ())
    ]


def test_words_that_begin_so(engine: Engine) -> None:
    fill(engine, ((Article("1", "ferry fern harbour", "ferries at night"),),))

    assert [["fern", "ferries", "ferry"], ["fern", "ferries", "ferry", "night"]] == [
        list(engine.terms("text", prefix)) for prefix in ("fer", ("ni", "fer", "ferr"))
    ]


def test_articles_are_counted_by_a_query_or_all(engine: Engine) -> None:
    fill(engine, ((Article("1", "ferry"), Article("2", "harbour")),))

    assert (2, 1) == (engine.count(), engine.count(Term("ferry")))


@pytest.mark.parametrize("field", ["person", "speaker"])
def test_a_value_that_is_ignored_is_no_value(engine: Engine, field: str) -> None:
    body = "Ada Poe spoke. Lee Moss wrote."
    poe = (
        Mention("Ada Poe", "person", 0, 7),
        Quote("spoke", "Ada Poe", "direct", 8, 13, speaker_kind="person"),
    )
    moss = Mention("Lee Moss", "person", 15, 23), Quote("wrote", "Lee Moss", "direct", 24, 29)
    articles = [
        Article(str(n), body=body, mentions=tuple(m for m, _ in some), quotes=tuple(q for _, q in some))
        for n, some in enumerate([(), (poe,), (poe, moss)])
    ]
    fill(engine, (tuple(articles),))
    engine.use_names(Identities(Curation().ignore("person", "Ada Poe")))

    assert ["2"] == [hit.article.id for hit in engine.search(Query(HasAny(field)))]


def test_what_a_few_articles_call_a_person_is_the_organisation_of_the_others(engine: Engine) -> None:
    person = Article("p", "", "Norvane.", mentions=(Mention("Norvane", "person", 0, 7),))
    others = [
        Article(f"o{n}", "", "Norvane.", mentions=(Mention("Norvane", "organisation", 0, 7),))
        for n in range(3)
    ]

    def found(field: str) -> tuple[list[str], list[str], dict[str, int]]:
        ids, any_ids = (
            sorted(hit.article.id for hit in engine.search(Query(where)))
            for where in (HasValue(field, "Norvane"), HasAny(field))
        )
        facets = engine.search(Query(MatchAll(), facets=(field,))).facets
        return ids, any_ids, dict(facets[field].values.counts)

    fill(engine, ((person, *others[:2]),))
    assert (["p"], ["p"], {"Norvane": 1}) == found("person")
    assert (["o0", "o1"], ["o0", "o1"], {"Norvane": 2}) == found("organisation")

    fill(engine, ((others[2],),))
    assert ([], [], {}) == found("person")
    assert (["o0", "o1", "o2", "p"], ["o0", "o1", "o2", "p"], {"Norvane": 4}) == found("organisation")
    hits = engine.search(Query(HasValue("organisation", "Norvane"))).hits
    assert [((), ("Norvane",))] * 4 == [(hit.people, hit.organisations) for hit in hits]

    fill(engine, (("o0",),))
    assert (["p"], ["p"], {"Norvane": 1}) == found("person")


def test_some_values_do_not_count(engine: Engine) -> None:
    tags = ((), ("desk=home",), ("desk=home", "port"), ("pier", "note=call"))
    fill(engine, (tuple(Article(str(n), tags=some) for n, some in enumerate(tags)),))
    asked = (HasAny("tag", "desk="), HasAny("tag", excluded=("desk=", "note=")), HasAny("tag", "p", ("pi",)))

    assert [["1", "2"], ["2", "3"], ["2"]] == [
        sorted(hit.article.id for hit in engine.search(Query(where))) for where in asked
    ]


def test_a_part_that_nothing_matches_adds_no_articles(engine: Engine) -> None:
    fill(engine, (tuple(Article(str(n), "ferry" if n % 2 else "harbour") for n in range(80)),))
    nothing = And((Term("harbour"), Not(Term("harbour"))))

    assert 40 == engine.search(Query(Or((Term("ferry"), nothing)), limit=3)).total


SAID = QuoteHit(Quote("ferry", None, "direct", 0, 5), Article("1", body="ferry"), 0.0)
USES: Mapping[str, Callable[[Engine], object]] = {
    "search": lambda engine: engine.search(Query(MatchAll())),
    "scan": lambda engine: next(engine.scan(Query(MatchAll())), None),
    "search for quotations": lambda engine: engine.search(QuoteQuery(MatchAll())),
    "scan of quotations": lambda engine: next(engine.scan(QuoteQuery(MatchAll())), None),
    "get": lambda engine: engine.get("1"),
    "count": lambda engine: engine.count(),
    "words": lambda engine: next(engine.terms("text"), None),
    "frequencies": lambda engine: engine.frequencies("text", ["ferry"]),
    "said": lambda engine: engine.frequencies("said", ["ferry"]),
    "ids": lambda engine: next(engine.terms("id"), None),
    "an id": lambda engine: engine.frequencies("id", ["1"]),
    "statements": lambda engine: engine.statements(QuoteQuery(MatchAll())),
    "counts of statements": lambda engine: engine.statement_counts(QuoteQuery(MatchAll()), ["source"]),
    "a statement": lambda engine: engine.statement_of(SAID, ("direct",)),
    "names": lambda engine: engine.names(),
    "writer": lambda engine: engine.writer(),
    "fresh writer": lambda engine: engine.writer(fresh=True),
    "use_names": lambda engine: engine.use_names(Identities()),
    "storage": lambda engine: engine.storage(),
}


def test_the_protocol_is_small_and_each_method_is_refused_once_closed() -> None:
    methods = {name for name in vars(Engine) if not name.startswith("_")}
    asked = {name for use in USES.values() for name in use.__code__.co_names}

    assert len(methods) <= 14
    assert methods - asked == {"close"}


@pytest.mark.parametrize("use", USES)
def test_a_closed_engine_refuses_every_use(engine: Engine, use: str) -> None:
    fill(engine, ((Article("1", "ferry"),),))
    engine.search(Query(MatchAll()))
    engine.close()
    engine.close()

    with pytest.raises(UsageError, match="is closed"):
        USES[use](engine)


def test_an_iteration_goes_on_once_the_engine_is_closed(engine: Engine) -> None:
    fill(engine, (tuple(Article(str(n), "ferry") for n in range(3)),))
    articles = engine.storage().articles()
    first = next(articles)
    engine.close()

    assert ["0", "1", "2"] == [article.id for article in (first, *articles)]


def of_two_languages() -> tuple[Article, ...]:
    given = {"de": ["Das Gift wirkt.", "Gifte, Gift und Geld"], "en": ["A gift of money", "Gifts"]}
    return tuple(Article(text, text, text, language=code) for code, some in given.items() for text in some)


def test_words_are_told_by_stem(engine: Engine) -> None:
    fill(engine, (of_two_languages()[:2], of_two_languages()[2:]))
    found: dict[frozenset[str], Counter[Terms]] = {}
    articles = Counter[str]()
    for group in engine.storage().stem_groups():
        for terms, times in group.tokens.items():
            articles[terms[-1]] = max(articles[terms[-1]], group.articles)
            found.setdefault(frozenset(terms[:1]), Counter())[terms] += times

    of_gift = found[frozenset(["gift"])]
    assert {"gift ~de:gift": 4, "gift ~gift": 2} == {" ".join(one): n for one, n in of_gift.items()}
    assert (2, 2) == (articles["~de:gift"], articles["~gift"])


def test_a_word_may_be_one_of_a_language_alone(engine: Engine) -> None:
    fill(engine, (of_two_languages(),))
    found = {code: engine.search(Query(Term(f"~{code}:gift"))) for code in ("de", "en")}

    languages = {code: {hit.article.language for hit in hits} for code, hits in found.items()}
    assert {"de": {"de"}, "en": {"en"}} == languages
    assert [2, 2] == [hits.total for hits in found.values()]


def test_a_word_counts_by_the_belief_in_it(engine: Engine) -> None:
    fill(engine, (of_two_languages(),))
    half, whole = (engine.search(Query(Term("money", belief=belief))).hits[0].score for belief in (0.5, 1.0))

    assert half == pytest.approx(whole / 2, rel=SINGLE)
