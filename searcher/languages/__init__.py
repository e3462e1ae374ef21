"""What is known of languages, as data: one pack a language, read by every stage that knows words."""

from searcher.languages.codes import code
from searcher.languages.pack import (
    ENGLISH,
    Pack,
    all_languages,
    common_words,
    pack,
    packed,
    serves_words,
    word_language,
)

__all__ = [
    "ENGLISH",
    "Pack",
    "all_languages",
    "code",
    "common_words",
    "pack",
    "packed",
    "serves_words",
    "word_language",
]
