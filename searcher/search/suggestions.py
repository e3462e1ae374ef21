"""Suggestions while a query is typed: names and words of the index that begin with the letters typed."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, NamedTuple

from searcher.analysis.terms import fold
from searcher.names import normalise
from searcher.names.table import exact_query
from searcher.query.language import render
from searcher.query.tree import HasValue
from searcher.search.answers import Answers

_FIELDS: Final = ("person", "organisation", "source")
#: Up to this many words at the end of a query are completed as one name.
_MAX_NAME_WORDS: Final = 3
#: Minimum number of letters of a word to complete. Maximum number of words whose articles are counted.
#: Maximum number of words to suggest.
_MIN_LETTERS, _MAX_COUNTED, _MAX_WORDS = 3, 1_000, 3
#: A word at the end of a query, and the field name and quotation mark that may precede a value.
_WORD, _BEFORE_VALUE = re.compile(r'[^\s():"-][^\s():"]*'), re.compile(r'(?:\w+:)?"?$')


class Suggestion(NamedTuple):
    """A way to complete a query: ``query`` replaces ``typed``, its end. ``kind``: a field, or "word"."""

    value: str
    kind: str
    articles: int
    query: str
    typed: str


class Suggester:
    """Completes queries. The names of an index are folded and ranked once per commit."""

    def __init__(self) -> None:
        self._names: tuple[object, list[tuple[str, str, str, int]]] = (None, [])

    def suggest(self, answers: Answers, text: str, limit: int) -> list[Suggestion]:
        """Return the names and words of most articles that complete the end of a query."""
        starts = [match.start() for match in _WORD.finditer(text) if not text[-1].isspace()]
        names = (self._complete_name(answers, text, at, limit) for at in starts[-_MAX_NAME_WORDS:])
        words = _complete_word(answers, text[starts[-1] :]) if starts else []
        return [*next(filter(None, names), []), *words][:limit]

    def _complete_name(self, answers: Answers, text: str, start: int, limit: int) -> list[Suggestion]:
        folded = normalise.fold(text[start:])
        before = _BEFORE_VALUE.search(text[:start])
        typed = text[before.start() if before else start :]
        known = self._ranked_names(answers) if len(folded) >= _MIN_LETTERS - 1 else ()
        return [
            Suggestion(name, field, count, render(HasValue(field, exact_query(field, name))), typed)
            for _, name, field, count in islice(
                (one for one in known if f" {folded}" in one[0]), max(1, limit - _MAX_WORDS)
            )
        ]

    def _ranked_names(self, answers: Answers) -> list[tuple[str, str, str, int]]:
        key = answers.engine.storage().version(), answers.engine.count(), answers.engine.names().rules
        if self._names[0] != key:
            values = ((field, answers.tags.values(field).items()) for field in _FIELDS)
            rows = [
                (f" {normalise.fold(n)}", n, field, count) for field, counts in values for n, count in counts
            ]
            self._names = key, sorted(rows, key=lambda row: (-row[3], row[1]))
        return self._names[1]


def _complete_word(answers: Answers, typed: str) -> list[Suggestion]:
    start = fold(typed)
    words = answers.engine.terms("text", start) if len(start) >= _MIN_LETTERS else iter(())
    counts = answers.engine.frequencies("text", list(islice(words, _MAX_COUNTED)))
    best = sorted(counts.keys() - {start}, key=lambda word: (-counts[word], word))[:_MAX_WORDS]
    return [Suggestion(word, "word", counts[word], word, typed) for word in best]
