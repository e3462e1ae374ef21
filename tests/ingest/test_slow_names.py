"""Names and quotations that take too long are looked for again by later runs, a few times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searcher import Article, Index
from searcher.article import PENDING_STATES
from searcher.extract import annotate
from searcher.ingest import pipeline
from searcher.ingest.worker_pool import TaskFailure

TOO_LONG = TaskFailure("It took too long.", timed_out=True)
Fail = Callable[[TaskFailure], None]


@pytest.fixture
def ferry(folder: Path) -> Path:
    """A file of four articles that name Ada Quill."""
    path = folder / "ferry.jsonl"
    records = [
        {"id": f"f{n}", "title": f"Ferry {n}", "body": f"“Nobody told us,” said Ada Quill of ferry {n}."}
        for n in range(4)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


@pytest.fixture
def fail_f1(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Let workers fail at the article f1."""

    def fail(failure: TaskFailure) -> None:
        def annotate_chunk(chunk: pipeline.FileChunk) -> Iterator[Article | TaskFailure | None]:
            for article in chunk.articles:
                if article.id == "f1":
                    yield failure
                    return
                yield annotate(article)
            yield None

        monkeypatch.setattr(pipeline, "annotate_chunk", annotate_chunk)

    return fail


@pytest.mark.parametrize("text_first", [False, True])
def test_an_article_that_takes_too_long_costs_no_other_article_its_names(
    text_first: bool, index: Index, ferry: Path, fail_f1: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MAX_IN_PROCESS", 0)
    fail_f1(TOO_LONG)
    index.load([ferry], text_first=text_first)

    assert ({"Ada Quill": 3}, 1) == (index.values("speaker"), index.articles.count_pending())


def test_an_article_whose_names_took_too_long_is_told_and_no_problem_of_its_file(
    index: Index, ferry: Path, fail_f1: Fail
) -> None:
    fail_f1(TOO_LONG)
    report = index.load([ferry])

    assert ["“Ferry 1” has no names and quotations yet: It took too long."] == [
        failure.reason for failure in report.failed
    ]
    assert ((), 1) == (index.files.problems(), index.load([ferry]).files_unchanged)


def test_names_that_took_too_long_are_found_by_annotate(
    index: Index, ferry: Path, fail_f1: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_f1(TOO_LONG)
    index.load([ferry])
    monkeypatch.undo()
    report = index.annotate()

    assert (1, {"Ada Quill": 4}, 0) == (
        report.annotated,
        index.values("speaker"),
        index.articles.count_pending(),
    )


def test_names_are_looked_for_three_times(index: Index, fail_f1: Fail) -> None:
    fail_f1(TOO_LONG)
    index.add([Article("f1", "Ferry 1", "No.", annotator=PENDING_STATES[1])], annotate=False)
    states = []
    for _ in range(2):
        index.annotate()
        states.append([(index.articles.count_pending(), article.annotator) for article in index.articles])

    assert [[(1, PENDING_STATES[2])], [(0, None)]] == states


def test_after_the_last_attempt_the_file_lists_why_names_are_missing(
    index: Index, ferry: Path, fail_f1: Fail
) -> None:
    fail_f1(TOO_LONG)
    for _ in range(3):
        index.load([ferry])

    assert ["“Ferry 1” has no names and quotations: It took too long."] == [
        problem.reason for problem in index.files.problems()
    ]
    assert (0, {"Ada Quill": 3}) == (index.articles.count_pending(), index.values("speaker"))


def test_names_that_a_worker_missed_for_another_reason_stay_pending(
    index: Index, ferry: Path, fail_f1: Fail
) -> None:
    fail_f1(TaskFailure("The worker process died.", passing=True))
    for _ in range(5):
        index.load([ferry])

    assert 3 == index.articles.count_pending()


def test_an_article_that_crashes_a_worker_is_not_pending(index: Index, ferry: Path, fail_f1: Fail) -> None:
    fail_f1(TaskFailure("It crashed."))
    index.load([ferry])

    assert (0, {"Ada Quill": 3}) == (index.articles.count_pending(), index.values("speaker"))


def test_an_article_without_a_title_is_named_by_its_first_words() -> None:
    article = Article("f1", "", "The ferry sails on Monday.")
    problem = pipeline._unannotated_problem(Path("ferry.jsonl"), article, TOO_LONG)

    assert "“The ferry sails on Monday.” has no names and quotations: It took too long." == problem.reason
