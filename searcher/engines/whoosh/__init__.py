"""An inverted index of our own on NumPy arrays, in a folder that stock Whoosh opens too.

============  ====================================================================================
``engine``    the door: follows the last commit, and lets one writer in at a time
``reader``    one generation: simple questions go to ``light``, the others to ``search``
``format/``   the files: ``layout`` names the arrays, ``array_file`` holds them, ``doc_store`` holds the
              articles, ``segment`` is one of each, ``manifest`` says what a commit consists of
``write/``    ``writer`` gathers articles in a ``buffer``, ``inverter`` writes segments of them,
              ``commit`` publishes, ``merge/`` makes one segment of several as ``merge_policy`` says
``search/``   ``searcher`` answers: ``evaluator`` combines the hits of leaves (``leaf_hits``, ``spans``),
              ``top_k`` chooses the best, ``facets`` counts values
``light/``    the same without NumPy, for a command that asks once
``compat/``   the index as stock Whoosh sees it
``recovery``  what can be saved of a damaged folder
============  ====================================================================================
"""

from __future__ import annotations

from searcher.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
