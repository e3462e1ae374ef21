"""Ingesting: from files to the index.

``paths`` lists files, ``changes`` tells which are to be read and drops what is gone, ``worker_pool`` and
``pipeline`` read and annotate them on all cores, ``run`` commits in batches, under the ids that ``ids``
resolves, and joins pages of one article, ``sources`` records which file gave which article and what is not
in the index, ``report`` counts, ``stories`` links copies, ``publishers`` joins sources. ``loader`` and
``rebuild`` are the two runs of all this. ``originals`` opens the file that an article was read from.
"""
