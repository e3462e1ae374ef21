"""Looking for a list of names, and being told what is new about them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import searcher
from searcher import Article, Search
from searcher.saved_searches import SavedSearches
from tests.cli.conftest import Run

LATER = Article("later", "A letter", "It was signed Bo Carr.")


@pytest.fixture
def names(tmp_path: Path) -> str:
    (tmp_path / "board.csv").write_text("No.,Who\n1,Tomas Reil\n2,Bo Carr\n3,Mara Lindqvist\n", "utf-8")
    return str(tmp_path / "board.csv")


def test_a_list_is_looked_for(change: Run, names: str) -> None:
    result = change("match", names, "--column", "who")

    assert [
        "name            found as        kind    articles  quotations  match",
        "Tomas Reil      Tomas Reyl      person         2           0  possible, 80%: sound",
        "Bo Carr         -               -              -           -  not found",
        "Mara Lindqvist  Mara Lindqvist  person         1           1  sure",
    ] == result.stdout.splitlines()
    assert "3 names: 1 found, 1 possible, 1 not found.\n" == result.stderr


def test_a_person_and_an_organisation_of_one_name_are_told_apart(change: Run, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Norvane\n", "utf-8")
    change("names", "rename", "Tomas Reyl", "Norvane")
    lines = change("match", str(tmp_path / "names.txt")).stdout.splitlines()

    assert {"organisation", "person"} == {line.split()[2] for line in lines[1:]}


@pytest.mark.parametrize("narrowed", [["--before", "2000"], ["--source", "Nowhere"], ["--not-lang", "en"]])
def test_a_list_is_looked_for_in_some_articles_only(change: Run, names: str, narrowed: list[str]) -> None:
    result = change("match", names, "--column", "Who", *narrowed)

    assert "3 names: 0 found, 0 possible, 3 not found.\n" == result.stderr


def test_a_list_is_not_kept_with_what_narrows_it(change: Run, names: str) -> None:
    result = change("match", names, "--column", "Who", "--save", "board", "--source", "Herald")

    assert (2, True) == (result.exit_code, "--save stores only the names" in result.stderr)


def test_a_list_as_a_table(change: Run, names: str) -> None:
    rows = csv.DictReader(io.StringIO(change("match", names, "--column", "Who", "--csv").stdout))

    assert ["near", "no", "sure"] == [row["match"] for row in rows]


def test_what_nobody_bears_is_found_nowhere(change: Run, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Bo Carr\n", "utf-8")

    assert 1 == change("match", str(tmp_path / "names.txt")).exit_code


def test_a_list_that_is_kept_tells_what_is_new(change: Run, own_index: Path, names: str) -> None:
    change("match", names, "--column", "Who", "--save", "board")
    with searcher.open_index(own_index) as index:
        index.add([LATER], annotate=False)
    new = change("alerts", "board", "--jsonl")

    assert "board: a list of 3 names\n" == change("saved").stdout
    assert ["later"] == [json.loads(line)["id"] for line in new.stdout.splitlines()]
    assert 1 == change("alerts", "board").exit_code


def test_a_list_that_is_kept_is_looked_for_again(change: Run, names: str) -> None:
    first = change("match", names, "--column", "Who", "--save", "board")

    assert first.stdout == change("match", "--saved", "board").stdout


@pytest.mark.parametrize("given", [[], ["-", "--saved", "board"]])
def test_it_is_one_list(change: Run, given: list[str]) -> None:
    result = change("match", *given)

    assert (2, True) == (result.exit_code, "--saved NAME" in result.stderr)


def test_a_list_is_no_search_and_a_search_no_list(
    run_search: Run, run_searcher: Run, own_index: Path
) -> None:
    with searcher.open_index(own_index) as index:
        kept = SavedSearches.of(index)
        kept.save_list("The board", ["Tomas Reyl"], index)
        kept.save("strike", Search("strike"), index)
    searched = run_search("--saved", "The board", "-i", str(own_index))
    matched = run_searcher("match", "--saved", "strike", "-i", str(own_index))

    assert (2, 2) == (searched.exit_code, matched.exit_code)
    assert "searcher match --saved 'The board'" in searched.stderr
    assert "To run it: search --saved strike" in matched.stderr
