from __future__ import annotations

import pytest

from searcher.analysis import index_terms
from searcher.query.spans import Span, field_of, spans
from searcher.query.tree import Fuzzy, Near, Phrase, SpanExpr, SpanOr, Term, Wildcard

TEXT = "The bank closed its doors; banks elsewhere kept a door open, said Müller of the U.S. bank"
#       0   1    2      3   4      5     6         7    8 9    10    11   12     13 14  15   16


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (Term("bank"), [(1, 1), (5, 5), (16, 16)]),
        (Term("bank", exact=True), [(1, 1), (16, 16)]),
        (Term("it"), []),
        (Term("US"), [(15, 15)]),
        (Term("Mueller"), [(12, 12)]),
        (Phrase("its doors"), [(3, 4)]),
        (Phrase("doors its"), []),
        (Wildcard("do*"), [(4, 4), (9, 9)]),
        (Wildcard("?ank"), [(1, 1), (16, 16)]),
        (Fuzzy("blank"), [(1, 1), (16, 16)]),
        (Near(Term("bank"), Term("door"), 3), [(1, 4), (4, 5)]),
        (Near(Term("bank"), Term("door"), 3, ordered=True), [(1, 4)]),
        (Near(Term("bank"), Term("door"), 4, ordered=True), [(1, 4), (5, 9)]),
        (Near(Phrase("a door"), Term("said"), 2), [(8, 11)]),
        (Near(Term("open"), Term("open"), 5), []),
        (SpanOr((Term("closed"), Term("kept"))), [(2, 2), (7, 7)]),
        (Term("nothing"), []),
        (Term("&"), []),
    ],
)
def test_spans_of_a_leaf(leaf: SpanExpr, expected: list[Span]) -> None:
    assert expected == spans(leaf, index_terms(TEXT))


def test_the_field_of_near_is_that_of_its_parts() -> None:
    leaf = Near(SpanOr((Term("a", "title"), Term("b", "title"))), Term("c", "title"), 3)

    assert "title" == field_of(leaf)
