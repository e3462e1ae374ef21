"""What machines share beside the articles of an index: its files, stories, tags, and what was deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import searcher
from benchmarks.loaders import contents, load_in_parts, renamed
from searcher import Article, Index
from searcher.article import Mention
from searcher.extensions.opensearch.client import Address, Client
from tests.ingest.test_minhash import WIRE

Machine = Callable[[str], Index]


@pytest.fixture
def machine(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Opens the index as a machine of that name does, whose use of it ends with that of the next one."""
    opened: list[Index] = []

    def use(name: str) -> Index:
        monkeypatch.setenv("SEARCHER_MACHINE", name)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / f"data of {name}"))
        opened.append(searcher.open_index(location))
        return opened[-1]

    yield use
    for index in opened:
        index.close()


def written(folder: Path, *records: dict[str, object]) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "records.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return file


def test_tags_that_one_gives_stay_when_another_loads_the_article(machine: Machine, tmp_path: Path) -> None:
    file = written(tmp_path / "a", {"id": "1", "title": "Ferry", "body": "The ferry sails."})
    machine("one").load([file], workers=1)
    machine("two").tags.update(["1"], ["lead"])
    written(tmp_path / "a", {"id": "1", "title": "Ferry", "body": "The ferry sails at noon."})
    index = machine("one")
    index.load([file], workers=1)

    assert [("The ferry sails at noon.", ("lead",))] == [(a.body, a.tags) for a in index.articles]
    assert index.tags.all() == machine("two").tags.all()


def test_a_tag_that_one_takes_off_is_off_for_all(machine: Machine) -> None:
    one = machine("one")
    one.add([Article("1", "Ferry")], annotate=False)
    one.tags.update(["1"], ["lead", "port"], note="Ask her")
    machine("two").tags.update(["1"], remove=["lead"], note="Asked")

    assert [("port", "note=Asked")] == [tagged.add for tagged in machine("one").tags.all()]


def test_what_one_deletes_no_other_loads_until_it_is_let_in(machine: Machine, tmp_path: Path) -> None:
    file = written(tmp_path / "a", {"id": "1", "body": "The ferry sails."})
    machine("one").load([file], workers=1)
    machine("two").delete(["1"])
    one = machine("one")
    again = written(tmp_path / "b", {"id": "1", "body": "The ferry sails."})
    one.load([again], workers=1)
    before = one.count()
    one.files.restore(["1"])

    assert (0, frozenset()) == (before, machine("two").files.deleted_ids())


def test_a_copy_that_another_machine_loads_is_of_the_same_story(machine: Machine) -> None:
    machine("one").add([Article("1", "Wire", WIRE)])
    index = machine("two")
    index.add([Article("2", "Wire again", f"{WIRE} It is late.")])

    assert ["1", "1"] == [article.story for article in index.articles]


def test_records_of_two_machines_with_one_number_are_two_articles(machine: Machine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        file = written(tmp_path / name, {"id": "1", "title": name, "body": f"This is of machine {name}."})
        machine(name).load([file], workers=1)

    assert ["one", "two"] == [article.title for article in machine("one").articles]


def test_a_path_is_another_file_on_another_machine(machine: Machine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        file = written(tmp_path / "same", {"id": name, "title": name, "body": f"This is of machine {name}."})
        machine(name).load([file], workers=1)
    unchanged = machine("two").load([file], workers=1).files_unchanged
    file.unlink()
    one = machine("one")
    one.load([tmp_path / "same"], prune=True, prune_all=True, workers=1)

    assert (1, ["two"]) == (unchanged, [article.title for article in one.articles])


def test_an_article_stays_while_another_machine_has_a_file_of_it(machine: Machine, tmp_path: Path) -> None:
    for name in ("one", "two"):
        file = written(tmp_path / name, {"id": "1", "title": "Ferry", "body": "The ferry sails."})
        machine(name).load([file], workers=1)
    file.unlink()
    index = machine("two")
    index.load([tmp_path / "two"], prune=True, prune_all=True, workers=1)

    assert 1 == index.count()


def test_a_machine_that_lost_its_data_has_it_again(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "a", {"id": "1", "body": "The ferry sails."}, {"id": "2", "body": ""})
    first = machine("one")
    first.load([file], workers=1)
    problems = first.files.problems()
    (tmp_path / "data of one").rename(tmp_path / "lost")
    again = machine("one")

    assert 1 == again.load([file], workers=1).files_unchanged
    assert problems == again.files.problems()


def test_an_index_that_was_made_anew_knows_of_no_file(
    machine: Machine, tmp_path: Path, location: str
) -> None:
    file = written(tmp_path / "a", {"id": "1", "body": "The ferry sails."})
    machine("one").load([file], workers=1)
    client = Client(Address.parse(location))
    for row in client.get(f"/_cat/indices/{client.address.name}*?format=json"):
        client.ask("DELETE", f"/{row['index']}")

    assert 1 == machine("one").load([file], workers=1).added


def test_what_was_known_of_files_is_copied_for_all(machine: Machine, tmp_path: Path) -> None:
    file = written(tmp_path / "a", {"id": "1", "title": "Wire", "body": WIRE})
    with searcher.open_index(tmp_path / "folder") as folder:
        folder.load([file], workers=1)
        folder.copy_to(machine("one"))
        with searcher.open_index(tmp_path / "back") as back:
            machine("one").copy_to(back)
            unchanged = back.load([file], workers=1).files_unchanged
    other = machine("two")
    other.add([Article("2", "Wire again", f"{WIRE} It is late.")])

    assert (1, ["1", "1"]) == (unchanged, [article.story for article in other.articles])


def test_indexes_of_several_loaders_have_names_of_their_own() -> None:
    assert ["opensearch+http://a/b-4?shards=3", "opensearch+http://a/b-1"] == [
        renamed("opensearch+http://a/b?shards=3", "-4"),
        renamed("opensearch+http://a/b", "-1"),
    ]


def test_four_loaders_over_four_parts_make_the_index_of_one(location: str, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    for n in range(16):
        articles = [
            Article(f"{n}-a", f"Ferry {n}", f"Ada Quill sails ferry {n}.", cleaner="7", annotator="7"),
            Article(f"{n}-b", f"Wire {n}", f"{WIRE} This is copy {n}.", cleaner="7", annotator="7"),
        ]
        lines = "".join(f"{json.dumps(annotated(article).to_dict())}\n" for article in articles)
        (files / f"{n:02}.jsonl").write_text(lines)
    with searcher.open_index(tmp_path / "one") as one:
        one.load([files], annotated=True, workers=1)
        expected = contents(one)
    codes = load_in_parts(location, files, 4, tmp_path, "--annotated")
    with searcher.open_index(location) as index:
        assert [0] * 4 == codes
        assert expected == contents(index)
        assert () == index.verify()


def annotated(article: Article) -> Article:
    start = article.body.find("Ada Quill")
    named = (Mention("Ada Quill", "person", start, start + 9),) if start >= 0 else ()
    return replace(article, mentions=named)
