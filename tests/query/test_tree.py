"""What is done to trees of a query, whatever made them."""

from __future__ import annotations

from searcher.query.tree import And, MatchAll, Not, Term, rewrite


def test_only_leaves_that_an_article_may_satisfy_are_changed() -> None:
    expr = And((Term("fire"), Not(Term("quay")), MatchAll()))

    changed = rewrite(expr, lambda _leaf: Term("blaze"))

    assert And((Term("blaze"), Not(Term("quay")), MatchAll())) == changed


def test_where_negated_ones_count_each_leaf_is_changed_however_deep_in_negations() -> None:
    expr = Not(And((Term("fire"), Not(Term("quay")))))

    changed = rewrite(expr, lambda _leaf: Term("blaze"), negated=True)

    assert Not(And((Term("blaze"), Not(Term("blaze"))))) == changed
