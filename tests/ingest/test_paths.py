from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterable
from pathlib import Path

import pytest

from searcher import readers
from searcher.errors import ReadError
from searcher.ingest.paths import below_any, digest_and_stamp, expand, files_to_read


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


def names(tree: Path, paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(tree)) for path in paths]


def test_a_folder_stands_for_its_known_files_without_hidden_ones_and_indexes(tree: Path) -> None:
    assert ["a.txt", "b.html", "sub/c.jsonl.gz"] == names(tree, expand([tree]).files)


def test_a_file_named_outright_is_taken(tree: Path) -> None:
    assert ["notes.xyz"] == names(tree, expand([tree / "notes.xyz"]).files)


def test_a_glob(tree: Path) -> None:
    assert ["a.txt"] == names(tree, expand([tree / "*.txt"]).files)


def test_a_file_reached_twice_is_taken_once(tree: Path) -> None:
    assert ["a.txt", "b.html", "sub/c.jsonl.gz"] == names(tree, expand([tree / "a.txt", tree]).files)


def passed_over(tree: Path) -> dict[str, str]:
    return {os.path.relpath(p.path, tree): p.reason for p in expand([tree]).passed_over}


def test_what_is_not_read_of_a_folder_is_listed_with_its_ending_or_kind(tree: Path) -> None:
    (tree / "Makefile").write_text("x")
    (tree / "1234.host, copy").write_text("x")

    assert {
        ".git": "hidden folder",
        ".hidden.txt": "hidden",
        "1234.host, copy": "without an ending",
        "Makefile": "without an ending",
        "notes.xyz": ".xyz",
        "old": "index",
    } == passed_over(tree)


