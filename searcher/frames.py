"""Results as data frames of pandas, which is an optional package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from searcher.article import Article
from searcher.errors import MissingExtra
from searcher.results import Hit
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement

if TYPE_CHECKING:
    import pandas as pd


def frame(hits: Iterable[Hit | QuoteHit | Statement]) -> pd.DataFrame:
    """Return a row for each article, quotation or statement; that of a statement is about the article that
    had it first. Raises MissingExtra without pandas."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtra(
            "Data frames need the package pandas: pip install 'article-searcher[pandas]'"
        ) from None
    made = pd.DataFrame(list(map(_row, hits)))
    if "published" in made:  # years that nanoseconds cannot hold are possible
        made["published"] = made["published"].astype("datetime64[s]")
    return made


def _row(hit: Hit | QuoteHit | Statement) -> Mapping[str, Any]:
    match hit:
        case Hit(article=article):
            return {
                **_about(article, hit.source),
                "authors": list(hit.authors),
                "people": list(hit.people),
                "organisations": list(hit.organisations),
                "speakers": list(hit.speakers),
                "tags": list(hit.tags),
                "language": hit.language,
                "section": hit.section,
                "origin": article.origin,
                "score": hit.score,
                "snippet": hit.snippets[0].text if hit.snippets else None,
            }
        case QuoteHit(quote=quote):
            return {
                "text": quote.text,
                "speaker": hit.speaker,
                "speaker_kind": quote.speaker_kind,
                "confidence": quote.confidence,
                "kind": quote.kind,
                "start": quote.start,
                "end": quote.end,
                "before": hit.before,
                "after": hit.after,
                "score": hit.score,
                **_about(hit.article, hit.source),
            }
        case Statement(first=first):
            return {
                "text": hit.text,
                "speaker": hit.speaker,
                "confidence": hit.confidence,
                "places": len(hit.places),
                "sources": list(hit.sources),
                "score": hit.score,
                **_about(first.article, first.source),
            }


def _about(article: Article, source: str | None) -> Mapping[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "source": source,
        "published": article.published,
        "url": article.url,
    }
