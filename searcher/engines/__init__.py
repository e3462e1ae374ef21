"""Engines: store articles, and match, score and count them. See :mod:`.base` for the protocol.

Invariants:
    All engines give the same articles, order, scores, totals and facets. Change a meaning in the memory
    engine first, then in each ``match`` of query nodes (``assert_never`` shows which lack one), and add a
    case or a random world for it to ``tests/engines/test_conformance.py``.

    BM25 is computed in ``scoring.bm25``, ``whoosh/arrays.py`` (``bm25``), ``whoosh/search/leaves.py``
    (``LeafHits``) and ``whoosh/search/snapshot.py`` (``norms``), with the same operations in the same order.

    The indexed values of a field are those of ``field_values.values_of``.
"""
