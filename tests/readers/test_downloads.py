"""Recognisers of downloads, as a plug-in registers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from searcher import plugins
from searcher.article import Article
from searcher.readers import downloads
from searcher.readers.dispatch import Dispatcher

STORIES = "\n".join(["#1", "The ferry sails again.", "#2", "The harbour is closed."])


class NumberedStories:
    """Recognises texts in which “#1” stands above a story."""

    @staticmethod
    def articles_in_text(text: str) -> Iterator[Article] | None:
        return NumberedStories.articles_in_lines(text.split("\n"))

    @staticmethod
    def articles_in_lines(lines: Sequence[str]) -> Iterator[Article] | None:
        if not lines or lines[0] != "#1":
            return None
        return (Article(id="", title="", body=line) for line in lines if not line.startswith("#"))

    @staticmethod
    def articles_in_page(_page: str, lines: Callable[[], Sequence[str]]) -> Iterator[Article] | None:
        return NumberedStories.articles_in_lines(lines())

    @staticmethod
    def articles_in_word(_paragraphs: Sequence[downloads.Paragraph]) -> None:
        return None

    @staticmethod
    def articles_in_xml(_root: Any) -> None:
        return None


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    load = plugins.load
    own: dict[str, Any] = {"stories": NumberedStories}
    monkeypatch.setattr(plugins, "load", lambda group: own if group == "searcher.downloads" else load(group))


def bodies(data: str, name: str) -> list[str]:
    return [one.body for one in Dispatcher().data(data.encode(), name) if isinstance(one, Article)]


def test_a_text_is_split() -> None:
    assert bodies(STORIES, "stories.txt") == ["The ferry sails again.", "The harbour is closed."]


def test_the_visible_lines_of_a_page_are_split() -> None:
    page = "<html><body>" + "".join(f"<p>{line}</p>" for line in STORIES.split("\n")) + "</body></html>"

    assert bodies(page, "stories.html") == ["The ferry sails again.", "The harbour is closed."]


def test_what_no_recogniser_takes_is_one_article() -> None:
    assert bodies("The ferry sails again.\n\nThe harbour is closed.", "story.txt") == [
        "The ferry sails again.\n\nThe harbour is closed."
    ]
