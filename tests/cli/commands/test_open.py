"""``searcher open``: the original of an article."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import click
import pytest

import searcher
from searcher import Article
from searcher.cli import search as search_command
from searcher.cli import searcher as searcher_command
from tests.cli.conftest import Run, manage_with


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened."""
    places: list[str] = []

    def launch(place: str) -> int:
        places.append(place)
        return 0

    monkeypatch.setattr(click, "launch", launch)
    return places


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of an article in a file, one in an archive and one whose file is gone."""
    folder = tmp_path / "files"
    folder.mkdir()
    record = '{"id": "%s", "title": "A harbour", "body": "The harbour opens again.", "url": "%s"}\n'
    for name, url in {
        "page": "https://example.org/a",
        "gone": "https://example.org/c",
        "altered": "https://example.org/d",
    }.items():
        (folder / f"{name}.jsonl").write_text(record % (name, url), "utf-8")
    with zipfile.ZipFile(folder / "news.zip", "w") as archive:
        archive.writestr("b.jsonl", record % ("member", "javascript:alert(1)"))
    (tmp_path / "program.sh").write_text("true", "utf-8")
    digest = sha256(b"true").hexdigest()
    with searcher.open_index(tmp_path / "index") as index:
        index.load([folder], workers=1)
        index.add(
            [
                Article("nothing", "d", url="file:///etc/passwd"),
                Article("planted", "e", origin=str(tmp_path / "program.sh"), digest=digest),
            ],
            annotate=False,
        )
    (folder / "gone.jsonl").unlink()
    (folder / "altered.jsonl").write_text("{}", "utf-8")
    monkeypatch.setenv("SEARCHER_INDEX", str(tmp_path / "index"))
    return tmp_path


@pytest.mark.parametrize(
    ("args", "place"),
    [
        (["page"], "files/page.jsonl"),
        (["page", "--web"], "https://example.org/a"),
        (["member"], "files/news.zip"),
        (["gone"], "https://example.org/c"),
        (["altered"], "https://example.org/d"),
        (["planted"], None),
        (["noth"], None),
        (["member", "--web"], None),
        (["nobody"], None),
    ],
)
def test_what_is_opened(files: Path, opened: list[str], args: list[str], place: str | None) -> None:
    result = manage_with("open", *args)

    assert (0 if place else 1) == result.exit_code
    assert ([] if place is None else [place if "://" in place else str(files / place)]) == opened


def test_print_opens_nothing(files: Path, opened: list[str]) -> None:
    assert f"{files / 'files/page.jsonl'}\n" == manage_with("open", "--print", "page").stdout
    assert [] == opened


def test_the_beginning_of_an_id_will_do(run_searcher: Run) -> None:
    assert run_searcher("show", "strike").stdout == run_searcher("show", "stri").stdout
    assert 1 == run_searcher("show", "str").exit_code


def test_a_beginning_of_several_ids_is_refused(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "index") as index:
        index.add([Article(f"abcd{n}", "x") for n in range(7)], annotate=False)
    few = manage_with("related", "abcd", "-i", str(tmp_path / "index"))

    assert 2 == few.exit_code
    assert "Several ids start with “abcd”: abcd0, abcd1, abcd2, abcd3, abcd4, …" in few.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


HOSTILE = "\x1b]0;OWNED\x07\x1b[2J\u202e"


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The file of an article whose name and address command a terminal."""
    file = tmp_path / f"a{HOSTILE}.jsonl"
    url = f"http://example.org/{HOSTILE}"
    file.write_text(json.dumps({"id": "loaded", "title": "porcupines", "body": "Back.", "url": url}), "utf-8")
    with searcher.open_index(tmp_path / "index") as index:
        index.load([file], workers=1)
        index.add([Article(f"id{HOSTILE}", "porcupines", url=url)], annotate=False)
    monkeypatch.setenv("SEARCHER_INDEX", str(tmp_path / "index"))
    return str(file)


@pytest.mark.skipif(os.name == "nt", reason="there such a file cannot be")
@pytest.mark.parametrize(
    "command",
    [
        ["searcher", "open", "--print", "loaded"],
        ["searcher", "open", "--print", "--web", f"id{HOSTILE}"],
        ["searcher", "show", f"id{HOSTILE}"],
        *(["search", form, "porcupines"] for form in ("-l", "--ids", "--json", "--jsonl", "--csv")),
        ["search", "porcupines"],
    ],
    ids=" ".join,
)
def test_no_name_commands_a_terminal(
    hostile: str, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    name, *args = command
    group = search_command.search if name == "search" else searcher_command.searcher
    group.main(args, name, standalone_mode=False)

    assert terminal.getvalue()
    assert not re.search("[\x07\u202e]|\x1b(?!\\[[0-9;]*m)", terminal.getvalue())


@pytest.mark.skipif(os.name == "nt", reason="there such a file cannot be")
def test_in_a_pipe_the_name_of_a_file_is_exact(hostile: str) -> None:
    assert f"{hostile}\n" == manage_with("open", "--print", "loaded").stdout
