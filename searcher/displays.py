"""Results as HTML for notebooks, and as pandas data frames (optional).

All text is escaped; the only markup in it are the marks of matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from searcher.article import Article, Displayed
from searcher.errors import MissingExtra
from searcher.plugins import install_command
from searcher.query.request import displayed_speaker
from searcher.results import Facet, Hit, Marks, Snippet
from searcher.results.articles import HitPage, reference
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement

if TYPE_CHECKING:
    import pandas as pd

#: Maximum number of values listed per facet.
MAX_VALUES = 20


def html(result: Displayed) -> str:
    """Return an article or a result as HTML."""
    match result:
        case Article(title=title, body=body):
            paragraphs = "".join(f"<p>{escape(text)}</p>" for text in body.split("\n\n") if text)
            return f"<div><b>{escape(title or result.id)}</b><br>{_origin(result)}{paragraphs}</div>"
        case Hit(article=article):
            title = marked_html(article.title, result.title_marks) or escape(article.id)
            passages = "".join(f"<p>{html(snippet)}</p>" for snippet in result.snippets)
            return f"<div><b>{title}</b><br>{_origin(article)}{passages}</div>"
        case QuoteHit(quote=quote):
            text = f"<b>{marked_html(quote.text, result.marks)}</b>"
            text = f"{escape(result.before)}{text}{escape(result.after)}"
            speaker = _speaker(result.speaker, quote.confidence)
            return f"<div><p>{text}</p>{speaker}{_origin(result.article)}</div>"
        case Statement(text=text, places=places):
            speaker = _speaker(result.speaker, result.confidence)
            more = f", {len(places):,} places" if len(places) > 1 else ""
            first = _origin(result.first.article)
            return f"<div><p><b>{marked_html(text, result.marks)}</b></p>{speaker}{first}{more}</div>"
        case Snippet(text=text, marks=marks):
            return marked_html(text, marks)
        case Facet(field=field, values=values):
            rows = (
                f"<tr><td>{escape(value.value)}</td><td>{value.count:,}</td></tr>"
                for value in values[:MAX_VALUES]
            )
            return f"<table><tr><th>{escape(field)}</th><th></th></tr>{''.join(rows)}</table>"
        case HitPage(hits=hits):
            items = "".join(f"<li>{html(hit)}</li>" for hit in hits)
            return f"<p>{escape(repr(result).strip('<>'))}</p><ol>{items}</ol>"
    raise TypeError(type(result).__name__)


def marked_html(text: str, marks: Marks) -> str:
    """Return a text with its matches in ``<mark>``."""
    parts = []
    at = 0
    for start, end in marks:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _speaker(name: str | None, confidence: float) -> str:
    return f"{escape(displayed_speaker(name, confidence))}, " if name else ""


def _origin(article: Article) -> str:
    """Return the source and the date of an article."""
    day = article.published.date().isoformat() if article.published else ""
    return f"<small>{escape(', '.join(part for part in (article.source, day) if part))}</small>"


def frame(hits: Iterable[Hit | QuoteHit | Statement]) -> pd.DataFrame:
    """Return a data frame with a row for each hit. The row of a statement describes the article that carried
    it first. Raises MissingExtra without pandas."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtra(f"Data frames need the package pandas: {install_command('pandas')}") from None
    rows = pd.DataFrame(list(map(_row, hits)))
    if "published" in rows:  # the default unit, nanoseconds, cannot represent early years
        rows["published"] = rows["published"].astype("datetime64[s]")
    return rows


def _row(hit: Hit | QuoteHit | Statement) -> Mapping[str, Any]:
    match hit:
        case Hit(article=article):
            return {
                **_article_facts(article, hit.source), "authors": list(hit.authors),
                "people": list(hit.people), "organisations": list(hit.organisations),
                "speakers": list(hit.speakers), "tags": list(hit.tags), "language": hit.language,
                "section": hit.section,
                "origin": article.origin, "score": hit.score,
                "snippet": hit.snippets[0].text if hit.snippets else None,
            }  # fmt: skip
        case QuoteHit(quote=quote):
            return {
                "text": quote.text, "speaker": hit.speaker, "speaker_kind": quote.speaker_kind,
                "confidence": quote.confidence, "kind": quote.kind, "moment": quote.moment,
                "role": quote.role, "party": quote.party, "start": quote.start, "end": quote.end,
                "before": hit.before, "after": hit.after, "score": hit.score,
                **_article_facts(hit.article, hit.source),
            }  # fmt: skip
        case Statement(first=first):
            return {
                "text": hit.text, "speaker": hit.speaker, "confidence": hit.confidence,
                "places": len(hit.places), "sources": list(hit.sources), "score": hit.score,
                **_article_facts(first.article, first.source),
            }  # fmt: skip


def _article_facts(article: Article, source: str | None) -> Mapping[str, Any]:
    about = {**reference(article, source), "published": article.published}
    del about["origin"]
    return about
