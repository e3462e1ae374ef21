"""How results are shown elsewhere: as HTML to notebooks, and as data frames of pandas, which is optional.

In HTML every text is escaped; only the marks of matches are markup of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from searcher.article import Article, Displayed
from searcher.errors import MissingExtra
from searcher.plugins import install_command
from searcher.query.request import speaker_shown
from searcher.results import Facet, Hit, Marks, Snippet
from searcher.results.articles import HitPage, reference
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement

if TYPE_CHECKING:
    import pandas as pd

#: Values of a facet that are listed.
MAX_VALUES = 20


def html(one: Displayed) -> str:
    """Return an article, or what was found, as HTML."""
    match one:
        case Article():
            return _html_of_article(one)
        case Hit():
            return _hit(one)
        case QuoteHit():
            return _quotation(one)
        case Statement():
            return _statement(one)
        case Snippet(text=text, marks=marks):
            return marked_html(text, marks)
        case Facet():
            return _facet(one)
        case HitPage(hits=hits):
            items = "".join(f"<li>{html(hit)}</li>" for hit in hits)
            return f"<p>{escape(repr(one).strip('<>'))}</p><ol>{items}</ol>"
    raise TypeError(type(one).__name__)


def marked_html(text: str, marks: Marks) -> str:
    """Return a text with its matches in ``<mark>``."""
    parts = []
    at = 0
    for start, end in marks:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _html_of_article(one: Article) -> str:
    """Return an article: its title, where it is from, and its text."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in one.body.split("\n\n") if text)
    return f"<div><b>{escape(one.title or one.id)}</b><br>{_origin(one)}{paragraphs}</div>"


def _hit(one: Hit) -> str:
    """Return an article found: its title, where it is from, and its passages."""
    title = marked_html(one.article.title, one.title_marks) or escape(one.article.id)
    passages = "".join(f"<p>{marked_html(snippet.text, snippet.marks)}</p>" for snippet in one.snippets)
    return f"<div><b>{title}</b><br>{_origin(one.article)}{passages}</div>"


def _quotation(one: QuoteHit) -> str:
    """Return a quotation between the words around it, with its speaker."""
    said = f"{escape(one.before)}<b>{marked_html(one.quote.text, one.marks)}</b>{escape(one.after)}"
    speaker = f"{escape(speaker_shown(one.speaker, one.quote.confidence))}, " if one.speaker else ""
    return f"<div><p>{said}</p>{speaker}{_origin(one.article)}</div>"


def _statement(one: Statement) -> str:
    """Return a statement with its speaker, the article that had it first and the number of its places."""
    speaker = f"{escape(speaker_shown(one.speaker, one.confidence))}, " if one.speaker else ""
    more = f", {len(one.places):,} places" if len(one.places) > 1 else ""
    text = marked_html(one.text, one.marks)
    return f"<div><p><b>{text}</b></p>{speaker}{_origin(one.first.article)}{more}</div>"


def _facet(one: Facet) -> str:
    """Return the most frequent values of a facet as a table."""
    rows = (
        f"<tr><td>{escape(value.value)}</td><td>{value.count:,}</td></tr>"
        for value in one.values[:MAX_VALUES]
    )
    return f"<table><tr><th>{escape(one.field)}</th><th></th></tr>{''.join(rows)}</table>"


def _origin(article: Article) -> str:
    day = article.published.date().isoformat() if article.published else ""
    parts: Sequence[str] = [part for part in (article.source or "", day) if part]
    return f"<small>{escape(', '.join(parts))}</small>"


def frame(hits: Iterable[Hit | QuoteHit | Statement]) -> pd.DataFrame:
    """Return a row for each article, quotation or statement; that of a statement is about the article that
    had it first. Raises MissingExtra without pandas."""
    try:
        import pandas as pd
    except ImportError:
        raise MissingExtra(f"Data frames need the package pandas: {install_command('pandas')}") from None
    made = pd.DataFrame(list(map(_row_of_hit, hits)))
    if "published" in made:  # years that nanoseconds cannot hold are possible
        made["published"] = made["published"].astype("datetime64[s]")
    return made


def _row_of_hit(hit: Hit | QuoteHit | Statement) -> Mapping[str, Any]:
    match hit:
        case Hit(article=article):
            return {
                **_about(article, hit.source), "authors": list(hit.authors), "people": list(hit.people),
                "organisations": list(hit.organisations), "speakers": list(hit.speakers),
                "tags": list(hit.tags), "language": hit.language, "section": hit.section,
                "origin": article.origin, "score": hit.score,
                "snippet": hit.snippets[0].text if hit.snippets else None,
            }  # fmt: skip
        case QuoteHit(quote=quote):
            return {
                "text": quote.text, "speaker": hit.speaker, "speaker_kind": quote.speaker_kind,
                "confidence": quote.confidence, "kind": quote.kind, "moment": quote.moment,
                "role": quote.role, "party": quote.party, "start": quote.start, "end": quote.end,
                "before": hit.before, "after": hit.after, "score": hit.score,
                **_about(hit.article, hit.source),
            }  # fmt: skip
        case Statement(first=first):
            return {
                "text": hit.text, "speaker": hit.speaker, "confidence": hit.confidence,
                "places": len(hit.places), "sources": list(hit.sources), "score": hit.score,
                **_about(first.article, first.source),
            }  # fmt: skip


def _about(article: Article, source: str | None) -> Mapping[str, Any]:
    about = {**reference(article, source), "published": article.published}
    del about["origin"]
    return about
