"""Find people and organisations in languages other than English."""

from __future__ import annotations

from collections.abc import Iterable

from searcher.article import Article
from searcher.extensions.languages.foreign_names import group_names
from searcher.extensions.languages.name_labels import name_spans
from searcher.extract.encoder.encoded_text import read_article
from searcher.extract.names.consolidation import Cluster
from searcher.extract.names.repair import drop_accounts


def named_clusters(article: Article, language: str) -> Iterable[Cluster]:
    """Return the people and organisations of an article, each with its places in title and body."""
    reading = read_article(article)
    spans = drop_accounts(reading.text, name_spans(reading))
    return group_names(reading.text, spans, language)
