"""The Whoosh engine: a folder that Whoosh can open, read and written as arrays.

========================  ==========================================================================
``engine``                the door: follows the last commit and asks :mod:`.answers`
``state``                 one generation: simple questions go to ``light``, without NumPy
``answers``               whole questions, by ``evaluate``, ``leaves``, ``names``, and ``docset`` for sets
``leaves``, ``spans``     where the words of a question are; ``hits``, ``scores``: what that is worth
``snapshot``, ``segment``  one commit as one collection; one segment's arrays (:mod:`.layout` names them)
``writer``                changing: ``buffer`` gathers, ``invert`` writes segments, ``commit`` publishes
``merge``                 segments (``parts``) made one as ``policy`` says, by the ``union`` of their terms:
                          ``merge_words`` writes postings, ``merge_values`` the values of documents
``families``              which words lie together, which ``lexicon`` writes; ``titles``: which are in titles;
                          ``stored``: articles as they are kept
``manifest``              what a commit consists of; ``container`` is the format of the files
``schema``, ``codec``, ``toc``  the same index as Whoosh sees it
========================  ==========================================================================
"""

from __future__ import annotations

from searcher.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
