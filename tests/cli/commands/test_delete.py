"""``searcher delete`` and ``searcher deleted``: deleted articles stay away until the deletion is undone."""

from __future__ import annotations

import json
from pathlib import Path

import searcher
from tests.cli.conftest import Run


def test_delete(change: Run, own_index: Path) -> None:
    result = change("delete", "deep")

    assert (0, "1 article deleted\n") == (result.exit_code, result.stdout)
    with searcher.open_index(own_index) as index:
        assert index.articles.get("deep") is None


def test_delete_from_stdin_reports_what_is_not_there(change: Run) -> None:
    result = change("delete", "--json", "-", stdin="deep\nnope\n")

    expected = {"schema": "searcher.delete/1", "deleted": 1, "unknown": ["nope"]}

    assert (1, expected) == (result.exit_code, json.loads(result.stdout))


def test_what_was_deleted_is_listed(change: Run) -> None:
    before = change("deleted")
    change("delete", "strike", "deep")

    assert (1, "") == (before.exit_code, before.stdout)
    assert "deep\nstrike\n" == change("deleted").stdout
    assert ["deep", "strike"] == json.loads(change("deleted", "--json").stdout)["deleted"]


def test_stats_tell_how_many_were_deleted(change: Run) -> None:
    before = change("stats").stdout
    change("delete", "deep")

    assert (False, True) == ("deleted" in before, "deleted        1\n" in change("stats").stdout)


def test_deleting_can_be_undone(change: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text('{"id": "one", "title": "Ferry", "body": "The ferry sails on Monday."}\n')
    change("index", str(file))
    change("delete", "one")
    change("rebuild")
    away = change("show", "one").exit_code
    result = change("deleted", "undo", "one")
    change("rebuild")

    assert (0, "1 deletion undone. To get the articles back: searcher rebuild\n") == (
        result.exit_code,
        result.stdout,
    )
    assert (1, 0) == (away, change("show", "one").exit_code)


def test_only_a_deletion_can_be_undone(change: Run) -> None:
    result = change("deleted", "undo", "deep")

    assert (1, "“deep” is not the id of a deleted article.\n") == (result.exit_code, result.stderr)


def test_without_ids_there_is_nothing_to_delete(change: Run) -> None:
    assert [2, 2] == [change("delete").exit_code, change("deleted", "undo").exit_code]


def test_an_option_that_is_a_command_names_the_command(change: Run) -> None:
    result = change("deleted", "--undo", "one")

    assert (2, True) == (result.exit_code, "Use: searcher deleted undo" in result.stderr)
