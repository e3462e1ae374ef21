from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from searcher.cli.search import search
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
        "1 file passed over: no reader for such files (--all names them)",
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

    assert (0, "No problems: every file was read completely.\n") == (result.exit_code, result.stdout)


def test_doubts_of_one_cause_are_one_message_with_a_few_files(change: Run, tmp_path: Path) -> None:
    folder = tmp_path / "parked"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.html").write_text(f"<p>This domain is for sale. Call {number}.</p>")
    change("index", str(folder))
    lines = change("problems").stdout.splitlines()
    every = change("problems", "--all").stdout.splitlines()

    assert [
        "5 files read, but doubtful",
        "  It reads like the notice of a domain that is for sale.",
        *(f"    {folder}/{number}.html" for number in range(3)),
        "    … and 2 files more: searcher problems --all",
    ] == lines[:6]
    assert f"    {folder}/4.html" in every


def test_doubtful_articles_are_searched_for(change: Run, own_index: Path, tmp_path: Path) -> None:
    (tmp_path / "parked.html").write_text("<title>Ferry</title><p>This domain is for sale. Call us.</p>")
    change("index", str(tmp_path / "parked.html"))
    for asked in (["domain", "--doubtful"], ["is:doubtful"]):
        found = CliRunner().invoke(search, ["-i", str(own_index), *asked])

        assert " · doubtful" in found.stdout
