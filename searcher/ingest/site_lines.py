"""Closing lines of a site, which no person says: “Have you seen something? Send us your photo.”"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from searcher.article import Article, Quote
from searcher.extract.quotes.reasons import ExplainedQuote
from searcher.statements import folded_words

#: Maximum confidence in the speaker of a site line, well below the default threshold of searches.
SITE_LINE_CONFIDENCE: Final = 0.2
#: A site line must occur in at least _MIN_STORIES stories and have at least _MIN_WORDS words. Only the last
#: _END_CHARACTERS of an article are searched, and at most _MAX_ARTICLES are compared per source.
_MIN_STORIES, _MIN_WORDS, _END_CHARACTERS, _MAX_ARTICLES = 5, 4, 500, 200


def doubt_site_lines(articles: Sequence[Article]) -> list[Article]:
    """Lower the confidence of quotations at the end of at least half of the articles of a source.

    Lines with the same speaker in most articles are left unchanged: press releases repeat their quotations.
    """
    groups: dict[str | None, list[Article]] = defaultdict(list)
    for article in articles:
        groups[article.source if article.annotator else None].append(article)
    groups.pop(None, None)
    lines = {source: _site_lines(group[:_MAX_ARTICLES]) for source, group in groups.items()}
    return [_doubted(one, lines.get(one.source, ())) if one.annotator else one for one in articles]


def with_site_line_doubts(article: Article, quotes: Sequence[ExplainedQuote]) -> list[ExplainedQuote]:
    """Add the doubts raised by other articles to the quotations of an article that was read again."""
    low = {one.start: one for one in article.quotes if one.confidence == SITE_LINE_CONFIDENCE}
    return [
        ExplainedQuote(low[one.quote.start], replace(one.reason, doubts=(*one.reason.doubts, "site")))
        if one.quote.start in low and one.quote.confidence > SITE_LINE_CONFIDENCE
        else one
        for one in quotes
    ]


def _site_lines(articles: Sequence[Article]) -> set[str]:
    speakers: dict[str, Counter[str]] = defaultdict(Counter)
    for line, quote in (pair for article in articles for pair in _closing_lines(article)):
        if quote.speaker:
            speakers[line][quote.speaker] += 1
    ends = [(one.story or one.id, _folded(one.body[-_END_CHARACTERS:])) for one in articles]
    site_lines = set()
    for line, counts in speakers.items():
        stories = [story for story, end in ends if line in end]
        if len(set(stories)) >= _MIN_STORIES and len(articles) / 2 <= len(stories) > 2 * max(counts.values()):
            site_lines.add(line)
    return site_lines


def _doubted(article: Article, lines: Collection[str]) -> Article:
    closing = [quote for line, quote in _closing_lines(article) if line in lines] if lines else []
    low = {one: replace(one, confidence=min(one.confidence, SITE_LINE_CONFIDENCE)) for one in closing}
    return replace(article, quotes=tuple(low.get(one, one) for one in article.quotes)) if low else article


def _closing_lines(article: Article) -> list[tuple[str, Quote]]:
    closing = [one for one in article.quotes if one.start >= len(article.body) - _END_CHARACTERS]
    lines = [(_folded(one.text), one) for one in closing if one.kind != "speech"]
    return [(line, one) for line, one in lines if line.count(" ") > _MIN_WORDS]


def _folded(text: str) -> str:
    return f" {' '.join(folded_words(text))} "
