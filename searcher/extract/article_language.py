"""Which language an article is in, and whether names and quotations are found in it."""

from __future__ import annotations

from typing import Final

from searcher.article import Article
from searcher.languages.detection import detect
from searcher.names.normalise import word_set

ENGLISH: Final = "en"
#: The languages besides English that names and quotations are found in: those of which labelled articles
#: showed people of at least 50 F1 (docs/accuracy-and-speed.md).
SERVED: Final = word_set(
    "de fr es it pt nl pl sv no da cs ru uk tr ar zh ja ko fi ro bg el et hr hu id is sk sl sr"
)


def is_served(language: str) -> bool:
    """Tell whether names and quotations are found in a language."""
    return language == ENGLISH or language in SERVED


def language_of(article: Article) -> str | None:
    """The language to extract in: :data:`ENGLISH`, one of :data:`SERVED`, or None for all others.

    What a reader made has the language that its text shows already; a few plain words count as English.
    """
    language = article.language if article.cleaner else detect(article.body, article.language)
    if language is None:
        return ENGLISH if _is_ascii(article.body or article.title) else None
    return language if is_served(language) else None


def _is_ascii(text: str) -> bool:
    """Whether nine in ten of the first letters are of the English alphabet."""
    letters = [char for char in text[:1000] if char.isalpha()]
    return sum(map(str.isascii, letters)) >= 0.9 * len(letters)
