from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import searcher
from searcher.cli.searcher import searcher as command
from tests.search.test_record import SPOKEN, naming
from tests.search.test_statements import carried


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("people")
    with searcher.open_index(place) as index:
        index.add(SPOKEN, annotate=False)
    return str(place)


def run(folder: str, args: Sequence[str]) -> Result:
    return CliRunner().invoke(command, ["person", "-i", folder, *args])


def test_a_record_for_people(folder: str) -> None:
    lines = run(folder, ["moss"]).stdout.splitlines()

    assert [
        "Ada Moss",
        "mentioned in 5 articles, quoted in 4 articles",
        "2 statements, published 4 times",
        "",
        "  Topics: wall 2",
    ] == lines[:5]
    assert "1. Ada Moss (confidence 0.90)" in lines


def test_articles_that_quote_less_surely_are_told_apart(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path) as index:
        index.add([carried("unsure", "2024-01-03", "The harbour froze", sure=0.5)], annotate=False)
    result = run(str(tmp_path), ["moss"])

    assert (0, "mentioned in 0 articles, quoted in 0 articles, perhaps in 1 more") == (
        result.exit_code,
        result.stdout.splitlines()[1],
    )


def test_a_record_for_programs(folder: str) -> None:
    record = json.loads(run(folder, ["moss", "--json"]).stdout)

    assert ("searcher.person/1", "Ada Moss") == (record["schema"], record["name"])
    assert {"2024": 1, "2025": 1} == record["years"]


@pytest.fixture
def namesakes(tmp_path: Path) -> str:
    with searcher.open_index(tmp_path) as index:
        more = carried("more", "2024-01-03", "The harbour froze")
        index.add([naming(more, "Bo Quill"), naming(SPOKEN[0], "Ada Quill"), SPOKEN[3]], annotate=False)
    return str(tmp_path)


def test_people_who_share_a_name_are_listed(namesakes: str) -> None:
    assert (
        "2 people are called “Quill”. Choose one:\n"
        "      2  searcher person 'Bo Quill'\n"
        "      1  searcher person 'Ada Quill'\n"
    ) == run(namesakes, ["Quill"]).stdout


def test_people_who_share_a_name_are_listed_for_programs(namesakes: str) -> None:
    listed = json.loads(run(namesakes, ["Quill", "--json"]).stdout)

    assert {"Bo Quill": 2, "Ada Quill": 1} == listed["candidates"]


@pytest.mark.parametrize(
    ("name", "suggested"),
    [("Nobody Known", ""), ("Ada Mos", " Similar: Ada Moss."), ("Qill", " Similar: Bo Quill.")],
)
def test_nobody(folder: str, name: str, suggested: str) -> None:
    result = run(folder, [name])

    assert (1, f"No one called “{name}” is in the index.{suggested}\n") == (
        result.exit_code,
        result.stderr,
    )
