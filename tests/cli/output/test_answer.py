from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from searcher.article import Article, Quote
from searcher.cli.output.answer import AnswerLayout, print_answer
from searcher.fields import BUILT_IN
from searcher.query.request import Search
from searcher.results.quotations import Quotes
from searcher.results.statements import Place, Statement, Statements


def test_a_table_of_statements_says_where_more_may_carry_one(capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(Article("a", "Vote", "No"), (Quote("No", "Ada Moss", "direct", 0, 2),))
    found = Statements((Statement((place,), place, more=True), Statement((place,), place)), 2, 2)
    cluster: Any = SimpleNamespace(
        fields=BUILT_IN, statements=lambda _: found, quotes=lambda _: Quotes((), 2)
    )
    print_answer(cluster, Search("no", quotes=True, collapse=True), AnswerLayout("csv"))

    assert (
        "Not all places of 1 of these statements were looked for: searcher export --sqlite FILE has all.\n"
        == capsys.readouterr().err
    )
