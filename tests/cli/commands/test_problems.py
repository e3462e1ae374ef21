from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def loaded(change: Run, tmp_path: Path) -> Path:
    """A folder that was indexed: a page, an empty file, a table, and what no reader takes."""
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "plan.txt").write_text("Harbour plan approved\n\nThe board approved the harbour plan.\n")
    (folder / "empty.txt").write_text("")
    (folder / "table.csv").write_text("title,body\nFerry,It sails.\n")
    (folder / "map.xyz").write_text("x")
    change("index", str(folder))
    return folder


def test_problems_are_listed_by_reason(loaded: Path, change: Run) -> None:
    result = change("problems")
    expected = [
        "1 file not read",
        "  It is empty.",
        f"    {loaded / 'empty.txt'}",
        "1 file passed over",
        "  1 .xyz",
    ]

    assert (0, expected) == (result.exit_code, result.stdout.splitlines())


def test_files_passed_over_are_named_when_asked_for(loaded: Path, change: Run) -> None:
    assert f"    {loaded / 'map.xyz'}\n" in change("problems", "--all").stdout


def test_problems_as_a_document(loaded: Path, change: Run) -> None:
    found = json.loads(change("problems", "--json").stdout)["problems"]

    assert {
        "path": str(loaded / "empty.txt"),
        "origin": str(loaded / "empty.txt"),
        "kind": "not read",
        "reason": "It is empty.",
        "count": 1,
    } in found


def test_problems_as_lines(loaded: Path, change: Run) -> None:
    lines = change("problems", "--jsonl").stdout.splitlines()

    assert {"empty.txt": "not read", "map.xyz": "passed over"}.items() <= {
        Path(problem["path"]).name: problem["kind"] for problem in map(json.loads, lines)
    }.items()


def test_nothing_is_missing_from_an_index_of_whole_files(change: Run) -> None:
    result = change("problems")

    assert (0, "Nothing is missing: every file was read whole.\n") == (result.exit_code, result.stdout)
