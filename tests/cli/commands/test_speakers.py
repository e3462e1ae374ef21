"""``searcher speakers``: who speaks in a transcript, named by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from searcher.cli import search as search_command
from tests.cli.conftest import Run

SEGMENTS = [
    {"start": 1.0, "end": 2.0, "text": "The tide is in.", "speaker": "SPEAKER_00"},
    {"start": 2.0, "end": 3.0, "text": "So we sail.", "speaker": "SPEAKER_01"},
    {"start": 3.0, "end": 4.0, "text": "At noon.", "speaker": "SPEAKER_00"},
]


@pytest.fixture
def talk(change: Run, tmp_path: Path) -> Path:
    path = tmp_path / "talks" / "talk.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"segments": SEGMENTS}), "utf-8")
    change("index", str(path.parent))
    return path


def said_by(name: str) -> list[str]:
    out = CliRunner().invoke(search_command.search, ["--said-by", name, "--sort", "oldest", "--json"]).stdout
    return [quote["text"] for quote in json.loads(out)["quotes"]]


def test_speakers_are_listed_with_their_turns(change: Run, talk: Path) -> None:
    assert "      2  SPEAKER_00\n      1  SPEAKER_01\n" == change("speakers", str(talk)).stdout


def test_a_speaker_is_named(change: Run, talk: Path) -> None:
    printed = change("speakers", str(talk), "SPEAKER_00=Ada Quill").stdout

    assert "      2  Ada Quill  (SPEAKER_00)\n      1  SPEAKER_01\n" == printed
    assert ["The tide is in.", "At noon."] == said_by("Quill")


@pytest.mark.parametrize("place", ["talks/harbour.json", "elsewhere/talk.json"])
def test_names_are_kept_when_the_file_is_moved_and_all_is_rebuilt(
    change: Run, talk: Path, place: str
) -> None:
    change("speakers", str(talk), "SPEAKER_00=Ada Quill")
    moved = talk.parent.parent / place
    moved.parent.mkdir(exist_ok=True)
    talk.rename(moved)
    change("index", str(moved.parent))
    change("rebuild")

    assert "      2  Ada Quill  (SPEAKER_00)" == change("speakers", str(moved)).stdout.splitlines()[0]


def test_two_labels_may_be_one_person_and_be_parted_again(change: Run, talk: Path) -> None:
    change("speakers", str(talk), "SPEAKER_00=Ada Quill", "SPEAKER_01=Ada Quill")
    change("speakers", str(talk), "SPEAKER_01=Bo Moss", "SPEAKER_00=")

    assert ([], ["So we sail."]) == (said_by("Ada Quill"), said_by("Bo Moss"))


def test_who_does_not_speak_is_not_named(change: Run, talk: Path) -> None:
    result = change("speakers", str(talk), "SPEAKER_07=Ada Quill")

    assert (2, True) == (result.exit_code, "has no speaker “SPEAKER_07”" in result.output)
