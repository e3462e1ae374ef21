"""A long article is unpacked part by part: what is shown of it is what is shown of its whole text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from searcher.article import Article, Quote, part_ends
from searcher.engines.whoosh import WhooshEngine
from searcher.engines.whoosh.format.array_file import quotes_by_position
from searcher.engines.whoosh.format.articles import (
    StoredArticle,
    article_of,
    pack_article,
    unpack_article,
    unpack_head,
)
from searcher.names.table import Identities
from searcher.query.tree import And, Expr, MatchAll, Or, Phrase, Query, QuoteQuery, Term, Wildcard
from searcher.search.highlight import Highlighter

TEXT = "storm Storms harbour Häfen sea U.S. e-mail 北京大学 calm the of ferry first 14bn quay"
WORDS = TEXT.split()
ASKED: tuple[Expr, ...] = (
    Term("storm"),
    Term("hafen"),
    Term("京大"),
    Phrase("storm harbour"),
    Phrase("quay storm calm"),
    And((Term("storm"), Term("ferry"))),
    Or((Term("email"), Phrase("the sea"), Term("US"))),
    And((Term("quay"), Wildcard("harb*"))),
)


def long_article(seed: int) -> Article:
    rng = random.Random(seed)
    lines = [f"{' '.join(rng.choices(WORDS, k=rng.randint(1, 60)))}." for _ in range(rng.randint(1, 60))]
    body = "\n\n".join(lines) if seed % 3 else " ".join(line[0].upper() + line[1:] for line in lines)
    quotes = (
        Quote(body[3:40], None, "speech", 3, 40),
        Quote("as somebody cleaned it", None, "direct", 1, 9, utterance=1),
    )
    return Article(f"a{seed}", "Storm at the quay", body, language=rng.choice(["en", "de"]), quotes=quotes)


ARTICLES = [long_article(seed) for seed in range(30)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    folder: Path = tmp_path_factory.mktemp("long")
    engine = WhooshEngine(folder, identities=Identities(), create=True)
    for some in (ARTICLES[:17], ARTICLES[17:]):
        with engine.writer() as writer:
            for article in some:
                writer.add(article)
    yield engine
    engine.close()


@pytest.mark.parametrize("where", ASKED, ids=str)
def test_its_passages_are_those_of_its_whole_text(engine: WhooshEngine, where: Expr) -> None:
    found = {hit.article.id: hit.article for hit in engine.search(Query(where, limit=30, explain=True)).hits}
    highlighter = Highlighter(where)
    with patch("searcher.article.PART", 1_000_000), patch("searcher.search.highlight.PART", 1_000_000):
        whole = {a.id: highlighter.passages(a) for a in ARTICLES if a.id in found}

    assert whole == {id: highlighter.passages(article) for id, article in found.items()}
    assert whole == {a.id: Highlighter(where).passages(a) for a in ARTICLES if a.id in found}


def test_a_long_line_has_parts_that_end_with_a_sentence() -> None:
    body = "The harbour is peaceful. " * 100
    ends = part_ends(body)

    assert [1025, 2050, len(body)] == ends
    assert {" T"} == {body[end - 1 : end + 1] for end in ends[:-1]}


def test_words_are_looked_for_where_they_stand_in_an_article_read_later(tmp_path: Path) -> None:
    with closing(WhooshEngine(tmp_path, identities=Identities(), create=True)) as engine:
        with engine.writer() as writer:
            writer.add(next(article for article in ARTICLES if len(article.body) > 9_000))
        (statement,) = engine.statements(QuoteQuery(MatchAll(), kinds=("speech",), limit=1)).hits
        article = statement.places[0].article

        assert isinstance(article, StoredArticle)
        assert article.parts_containing([Term("storm")])


def test_what_stands_far_into_a_book_is_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searcher.search.highlight._MAX_TEXT", 2_000)
    book = Article("book", "", "\n\n".join([*["A storm came. " * 30] * 20, "The quay is calm."]))
    with closing(WhooshEngine(tmp_path, identities=Identities(), create=True)) as engine:
        with engine.writer() as writer:
            writer.add(book)
        (hit,) = engine.search(Query(Term("quay"), limit=1, explain=True)).hits

        assert [()] == [passage.marks for passage in Highlighter(Term("quay")).passages(hit.article)]


@pytest.mark.parametrize("article", ARTICLES[:9], ids=lambda article: article.id)
def test_it_comes_back_as_it_was(article: Article) -> None:
    ends = part_ends(article.body)

    assert article == unpack_article(pack_article(article, ends, [1] * len(ends)))
    assert article.quotes == unpack_article(pack_article(article, ends, [1] * len(ends))).quotes


@pytest.mark.parametrize("article", ARTICLES[:9], ids=lambda article: article.id)
def test_one_of_its_quotations_is_made_without_the_others(article: Article) -> None:
    ends = part_ends(article.body)
    stored = article_of(unpack_head(pack_article(article, ends, [1] * len(ends))))
    found = [stored.quote_at(number) for number in range(len(article.quotes))]

    assert quotes_by_position(article.quotes) == found
    assert isinstance(stored, StoredArticle)
    assert {"body", "quotes"} == {*stored._rest}
