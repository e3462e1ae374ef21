"""``searcher synonyms``: words that find one another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from searcher.cli import search as search_command
from tests.cli.conftest import Run


def ids(*args: str) -> list[str]:
    return CliRunner().invoke(search_command.search, ["--ids", *args]).stdout.split()


def test_there_are_none_at_first(run_searcher: Run) -> None:
    assert (1, "") == ((result := run_searcher("synonyms")).exit_code, result.stdout)


def test_they_are_listed_as_written(change: Run) -> None:
    change("synonyms", "add", "walkout,  strike")
    change("synonyms", "add", "boss => chief")

    assert "walkout, strike\nboss => chief\n" == change("synonyms").stdout
    assert [
        {"words": ["walkout", "strike"], "synonyms": []},
        {"words": ["boss"], "synonyms": ["chief"]},
    ] == [json.loads(line) for line in change("synonyms", "--jsonl").stdout.splitlines()]


def test_they_are_found_at_once_and_marked(change: Run) -> None:
    change("synonyms", "add", "walkout => strike")
    shown = CliRunner().invoke(search_command.search, ["--mark", "walkout"]).stdout

    assert ["strike"] == ids("walkout")
    assert "Dockers at Norvane went on [[strike]]." in shown


def test_one_way_is_not_the_other(change: Run) -> None:
    change("synonyms", "add", "dockers => drilling")

    assert ["deep", "strike"] == sorted(ids("dockers"))
    assert ["deep"] == ids("drilling")


def test_a_removed_line_is_gone(change: Run) -> None:
    change("synonyms", "add", "walkout, strike")
    change("synonyms", "remove", "walkout, strike")

    assert [] == ids("walkout")


def test_an_index_named_before_the_subcommand_counts(
    change: Run, own_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEARCHER_INDEX", "/nowhere")
    change("synonyms", "-i", str(own_index), "add", "walkout, strike")

    assert "walkout, strike\n" in (own_index / "synonyms.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("add", "alone"), "a line needs two words"),
        (("remove", "a, b"), "The synonyms have no line"),
    ],
)
def test_a_line_that_makes_no_sense_is_an_error(change: Run, args: tuple[str, ...], problem: str) -> None:
    result = change("synonyms", *args)

    assert 2 == result.exit_code
    assert problem in result.stderr


def test_a_broken_file_is_named_with_the_line(change: Run, own_index: Path) -> None:
    (own_index / "synonyms.txt").write_text("# mine\nalone\n", "utf-8")
    result = CliRunner().invoke(search_command.search, ["strike"])

    assert 2 == result.exit_code
    assert f"{own_index / 'synonyms.txt'}, line 2: a line needs two words" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["synonyms", "add", "caf\udce9, bar"],
        ["names", "rename", "Tomas Reyl", "caf\udce9"],
        ["names", "ignore", "caf\udce9"],
    ],
    ids=" ".join,
)
def test_what_is_no_text_is_written_to_no_file(change: Run, args: list[str]) -> None:
    result = change(*args)

    assert 2 == result.exit_code
    assert "must be text, but" in result.stderr
