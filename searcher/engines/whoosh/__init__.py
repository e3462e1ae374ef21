"""An inverted index of our own on NumPy arrays, in a folder that stock Whoosh opens too.

==============  ====================================================================================
``engine``      the facade: follows the last commit, and admits one writer at a time
``reader``      one generation: simple queries go to ``light``, the others to ``search``
``format/``     the files: ``layout`` names the arrays, ``array_file`` holds them, ``doc_store`` holds the
                articles, ``segment`` is one of each, ``manifest`` lists what a commit consists of
``write/``      ``writer`` gathers articles in a ``buffer``, ``segment_writer`` makes segments of them,
                ``commit`` publishes, ``merge/`` joins segments that ``merge_policy`` chooses
``search/``     ``searcher`` answers: ``evaluator`` combines the hits of leaves (``leaf_hits``, ``spans``),
                ``ranking`` and ``top_k`` choose the best, ``facets`` counts values
``statements/`` what was said: ``wordings`` of utterances, their links by ``likeness``, and ``graph``,
                ``grouping`` and ``finder``, which make statements of them
``light/``      the same without NumPy, for a command that asks once
``compat/``     the index as stock Whoosh sees it
``names``       the names of values across articles, for both searchers
``recovery``    the articles that can still be read of a damaged folder
==============  ====================================================================================

docs/inside-the-index.md is the guide to all of them.
"""

from __future__ import annotations

from searcher.engines.whoosh.engine import EngineOptions, WhooshEngine

__all__ = ["EngineOptions", "WhooshEngine"]
