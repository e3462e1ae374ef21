"""The versions of a page, compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

EARLIER = (
    "The ferry to Tallow Island sails again from Monday, the board said, at nine, noon and five o'clock."
)


@pytest.fixture
def loaded(change: Run, tmp_path: Path) -> str:
    """The id of an article of which two versions were kept."""
    for name, body in (("a", EARLIER), ("b", EARLIER.replace("Monday", "Tuesday"))):
        record = {
            "url": "https://meridian.example/ferry",
            "title": "Ferry",
            "body": body,
            "date": "2026-03-01",
        }
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(record))
    change("index", "--keep-versions", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))
    found = json.loads(change("versions", "--json", "https://meridian.example/ferry").stdout)
    return str(found["versions"][0]["id"])


def test_versions_are_shown_with_what_changed_and_the_words_around_it(
    loaded: str, change: Run, tmp_path: Path
) -> None:
    lines = change("versions", loaded).stdout.splitlines()

    assert ["1. Ferry", "2. Ferry"] == [line for line in lines if line[0].isdigit()]
    assert f"   meridian.example · 2026-03-01 · 18 words · {tmp_path}/a.jsonl · {loaded}" == lines[1]
    assert lines[-1].startswith(
        "   … The ferry to Tallow Island sails again from [-Monday,-] {+Tuesday,+} the board"
    )
    assert lines[-1].endswith(" noon and five …")


def test_a_version_without_title_shows_its_first_words(change: Run, tmp_path: Path) -> None:
    record = {"url": "https://meridian.example/ferry", "body": EARLIER, "date": "2026-03-01"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    change("index", str(tmp_path / "a.jsonl"))

    first, *_ = change("versions", "https://meridian.example/ferry").stdout.splitlines()

    assert first.startswith("1. (untitled) The ferry to Tallow Island")


def test_an_article_says_how_many_versions_it_has(loaded: str, change: Run) -> None:
    assert f"2 versions: searcher versions {loaded}" == change("show", loaded).stdout.splitlines()[-1]


def test_the_words_of_a_change_are_an_object_each(loaded: str, change: Run) -> None:
    first, second = map(json.loads, change("versions", "--jsonl", loaded).stdout.splitlines())

    assert [] == first["changes"]
    assert ["same", "gone", "new", "same"] == [one["kind"] for one in second["changes"]]
