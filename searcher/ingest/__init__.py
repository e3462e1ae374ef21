"""Ingesting: from files to the index.

``paths`` lists files, ``worker_pool`` and ``pipeline`` read and annotate them on all cores, ``run`` commits
in batches, ``sources`` records which file gave which article, ``duplicates`` finds copies; ``loader`` is the
whole of it.
"""
