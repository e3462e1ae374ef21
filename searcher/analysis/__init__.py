"""The analysis turns text into terms. It is shared by indexing, engines, highlighting and queries.

A text is a list of *positions*, one per word, each with one or more *terms*, any of which finds it: folded
*surface forms* (Müller: ``muller`` and ``mueller``; start-up: ``start`` and ``startup``); its *stem*, if
different, marked with ``~`` (elections: ``~elect``); and ``^`` with the capitals of an acronym that is also a
word (US, WHO, IT), so that “US” does not find “us”.

Invariants: a change of terms raises the format number of the indexes. A term that begins differently from its
word needs an entry in ``highlight_prefilter``.
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
