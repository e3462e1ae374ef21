"""What is found in the files of strangers is compared with what is right."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import strangers
from benchmarks.quality.strangers import LABELS, File, Found, copy_files, is_no_name, judge, labelled

FERRY = Found("The ferry sails", "2020-02-01", ("Ada Quill",), "It sails. A pier burns at Skerry harbour.")
PIER = Found("A pier burns at Skerry harbour", "2020-02-02", (), "It burns.")


def file(*articles: dict[str, Any], count: int = 2, most: int = 2) -> File:
    labels = tuple({"n": n, **article} for n, article in enumerate(articles))
    return File("owner/name", "", "a", "file.txt", "text", count, most, labels)


def test_titles_are_compared_by_letters_and_may_be_several() -> None:
    tally = judge(file({"title": ["Ferries", "The Ferry sails!"]}, {"title": "A fire"}), [FERRY, PIER], [])

    assert {"right": 1, "wrong": 1} == tally.facts["titles"]


def test_an_article_without_a_reason_is_lost_silently() -> None:
    tally = judge(file(), [FERRY], [])

    assert (1, 1) == (tally.counts["lost"], tally.counts["silent"])
    assert 0 == judge(file(), [FERRY], ["Line 2: It has no text."]).counts["silent"]


def test_an_article_within_another_one_is_merged() -> None:
    tally = judge(
        file({"title": "The ferry sails"}, {"title": "A pier burns at Skerry harbour"}), [FERRY], []
    )

    assert 1 == tally.counts["merged"]


def test_more_articles_than_there_may_be_are_too_many() -> None:
    assert 1 == judge(file(count=0, most=1), [FERRY, PIER], []).counts["extra"]


def test_a_day_is_right_wrong_or_missing() -> None:
    days: list[dict[str, Any]] = [
        {"date": "2020-02-01"},
        {"date": "2020-02-01"},
        {"date": "2020-02-03"},
        {"date": None},
    ]
    undated = Found("", None, (), "")
    tally = judge(file(*days, count=4, most=4), [FERRY, PIER, undated, undated], [])

    assert {"right": 2, "wrong": 1, "missing": 1} == tally.facts["days"]


def test_authors_are_a_set_and_rightly_none() -> None:
    tally = judge(file({"authors": ["ADA QUILL"]}, {"authors": []}), [FERRY, PIER], [])

    assert {"right": 2} == tally.facts["authors"]


@pytest.mark.parametrize(
    "author", ["python-docx", "December 31", "Follow", "View all posts", "a@example.com"]
)
def test_what_no_person_or_body_is_called_is_no_name(author: str) -> None:
    assert is_no_name(author)


@pytest.mark.parametrize("author", ["Ada Quill", "AFP", "María de la Paz", "王芳"])
def test_people_and_bodies_have_names(author: str) -> None:
    assert not is_no_name(author)


def test_the_labels_are_files_of_five_parts_each_once() -> None:
    files = list(labelled(LABELS.read_text("utf-8").splitlines()))

    assert {"a", "b", "c", "d", "e"} == {one.half for one in files}
    assert len(files) == len({(one.repo, one.path) for one in files})
    assert [] == [one.path for one in files if not one.count <= one.most or len(one.articles) > one.most]


def test_files_are_copied_as_they_were_at_the_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = tmp_path / "clones" / "owner+name"
    clone.mkdir(parents=True)
    (clone / "news.txt").write_text("The ferry sails")
    git = ["git", "-C", str(clone), "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Add news"]):
        subprocess.run([*git, *command], check=True)
    labels = tmp_path / "labels.jsonl"
    labels.write_text(
        '{"repo": "owner/name", "commit": "HEAD", "half": "a", "licence": ""}\n'
        '{"path": "news.txt", "kind": "text", "count": 1, "articles": []}\n'
    )
    monkeypatch.setattr(strangers, "LABELS", labels)
    copy_files(clone.parent, tmp_path)

    assert "The ferry sails" == (tmp_path / "strangers" / "owner+name" / "news.txt").read_text()
