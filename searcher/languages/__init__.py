"""What is known of languages, as data: one pack a language, read by every stage that knows words."""

from searcher.languages.pack import ENGLISH, Pack, all_languages, pack, packed, word_language

__all__ = ["ENGLISH", "Pack", "all_languages", "pack", "packed", "word_language"]
