"""Articles that are searched as text at once, and have their names and quotations later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from pathlib import Path

import pytest

import searcher
from searcher import Article, Index, Progress, extract
from searcher.article import PENDING
from searcher.errors import IndexLocked
from searcher.files import FileLock
from searcher.ingest import loader, pipeline
from searcher.ingest.loader import Arrivals
from searcher.ingest.worker_pool import TaskFailure
from searcher.locations import LOADING_LOCK

TEXT = """The port is closed.

“Nobody told us,” said Ada Quill, who has fished here for {} years. “We will go,” she added.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    for number in range(4):
        (made / f"{number}.txt").write_text(f"Harbour {number}\n\n{TEXT.format(number + 20)}")
    return made


@pytest.fixture
def index() -> Index:
    return searcher.open_index(":memory:")


@pytest.fixture
def stopped(index: Index, folder: Path) -> Index:
    """An index whose load was stopped when the first article had its names."""

    def stop(progress: Progress) -> None:
        if progress.step == "annotated":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.load([folder], text_first=True, workers=1, progress=stop)
    return index


def test_the_index_is_the_same_as_if_loaded_at_once(index: Index, folder: Path) -> None:
    with searcher.open_index(":memory:") as other:
        other.load([folder], workers=1)
        expected = list(other.articles)

    index.load([folder], text_first=True, workers=1)

    assert expected == list(index.articles)


def test_the_report_counts_what_was_added_and_what_has_names(index: Index, folder: Path) -> None:
    report = index.load([folder], text_first=True, workers=1)

    assert (4, 4) == (report.added, report.annotated)


@pytest.mark.parametrize(("bound", "least"), [("LARGE_FILES", 4), ("LARGE_BYTES", 500)])
def test_names_follow_by_themselves_where_files_are_many_or_large(
    index: Index, folder: Path, bound: str, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, bound, least)
    report = index.load([folder], workers=1)

    assert (4, 4) == (report.added, report.annotated)


