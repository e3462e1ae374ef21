"""``searcher log``: who has changed what."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def worked(change: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An index that two people have worked on."""
    monkeypatch.setenv("LOGNAME", "ida")
    change("tag", "Norvane", "+lead")
    monkeypatch.setenv("LOGNAME", "kim")
    change("names", "merge", "Tomas Reyl", "Mara Lindqvist")
    change("tag", "deep", "-lead")
    return change


def test_changes_are_listed_the_newest_first(worked: Run) -> None:
    lines = worked("log").stdout.splitlines()

    assert [
        "    - tag  deep  lead",
        "    + person  Mara Lindqvist  -> Tomas Reyl",
        "    + tag  2 articles  lead",
    ] == (lines[1::2])
    assert ["kim", "kim", "ida"] == [line.split()[2] for line in lines[::2]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d  \w+  [\da-f]{8}", line) for line in lines[::2])


def test_they_are_data_too(worked: Run) -> None:
    document = json.loads(worked("log", "--json", "-n", "1").stdout)

    assert ["schema", "log"] == [*document]
    (step,) = document["log"]
    assert ["step", "at", "who", "changes"] == [*step]
    assert ("kim", [{"kind": "tag", "about": "deep", "value": "lead", "added": False}]) == (
        step["who"],
        step["changes"],
    )


@pytest.mark.parametrize(
    ("asked", "number"), [(["--who", "ida"], 1), (["--about", "deep"], 2), (["--who", "nobody"], 0)]
)
def test_they_are_narrowed(worked: Run, asked: list[str], number: int) -> None:
    result = worked("log", "--jsonl", *asked)

    assert (number, 0 if number else 1) == (len(result.stdout.splitlines()), result.exit_code)


def test_nothing_in_it_controls_a_terminal(worked: Run) -> None:
    worked("names", "rename", "Tomas Reyl", "\x1b[2JReyl")

    assert "\x1b" not in worked("log").stdout
