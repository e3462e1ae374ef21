"""Articles like one article."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import searcher
from searcher import Article, Index, Mention
from searcher.engines.memory import MemoryEngine
from searcher.names.table import Identities
from searcher.query.synonyms import Synonyms
from searcher.query.tree import Phrase, Term, leaves
from searcher.search.answers import Answers
from searcher.search.related import MAX_TERMS, copy_counts, query_for

FERRY = Article(
    "ferry", "Ferry strike at Port Aurel", "Deckhands of the Aurel ferry walked out over night shifts."
)
ANSWER = Article(
    "answer", "Owner answers deckhands", "The ferry's owner offered deckhands fewer night shifts."
)
BANK = Article("bank", "Rates rise", "The central bank raised its rates by a quarter point on Monday.")
OTHERS = [
    Article(f"other-{n}", f"Garden note {n}", f"Roses and apples of the year number {n} are early.")
    for n in range(9)
]


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add([FERRY, ANSWER, BANK, *OTHERS], annotate=False)
        yield opened


def ids(index: Index, article: Article, limit: int = 10) -> list[str]:
    return [hit.article.id for hit in index.articles.related(article, limit)]


def test_an_article_on_the_same_matter_is_like_it(index: Index) -> None:
    assert ["answer"] == ids(index, FERRY)


def test_one_common_word_makes_no_articles_alike(index: Index) -> None:
    gulls = "Gulls sleep on one leg at night. " + "One of them is awake at any hour to warn the rest. " * 9
    index.add([Article("gulls", "How gulls sleep", gulls)], annotate=False)

    assert ["answer"] == ids(index, FERRY)


def test_an_article_is_not_like_itself(index: Index) -> None:
    assert "other-3" not in ids(index, OTHERS[3])


def test_no_more_than_asked_for(index: Index) -> None:
    assert 2 == len(ids(index, OTHERS[0], 2))


def test_an_article_need_not_be_in_the_index(index: Index) -> None:
    assert "bank" == ids(index, Article("new", "", "Will the central bank raise rates again?"))[0]


def test_an_article_without_words_is_like_nothing(index: Index) -> None:
    assert [] == ids(index, Article("empty", "", "of the and 12"))


def test_stop_words_of_its_language_make_no_articles_alike() -> None:
    articles = [
        Article("wall", "Le mur", "Les pierres que nous touchons tombent du mur.", language="fr"),
        Article("mended", "Le mur", "Des pierres neuves pour le mur.", language="fr"),
        Article("bread", "Le pain", "Nous dormons pendant que les boulangers chantent.", language="fr"),
    ]
    with searcher.open_index(":memory:") as index:
        index.add(articles, annotate=False)

        assert ["mended"] == ids(index, articles[0])


def test_a_word_of_the_title_tells_more_than_one_that_the_body_has_twice() -> None:
    twice = " ".join(f"{a}{b}{a}{b}" for a in "bdfg" for b in "aeiou")
    article = Article("x", "Kestrel", f"{twice} {twice}")
    with searcher.open_index(":memory:") as index:
        index.add([article, Article("y", "", f"kestrel {twice}")], annotate=False)
        query = query_for(index._session.answers(), article)

    assert query is not None
    assert len(twice.split()) > MAX_TERMS
    assert Term("Kestrel") in leaves(query)


def test_names_are_asked_for_as_phrases() -> None:
    article = Article(
        "x", "", "Mara Lindqvist spoke.", mentions=(Mention("Mara Lindqvist", "person", 0, 14),)
    )

    answers = Answers(MemoryEngine(identities=Identities()), Synonyms())
    query = query_for(answers, article)

    assert query is not None
    assert Phrase("Mara Lindqvist") in leaves(query)


def test_what_is_no_version_of_an_article_is_not_read_for_one() -> None:
    read = []

    class Noting(MemoryEngine):
        def get(self, id: str) -> Article | None:
            read.append(id)
            return super().get(id)

    articles = [Article(id, "Ferry") for id in ("ferry", "ferry-1", "ferry-2")]
    engine = Noting(identities=Identities())
    with engine.writer() as writer:
        for article in articles:
            writer.add(article)

    assert ({}, []) == (copy_counts(engine, articles), read)
