"""The analysis turns text into terms. Indexing, every engine, highlighting and the query share it.

A text is a list of *positions*, one a word. Each position has one or more *terms*, any of which finds it:

- *surface forms*: the word as written, folded (case, accents, ligatures, …); a word with an umlaut has two
  (Müller: ``muller`` and ``mueller``), the first part of a compound also has the compound written as
  one word (start-up: ``start`` and ``startup``);
- its *stem*, marked with ``~``, where it differs from the surface (elections: ``~elect``);
- ``^`` and the capitals, for an acronym that is also a word (US, WHO, IT), so that “US” does not find “us”.

:func:`query_terms` is the reverse: for each position of a query the terms of which a text must have one.
"""

from __future__ import annotations

from searcher.analysis.analyzer import Token, chunk_terms, chunks, index_terms, query_terms, tokens
from searcher.analysis.terms import fold_pattern, is_surface, pattern_matches, variants, within_edits

__all__ = [
    "Token",
    "chunk_terms",
    "chunks",
    "fold_pattern",
    "index_terms",
    "is_surface",
    "pattern_matches",
    "query_terms",
    "tokens",
    "variants",
    "within_edits",
]
