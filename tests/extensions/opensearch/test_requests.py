"""How often a cluster is asked for one answer."""

from __future__ import annotations

from typing import Any

import pytest

import searcher
from searcher import Article
from searcher.article import Mention
from searcher.engines.memory import MemoryEngine
from searcher.extensions.opensearch.client import Client
from searcher.names.table import Identities
from searcher.query import deadline
from searcher.query.tree import Term
from tests.engines import worlds
from tests.engines.conftest import Make
from tests.engines.test_conformance import fill

FACETS = ("person", "organisation", "speaker", "source", "year")


def test_a_word_is_counted_once_for_its_spelling_and_its_score(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with searcher.open_index(location) as index:
        index.add([Article("1", "Ferry sails", "The ferry sails at noon.")], annotate=False)
        asked = noted(monkeypatch)
        numbers = []
        for _ in range(2):
            index.search("ferry", facets=FACETS)
            numbers.append(asked.count("_search"))
            asked.clear()

        assert [2, 1] == numbers


def test_words_of_a_query_are_counted_together(location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the state, for all words with the pair that they are, and for the hits."""
    with searcher.open_index(location) as index:
        index.add([Article("1", "Ferry sails", "The ferry sails at noon.")], annotate=False)
        asked = noted(monkeypatch)
        question = deadline.begin_question()
        found = index.search("the ferry sails", snippets=False)
        deadline.end_question(question)

    assert ["_mget", "_search", "_search"] == asked
    assert 1 == found.total


def test_one_question_of_a_new_process_is_four_requests(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the state with the texts, for its word, for the hits with their facets, and for names."""
    with searcher.open_index(location) as index:
        mention = Mention("Ada Moss", "person", 0, 8)
        index.add([Article("1", "Ferry", "Ada Moss sails.", mentions=(mention,))], annotate=False)
    asked = noted(monkeypatch)
    question = deadline.begin_question()
    with searcher.open_index(location, create=False) as index:
        people = index.search("sails", facets=FACETS).facets["person"].values
        pending = index.articles.count_pending()
    deadline.end_question(question)

    assert ["_mget", "_search", "_search", "_search"] == asked
    assert ["Ada Moss"] == [one.value for one in people]
    assert 0 == pending


def test_the_versions_of_all_hits_of_a_page_are_one_request(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with searcher.open_index(location) as index:
        index.add(
            [Article(id, "Ferry") for id in ("ferry", *(f"ferry-{n}" for n in range(9)))], annotate=False
        )
        articles = [*index.articles]
        asked = noted(monkeypatch)
        question = deadline.begin_question()
        index.articles.count_copies(articles)
        deadline.end_question(question)

    assert 10 == len(articles)
    assert ["_mget", "_search"] == asked


def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what clients ask from now on, by the last part of each path."""
    asked: list[str] = []
    ask = Client.ask

    def ask_and_note(self: Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
        asked.append(path.partition("?")[0].rpartition("/")[2])
        return ask(self, method, path, body, **more)

    monkeypatch.setattr(Client, "ask", ask_and_note)
    return asked


def test_words_are_counted_as_they_are_found(make_opensearch: Make) -> None:
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    for one in (judge, engine):
        fill(one, worlds.world(3).batches)
    words = [*judge.terms("text"), "nowhere"]
    asked = [Term(word, exact=exact) for word in words for exact in (False, True)]

    assert [judge.count(one) for one in asked] == [engine.count(one) for one in asked]


@pytest.mark.parametrize("language", [None, "de", "fr"])
def test_words_are_found_by_what_they_are_in_any_language(
    make_opensearch: Make, language: str | None
) -> None:
    """“o'keefe” may be an elided “o”, as in French, in an English text as well."""
    judge, engine = MemoryEngine(identities=Identities()), make_opensearch()
    bodies = ("Who sails o' nights", "Wahlen and elections at 12:30", "Georgia O'Keefe", "l'élection")
    for one in (judge, engine):
        fill(one, (tuple(Article(str(n), "", body, language=language) for n, body in enumerate(bodies)),))
    asked = [Term(word) for word in ("o'keefe", "wahl", "election", "12:30", "Georgia")]

    assert [judge.count(one) for one in asked] == [engine.count(one) for one in asked]
