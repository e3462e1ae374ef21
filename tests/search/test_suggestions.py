"""What is suggested while a query is typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import searcher
from searcher import Article, Index, Mention
from searcher.search.suggestions import Suggestion

NAMES = (("Ada Quill", "person"), ("Bo Quillon", "person"), ("Quay Workers", "organisation"))


def article(id: str, body: str) -> Article:
    mentions = tuple(
        Mention(name, kind, body.index(name), body.index(name) + len(name))  # type: ignore[arg-type]
        for name, kind in NAMES
        if name in body
    )
    return Article(id, body=body, source="The Quayside", mentions=mentions)


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        bodies = ("Ada Quill quit the Quay Workers.", "Ada Quill was quick.", "Bo Quillon quit.", "Quitting.")
        opened.add([article(str(n), body) for n, body in enumerate(bodies)], annotate=False)
        yield opened


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("qui", "person", ["Ada Quill", "Bo Quillon"]),
        ("Quay", "organisation", ["Quay Workers"]),
        ("Quay", "source", ["The Quayside"]),
        ("storm bo qui", "person", ["Bo Quillon"]),
        ("(storm OR QUILLO", "person", ["Bo Quillon"]),
        ("ill", "person", []),
        ("q", "person", []),
        ("quill ", "person", []),
        ("", "person", []),
    ],
)
def test_names_with_a_word_that_begins_so(index: Index, typed: str, kind: str, expected: list[str]) -> None:
    assert expected == [one.value for one in index.hints.complete(typed) if one.kind == kind]


def test_words_that_begin_so_the_most_frequent_first(index: Index) -> None:
    words = [
        (one.value, one.articles) for one in index.hints.complete("storm quic", 20) if one.kind == "word"
    ]

    assert [("quick", 1)] == words


@pytest.mark.parametrize(
    ("text", "typed", "query"),
    [
        ("storm -ada q", "ada q", 'person:"Ada Quill"'),
        ('person:"Ada Q', 'person:"Ada Q', 'person:"Ada Quill"'),
        ("source:quays", "source:quays", 'source:"The Quayside"'),
        ("storm wor", "wor", 'organisation:"Quay Workers"'),
    ],
)
def test_a_name_replaces_what_was_typed_of_it(index: Index, text: str, typed: str, query: str) -> None:
    assert (typed, query) == (index.hints.complete(text)[0].typed, index.hints.complete(text)[0].query)


def test_a_suggestion_has_the_number_of_its_articles(index: Index) -> None:
    assert Suggestion("Ada Quill", "person", 2, 'person:"Ada Quill"', "ada") == index.hints.complete("ada")[0]


def test_a_commit_is_seen(index: Index) -> None:
    index.hints.complete("bo")
    index.add([article("new", "Bo Quillon came back.")], annotate=False)

    assert 2 == index.hints.complete("bo")[0].articles


def test_a_decision_about_a_name_is_seen(index: Index) -> None:
    index.hints.complete("bo")
    index.names.decide(index.names.decisions.rename("person", "Bo Quillon", "Bob Quillon"))

    assert ["Bob Quillon"] == [one.value for one in index.hints.complete("bob") if one.kind == "person"]
