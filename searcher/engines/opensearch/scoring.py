"""Scores: each leaf of a query that counts is a clause that adds its BM25, by numbers of the whole index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from searcher.engines import scoring
from searcher.engines.opensearch.state import Totals
from searcher.engines.opensearch.translate import Translation
from searcher.engines.scoring import WeightedLeaf
from searcher.query.spans import field_of
from searcher.query.tree import Expr, SpanExpr, strip_in_quote

Json = dict[str, Any]
#: Returns in how many documents each leaf has spans, of those with a query for them.
Frequencies = Callable[[Mapping[SpanExpr, Json], bool], Mapping[SpanExpr, int]]

_BM25 = (
    "double tf = _score; return params.weight * tf * (params.k1 + 1) / "
    "(tf + params.k1 * (1 - params.b + params.b * doc[params.length].value / params.average))"
)


def weighed(where: Expr, *, said: bool) -> Sequence[WeightedLeaf]:
    """Return the leaves that count for the score of an article, or of a quotation."""
    if not said:
        return scoring.weigh(where)
    return [one for one in scoring.weigh(strip_in_quote(where)) if field_of(one.leaf) == "text"]


def clauses(
    where: Expr, translation: Translation, totals: Totals, frequencies: Frequencies, *, said: bool
) -> list[Json]:
    """Return the clauses whose scores add up to the score."""
    leaves = weighed(where, said=said)
    queries = {
        one.leaf: query
        for one in leaves
        if (query := translation.occurrences(one.leaf, said=said, weighted=True)) is not None
    }
    counts = frequencies(queries, said)
    documents = totals.quotations if said else totals.articles
    average = totals.quoted_average if said else totals.average
    return [
        {
            "script_score": {
                "query": queries[one.leaf],
                "script": {
                    "source": _BM25,
                    "params": {
                        "weight": one.weight * scoring.idf(counts[one.leaf], documents),
                        "k1": scoring.K1,
                        "b": scoring.B if average else 0.0,
                        "average": average or 1.0,
                        "length": "said_length" if said else "length",
                    },
                },
            }
        }
        for one in leaves
        if one.leaf in queries and counts[one.leaf]
    ]
