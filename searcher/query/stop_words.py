"""Stop words in English and in the language of a query. They are dropped if no article has all the words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeGuard

from searcher.analysis.analyzer import plain_signs
from searcher.analysis.terms import ACRONYM_WORDS, STOP_WORDS
from searcher.languages import question_words
from searcher.query import tree
from searcher.query.tree import And, Expr, SpanExpr, Term, all_of, any_of


def is_stop_word(word: str) -> bool:
    """Return True for a word that does not count for the score. Acronyms in capitals (US, IT, WHO) count."""
    folded = word.lower()
    return folded in STOP_WORDS and not (len(word) > 1 and word.isupper() and folded in ACRONYM_WORDS)


def is_stop(expr: Expr | SpanExpr) -> bool:
    """Return True for a leaf that does not count for the score."""
    return isinstance(expr, Term) and is_stop_word(expr.text)


def relax(expr: Expr) -> Expr | None:
    """Return the query for any of its words instead of all, without stop words if others remain. Filters and
    negations stay. None if it cannot be relaxed."""
    if not isinstance(expr, And):
        return None
    words = [part for part in expr.parts if _is_words(part)]
    rest = [part for part in expr.parts if not _is_words(part)]
    if len(words) < 2:
        return None
    own = _stop_words(words)
    content = [part for part in words if not is_stop(part) and not _is_among(own, part)] or words
    return all_of(any_of(*content), *rest)


def is_foreign_stop_word(where: Expr, word: Term) -> bool:
    """Return True for a stop word of the language of the query, if that is not English."""
    return isinstance(where, And) and _is_among(_stop_words(where.parts), word)


def _stop_words(words: Iterable[Expr]) -> frozenset[str]:
    return stop_words_of(_plain_words(words))


def _plain_words(parts: Iterable[Expr]) -> list[str]:
    """Return the words of a query as a pack lists them: “qu'a” is two."""
    return [word for part in parts if _is_plain(part) for word in _words_of_term(part)]


def _is_plain(part: Expr) -> TypeGuard[Term]:
    return isinstance(part, Term) and part.field == "text" and not part.exact


def stop_words_of(question: Collection[str]) -> frozenset[str]:
    """Return the stop words of the language of a query, if that is not English; otherwise an empty set."""
    return question_words(question, set(filter(is_stop_word, question)))


def _words_of_term(term: Term) -> list[str]:
    """Split a word at apostrophes, without the sign that begins a Spanish question."""
    return [word for word in plain_signs(term.text).lstrip("¿¡").split("'") if word]


def _is_among(stop: frozenset[str], part: Expr) -> bool:
    if not _is_plain(part):
        return False
    words = _words_of_term(part)
    return bool(words) and all(word.casefold() in stop for word in words)


def _is_words(part: Expr) -> bool:
    match part:
        case Term() | tree.Phrase() | tree.Wildcard() | tree.Fuzzy() | tree.Near() | tree.AtLeast():
            return True
        case tree.Or(parts) | And(parts):
            return all(_is_words(inner) for inner in parts)
        case _:
            return False
