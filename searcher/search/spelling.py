"""Words that the index does not hold, and the nearest ones that it does."""

from __future__ import annotations

from collections.abc import Collection

from searcher.engines.base import Engine
from searcher.query import expansion
from searcher.query.tree import Expr, Term, rewrite

__all__ = ["corrected"]


def corrected(where: Expr, engine: Engine, meant: Collection[Term] = ()) -> tuple[Expr, dict[str, str]]:
    """The tree with every word that matches no article replaced by the likeliest that does.

    Returns the tree to search and ``{word as typed: word searched instead}``. Only plain words are
    touched: not exact ones, phrases, wildcards, nor words in other fields, nor those ``meant`` as they are.
    """
    corrections: dict[str, str] = {}

    def change(leaf: Expr) -> Expr:
        if not isinstance(leaf, Term) or leaf.exact or leaf.field != "text" or leaf in meant:
            return leaf
        if leaf.text not in corrections and engine.count(leaf):
            return leaf
        better = corrections.get(leaf.text) or expansion.suggest(leaf.text, engine)
        if better is None:
            return leaf
        corrections[leaf.text] = better
        return Term(better)

    return rewrite(where, change), corrections
