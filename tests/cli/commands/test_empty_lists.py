"""Commands that list something say so if there is nothing to list."""

from __future__ import annotations

from pathlib import Path

import pytest

import searcher
from tests.cli.conftest import Run


@pytest.fixture
def empty(run_searcher: Run, tmp_path: Path) -> Run:
    with searcher.open_index(tmp_path / "empty"):
        return lambda *args: run_searcher(*args, "-i", str(tmp_path / "empty"))


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("saved", "There are no saved searches yet. Save one: search QUERY --save NAME"),
        ("alerts", "There are no saved searches yet. Save one: search QUERY --save NAME"),
        ("log", "There are no changes yet."),
        ("log --who kim", "No changes match. To list all: searcher log"),
        ("names list", "The index has no person."),
        ("names list quill", "No name contains “quill”. To list all names: searcher names list"),
        (
            "names list --decisions",
            "There are no decisions about names yet. To make one: searcher names --help",
        ),
        (
            "synonyms",
            'There are no synonyms yet. Add some: searcher synonyms add "ECB, European Central Bank"',
        ),
        ("tags", "There are no tags yet. Add one: searcher tag ID +TAG"),
        ("tags export", "There are no tags yet. Add one: searcher tag ID +TAG"),
        ("deleted", "No articles were deleted. To delete one: searcher delete ID"),
        ("export", "The index is empty. Add articles: searcher index FOLDER"),
        ("export strike", "No articles found."),
        ("together", "No article mentions anyone."),
    ],
)
def test_nothing_to_list(empty: Run, command: str, message: str) -> None:
    result = empty(*command.split())

    assert (1, "", f"{message}\n") == (result.exit_code, result.stdout, result.stderr)


def test_nothing_new_in_a_saved_search(change: Run, tmp_path: Path) -> None:
    (tmp_path / "board.txt").write_text("Tomas Reyl\n", "utf-8")
    change("match", str(tmp_path / "board.txt"), "--save", "board")
    result = change("alerts", "board")

    assert (1, "Nothing new in “board” since the last run.\n") == (result.exit_code, result.stderr)
