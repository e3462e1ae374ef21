"""The records of an index, in one SQLite file (:mod:`.store`).

``tags`` holds the tags of users, ``log`` their changes. The loader keeps its sources and stories there
(:mod:`searcher.ingest`), and so do saved searches (:mod:`searcher.saved_searches`). The store also has the
last version of each text file, so that a lost or emptied one is noticed.

Invariants:
    A new table or column in ``store`` raises ``store.VERSION``, and is listed in the shared tables of
        ``extensions.opensearch.replica`` and the copied tables of ``ingest.rebuild`` if other machines or
        indexes need it.
    Locks are taken in one order: the index, then the store.
    Every change of rows goes through ``Store.transaction``, which updates the checksum and the change number.
"""
