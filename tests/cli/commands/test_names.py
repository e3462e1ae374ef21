"""``searcher names``: decisions about who is who."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def people(run: Run) -> dict[str, int]:
    rows = [json.loads(line) for line in run("names", "list", "--jsonl").stdout.splitlines()]
    return {row["name"]: row["articles"] for row in rows}


def test_names_are_listed_with_their_articles(run_searcher: Run) -> None:
    assert "      2  Tomas Reyl\n      1  Mara Lindqvist\n" == run_searcher("names", "list").stdout


def test_names_are_listed_by_what_they_hold(run_searcher: Run) -> None:
    assert "      1  Mara Lindqvist\n" == run_searcher("names", "list", "lind").stdout


def test_organisations_are_listed(run_searcher: Run) -> None:
    assert "      2  Norvane\n" == run_searcher("names", "list", "--org").stdout


def test_nobody_is_listed(run_searcher: Run) -> None:
    assert 1 == run_searcher("names", "list", "zzz").exit_code


def test_a_long_list_says_that_there_is_more(run_searcher: Run) -> None:
    assert "… and 1 more: -n 0 lists all.\n" == run_searcher("names", "list", "-n", "1").stderr


def test_merged_names_are_one(change: Run) -> None:
    result = change("names", "merge", "Tomas Reyl", "Mara Lindqvist")

    assert (0, "Tomas Reyl: 2 articles\n") == (result.exit_code, result.stdout)
    assert {"Tomas Reyl": 2} == people(change)


def test_a_decision_can_be_undone(change: Run) -> None:
    change("names", "merge", "Tomas Reyl", "Mara Lindqvist")
    change("names", "undo", "Mara Lindqvist")

    assert {"Tomas Reyl": 2, "Mara Lindqvist": 1} == people(change)


def test_names_can_be_renamed(change: Run) -> None:
    change("names", "rename", "Tomas Reyl", "Tomas T. Reyl")

    assert {"Tomas T. Reyl": 2, "Mara Lindqvist": 1} == people(change)


def test_ignored_names_vanish(change: Run) -> None:
    change("names", "ignore", "Tomas Reyl", "Mara Lindqvist")

    assert {} == people(change)


def test_decisions_are_listed_and_kept(change: Run, own_index: Path) -> None:
    change("names", "split", "Tomas Reyl")
    change("names", "ignore", "--org", "Norvane")

    assert "organisation  Norvane  ignored\nperson  Tomas Reyl  apart\n" == (
        change("names", "list", "--decisions").stdout
    )
    assert "person  Tomas Reyl  apart\n" in (own_index / "names.txt").read_text("utf-8")


def test_a_decision_about_one_article_is_listed_with_it(change: Run) -> None:
    change("names", "split", "--in", "deep", "--as", "Rolf Reyl", "Tomas Reyl")
    (told,) = json.loads(change("names", "list", "--decisions", "--json").stdout)["decisions"]

    assert "person  Tomas Reyl  -> Rolf Reyl  in deep\n" == change("names", "list", "--decisions").stdout
    assert {"kind": "person", "name": "Tomas Reyl", "decision": "-> Rolf Reyl", "article": "deep"} == told
    assert "" == change("names", "list", "--decisions", "--org").stdout


def test_a_name_that_nobody_has_is_mentioned(change: Run) -> None:
    result = change("names", "ignore", "Tomas Rail")

    assert (0, "Saved, but no article has the person “Tomas Rail” yet.\n") == (
        result.exit_code,
        result.stderr,
    )


def test_a_name_that_nobody_has_is_mentioned_where_it_is_kept_apart(change: Run) -> None:
    assert "“Tomas Rail”" in change("names", "split", "Tomas Rail").stderr


def test_a_name_cannot_be_merged_with_itself(change: Run) -> None:
    result = change("names", "merge", "Tomas Reyl", "Tomas Reyl")

    assert (2, True) == (result.exit_code, "with itself" in result.stderr)


def test_the_forms_of_a_name_are_shown_with_why(change: Run) -> None:
    change("names", "merge", "Mara Lindqvist", "Tomas Reyl")

    expected = (
        "Mara Lindqvist\n      2  Tomas Reyl (decided by hand)\n      1  Mara Lindqvist (as it is shown)\n"
    )

    assert expected == change("names", "show", "reyl").stdout


def test_nobody_has_no_forms(run_searcher: Run) -> None:
    shown = run_searcher("names", "show", "--org", "zzz")

    assert (1, "No article has the organisation “zzz”.\n") == (shown.exit_code, shown.stderr)


def test_nothing_is_doubtful(run_searcher: Run) -> None:
    for args, said in (((), "No person is doubtful.\n"), (("--org",), "No organisation is doubtful.\n")):
        result = run_searcher("names", "doubtful", *args)

        assert (1, "", said) == (result.exit_code, result.stdout, result.stderr)


def test_sources_are_merged(change: Run) -> None:
    change("names", "merge", "--source", "The Post", "Harbour Post")
    rows = [json.loads(line) for line in change("names", "list", "--source", "--jsonl").stdout.splitlines()]

    assert "The Post" in [row["name"] for row in rows]


def test_a_name_is_split_in_one_article(change: Run) -> None:
    change("names", "split", "--in", "deep", "--as", "Rolf Reyl", "Tomas Reyl")

    assert {"Mara Lindqvist": 1, "Rolf Reyl": 1, "Tomas Reyl": 1} == people(change)


def test_another_name_needs_its_article(change: Run) -> None:
    assert 2 == change("names", "split", "Tomas Reyl", "--as", "Tom Reyl").exit_code


@pytest.mark.parametrize("start", [0, -8], ids=["id", "as-the-log-prints-it"])
def test_a_step_of_the_log_is_undone(change: Run, start: int) -> None:
    change("names", "rename", "Tomas Reyl", "Tom Reyl")
    change("names", "rename", "Tomas Reyl", "T. Reyl")
    (step, *_) = [json.loads(line)["step"] for line in change("log", "--jsonl").stdout.splitlines()]
    result = change("names", "undo", step[start:])

    assert 0 == result.exit_code
    assert {"Tom Reyl": 2, "Mara Lindqvist": 1} == people(change)
