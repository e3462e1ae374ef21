"""What is on record and not in print, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from searcher import Article, Index, Quote, Search, open_index
from searcher.errors import UsageError

WALL = "The harbour wall will be raised before the winter comes."
FERRY = "Nobody told us that the ferry would not sail at all."
TIDE = "The tide tables are wrong and always have been so."


def article(id: str, kind: str, *said: str) -> Article:
    quotes, body = [], ""
    for number, text in enumerate(said):
        start = len(body)
        body += f"{text}\n\n"
        quotes.append(
            Quote(text, "Orla Keane", kind, start, start + len(text), 1.0, "person", utterance=number)  # type: ignore[arg-type]
        )
    return Article(id, id, body.strip(), quotes=tuple(quotes))


@pytest.fixture(params=["memory", "folder"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    where = ":memory:" if request.param == "memory" else tmp_path_factory.mktemp("index")
    with open_index(where) as made:
        made.add(
            [article("sitting", "speech", WALL, FERRY), article("paper", "direct", WALL, TIDE)],
            annotate=False,
        )
        yield made


SPEECH = f"{WALL} {TIDE} {FERRY} I thank the committee and all who came here tonight."


def test_a_turn_of_which_print_has_a_part_is_in_print() -> None:
    index = open_index(":memory:")
    index.add([article("sitting", "speech", SPEECH, FERRY), article("paper", "direct", WALL)], annotate=False)

    assert [FERRY] == statements(index, UNREPORTED)
    assert [] == statements(index, PRINT_ONLY)


UNREPORTED, PRINT_ONLY = Search(said_by="Keane", unreported=True), Search(said_by="Keane", print_only=True)


def statements(index: Index, search: Search) -> list[str]:
    found = index.statements(search)
    assert found.total == index.count(search)
    return [one.text for one in found]


def test_statements_on_record_that_no_article_prints(index: Index) -> None:
    assert [FERRY] == statements(index, UNREPORTED)


def test_statements_in_print_that_are_not_on_record(index: Index) -> None:
    assert [TIDE] == statements(index, PRINT_ONLY)


def test_they_imply_quotations_of_their_kinds() -> None:
    searches = Search(unreported=True), Search(print_only=True), Search(kinds=["indirect"], print_only=True)

    assert [(True, ("speech",)), (True, ("direct", "partial")), (True, ("indirect",))] == [
        (search.quotes, search.kinds) for search in searches
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        {"unreported": True, "print_only": True},
        {"unreported": True, "kinds": ["direct"]},
        {"print_only": True, "kinds": ["speech"]},
    ],
)
def test_what_contradicts_them_is_refused(arguments: Any) -> None:
    with pytest.raises(UsageError, match="unreported requires the kind"):
        Search(quotes=True, **arguments)
