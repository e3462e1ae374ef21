"""Saving searches, asking them again, and printing what is new."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import searcher
from searcher import Article
from searcher.cli.search import search
from tests.cli.conftest import Run

NEWS = Article(
    "new",
    "Norvane drills <again> & again",
    "Norvane said that drilling\x1b[2J would go on.",
    url="https://example.org/new?a=1&b=2",
    published="2025-06-01",  # type: ignore[arg-type]
)


def ask(*args: str) -> Result:
    return CliRunner().invoke(search, list(args), prog_name="search")


@pytest.fixture
def saved(change: Run, own_index: Path) -> Run:
    """A saved search to which there is one new answer."""
    ask("Norvane", "--not-person", "Mara Lindqvist", "--save", "norvane")
    with searcher.open_index(own_index) as index:
        index.add([NEWS], annotate=False)
    return change


def test_a_saved_search_is_listed(saved: Run) -> None:
    assert "norvane: Norvane --not-person 'Mara Lindqvist'\n" == saved("saved").stdout


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["--in", "quotes", "dead", "--any"], "dead --in quotes --any"),
        (["--where", "year=2024", "--source", "a b", "dead"], "dead --source 'a b' --where year=2024"),
        (["--said-by", "Reyl", "--min-confidence", "0"], "* --said-by Reyl --min-confidence 0.0"),
        (["--unreported", "--said-by", "Reyl"], "* --said-by Reyl --unreported --in speech"),
        (["--said-by", "Reyl", "--about", "oil rig"], "* --said-by Reyl --about 'oil rig'"),
        (
            ["--person", "Reyl", "--person", "Lindqvist", "--match-all", "person", "dead"],
            "dead --person Reyl --person Lindqvist --match-all person",
        ),
        (["--org", "Norvane", "--after", "2024", "dead"], "dead --org Norvane --after 2024-01-01"),
    ],
)
def test_a_saved_search_is_listed_as_it_is_asked(change: Run, asked: list[str], shown: str) -> None:
    ask(*asked, "--save", "one")

    assert f"one: {shown}\n" == change("saved").stdout


def test_a_name_that_is_taken_is_said_to_be(change: Run) -> None:
    ask("dead", "--save", "one")

    assert "replacing the earlier search" in ask("drilling", "--save", "one").stderr
    assert "one: drilling\n" == change("saved").stdout


def test_a_search_cannot_be_saved_without_a_name(change: Run) -> None:
    result = ask("dead", "--save", "")

    assert (2, "", True) == (result.exit_code, result.stdout, "is not a valid name" in result.stderr)


def test_a_saved_search_can_be_asked_again(saved: Run) -> None:
    assert "new\nstrike\n" == ask("--saved", "norvane", "--ids", "--sort", "newest").stdout


@pytest.mark.parametrize("more", [["strike"], ["--match-all", "person"]])
def test_words_and_narrowing_do_not_go_with_a_saved_search(saved: Run, more: list[str]) -> None:
    result = ask("--saved", "norvane", *more)

    assert (2, True) == (result.exit_code, "--saved cannot be combined" in result.stderr)


def test_what_is_new_is_printed_once(saved: Run) -> None:
    first, again = saved("alerts"), saved("alerts")

    assert first.stdout.startswith("norvane: 1 new\n\n1. Norvane drills <again> & again\n")
    assert (0, 1, "") == (first.exit_code, again.exit_code, again.stdout)


def test_what_is_new_can_be_kept(saved: Run) -> None:
    assert saved("alerts", "norvane", "--peek").stdout == saved("alerts", "norvane").stdout


def test_alerts_as_json_lines(saved: Run) -> None:
    (line,) = saved("alerts", "--jsonl").stdout.splitlines()

    assert ("norvane", "new") == (json.loads(line)["search"], json.loads(line)["id"])


def test_alerts_as_a_feed(saved: Run) -> None:
    item = ElementTree.fromstring(saved("alerts", "--rss").stdout).find("channel/item")
    assert item is not None

    assert ["Norvane drills <again> & again", "https://example.org/new?a=1&b=2", "norvane"] == [
        item.findtext(tag) for tag in ("title", "link", "category")
    ]
    assert "Sun, 01 Jun 2025 00:00:00 -0000" == item.findtext("pubDate")


def test_a_saved_search_can_be_deleted(saved: Run) -> None:
    saved("saved", "remove", "norvane")

    assert (1, "") == (saved("saved").exit_code, saved("saved").stdout)


def test_an_unknown_name_is_an_error(saved: Run) -> None:
    result = saved("alerts", "nope")

    assert (2, True) == (result.exit_code, "“norvane”" in result.stderr)


def test_a_search_is_saved_though_nobody_reads_its_answer(
    saved: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> int:
        raise BrokenPipeError

    with monkeypatch.context() as patched:
        patched.setattr("searcher.cli.output.answer.print_answer", stop)
        ask("drilling", "--save", "unread")

    assert "unread" in saved("saved").stdout
