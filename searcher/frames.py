"""Results as data frames of pandas, which is an optional package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from searcher.errors import MissingExtra

if TYPE_CHECKING:
    import pandas as pd

    from searcher.article import Article
    from searcher.results import Hit
    from searcher.results.quotations import QuoteHit
    from searcher.results.statements import Statement


def of_articles(hits: Iterable[Hit]) -> pd.DataFrame:
    """Return a row for each article. Raises MissingExtra without pandas."""
    return _frame(
        {
            **_about(hit.article, hit.source),
            "authors": list(hit.authors),
            "people": list(hit.people),
            "organisations": list(hit.organisations),
            "speakers": list(hit.speakers),
            "tags": list(hit.tags),
            "language": hit.language,
            "section": hit.section,
            "origin": hit.article.origin,
            "score": hit.score,
            "snippet": hit.snippets[0].text if hit.snippets else None,
        }
        for hit in hits
    )


def of_quotations(hits: Iterable[QuoteHit]) -> pd.DataFrame:
    """Return a row for each quotation. Raises MissingExtra without pandas."""
    return _frame(
        {
            "text": hit.quote.text,
            "speaker": hit.speaker,
            "speaker_kind": hit.quote.speaker_kind,
            "confidence": hit.quote.confidence,
            "kind": hit.quote.kind,
            "start": hit.quote.start,
            "end": hit.quote.end,
            "before": hit.before,
            "after": hit.after,
            "score": hit.score,
            **_about(hit.article, hit.source),
        }
        for hit in hits
    )


def of_statements(hits: Iterable[Statement]) -> pd.DataFrame:
    """Return a row for each statement, with the article that had it first. Raises MissingExtra without
    pandas."""
    return _frame(
        {
            "text": hit.text,
            "speaker": hit.speaker,
            "confidence": hit.confidence,
            "places": len(hit.places),
            "sources": list(hit.sources),
            "score": hit.score,
            **_about(hit.first.article, hit.first.source),
        }
        for hit in hits
    )


def _about(article: Article, source: str | None) -> Mapping[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "source": source,
        "published": article.published,
        "url": article.url,
    }


def _frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtra(
            "Data frames need the package pandas: pip install 'article-searcher[pandas]'"
        ) from None
    frame = pd.DataFrame(list(rows))
    if "published" in frame:  # years that nanoseconds cannot hold are possible
        frame["published"] = frame["published"].astype("datetime64[s]")
    return frame
