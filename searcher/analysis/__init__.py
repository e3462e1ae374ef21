"""Words: the one analysis that indexing, every engine, highlighting and the query share.

A text is a list of positions; each position has one or more *forms*, any of which finds it:

- *surfaces*: the word as written, folded (case, accents, ligatures, …); a word with an umlaut has two
  (Müller: ``muller`` and ``mueller``), the first part of a compound also has the compound written as
  one word (start-up: ``start`` and ``startup``);
- its *stem*, marked with ``~``, where it differs from the surface (elections: ``~elect``);
- ``^`` and the capitals, for an acronym that is also a word (US, WHO, IT), so that “US” does not find “us”.

A query word is the same analysis read backwards (:func:`sought`): for each position the forms that will do.
"""

from __future__ import annotations

from searcher.analysis.analyzer import Token, chunk_forms, chunks, index_forms, sought, tokens
from searcher.analysis.patterns import fold_pattern, pattern_matches, within_edits
from searcher.analysis.terms import is_surface

__all__ = [
    "Token",
    "chunk_forms",
    "chunks",
    "fold_pattern",
    "index_forms",
    "is_surface",
    "pattern_matches",
    "sought",
    "tokens",
    "within_edits",
]
