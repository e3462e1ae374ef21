"""Results as HTML, for notebooks. Every text is escaped; only the marks of matches are markup of ours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from searcher.article import Article, Displayed
from searcher.results import Facet, Hit, Marks, Snippet
from searcher.results.articles import HitPage
from searcher.results.quotations import QuoteHit
from searcher.results.statements import Statement

#: Values of a facet that are listed.
MAX_VALUES = 20


def html(one: Displayed) -> str:
    """Return an article, or what was found, as HTML."""
    match one:
        case Article():
            return _article(one)
        case Hit():
            return _hit(one)
        case QuoteHit():
            return _quotation(one)
        case Statement():
            return _statement(one)
        case Snippet(text=text, marks=marks):
            return marked(text, marks)
        case Facet():
            return _facet(one)
        case HitPage(hits=hits):
            items = "".join(f"<li>{html(hit)}</li>" for hit in hits)
            return f"<p>{escape(repr(one).strip('<>'))}</p><ol>{items}</ol>"
    raise TypeError(type(one).__name__)


def marked(text: str, marks: Marks) -> str:
    """Return a text with its matches in ``<mark>``."""
    parts = []
    at = 0
    for start, end in marks:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _article(one: Article) -> str:
    """Return an article: its title, where it is from, and its text."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in one.body.split("\n\n") if text)
    return f"<div><b>{escape(one.title or one.id)}</b><br>{_origin(one)}{paragraphs}</div>"


def _hit(one: Hit) -> str:
    """Return an article found: its title, where it is from, and its passages."""
    title = marked(one.article.title, one.title_marks) or escape(one.article.id)
    passages = "".join(f"<p>{marked(snippet.text, snippet.marks)}</p>" for snippet in one.snippets)
    return f"<div><b>{title}</b><br>{_origin(one.article)}{passages}</div>"


def _quotation(one: QuoteHit) -> str:
    """Return a quotation between the words around it, with its speaker."""
    said = f"{escape(one.before)}<b>{marked(one.quote.text, one.marks)}</b>{escape(one.after)}"
    speaker = f"{escape(one.speaker)}, " if one.speaker else ""
    return f"<div><p>{said}</p>{speaker}{_origin(one.article)}</div>"


def _statement(one: Statement) -> str:
    """Return a statement with its speaker, the article that had it first and the number of its places."""
    speaker = f"{escape(one.speaker)}, " if one.speaker else ""
    more = f", {len(one.places):,} places" if len(one.places) > 1 else ""
    return (
        f"<div><p><b>{marked(one.text, one.marks)}</b></p>{speaker}{_origin(one.first.article)}{more}</div>"
    )


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
