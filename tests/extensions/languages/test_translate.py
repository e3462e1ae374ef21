"""``search --translate`` also finds what words mean in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from tests.cli.conftest import Run
from tests.extensions.languages.test_across import articles as of_three_languages


@pytest.fixture
def run_across(tmp_path: Path, run_search: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SEARCHER_INDEX", str(tmp_path / "index"))
    with searcher.open_index(tmp_path / "index") as index:
        index.add(of_three_languages(), annotate=False)
    return run_search


def test_an_answer_says_by_which_words(run_across: Run) -> None:
    lines = run_across("--translate", "climate", "--facets", "none").stdout.splitlines()

    assert "Also searched in other languages: climate: klima 2, климат 2" == lines[0]
    assert 2 == lines.count("   matched: klima")


def test_where_there_is_none_it_says_so(run_across: Run) -> None:
    lines = run_across("--translate", "Mild", "--facets", "none").stdout.splitlines()

    assert [
        "No translations were found for these words.",
        "Capitalised words may be names and are not translated. To translate them, use lower case.",
    ] == lines[:2]


def test_one_of_them_can_be_taken_back(run_across: Run) -> None:
    assert "4\n" == run_across("--translate", "-c", "climate", "-Klima").stdout


def test_where_nothing_is_found_it_says_what_they_would_find(run_across: Run) -> None:
    run_across("--translate", "climate")
    result = run_across("climate", "--lang", "en", "--not-lang", "en")

    assert "In other languages (--translate): climate: klima 2, климат 2" in result.stderr
