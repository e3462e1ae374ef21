"""Sources are one under their names and addresses, where articles of one host bear them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from searcher import Index
from searcher.ingest.publishers import is_label_of


def write(folder: Path, name: str, *rows: tuple[str, str]) -> Path:
    """A file of articles of these addresses and sources."""
    path = folder / f"{name}.jsonl"
    records = [
        {"url": url, "source": source, "title": f"{name} {number}", "body": f"{name} {number} told it."}
        for number, (url, source) in enumerate(rows)
    ]
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


NAMED = ("https://www.pgtimes.example/a", "The Port Gull Times")
BY_HOST = ("https://pgtimes.example/b", "pgtimes.example")
SHORT = ("https://pgtimes.example/c", "PGTimes")


def sources(index: Index) -> dict[str, int]:
    return {one.value: one.count for one in index.search("told", facets=["source"]).facets["source"].values}


@pytest.mark.parametrize("apart", [True, False])
def test_a_source_is_one_under_its_names_and_its_address(apart: bool, index: Index, tmp_path: Path) -> None:
    rows = {"a": [NAMED], "b": [BY_HOST], "c": [SHORT]}
    for group in [[one] for one in rows] if apart else [list(rows)]:
        index.load([write(tmp_path, name, *rows[name]) for name in group], workers=1)

    assert {"The Port Gull Times": 3} == sources(index)
    assert 3 == index.count(source="pgtimes.example") == index.count(source="The Port Gull Times")


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("another host", ("https://pg-tribune.example/d", "Port Gull Tribune")),
        ("no address", ("", "Port Gull Times")),
        ("other words", ("https://pgtimes.example/d", "Harbour Board Notices")),
    ],
)
def test_two_publishers_are_never_joined(
    what: str, other: tuple[str, str], index: Index, tmp_path: Path
) -> None:
    index.load([write(tmp_path, "a", ("https://pgt.example/e", "PGT"), other)], workers=1)

    assert 2 == len(sources(index))


def test_of_two_that_may_be_meant_neither_is(index: Index, tmp_path: Path) -> None:
    both = [("https://pgt.example/1", "Port Gull Times"), ("https://pgt.example/2", "Pier Guild Telegraph")]
    index.load([write(tmp_path, "a", ("https://pgt.example/3", "PGT"), *both)], workers=1)

    assert 3 == len(sources(index))


def test_a_decision_by_hand_is_kept(index: Index, tmp_path: Path) -> None:
    index.names.decide(index.names.decisions.split("source", "pgtimes.example"))
    index.load([write(tmp_path, "a", NAMED, BY_HOST)], workers=1)
    before = sources(index)
    index.rebuild(workers=1)

    assert {"The Port Gull Times": 1, "pgtimes.example": 1} == before == sources(index)


def test_what_was_joined_can_be_seen_and_split(index: Index, tmp_path: Path) -> None:
    index.load([write(tmp_path, "a", NAMED, BY_HOST)], workers=1)
    seen = index.names.decisions.decisions()
    index.names.decide(index.names.decisions.split("source", "pgtimes.example"))

    assert (("source", "pgtimes.example", "~> The Port Gull Times"),) == seen
    assert 2 == len(sources(index))


@pytest.mark.parametrize(
    ("label", "name", "expected"),
    [
        ("nytimes", "The New York Times", True),
        ("wsj", "The Wall Street Journal", True),
        ("bbc", "BBC News", True),
        ("faz", "Frankfurter Allgemeine Zeitung", True),
        ("nytimes", "New York Post", False),
        ("times", "The New York Times", False),
        ("bbc", "BBC Sport", False),
        ("sun", "The Sun", False),  # these are one by their letters
    ],
)
def test_a_label_stands_for_a_name_by_the_beginnings_of_its_words(
    label: str, name: str, expected: bool
) -> None:
    assert expected == is_label_of(label, name)
