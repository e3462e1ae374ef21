"""Help with a search: completions, how a question is read, and why nothing was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from searcher.analysis.terms import fold
from searcher.index.session import Session
from searcher.languages import question_languages
from searcher.query.arguments import check_count, check_text
from searcher.query.request import Search
from searcher.results import Results

if TYPE_CHECKING:
    # Searches do not need these.
    from searcher.results.quotations import Quotes
    from searcher.results.statements import Statements
    from searcher.search.advice import Advice
    from searcher.search.question_reader import Reading
    from searcher.search.suggestions import Suggester, Suggestion


class Hints:
    """Help with a search (:attr:`Index.hints`)."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._suggester: Suggester | None = None

    def complete(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Return names and words that complete the end of a query, the most frequent first."""
        from searcher.search.suggestions import Suggester

        self._suggester = self._suggester or Suggester()
        limit = check_count("limit", limit)
        return self._suggester.suggest(self._session.answers(), check_text("text", text), limit)

    def words(self, prefix: str = "") -> Iterator[str]:
        """Yield the words of the index that start with a prefix, folded and sorted: ``klima``,
        ``klimaschutz``.
        """
        return self._session.engine.terms("text", fold(check_text("prefix", prefix)))

    def read_question(self, question: str | Search) -> Reading | None:
        """Return how a question ("What did Roe say about the harbour?") is read, or None if it is a keyword
        query.

        ``reading.search`` is the search that answers it. No other method reads questions: they search for the
        words.
        """
        search = self._session.request(question, {})
        if not question_languages(search.text):
            return None
        from searcher.search.question_reader import read_question

        return read_question(self._session.answers(), search)

    def advise(self, search: Search, results: Results | Quotes | Statements) -> Advice:
        """Return why a search found nothing, and which other searches may help."""
        from searcher.search.advice import Advice

        return Advice(self._session.answers(), search, results)