def test_what_is_no_file_is_passed_over_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed.txt")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    (tmp_path / "below").mkdir()
    (tmp_path / "again").symlink_to(tmp_path / "below")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "talk.txt"))

        assert {
            "again": "link to a folder: read if it is named itself",
            "feed.txt": "named pipe",
            "null.txt": "link out of the folder: read if it is named itself",
            "talk.txt": "socket",
        } == passed_over(tmp_path)


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A folder with links within it and out of it, in every way that a link can be written."""
    folder, outside = tmp_path / "in", tmp_path / "outside"
    for place in (folder / "below", outside, tmp_path / "in-2"):
        place.mkdir(parents=True)
        (place / "a.txt").write_text("A text.")
    (folder / "within.txt").symlink_to(folder / "below" / "a.txt")
    (folder / "below" / "up.txt").symlink_to("../within.txt")
    (folder / "absolute.txt").symlink_to(outside / "a.txt")
    (folder / "relative.txt").symlink_to("../outside/a.txt")
    (folder / "below" / "chained.txt").symlink_to("../relative.txt")
    (folder / "sibling.txt").symlink_to("../in-2/a.txt")
    (folder / "nothing.txt").symlink_to("/no/such/file.txt")
    (folder / "through.txt").symlink_to("below/../../outside/a.txt")
    return folder


OUT = ["absolute.txt", "below/chained.txt", "nothing.txt", "relative.txt", "sibling.txt", "through.txt"]


def test_a_link_to_a_file_is_followed_where_it_stays_below_the_folder(linked: Path) -> None:
    found = expand([linked])

    assert ["within.txt", "below/a.txt", "below/up.txt"] == [
        str(path.relative_to(linked)) for path in found.files
    ]
    assert {str(linked / name): "link out of the folder: read if it is named itself" for name in OUT} == {
        problem.path: problem.reason for problem in found.passed_over
    }


def test_a_watched_folder_follows_the_same_links(linked: Path) -> None:
    followed = [list(files_to_read(linked / name, [linked])) for name in (*OUT, "below/up.txt")]

    assert [*[[]] * len(OUT), [linked / "below/up.txt"]] == followed
    assert [linked / "below" / "a.txt", linked / "below" / "up.txt"] == list(
        files_to_read(linked / "below", [linked])
    )


def test_a_link_that_is_named_itself_is_followed(linked: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(linked)
    named = tmp_path / "link"

    assert [linked / "absolute.txt"] == list(expand([linked / "absolute.txt"]).files)
    assert ["within.txt", "below/a.txt", "below/up.txt"] == [
        str(path.relative_to(named)) for path in expand([named]).files
    ]


def test_a_page_of_archivebox_is_not_read_through_a_link_that_leads_out(tmp_path: Path) -> None:
    folder, secret = tmp_path / "in", tmp_path / "secret.html"
    folder.mkdir()
    secret.write_text(f"<html><body><article><h1>Secret</h1><p>{'A secret text. ' * 30}</p></article></body>")
    record = {"url": "https://meridian.example/", "timestamp": "1", "history": {}}
    (folder / "index.json").write_text(json.dumps(record))
    (folder / "singlefile.html").symlink_to(secret)

    assert [ReadError] == [type(event) for event in readers.events(folder / "index.json")]


def test_a_pipe_named_outright_is_a_failure(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed.txt")

    assert ["It is a named pipe, not a file."] == [f.reason for f in expand([tmp_path / "feed.txt"]).failures]


def test_a_file_named_outright_is_not_passed_over_too(tree: Path) -> None:
    assert "notes.xyz" not in {Path(p.path).name for p in expand([tree, tree / "notes.xyz"]).passed_over}


def test_a_folder_that_cannot_be_listed_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", refuse)  # to root, nothing is refused

    assert [(str(tree / "sub"), "The folder cannot be listed (Permission denied).")] == expand(
        [tree]
    ).failures


def test_what_is_not_there_is_missing(tree: Path) -> None:
    nothing = tree / "nothing.txt"

    assert [(str(nothing), "There is no such file or folder.")] == expand([nothing]).failures


def test_an_index_is_no_folder_of_articles(tree: Path) -> None:
    (tree / "searcher.json").write_text("{}")

    listing = expand([tree])

    assert ({}, [(str(tree), "It is an index, not a folder of articles.")]) == (
        listing.files,
        listing.failures,
    )


def test_an_empty_folder_is_not_missing(tmp_path: Path) -> None:
    listing = expand([tmp_path])

    assert ({}, []) == (listing.files, listing.failures)


def test_paths_become_absolute(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)

    assert [tree / "a.txt"] == list(expand([Path("a.txt")]).files)


def test_under(tree: Path) -> None:
    assert (True, True, False) == (
        below_any([tree])(tree / "sub" / "x"),
        below_any([tree])(tree),
        below_any([tree / "sub"])(tree),
    )


def test_digest(tree: Path) -> None:
    assert hashlib.sha256(b"x").hexdigest() == digest_and_stamp(tree / "a.txt")[0]


def test_digest_of_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed.txt")

    with pytest.raises(ReadError, match="named pipe"):
        digest_and_stamp(tmp_path / "feed.txt")


def test_a_large_file_that_was_never_written_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "export.txt").open("wb") as file:
        file.write(b"Harbour fees to rise")
        file.truncate(1 << 40)

    with pytest.raises(ReadError, match="1,048,576 MB were written"):
        digest_and_stamp(tmp_path / "export.txt")


def test_a_small_file_with_holes_is_read(tmp_path: Path) -> None:
    with (tmp_path / "note.txt").open("wb") as file:
        file.truncate(1 << 20)

    assert hashlib.sha256(bytes(1 << 20)).hexdigest() == digest_and_stamp(tmp_path / "note.txt")[0]


def test_messages_of_a_maildir_and_pages_without_an_ending_are_taken(tmp_path: Path) -> None:
    for name, text in {
        "17.host:2,S": "Subject: Ferries\n\nThey sail.",
        "ferries": "<!doctype html><html></html>",
        "LICENSE": "All rights.",
    }.items():
        (tmp_path / name).write_text(text)
    listing = expand([tmp_path])

    assert ["17.host:2,S", "ferries"] == [path.name for path in listing.files]
    assert ["without an ending"] == [problem.reason for problem in listing.passed_over]


def test_a_folder_of_archivebox_stands_for_one_file(tmp_path: Path) -> None:
    for name in ("index.json", "singlefile.html", "headers.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "readability").mkdir()
    (tmp_path / "readability" / "content.html").write_text("<p>")
    listing = expand([tmp_path])

    assert ["index.json"] == [path.name for path in listing.files]
    assert {"copy of a page that is read"} == {problem.reason for problem in listing.passed_over}


def test_a_page_of_a_digitised_paper_is_read_with_its_issue(tmp_path: Path) -> None:
    for name, text in {
        "issue-METS.xml": '<mets><a xlink:href="file://./ALTO/1.xml"/><a href="ALTO/note.xml"/></mets>',
        "ALTO/1.xml": "<alto/>",
        "ALTO/2.xml": "<alto/>",
        "ALTO/note.xml": "<nitf/>",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    listing = expand([tmp_path])

    assert ["issue-METS.xml", "2.xml", "note.xml"] == [path.name for path in listing.files]
    assert {"page of a digitised paper that is read with its issue"} == {
        problem.reason for problem in listing.passed_over
    }


def test_pages_of_a_digitised_paper_are_read_alone_where_their_issue_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "ALTO").mkdir()
    (tmp_path / "ALTO" / "1.xml").write_text("<alto/>")
    (tmp_path / "mets.xml").write_text('<mets><FLocat href="ALTO/1.xml"/></mets>')

    assert ["1.xml"] == [path.name for path in expand([tmp_path / "ALTO"]).files]
