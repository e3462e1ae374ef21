"""Which names are suggested in the place of one that nobody has."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

import searcher
from searcher import Article, Mention, Quote, Search
from searcher.search.advice import similar_names

NAMES = {
    "Los Angeles Times": 9,
    "The Seattle Times": 2,
    "Hillary Clinton": 8,
    "Bill Clinton": 3,
    "All Might": 1,
    "ALL MIGHT": 2,
}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Seattle Times", ["The Seattle Times", "Los Angeles Times"]),
        ("Hilary Clinton", ["Hillary Clinton", "Bill Clinton"]),
        ("Clnton", ["Hillary Clinton", "Bill Clinton"]),
        ("Mighty", ["ALL MIGHT"]),
        ("The Post", []),
        ("Nobody Atall", []),
    ],
)
def test_the_likest_name_comes_first(asked: str, expected: list[str]) -> None:
    assert expected == similar_names(NAMES, asked)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Obama", []),
        ("Barack Obama", []),
        ("Ladin", ["Osama bin Laden"]),
        ("Osma Ladin", ["Osama bin Laden"]),
        ("Boing", ["Boeing Company"]),
    ],
)
def test_a_given_name_that_is_spelt_like_a_surname_is_nobody(asked: str, expected: list[str]) -> None:
    assert expected == similar_names(
        {"Osama bin Laden": 9, "Boeing Company": 1}, asked, people={"Osama bin Laden"}
    )


_TEXT = "“The mine is shut,” said Osama bin Laden. Barack Obama was not there."


def _name(name: str, kind: str = "person") -> Mention:
    return Mention(name, kind, _TEXT.index(name), _TEXT.index(name) + len(name))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        ("url:https://coast.example storm", []),
        ("year:2024 storm", []),
        ("url:hills.example", ["hills.example"]),
        ("year:1999", ["1999"]),
    ],
)
def test_only_a_value_that_no_article_has_is_unknown(query: str, unknown: list[str]) -> None:
    with searcher.open_index(":memory:") as index:
        article = Article(
            "a", "Mine", url="https://www.coast.example/mine", published=dt.datetime(2024, 3, 5)
        )
        index.add([article], annotate=False)
        asked = Search(query)

        assert unknown == [one.value for one in index.hints.advise(asked, index.search(asked)).unknown_values]


@pytest.mark.parametrize("mentioned", [True, False])
def test_whom_articles_only_name_is_told_before_names_like_it(mentioned: bool) -> None:
    speaker = Quote("The mine is shut,", "Osama bin Laden", "direct", 1, 18)
    names = (_name("Barack Obama"), *([_name("Osama bin Laden")] if mentioned else []))
    with searcher.open_index(":memory:") as index:
        index.add([Article("a", "Mine", _TEXT, mentions=names, quotes=(speaker,))], annotate=False)
        asked = Search(said_by="Obama")
        advice = index.hints.advise(asked, index.quotes(asked))
        named = advice.mention_offer()

        assert ("Obama", 1, {"person": ("Obama",)}, []) == (
            named and named.name,
            named and named.number,
            named and named.search.included,
            [offer.name for offer in advice.name_offers()],
        )


@pytest.mark.parametrize(("match", "expected"), [("all", 1), ("any", None)])
def test_what_was_said_in_articles_that_have_the_words_is_offered_if_all_are_asked_for(
    match: str, expected: int | None
) -> None:
    with searcher.open_index(":memory:") as index:
        index.add(
            [Article("a", "Mine", _TEXT, quotes=(Quote("The mine is shut,", None, "direct", 1, 18),))],
            annotate=False,
        )
        asked = Search("Barack Obama", match=match, quotes=True)  # type: ignore[arg-type]
        wider = index.hints.advise(asked, index.quotes(asked)).wider_offer()

        assert expected == (wider and wider.number)


ASKED = """
import sys
from searcher.cli import search
search.search.main(["-c", "-i", *sys.argv[1:]], prog_name="search", standalone_mode=False)
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("word", "unused"), [("harbour", "searcher.search.advice"), ("walrus", "searcher.names.rules")]
)
def test_a_count_loads_nothing_that_it_does_not_tell(tmp_path: Path, word: str, unused: str) -> None:
    with searcher.open_index(tmp_path) as index:
        index.add([Article("a", body="The harbour burned.")], annotate=False)
    command = [sys.executable, "-c", ASKED, str(tmp_path), word]
    loaded = subprocess.run(command, capture_output=True, text=True).stdout.split()

    assert [True, False] == ["searcher.index" in loaded, unused in loaded]
