"""The people and organisations in an article, each once, under its full name.

A small neural tagger (:mod:`.tagger`) marks names, :mod:`.repair` mends its marks with what the whole article
shows, :mod:`.consolidate` decides which of them mean the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from searcher.article import Article, Mention, MentionKind
from searcher.extract.names.bodies import body_words, is_generic
from searcher.extract.names.consolidate import Cluster, consolidate
from searcher.extract.names.repair import repair
from searcher.extract.names.tagger import Kind, Span, shared_tagger
from searcher.extract.names.wrapping import unwrapped

__all__ = ["Kind", "Span", "find_names", "joined_text", "mentions_of"]

_KINDS: dict[str, MentionKind] = {"PER": "person", "ORG": "organisation"}
_BETWEEN = "\n\n"


def find_names(article: Article) -> Article:
    """The article with its mentions found anew, in title and body together."""
    return replace(article, mentions=mentions_of(article, shared_tagger().tag(joined_text(article))))


def joined_text(article: Article) -> str:
    """The text that a tagger reads: title and body with an empty line between, or the body alone, and blanks
    for the line ends within paragraphs."""
    body = unwrapped(article.body)
    return f"{article.title}{_BETWEEN}{body}" if article.title else body


def mentions_of(article: Article, spans: Sequence[Span]) -> tuple[Mention, ...]:
    """Mentions from the spans that any tagger found in :func:`joined_text`: mended, consolidated and in
    order, those of the title first."""
    text = joined_text(article)
    offset = len(article.title) + len(_BETWEEN) if article.title else 0
    clusters = (cluster for cluster in consolidate(text, repair(text, spans)) if _is_somebody(cluster))
    found = ((span, cluster) for cluster in clusters for span in cluster.spans)
    return tuple(_mention(span, cluster, offset) for span, cluster in sorted(found, key=lambda pair: pair[0]))


def _is_somebody(cluster: Cluster) -> bool:
    """Not "Department", "the Bank" and their like, unless they are short for a body of the article."""
    return cluster.spans[0].kind == "PER" or not is_generic(body_words(cluster.name))


def _mention(span: Span, cluster: Cluster, offset: int) -> Mention:
    kind = _KINDS[span.kind]
    if span.start < offset:
        return Mention(cluster.name, kind, span.start, span.end, span.confidence, "title")
    return Mention(cluster.name, kind, span.start - offset, span.end - offset, span.confidence)
