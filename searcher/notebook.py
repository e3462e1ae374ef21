"""Results as HTML, for notebooks. Every text is escaped; only the marks of matches are markup of ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.results import Facet, Hit, Marks, Results
    from searcher.results.quotations import QuoteHit, Quotes
    from searcher.results.statements import Statement, Statements


#: Values of a facet that are listed.
MAX_VALUES = 20


def marked(text: str, marks: Marks) -> str:
    """Return a text with its matches in ``<mark>``."""
    parts = []
    at = 0
    for start, end in marks:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def article(one: Article) -> str:
    """Return an article: its title, where it is from, and its text."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in one.body.split("\n\n") if text)
    return f"<div><b>{escape(one.title or one.id)}</b><br>{_origin(one)}{paragraphs}</div>"


def hit(one: Hit) -> str:
    """Return an article found: its title, where it is from, and its passages."""
    title = marked(one.article.title, one.title_marks) or escape(one.article.id)
    passages = "".join(f"<p>{marked(snippet.text, snippet.marks)}</p>" for snippet in one.snippets)
    return f"<div><b>{title}</b><br>{_origin(one.article)}{passages}</div>"


def results(found: Results) -> str:
    """Return a page of articles."""
    return _page(repr(found), map(hit, found.hits))


def quote_hit(one: QuoteHit) -> str:
    """Return a quotation between the words around it, with its speaker."""
    said = f"{escape(one.before)}<b>{marked(one.quote.text, one.marks)}</b>{escape(one.after)}"
    speaker = f"{escape(one.speaker)}, " if one.speaker else ""
    return f"<div><p>{said}</p>{speaker}{_origin(one.article)}</div>"


def quotes(found: Quotes) -> str:
    """Return a page of quotations."""
    return _page(repr(found), map(quote_hit, found.hits))


def statement(one: Statement) -> str:
    """Return a statement with its speaker, the article that had it first and the number of its places."""
    speaker = f"{escape(one.speaker)}, " if one.speaker else ""
    more = f", {len(one.places):,} places" if len(one.places) > 1 else ""
    return (
        f"<div><p><b>{marked(one.text, one.marks)}</b></p>{speaker}{_origin(one.first.article)}{more}</div>"
    )


def statements(found: Statements) -> str:
    """Return a page of statements."""
    return _page(repr(found), map(statement, found.hits))


def facet(one: Facet) -> str:
    """Return the most frequent values of a facet as a table."""
    rows = (
        f"<tr><td>{escape(value.value)}</td><td>{value.count:,}</td></tr>"
        for value in one.values[:MAX_VALUES]
    )
    return f"<table><tr><th>{escape(one.field)}</th><th></th></tr>{''.join(rows)}</table>"


def _page(heading: str, items: Iterable[str]) -> str:
    return f"<p>{escape(heading.strip('<>'))}</p><ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"


def _origin(article: Article) -> str:
    day = article.published.date().isoformat() if article.published else ""
    parts: Sequence[str] = [part for part in (article.source or "", day) if part]
    return f"<small>{escape(', '.join(parts))}</small>"
