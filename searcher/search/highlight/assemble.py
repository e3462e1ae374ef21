"""From what an engine found to what is shown: passages, facets in order, quotations in their context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from searcher.engines.base import Engine, Found, FoundQuote
from searcher.names.resolution import Identities
from searcher.query.tree import Filter, Query
from searcher.results import Facet, FacetValues, Hit, QuoteHit
from searcher.search.highlight.snippets import Highlighter

__all__ = ["facets", "quote_hit", "shown", "unshown"]

#: Characters of the article shown on each side of a quotation.
AROUND = 160


def shown(found: Found, asked: Query, names: Identities, explaining: Engine | None) -> tuple[Hit, ...]:
    """The hits with passages and marks, and explained by an engine if one is given."""
    highlighter = Highlighter(asked.where, asked.filters, names)
    return tuple(
        Hit(
            m.article,
            m.score,
            highlighter.passages(m.article),
            highlighter.title_marks(m.article),
            explaining.explain(asked.where, m.article.id) if explaining else (),
        )
        for m in found.matches
    )


def unshown(found: Found) -> tuple[Hit, ...]:
    """The hits alone."""
    return tuple(Hit(m.article, m.score) for m in found.matches)


def facets(found: Found, asked: Query, names: Identities) -> dict[str, Facet]:
    """The facets asked for."""
    return {name: _facet(name, found.facets[name], asked.filters, names) for name in asked.facets}


def _facet(name: str, counts: Mapping[str, int], filters: Sequence[Filter], names: Identities) -> Facet:
    asked = [value for f in filters if f.field == name and not f.negated for value in f.values]
    selected = frozenset().union(*(names.answering(name, value, counts) for value in asked))
    return Facet(name, FacetValues(counts, selected))


def quote_hit(found: FoundQuote, highlighter: Highlighter) -> QuoteHit:
    """A quotation with the article's text around it, cut at words."""
    quote, body = found.quote, found.article.body
    before = body[max(0, quote.start - AROUND) : quote.start]
    after = body[quote.end : quote.end + AROUND]
    return QuoteHit(
        quote,
        found.article,
        found.score,
        found.speaker,
        before if quote.start <= AROUND else before[before.find(" ") + 1 :],
        after if quote.end + AROUND >= len(body) else after[: after.rfind(" ")],
        highlighter.quote_marks(quote.text),
    )
