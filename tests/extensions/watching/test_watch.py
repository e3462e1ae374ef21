"""``searcher watch``: what comes into folders is indexed until it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import searcher
from searcher.plugins import install_command
from tests.cli.conftest import Run

PATIENCE_SECONDS = 60


def until(done: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not done():
        assert time.monotonic() - begun < PATIENCE_SECONDS
        time.sleep(0.05)


def start(project: Path, *args: str) -> subprocess.Popen[str]:
    code = "import sys; from searcher.cli.searcher import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "watch", *args],
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_indexes_until_it_is_stopped_and_leaves_all_whole(
    how: signal.Signals, project: Path, tmp_path: Path
) -> None:
    folder, place = tmp_path / "in", tmp_path / "index"
    folder.mkdir()
    with searcher.open_index(place) as index:
        process = start(project, str(folder), "-i", str(place), "--settle", "0.2", "--jsonl")
        (folder / "a.txt").write_text("Ferry sails\n\nThe ferry to Holm sails again on Monday.", "utf-8")
        assert process.stdout is not None
        added = next(report["added"] for line in process.stdout if (report := json.loads(line))["added"])
        process.send_signal(how)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)

        assert (0, "Stopped. All articles read so far are in the index.") == (
            process.returncode,
            said.splitlines()[-1],
        )
        assert (1, 1, ()) == (added, index.count(), index.verify())


@pytest.mark.usefixtures("interruptible")
def test_it_says_what_it_did(project: Path, tmp_path: Path) -> None:
    folder, place = tmp_path / "in", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text("Ferry sails\n\nThe ferry to Holm sails again on Monday.", "utf-8")
    (folder / "b.txt").write_text("", "utf-8")
    process = start(project, str(folder), "-i", str(place))
    with searcher.open_index(place) as index:
        until(lambda: index.count() == 1)
        time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=PATIENCE_SECONDS)

    assert "  2 files: 1 read, 1 not read (" in printed
    assert f"{folder / 'b.txt'}: It is empty." in said


def test_what_is_missing_is_named(change: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nothing to watch." in change("watch").stderr

    monkeypatch.setattr("searcher.cli.options.util.find_spec", lambda _: None)

    assert install_command("watch") in change("watch", ".").stderr


def test_a_list_without_feeds_is_refused(change: Run, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text("<opml/>", "utf-8")

    result = change("watch", "--feeds", str(tmp_path / "feeds.opml"))

    assert (2, True) == (result.exit_code, "contains no feed addresses" in result.stderr)


def test_a_folder_of_articles_is_made_no_index(tmp_path: Path, change: Run) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("Ferry sails\n\nAt noon.\n", "utf-8")

    assert 2 == change("watch", "-i", str(articles), str(articles)).exit_code
    assert ["a.txt"] == [file.name for file in articles.iterdir()]
