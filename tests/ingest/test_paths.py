from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from searcher.ingest.paths import digest_of, expand, is_under


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b.html",
        "a.txt",
        "notes.xyz",
        ".hidden.txt",
        "sub/c.jsonl.gz",
        ".git/d.txt",
        "old/searcher.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "old" / "e.txt").write_text("x")
    return tmp_path


def names(tree: Path, paths: list[Path]) -> list[str]:
    return [str(path.relative_to(tree)) for path in paths]


def test_a_folder_stands_for_its_known_files_without_hidden_ones_and_indexes(tree: Path) -> None:
    assert ["a.txt", "b.html", "sub/c.jsonl.gz"] == names(tree, expand([tree])[0])


def test_a_file_named_outright_is_taken(tree: Path) -> None:
    assert ["notes.xyz"] == names(tree, expand([tree / "notes.xyz"])[0])


def test_a_glob(tree: Path) -> None:
    assert ["a.txt"] == names(tree, expand([tree / "*.txt"])[0])


def test_a_file_reached_twice_is_taken_once(tree: Path) -> None:
    assert ["a.txt", "b.html", "sub/c.jsonl.gz"] == names(tree, expand([tree / "a.txt", tree])[0])


def test_what_is_not_there_is_missing(tree: Path) -> None:
    nothing = tree / "nothing.txt"

    assert ([], [(str(nothing), "There is no such file or folder.")]) == expand([nothing])


def test_an_index_is_no_folder_of_articles(tree: Path) -> None:
    (tree / "searcher.json").write_text("{}")

    assert ([], [(str(tree), "It is an index, and no folder of articles.")]) == expand([tree])


def test_an_empty_folder_is_not_missing(tmp_path: Path) -> None:
    assert ([], []) == expand([tmp_path])


def test_paths_become_absolute(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)

    assert [tree / "a.txt"] == expand([Path("a.txt")])[0]


def test_is_under(tree: Path) -> None:
    assert (True, True, False) == (
        is_under(tree / "sub" / "x", [tree]),
        is_under(tree, [tree]),
        is_under(tree, [tree / "sub"]),
    )


def test_digest(tree: Path) -> None:
    assert hashlib.sha256(b"x").hexdigest() == digest_of(tree / "a.txt")
