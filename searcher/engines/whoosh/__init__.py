"""An inverted index of our own on NumPy arrays, in a folder that stock Whoosh opens too.

==================  ================================================================================
``engine``          the facade: follows the last commit, and admits one writer at a time; its reader of one
                    generation gives simple queries to ``light``, the others to ``search``
``light``           answers without NumPy, for a command that asks once
``names``           the names of values across articles, for both; ``name_decisions`` makes them
``stock_whoosh``    the index as stock Whoosh sees it: schema, codec and table of contents
``format/``         the files: ``array_file`` names the arrays and holds them, ``articles`` holds the
                    articles, ``segment`` is one of each, ``manifest`` lists what a commit consists of
``write/``          ``writer`` gathers articles in a ``buffer``, makes segments of them
                    (``segment_writer``), joins segments (``merge``) and publishes
``search/``         ``searcher`` answers: it combines and ranks the hits of ``leaves`` in a ``snapshot``;
                    ``facets`` counts; ``statements`` are what was said, by the ``likeness`` of their wordings
==================  ================================================================================

docs/inside-the-index.md is the guide to all of them.
"""

from __future__ import annotations

from searcher.engines.whoosh.engine import EngineOptions, WhooshEngine

__all__ = ["EngineOptions", "WhooshEngine"]
