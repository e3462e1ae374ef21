"""A site over a small index in memory, asked as a browser on this machine asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bs4 import BeautifulSoup

import searcher
from searcher import Article, Index, Mention, Quote
from tests.cli.conftest import ARTICLES as SHARED

pytest.importorskip("starlette", reason="the page is an extra: pip install 'article-searcher[web]'")

from starlette.testclient import TestClient

from searcher.extensions.web.app import create_app
from searcher.extensions.web.guard import Access

HERE = "http://127.0.0.1:8642"
MARKUP = "<script>alert(1)</script>\"'&"
_BODY = f"{MARKUP} said {MARKUP} about porcupines."

#: Markup in every field that an article has.
MARKED_UP = Article(
    f"id/{MARKUP}",
    f"Title {MARKUP}",
    _BODY,
    url=f"javascript:alert('{MARKUP}')",
    source=f"Source {MARKUP}",
    authors=(f"Author {MARKUP}",),
    published="2023-01-02",  # type: ignore[arg-type]  # converted
    language=f'en" onload="alert(1){MARKUP}',
    section=f"Section {MARKUP}",
    tags=(f"Tag {MARKUP}",),
    origin=f"/archive/{MARKUP}.html",
    story=f"Story {MARKUP}",
    mentions=(
        Mention(f"Person {MARKUP}", "person", 0, len(MARKUP)),
        Mention(f"Body {MARKUP}", "organisation", 0, len(MARKUP)),
    ),
    quotes=(
        Quote(
            MARKUP,
            f"Person {MARKUP}",
            "direct",
            _BODY.rindex(MARKUP),
            _BODY.rindex(MARKUP) + len(MARKUP),
            0.9,
            "person",
        ),
    ),
)
ARTICLES = (*SHARED, MARKED_UP)

Serve = Callable[..., TestClient]


@pytest.fixture
def index() -> Iterator[Index]:
    with searcher.open_index(":memory:") as opened:
        opened.add(ARTICLES, annotate=False)
        yield opened


@pytest.fixture
def serve(index: Index) -> Serve:
    """Serve the index with these settings."""

    def started(**settings: object) -> TestClient:
        app = create_app(index, Access(**settings))  # type: ignore[arg-type]
        return TestClient(app, base_url=HERE, follow_redirects=False)

    return started


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve()


def parsed(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml")


def page_of(client: TestClient, path: str) -> BeautifulSoup:
    """The page at an address."""
    answer = client.get(path)
    assert answer.status_code in (200, 400), answer.headers.get("location")
    return parsed(answer.text)


def texts(page: BeautifulSoup, selector: str) -> list[str]:
    """What elements say, without line breaks."""
    return [" ".join(one.get_text(" ").split()) for one in page.select(selector)]


def attributes(page: BeautifulSoup, selector: str, name: str) -> list[str]:
    """What elements have for an attribute."""
    return [str(one.get(name)) for one in page.select(selector)]
