"""What is on record and not in print, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator

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

    assert [FERRY] == statements(index, "speech")
    assert [] == statements(index, "direct")


def statements(index: Index, *kinds: str) -> list[str]:
    found = index.statements(Search(said_by="Keane", kinds=kinds, alone=True))  # type: ignore[arg-type]
    assert found.total == index.count(Search(said_by="Keane", kinds=kinds, alone=True))  # type: ignore[arg-type]
    return [one.text for one in found]


def test_what_is_on_record_and_not_in_print(index: Index) -> None:
    assert [FERRY] == statements(index, "speech")


def test_what_is_in_print_and_not_on_record(index: Index) -> None:
    assert [TIDE] == statements(index, "direct", "partial")


def test_it_asks_for_the_one_or_the_other() -> None:
    with pytest.raises(UsageError, match="alone goes with what is on record"):
        Search(quotes=True, alone=True)
