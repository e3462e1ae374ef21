"""Copying one index into another: the articles as they are, and into an empty one what stands beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import searcher
from searcher import Article
from searcher.cli.searcher import searcher as commands
from searcher.query.request import Search
from searcher.query.synonyms import Synonyms
from searcher.records.tags import TagDecisions
from searcher.saved_searches import SavedSearches

STORY = " ".join(f"word{n} sails" for n in range(40))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An index of one file, with something of everything that stands beside an index."""
    file = tmp_path / "files" / "ferry.txt"
    file.parent.mkdir()
    file.write_text("Ferry sails\n\nAda Quill said: “The ferry sails at noon.”\n", "utf-8")
    folder = tmp_path / "one"
    with searcher.open_index(folder) as index:
        index.load([file], fields={"desk": "foreign"}, workers=1)
        index.names.decide(index.names.decisions.rename("person", "Ada Quill", "Countess Quill"))
        index.synonyms = Synonyms.parse("ferry, boat\n")
        SavedSearches.of(index).save("boats", Search("boat"), index)
    return folder


def test_a_copy_answers_as_the_index_does(made: Path, tmp_path: Path) -> None:
    with searcher.open_index(made) as one, searcher.open_index(tmp_path / "two") as two:
        report = one.copy_to(two)
        answers = [index.search("boat desk:foreign", facets=("person",)).to_dict() for index in (one, two)]

        assert (1, 0) == (report.added, report.updated)
        assert answers[0] == answers[1]
        assert list(one.articles) == list(two.articles)
        assert ["boats"] == [saved.name for saved in SavedSearches.of(two)]


def test_files_of_a_copy_are_not_read_again(made: Path, tmp_path: Path) -> None:
    with searcher.open_index(made) as one, searcher.open_index(tmp_path / "two") as two:
        one.copy_to(two)

        assert 1 == two.load([tmp_path / "files"], workers=1).files_unchanged


def test_what_another_index_holds_is_added_to_what_is_there(made: Path, tmp_path: Path) -> None:
    with searcher.open_index(made) as one, searcher.open_index(tmp_path / "two") as two:
        (article,) = one.articles
        two.add([Article(article.id, "Older"), Article("more")], annotate=False)
        report = one.copy_to(two)

        assert (0, 1) == (report.added, report.updated)
        assert {article.id: article.title, "more": ""} == {a.id: a.title for a in two.articles}
        assert "Ada Quill" in two.values("person")


def test_copies_of_a_story_are_linked_across_indexes(tmp_path: Path) -> None:
    with searcher.open_index(tmp_path / "one") as one, searcher.open_index(tmp_path / "two") as two:
        one.add([Article("a", "Ferry", STORY)])
        two.add([Article("b", "Ferry", STORY)])
        one.copy_to(two)

        assert {"a": "b", "b": "b"} == {article.id: article.story for article in two.articles}


def test_the_command_copies(made: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["copy", str(made), str(tmp_path / "two")])

    assert (0, "1 articles added, 0 replaced.") == (done.exit_code, done.stdout.splitlines()[0])


def test_an_index_is_not_copied_into_itself(made: Path) -> None:
    done = CliRunner().invoke(commands, ["copy", str(made), str(made)])

    assert (2, True) == (done.exit_code, "into itself" in done.stderr)


def test_a_copy_that_was_stopped_takes_no_file_for_loaded(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_copied: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("searcher.ingest.rebuild.BATCH_ARTICLES", 1)
    with searcher.open_index(made) as one, searcher.open_index(tmp_path / "two") as two:
        one.add([Article("more")], annotate=False)
        with pytest.raises(KeyboardInterrupt):
            one.copy_to(two, progress=stop)

        assert 0 == two.load([tmp_path / "files"], workers=1).files_unchanged


def test_tags_for_what_is_to_come_stay_in_an_empty_index(made: Path, tmp_path: Path) -> None:
    with searcher.open_index(made) as one, searcher.open_index(tmp_path / "two") as two:
        two.tags.merge([TagDecisions("to come", ("lead",), ())])
        one.copy_to(two)

        assert ["to come"] == [decided.id for decided in two.tags.all()]


def test_what_is_loaded_during_a_copy_is_not_taken_for_copied(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = tmp_path / "late.jsonl"
    late.write_text('{"id": "late", "title": "Late", "body": "The harbour opens late."}\n', "utf-8")
    monkeypatch.setattr("searcher.ingest.rebuild.BATCH_ARTICLES", 1)
    with searcher.open_index(made) as one, searcher.open_index(tmp_path / "two") as two:

        def meanwhile(_copied: int) -> None:
            one.load([late], workers=1)

        one.copy_to(two, progress=meanwhile)
        before = two.articles.get("late")
        two.load([late], workers=1)

        assert (None, "Late") == (before, two.articles.get("late").title)  # type: ignore[union-attr]
