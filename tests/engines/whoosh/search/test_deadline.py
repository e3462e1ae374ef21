from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from searcher import QueryTooBroad, open_index
from searcher.article import Article, Quote
from searcher.engines.whoosh.engine import Vocabulary
from searcher.query import deadline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    quotes = (Quote("the harbour opens", "Mara Lindqvist", "direct", 4, 21),)
    with open_index(tmp_path) as index:
        index.add([Article("a", "Harbour", "So “the harbour opens”.", quotes=quotes)], annotate=False)
    return tmp_path


def test_a_question_that_takes_too_long_is_given_up(folder: Path) -> None:
    with open_index(folder, patience=0) as index, pytest.raises(QueryTooBroad, match="takes too long"):
        index.quotes("harbour")


def test_the_next_question_has_its_own_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: clock.now))
    with open_index(folder, patience=5) as index:
        first = index.quotes("harbour").total
        clock.now = 100.0
        second = index.quotes("opens").total

    assert (1, 1) == (first, second)


def test_questions_let_a_slow_one_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, over = Event(), Event()

    def slow(vocabulary: Vocabulary, id: str) -> None:
        begun.set()
        over.wait(60)

    monkeypatch.setattr(Vocabulary, "article", slow)
    with open_index(folder) as index, ThreadPoolExecutor(1) as another:
        asked = another.submit(index.articles.get, "a")
        begun.wait(60)
        answered = index.count(), asked.done()
        over.set()

    assert (1, False) == answered
