"""Another text under the address of an article stands beside it, whoever came first, and is told."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, Report, extract

URL = "https://meridian.example/tunnel"
TRUE, FORGED, THIRD = (
    "The tunnel opens on Monday.",
    "The tunnel stays shut, he said.",
    "Trains run as before.",
)


@pytest.fixture(params=[":memory:", "on disk"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    place = request.param if request.param == ":memory:" else tmp_path / "index"
    with searcher.open_index(place) as made:
        yield made


def write(path: Path, *bodies: str, title: str = "Tunnel", **more: str) -> Path:
    records = [{"url": URL, "title": title, "body": body, **more} for body in bodies]
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def pack(path: Path, **members: str) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        for name, body in members.items():
            packed.writestr(f"{name}.jsonl", json.dumps({"url": URL, "title": "Tunnel", "body": body}))


def texts(index: Index) -> dict[str, str]:
    return {article.id: article.body for article in index.articles}


def load_one_by_one(index: Index, paths: Sequence[Path]) -> list[Report]:
    return [index.load([path]) for path in paths]


def test_another_text_under_an_address_is_kept_beside_it_and_told(index: Index, folder: Path) -> None:
    first, second = write(folder / "a.jsonl", TRUE), write(folder / "z.jsonl", FORGED)
    load_one_by_one(index, [first])
    (id,) = texts(index)
    index.tags.update([id], add=["lead"], note="Seen by me.")
    report = index.load([second])

    assert {TRUE, FORGED} == set(texts(index).values())
    assert (1, 1, TRUE) == (report.other_texts, report.to_dict()["other_texts"], texts(index)[id])
    assert [TRUE] == [article.body for article in index.articles if "lead" in article.tags]
    assert [(str(second), "other text")] == [
        (one.path, one.kind.value) for one in index.files.problems(repeated=True)
    ]


def test_a_rebuild_tells_of_another_text_as_loading_did(index: Index, folder: Path) -> None:
    load_one_by_one(index, [write(folder / "z.jsonl", TRUE), write(folder / "a.jsonl", FORGED)])
    told = index.files.problems(repeated=True)
    report = index.rebuild()

    assert (1, 1, told) == (len(told), report.other_texts, index.files.problems(repeated=True))


def test_that_another_text_is_there_is_no_failure(index: Index, folder: Path) -> None:
    write(folder / "a.jsonl", TRUE)
    write(folder / "z.jsonl", FORGED)
    report = index.load([folder])
    again = index.load([folder])

    assert ((), 0, 2) == (report.failed, report.parts_failed, report.added)
    assert (2, 0) == (again.files_unchanged, again.files_partial_before)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_ids_of_other_texts_are_the_same_after_a_rebuild_and_a_reload(
    order: tuple[int, ...], index: Index, folder: Path
) -> None:
    files = [write(folder / f"{n}.jsonl", text) for n, text in enumerate((TRUE, FORGED, THIRD))]
    load_one_by_one(index, [files[n] for n in order])
    before = texts(index)
    index.rebuild()
    rebuilt = texts(index)
    for file in files:
        file.write_text(file.read_text() + "\n")  # other bytes, the same text
    index.load([folder])

    assert (3, before, before) == (len(before), rebuilt, texts(index))


def test_the_id_of_another_text_is_the_same_wherever_it_comes_in_the_order(tmp_path: Path) -> None:
    seen = []
    for order in ([TRUE, FORGED, THIRD], [TRUE, THIRD, FORGED]):
        with searcher.open_index(":memory:") as index:
            load_one_by_one(index, [write(tmp_path / f"{n}.jsonl", text) for n, text in enumerate(order)])
            seen.append(texts(index))

    assert seen[0] == seen[1]


def test_the_same_text_under_an_address_is_one_article_in_as_many_files_as_one_likes(
    index: Index, folder: Path
) -> None:
    for number, text in enumerate([TRUE, FORGED, TRUE, FORGED, FORGED]):
        index.load([write(folder / f"{number}.jsonl", text)])
    index.rebuild()

    assert [TRUE, FORGED] == sorted(texts(index).values(), key=[TRUE, FORGED].index)


def test_a_file_corrects_its_own_article_and_its_own_other_text(index: Index, folder: Path) -> None:
    load_one_by_one(index, [write(folder / "a.jsonl", TRUE), write(folder / "z.jsonl", FORGED)])
    before = {body: id for id, body in texts(index).items()}
    load_one_by_one(
        index, [write(folder / "z.jsonl", f"{FORGED} Again."), write(folder / "a.jsonl", f"{TRUE} Again.")]
    )

    assert {before[TRUE]: f"{TRUE} Again.", before[FORGED]: f"{FORGED} Again."} == texts(index)


def test_a_file_that_has_an_article_with_another_does_not_take_it_away(index: Index, folder: Path) -> None:
    load_one_by_one(index, [write(folder / "a.jsonl", TRUE), write(folder / "b.jsonl", TRUE)])
    (id,) = texts(index)
    index.load([write(folder / "a.jsonl", FORGED)])

    assert TRUE == texts(index)[id]
    assert {TRUE, FORGED} == set(texts(index).values())


def test_records_of_one_file_do_not_replace_each_other(index: Index, folder: Path) -> None:
    index.load([write(folder / "a.jsonl", TRUE, FORGED, TRUE)])
    before = texts(index)
    index.load([write(folder / "a.jsonl", THIRD, FORGED, TRUE)])
    after = texts(index)
    index.rebuild()

    assert sorted([TRUE, FORGED]) == sorted(before.values())
    assert {TRUE, FORGED, THIRD} == set(after.values())
    assert after == texts(index)


def test_members_of_an_archive_do_not_replace_each_other(index: Index, folder: Path) -> None:
    pack(folder / "pages.zip", x=TRUE, y=FORGED)
    index.load([folder])
    before = {body: id for id, body in texts(index).items()}
    pack(folder / "pages.zip", y=FORGED, x=f"{TRUE} Again.")
    index.load([folder])

    assert {before[TRUE]: f"{TRUE} Again.", before[FORGED]: FORGED} == texts(index)


def test_an_article_that_was_added_by_hand_is_not_replaced(index: Index, folder: Path) -> None:
    load_one_by_one(index, [write(folder / "a.jsonl", TRUE)])
    (given,) = index.articles
    index.delete([given.id])
    index.add([given])
    index.load([write(folder / "z.jsonl", FORGED)])

    assert TRUE == texts(index)[given.id]
    assert 2 == index.count()


@pytest.mark.parametrize(
    "change", [{"title": "A forgery"}, {"author": "Somebody Else"}, {"date": "2001-01-01"}]
)
def test_what_is_known_of_a_text_is_not_replaced_by_another_file(
    change: dict[str, str], index: Index, folder: Path
) -> None:
    known = {"title": "Tunnel", "author": "Ada Quill", "date": "2025-03-01"}
    load_one_by_one(
        index,
        [write(folder / "a.jsonl", TRUE, **known), write(folder / "z.jsonl", TRUE, **{**known, **change})],
    )
    (article,) = index.articles

    assert ("Tunnel", ("Ada Quill",), 2025) == (
        article.title,
        article.authors,
        article.published and article.published.year,
    )


def test_another_text_stays_while_the_article_is_deleted_by_hand(index: Index, folder: Path) -> None:
    load_one_by_one(index, [write(folder / "a.jsonl", TRUE), write(folder / "z.jsonl", FORGED)])
    before = {body: id for id, body in texts(index).items()}
    index.delete([before[TRUE]])
    index.load([write(folder / "z.jsonl", FORGED, author="Ada Quill")])
    index.rebuild()

    assert {before[FORGED]: FORGED} == texts(index)


def test_entries_of_a_feed_are_replaced_by_the_same_feed(index: Index, folder: Path) -> None:
    (folder / ".feeds.json").write_text("{}")
    write(folder / "meridian" / "1.jsonl", TRUE)
    index.load([folder])
    write(folder / "meridian" / "2.jsonl", f"{TRUE} Again.")
    write(folder / "other" / "1.jsonl", FORGED)
    index.load([folder])

    assert {f"{TRUE} Again.", FORGED} == set(texts(index).values())


def test_an_article_that_comes_again_is_annotated_once(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotated: list[str] = []
    annotate = extract.annotate

    def noted(article: Article) -> Article:
        annotated.append(article.body)
        return annotate(article)

    monkeypatch.setattr(extract, "annotate", noted)
    write(folder / "a.jsonl", *[TRUE] * 20)
    write(folder / "b.jsonl", TRUE, TRUE)
    report = index.load([folder])

    assert [TRUE] == annotated
    assert (1, 21) == (report.added, report.copies)
