"""An inverted index of our own on NumPy arrays, in a folder that stock Whoosh opens too.

docs/inside-the-index.md is the guide to its modules.

Invariants:
    Arrays of a segment: documented in ``format/array_file.py``; written by ``write/buffer.py``,
    ``write/segment_writer.py`` and ``write/merge.py``; read by ``format/segment.py``, ``search/snapshot.py``
    and ``stock_whoosh.py``. Change all of these, and raise ``FORMAT`` in ``format/manifest.py``.

    Arrays of names: documented and read in ``names.py``, written by ``name_decisions.py``.

    Ids of statements: read and written by ``statements.py``. ``write/writer.py`` updates them when it deletes
    and merges, in the order of the segments' quotations.

    Packed articles: ``pack_article`` and ``_unpack_rest`` in ``format/articles.py`` are inverses.

    Files: a new kind needs a place in ``Manifest.files``, to be verified and kept, and a suffix in
    ``_INDEX_FILE`` of ``write/writer.py``, to be deleted.

    ``without_numpy.py`` gives the same answers as ``search/searcher.py``. No module that a simple query loads
    imports NumPy: ``engine.py``, ``names.py``, ``without_numpy.py`` and ``format/``.
"""

from __future__ import annotations

from searcher.engines.whoosh.engine import EngineOptions, WhooshEngine

__all__ = ["EngineOptions", "WhooshEngine"]
