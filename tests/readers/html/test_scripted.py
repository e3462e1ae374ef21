"""The article that a page holds in a script alone."""

from __future__ import annotations

import json

import pytest

from searcher.readers.html.reader import scripted_markup

ARTICLE = "<p>The harbour of Brenk was closed after a fire in a warehouse, its mayor said.</p>" * 5
NOTICE = "<p>We use cookies to measure how our pages are read and to show what may please you.</p>" * 9
PORT = "<p>火災のため港が閉鎖された。市長が明らかにした。</p>" * 12


def page(markup: str, tag: str = "script") -> str:
    return f"<html><body><div id=app></div><{tag}>window.page = {json.dumps({'body': markup})}</{tag}>"


@pytest.mark.parametrize("tag", ["script", "SCRIPT"])
def test_the_article_of_the_headline_is_found(tag: str) -> None:
    assert ARTICLE == scripted_markup(page(ARTICLE, tag), "Fire closes the harbour")


def test_a_headline_without_spaces() -> None:
    assert PORT == scripted_markup(page(PORT), "港が火災で閉鎖")


@pytest.mark.parametrize("headline", ["Fire closes the harbour", "港が火災で閉鎖"])
def test_a_notice_is_no_article(headline: str) -> None:
    assert "" == scripted_markup(page(NOTICE), headline)


def test_without_a_headline_the_longest_is_taken() -> None:
    assert NOTICE == scripted_markup(page(ARTICLE) + page(NOTICE), "")
