"""Turn saved web pages into articles, including text hidden in scripts or in content for readers without
scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from searcher import plugins
from searcher.article import Article
from searcher.errors import Doubt, ReadError
from searcher.languages import is_unspaced
from searcher.readers.base import ArticlePage, Event, FormatReader, read_whole
from searcher.readers.downloads import articles_in_page
from searcher.readers.encodings import decode, refuse_binary

if TYPE_CHECKING:
    from searcher.readers.html.page import Page


#: Maximum length of a body for which content for readers without scripts is tried.
_MAX_SHORT_BODY_CHARACTERS = 2_000


class HtmlReader(FormatReader):
    """Reads saved pages, one article per page."""

    needs_whole_file = True

    def read(self, stream: BinaryIO, _origin: str, /) -> Iterator[Event]:
        text = decode(read_whole(stream))
        refuse_binary(text)
        yield from articles_in_page(text) or events_from_html(text)


def events_from_html(text: str, url: str | None = None) -> Iterator[Event]:
    """Yield the article in a page and its doubts. Raises ReadError without an article."""
    from searcher.readers.html.doubts import doubts
    from searcher.readers.html.page import parse

    page = parse(text, url)
    article = _article(page, text)
    yield article
    yield from map(Doubt, doubts(page, article))


def article_from_html(text: str, url: str | None = None) -> Article:
    """Return the article in a page saved from ``url``. Raises ReadError without an article."""
    from searcher.readers.html.page import parse

    return _article(parse(text, url), text)


def _article(page: Page, text: str) -> Article:
    from searcher.readers.finish import id_of_address
    from searcher.readers.html.body import paragraphs
    from searcher.readers.html.metadata import metadata, place_of
    from searcher.readers.html.page import parse
    from searcher.readers.turns import recorded_article

    facts = metadata(page)
    body = paragraphs(page, facts)
    size = sum(map(len, body))
    if not body and (markup := scripted_markup(text, facts.title or "")):
        body = paragraphs(parse(markup), facts)
    elif size < _MAX_SHORT_BODY_CHARACTERS and (markup := markup_without_scripts(text)):
        other = paragraphs(parse(markup), facts)
        body = other if sum(map(len, other)) > 2 * max(size, _MIN_STRING_CHARACTERS) else body
    if not body:
        raise ReadError("The page contains no article.")
    article = Article(
        id="", title=facts.title or "", body="\n\n".join(body), url=facts.url, source=facts.source,
        authors=facts.authors, published=facts.published, language=facts.language, section=facts.section,
        tags=facts.tags,
    )  # fmt: skip
    find = plugins.find_optional("searcher.speech", "page")
    if find and (transcript := find(page.tree, article.body)):
        above, turns = transcript
        article = recorded_article(article, [*above.split("\n\n"), *turns])
    if place := place_of(page, facts.url):
        address, number = place
        return ArticlePage.of(replace(article, id=id_of_address(address)), number)
    return article


#: Minimum and maximum length of a string that may be an article, with its markup.
_MIN_STRING_CHARACTERS, _MAX_STRING_CHARACTERS = 300, 1_000_000
#: Minimum number of paragraphs or breaks. Boxes and notes have fewer.
_MIN_BREAKS = 3
#: Minimum share of the headline's words in the string. A cookie notice has none.
_MIN_SHARE_OF_HEADLINE = 1 / 3
_MIN_LETTERS = 4  # minimum length of a headline's word
_HEADLINE_WORD = re.compile(r"[^\W\d_]+")
_PARAGRAPH = re.compile(r"<(?:p|br)\b", re.I)
_ESCAPE_OR_QUOTE = re.compile(r'\\.|"', re.S)


def markup_without_scripts(text: str) -> str:
    """Return the longest noscript content with paragraphs, or ""."""
    parts = (part.partition("</noscript")[0] for part in text.split("<noscript")[1:_MAX_NOSCRIPTS])
    values = (part.partition(">")[2] for part in parts if len(part) > _MIN_STRING_CHARACTERS)
    return max((one for one in values if len(_PARAGRAPH.findall(one)) >= _MIN_BREAKS), key=len, default="")


#: Maximum number of noscript elements examined. Each image may have one.
_MAX_NOSCRIPTS = 1_000


def scripted_markup(text: str, headline: str) -> str:
    """Return the longest string with paragraphs in the scripts that fits the headline, or ""."""
    headline_words = _significant_words(headline)
    fragments = (markup for script in _scripts(text) for markup in _strings(script))
    articles = (
        one
        for one in fragments
        if len(_PARAGRAPH.findall(one)) >= _MIN_BREAKS and _is_about(headline_words, one)
    )
    return max(articles, key=len, default="")


def _significant_words(headline: str) -> set[str]:
    """Return the longer words of a headline, or pairs of letters in scripts without spaces."""
    words = _HEADLINE_WORD.findall(headline.lower())
    pairs = {word[at : at + 2] for word in words if is_unspaced(word[0]) for at in range(len(word) - 1)}
    return pairs | {word for word in words if len(word) >= _MIN_LETTERS and not is_unspaced(word[0])}


def _is_about(headline_words: set[str], markup: str) -> bool:
    text = markup.lower()
    return sum(word in text for word in headline_words) >= _MIN_SHARE_OF_HEADLINE * len(headline_words)


def _scripts(text: str) -> Iterator[str]:
    end = 0
    folded = text.replace("<SCRIPT", "<script").replace("</SCRIPT", "</script")
    while (start := folded.find("<script", end)) >= 0 and (end := folded.find("</script", start)) >= 0:
        yield folded[start + len("<script") : end].partition(">")[2]


def _strings(script: str) -> Iterator[str]:
    start = -1
    for mark in _ESCAPE_OR_QUOTE.finditer(script):
        if mark[0] != '"':
            continue
        if start < 0:
            start = mark.end()
            continue
        if _MIN_STRING_CHARACTERS <= mark.start() - start <= _MAX_STRING_CHARACTERS:
            try:
                yield json.loads(script[start - 1 : mark.end()], strict=False)
            except ValueError:
                pass  # not valid JSON: `"\x3c"`
        start = -1
