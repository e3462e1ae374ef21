"""From a cleaned article to one with people, organisations and quotations."""

from __future__ import annotations

from dataclasses import replace

from searcher import plugins
from searcher.article import Article
from searcher.errors import UsageError

#: The version of the extraction: raise it when a change should make users rebuild.
ANNOTATOR = "30"


def annotate(article: Article) -> Article:
    """The article with its mentions and quotes, found anew by the extractors that are installed.

    Names come first, as speakers are chosen among them, then quotes, then others by name. Raises UsageError.
    """
    if not isinstance(article, Article):
        raise UsageError(f"What is annotated is an Article, not {article!r:.40}.")
    extractors = plugins.load("searcher.extractors")
    order = ["names", "quotes", *sorted(extractors.keys() - {"names", "quotes"})]
    for name in order:
        article = extractors[name](article)
    return replace(article, annotator=ANNOTATOR)
