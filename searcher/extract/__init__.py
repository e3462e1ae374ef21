"""Extraction: adds people, organisations and quotations to an article."""

from __future__ import annotations

from dataclasses import replace

from searcher import plugins
from searcher.article import Article
from searcher.errors import UsageError

#: Version of the extraction. Increase it if a change is worth rebuilding an index for.
ANNOTATOR = "30"


def annotate(article: Article) -> Article:
    """Return the article with new mentions and quotes from all installed extractors. Raises UsageError.

    Names come first because speakers are chosen among them, then quotes, then other extractors by name.
    """
    if not isinstance(article, Article):
        raise UsageError(f"Expected an Article, not {article!r:.40}.")
    extractors = plugins.load("searcher.extractors")
    order = ["names", "quotes", *sorted(extractors.keys() - {"names", "quotes"})]
    for name in order:
        article = extractors[name](article)
    return replace(article, annotator=ANNOTATOR)