def test_names_do_not_follow_where_files_are_few_or_it_is_not_wanted(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = index.load([folder], workers=1)
    monkeypatch.setattr(loader, "LARGE_FILES", 1)
    for file in folder.iterdir():
        file.write_text(file.read_text() + "\nMore.")
    unwanted = index.load([folder], text_first=False, workers=1)

    assert [(4, 0), (4, 0)] == [(one.added + one.updated, one.annotated) for one in (few, unwanted)]


def test_the_text_is_searched_before_there_are_names(stopped: Index) -> None:
    assert 4 == stopped.search("port").total


def test_the_index_knows_how_many_articles_wait(stopped: Index) -> None:
    before = stopped.articles.count_pending()
    stopped.annotate()

    assert (3, 0) == (before, stopped.articles.count_pending())


@pytest.mark.parametrize("go_on", ["annotate", "files.resume_load", "load"])
def test_whatever_goes_on_gives_the_rest_their_names(stopped: Index, folder: Path, go_on: str) -> None:
    if go_on == "load":
        stopped.load([folder], workers=1)
    else:
        attrgetter(go_on)(stopped)()

    assert {"Ada Quill": 4} == stopped.values("speaker")


def _waiting(days: dict[str, int | None]) -> list[Article]:
    """Articles that wait for their names, by id with the day of their date."""
    made = [
        Article(id, "Waits", f"“No,” said {id} Quill.", published=datetime(2026, 5, day) if day else None)
        for id, day in days.items()
    ]
    return [replace(article, annotator=PENDING) for article in made]


@pytest.fixture
def dated(index: Index) -> Index:
    """An index with articles that wait for their names and did not come by their dates."""
    index.add(_waiting({"Ada": 3, "Ben": None, "Cem": 9, "Dan": 3}), annotate=False)
    return index


def test_the_newest_have_their_names_first_and_the_undated_last(
    dated: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotate, order = extract.annotate, list[str]()

    def noting(article: Article) -> Article:
        order.append(article.id)
        return annotate(article)

    monkeypatch.setattr(extract, "annotate", noting)
    dated.annotate()

    assert ["Cem", "Ada", "Dan", "Ben"] == order


def test_with_their_names_articles_stand_in_the_order_in_which_they_came(dated: Index) -> None:
    dated.annotate()

    assert ["Ada", "Ben", "Cem", "Dan"] == [article.id for article in dated.articles]


@pytest.fixture
def begun(dated: Index) -> Index:
    """That index once a run was stopped that had given the newest of the articles its names."""

    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dated.annotate(progress=stop)
    assert ["Ada", "Ben", "Dan", "Cem"] == [article.id for article in dated.articles]
    return dated


def test_a_run_that_goes_on_restores_the_order_of_a_stopped_one(begun: Index) -> None:
    begun.annotate()

    assert ["Ada", "Ben", "Cem", "Dan"] == [article.id for article in begun.articles]


def test_a_run_stopped_before_it_restored_the_order_does_so_when_it_goes_on(
    begun: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Arrivals, "restore", stop)
        with pytest.raises(KeyboardInterrupt):
            begun.annotate()
    begun.annotate()

    assert ["Ada", "Ben", "Cem", "Dan"] == [article.id for article in begun.articles]


def test_text_that_came_after_a_run_was_stopped_stays_behind_what_waited_before(begun: Index) -> None:
    begun.add(_waiting({"Eva": 30}), annotate=False)
    begun.annotate()

    assert ["Ada", "Ben", "Cem", "Dan", "Eva"] == [article.id for article in begun.articles]


def test_a_rebuild_does_not_bring_back_the_order_of_before(begun: Index) -> None:
    begun.rebuild()

    assert ["Ada", "Ben", "Dan", "Cem"] == [article.id for article in begun.articles]


def test_what_was_done_is_not_done_again(stopped: Index) -> None:
    report = stopped.annotate()

    assert 3 == report.annotated


def test_an_article_that_was_replaced_meanwhile_stays_as_it_is(
    stopped: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = Article(
        id=next(a.id for a in stopped.articles if a.annotator == PENDING), title="Newer", body="Other."
    )
    annotate = extract.annotate

    def replacing(article: Article) -> Article:
        if article.id == newer.id:
            stopped.add([newer], annotate=False)
        return annotate(article)

    monkeypatch.setattr(extract, "annotate", replacing)
    stopped.annotate()

    assert newer == stopped.articles.get(newer.id)


def test_an_article_that_was_deleted_meanwhile_does_not_come_back(
    stopped: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = next(a.id for a in stopped.articles if a.annotator == PENDING)
    annotate = extract.annotate

    def deleting(article: Article) -> Article:
        stopped.delete(article.id)
        return annotate(article)

    monkeypatch.setattr(extract, "annotate", deleting)
    stopped.annotate()

    assert stopped.articles.get(gone) is None


def test_an_article_whose_annotation_fails_is_listed_and_does_not_wait(
    stopped: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> Iterator[pipeline.FileChunk]:
        article = replace(next(a for a in stopped.articles if a.annotator == PENDING), annotator=None)
        problem = pipeline._unannotated_problem(Path(), article, TaskFailure("It took too long."))
        yield pipeline.FileChunk(Path(), (article,), problems=(problem,))

    monkeypatch.setattr(pipeline, "annotated_chunks", failing)
    report = stopped.annotate()

    assert (2, 1) == (stopped.articles.count_pending(), len(report.failed))
    assert ["in part"] == [problem.kind.value for problem in stopped.files.problems()]


def test_what_an_earlier_version_found_is_found_anew_when_asked(index: Index, folder: Path) -> None:
    index.load([folder], workers=1)
    earlier = [replace(article, annotator="1", mentions=(), quotes=()) for article in index.articles]
    index.add([*earlier, Article("plain", "Plain", "“No,” said Ada Quill.")], annotate=False)

    assert (0, 4) == (index.annotate().annotated, index.annotate(refresh=True).annotated)


@pytest.mark.parametrize("go_on", ["resume", "load"])
def test_a_run_stopped_while_it_read_text_goes_on_with_text_in_the_same_order(
    index: Index, folder: Path, go_on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with searcher.open_index(":memory:") as other:
        other.load([folder], workers=1)
        expected = [article.id for article in other.articles]

    def stop(progress: Progress) -> None:
        if progress.files == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.load([folder], text_first=True, workers=1, progress=stop)
    if go_on == "load":
        index.load([folder], workers=1)
    else:
        index.files.resume_load(workers=1)

    assert expected == [article.id for article in index.articles]


@pytest.fixture
def elsewhere(tmp_path: Path, folder: Path) -> Iterator[Index]:
    """An index whose articles wait for names that another process is finding."""
    with searcher.open_index(tmp_path / "index", create=True) as index:
        waiting = [Article(f"w{n}", "Waits", "“No,” said Ada Quill.", annotator=PENDING) for n in range(3)]
        index.add(waiting, annotate=False)
        running = FileLock(tmp_path / "index" / LOADING_LOCK)
        assert running.acquire(0)
        yield index
        running.release()


def test_a_load_beside_another_leaves_the_names_that_wait_to_it(elsewhere: Index, folder: Path) -> None:
    report = elsewhere.load([folder], workers=1)

    assert (4, 0, 3) == (report.added, report.annotated, elsewhere.articles.count_pending())


def test_names_are_not_found_twice_at_once(elsewhere: Index) -> None:
    with pytest.raises(IndexLocked, match="Another run is active"):
        elsewhere.annotate()


def test_text_that_another_run_adds_meanwhile_has_its_names_too(
    stopped: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotate = extract.annotate
    late = [Article("late", "Late", "“No,” said Ada Quill.", annotator=PENDING)]

    def adding(article: Article) -> Article:
        if late:
            stopped.add([late.pop()], annotate=False)
        return annotate(article)

    monkeypatch.setattr(extract, "annotate", adding)
    report = stopped.annotate()

    assert (4, 0) == (report.annotated, stopped.articles.count_pending())
