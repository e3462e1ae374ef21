"""A program written from docs/python-api.md alone. The type checker reads it; nothing runs it."""

from __future__ import annotations

import searcher
from searcher import Article, FoundQuote, QueryError, Statement, Statements
from searcher.query import Not, Phrase, Term, all_of


def places(statement: Statement) -> list[str]:
    return [f"{place.article.title} ({place.speaker})" for place in statement.places]


def print_differences(found: list[FoundQuote]) -> None:
    for quotation in found:
        print(quotation.statement.speaker, quotation.match, round(quotation.share, 2))
        for change in quotation.changes:
            print(f"  {change.query} → {change.printed}")


def main(text: str) -> None:
    with searcher.open_index("archive", create=False) as index:
        try:
            statements: Statements = index.statements(text, speaker="LeCun", facets=["speaker"])
        except QueryError as error:
            print(error.problem, error.position)
            return
        for statement in statements:
            print(
                statement.text, places(statement), [(vote.speaker, vote.weight) for vote in statement.votes]
            )
        print_differences(index.find_quote("a dead end for machine intelligence", limit=3))
        tree = all_of(Term("fire"), Not(Phrase("dead end")))
        articles: dict[str, Article] = {hit.article.id: hit.article for hit in index.scan(tree, limit=100)}
        index.tags.update(articles, add=["checked"], note="Read twice.")
        index.delete([id for id, article in articles.items() if not article.body])
