"""What is served in the languages of an index: words, names and quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from searcher.article import Article
from searcher.extract.article_language import is_served
from searcher.languages import code, serves_words
from searcher.sanitize import clean

if TYPE_CHECKING:
    from searcher.index import Index


class Language(NamedTuple):
    """A language with the number of its articles, and whether words (in all their forms), names and
    quotations are found in them. ``language`` is None for articles whose language is unknown: English rules
    serve them."""

    language: str | None
    articles: int
    words: bool
    names: bool
    quotations: bool


def languages(index: Index) -> list[Language]:
    """Return the languages of an index, the commonest first, and last the articles without one."""
    counts = index.values("language")
    found = [_served(name, counts[name]) for name in sorted(counts, key=lambda name: (-counts[name], name))]
    unknown = index.count() - sum(counts.values())
    return [*found, Language(None, unknown, True, True, True)] if unknown else found


def _served(language: str, articles: int) -> Language:
    known = code(language) or ""
    extracted = is_served(known)
    return Language(language, articles, bool(known) and serves_words(known), extracted, extracted)


def table(rows: Iterable[Language]) -> Iterator[str]:
    """Yield a heading and a line for each language."""
    yield "language      articles  words       names  quotations"
    for language, articles, words, names, quotations in rows:
        served = f"{_yes(words, 'as written'):<12}{_yes(names):<7}{_yes(quotations)}"
        yield f"{clean(language or 'unknown'):<12}{articles:10,}  {served}"


def _yes(served: bool, otherwise: str = "no") -> str:
    return "yes" if served else otherwise


def not_served(articles: Iterable[Article]) -> Iterator[str]:
    """Yield a line if names and quotations are not found in the languages of some of these articles."""
    found = {article.language for article in articles if article.language}
    without = sorted(language for language in found if not is_served(code(language) or ""))
    if without:
        yield f"Names and quotations are not found in articles in: {', '.join(map(clean, without))}."
