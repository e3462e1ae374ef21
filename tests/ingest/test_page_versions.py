"""Versions of a page: the fuller one stands for all, unless each is to be kept."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from searcher import Index

FIRST = "The ferry to Tallow Island sails again from Monday. It had been laid up since last winter."
FULLER = f"{FIRST} Ada Quill, who bakes on the island, had lost half of her customers."
CORRECTED = FULLER.replace("Monday", "Tuesday")
OTHER = "Nobody baked anything, and the harbour board met behind closed doors until late at night."


def write(folder: Path, name: str, body: str, **more: str) -> Path:
    path = folder / f"{name}.jsonl"
    record = {"url": "https://meridian.example/ferry", "title": "Ferry", "body": body, **more}
    path.write_text(json.dumps(record))
    return path


def bodies(index: Index) -> list[str]:
    return sorted(article.body for article in index.articles)


@pytest.mark.parametrize("order", list(permutations([FIRST, FULLER, OTHER])))
def test_the_fuller_version_is_held_whichever_comes_first(
    order: tuple[str, ...], index: Index, tmp_path: Path
) -> None:
    files = [write(tmp_path, f"{number}", body) for number, body in enumerate(order)]
    for file in files:
        index.load([file], workers=1)
    before = bodies(index)
    index.rebuild(workers=1)

    assert sorted([FULLER, OTHER]) == before == bodies(index)


def test_an_address_written_in_another_way_is_the_same(index: Index, tmp_path: Path) -> None:
    first = write(tmp_path, "1", FIRST)
    again = write(tmp_path, "2", FULLER, url="http://www.meridian.example/ferry?utm_source=rss")
    index.load([first, again], workers=1)

    assert [FULLER] == bodies(index)


def test_the_version_that_is_not_held_is_listed_with_the_one_that_is(index: Index, tmp_path: Path) -> None:
    files = [write(tmp_path, "1", FULLER), write(tmp_path, "2", FIRST)]
    report = index.load(files, workers=1)
    (told,) = index.files.problems(repeated=True)

    assert (1, 1, "repeated") == (report.added, report.copies, told.kind.value)
    assert (
        f"“Ferry”: It is another version of “Ferry” in {files[0]}; the index holds that one, which is fuller."
    ) == told.reason


def test_a_file_corrects_its_version_though_it_is_shorter_then(index: Index, tmp_path: Path) -> None:
    index.load([write(tmp_path, "1", FULLER), write(tmp_path, "2", FIRST)], workers=1)
    shorter = FULLER.removesuffix(" had lost half of her customers.")
    index.load([write(tmp_path, "1", shorter)], workers=1)

    assert [shorter] == bodies(index)


def test_versions_that_are_kept_are_linked_and_stay(index: Index, tmp_path: Path) -> None:
    days = zip(("2026-03-03", "2026-03-01", "2026-03-02"), (CORRECTED, FIRST, FULLER))
    for number, (day, body) in enumerate(days):
        index.load([write(tmp_path, f"{number}", body, date=day)], workers=1, keep_versions=True)
    index.load([write(tmp_path, "other", OTHER)], workers=1, keep_versions=True)
    ids = {article.body: article.id for article in index.articles}
    index.rebuild(workers=1)
    found = index.articles.versions(ids[FULLER])

    assert {article.body: article.id for article in index.articles} == ids
    assert [FIRST, FULLER, CORRECTED] == [one.article.body for one in found]
    assert 4 == len(ids)


def test_versions_are_compared_word_by_word(index: Index, tmp_path: Path) -> None:
    index.load([write(tmp_path, "1", FULLER), write(tmp_path, "2", CORRECTED)], workers=1, keep_versions=True)
    (article, _) = index.articles
    first, second = index.articles.versions(article.id)
    changed = [(change.kind, change.text) for change in second.changes if change.kind != "same"]

    assert ((), [("gone", "Monday. "), ("new", "Tuesday. ")]) == (first.changes, changed)
    assert f"Ferry\n\n{CORRECTED}\n\n" == "".join(c.text for c in second.changes if c.kind != "gone")


def test_an_article_of_which_there_is_one_version_is_its_own(index: Index, tmp_path: Path) -> None:
    index.load([write(tmp_path, "1", FIRST)], workers=1)
    (article,) = index.articles

    assert ([article], ()) == (
        [one.article for one in index.articles.versions(article.id)],
        index.articles.versions("none"),
    )
