"""Adds what readers see to an engine's hits: passages, marks, selected values, the text around quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from searcher.query.tree import Filter, Query, QuoteQuery
from searcher.results import Facet, Hit, Results
from searcher.search.highlight.snippets import Highlighter
from searcher.search.tags import TagQuestions, meant

if TYPE_CHECKING:
    from searcher.results.quotations import QuoteHit
    from searcher.results.statements import Statement


#: Characters of the article shown on each side of a quotation.
MAX_CONTEXT = 160


def shown(hits: Iterable[Hit], asked: Query, tags: TagQuestions) -> Iterator[Hit]:
    """Yield the hits with passages and marks."""
    highlighter = Highlighter(asked.where, asked.filters, tags.engine.names)
    for hit in hits:
        yield Hit(
            hit.article,
            hit.score,
            highlighter.passages(hit.article),
            highlighter.title_marks(hit.article),
            hit.explanation,
            hit.names,
        )


def facets(found: Results, filters: Sequence[Filter], tags: TagQuestions) -> Mapping[str, Facet]:
    """Return the facets with the values marked that these filters select."""
    return {name: _facet(facet, filters, tags) for name, facet in found.facets.items()}


def _facet(facet: Facet, filters: Sequence[Filter], tags: TagQuestions) -> Facet:
    asked = [value for f in filters if f.field == facet.field and not f.negated for value in f.values]
    if not asked:
        return facet
    names = tags.engine.names()
    selected = frozenset().union(*(meant(names, tags.fields, facet.field, value) for value in asked))
    return Facet(facet.field, facet.values.narrowed_to(selected))


def shown_quotes(hits: Iterable[QuoteHit], asked: QuoteQuery) -> Iterator[QuoteHit]:
    """Return the quotations with marks and with the text around them."""
    highlighter = Highlighter(asked.where)
    return (_quote_hit(hit, highlighter) for hit in hits)


def shown_statements(hits: Iterable[Statement], asked: QuoteQuery) -> Iterator[Statement]:
    """Return the statements with marks."""
    highlighter = Highlighter(asked.where)
    return (replace(hit, marks=highlighter.quote_marks(hit.text, hit.whole.article.language)) for hit in hits)


def _quote_hit(hit: QuoteHit, highlighter: Highlighter) -> QuoteHit:
    """Return the quotation with marks and with the article's text around it, cut at words."""
    quote, body = hit.quote, hit.article.body
    before = body[max(0, quote.start - MAX_CONTEXT) : quote.start]
    after = body[quote.end : quote.end + MAX_CONTEXT]
    return replace(
        hit,
        before=before if quote.start <= MAX_CONTEXT else before[before.find(" ") + 1 :],
        after=after if quote.end + MAX_CONTEXT >= len(body) else after[: after.rfind(" ")],
        marks=highlighter.quote_marks(quote.text, hit.article.language),
    )
