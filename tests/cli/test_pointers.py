"""Each command points at the other where it was typed for that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("args", [("Norvane", "-fire"), ("nothingatall",), ("-c", "Norvane")])
def test_searcher_search_is_search(run_searcher: Run, run_search: Run, args: tuple[str, ...]) -> None:
    expected, actual = run_search(*args), run_searcher("search", *args)

    assert (expected.exit_code, expected.stdout) == (actual.exit_code, actual.stdout)


@pytest.mark.parametrize(
    ("args", "advice"),
    [
        (("add", "my news"), "Use: searcher index 'my news'"),
        (("update",), "Use: searcher index\n"),
        (("list",), "Use: searcher stats\n"),
        (("info",), "Use: searcher stats\n"),
        (("remove", "3f21"), "Use: searcher delete 3f21\n"),
        (("find", "pier fire"), "Use: search 'pier fire'\n"),
    ],
)
def test_commands_of_other_tools_name_ours(run_searcher: Run, args: tuple[str, ...], advice: str) -> None:
    result = run_searcher(*args)

    assert 2 == result.exit_code
    assert advice in result.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--in", "quotes", "--speaker", "Mara Lindqvist"), "what they said: --said-by 'Mara Lindqvist'\n"),
        (
            ("--about", "founder", "--speaker", "lindqvist", "--speaker", "reyl"),
            "--said-by lindqvist --said-by reyl\n",
        ),
        (("--said-by", "lindqvist", "--speaker", "lindqvist"), ""),
        (("--speaker", "lindqvist"), ""),
    ],
)
def test_articles_that_quote_somebody_point_at_what_was_said(
    run_search: Run, args: list[str], said: str
) -> None:
    result = run_search(*args)

    assert (0, said) == (result.exit_code, result.stderr[-len(said) :] if said else result.stderr)


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("exprot", "There is no command “exprot”. Did you mean “export”? To search for words: search exprot"),
        ("porcupine", "There is no command “porcupine”. To search for words: search porcupine"),
    ],
)
def test_what_is_no_command_may_be_words(run_searcher: Run, command: str, advice: str) -> None:
    result = run_searcher(command)

    assert 2 == result.exit_code
    assert advice in result.stderr


def test_search_points_at_searcher_where_a_path_follows(
    run_search: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my news").mkdir()

    assert "To run the command instead: searcher index 'my news'\n" in run_search("index", "my news").stderr


def test_search_points_at_searcher_where_nothing_is_found(run_search: Run) -> None:
    assert "To run the command instead: searcher stats\n" in run_search("stats").stderr


def test_words_that_find_something_are_words(run_search: Run) -> None:
    assert "" == run_search("show", "OR", "Norvane").stderr


@pytest.mark.parametrize("word", ["a" * 300, "index\0", "..", ""])
def test_a_word_is_no_path(run_search: Run, word: str) -> None:
    assert 1 == run_search(word, "nothingatall").exit_code


def test_a_folder_that_is_called_as_a_command_is_no_path_that_follows(
    run_search: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "open").mkdir()

    assert "" == run_search("open", "OR", "Norvane").stderr
