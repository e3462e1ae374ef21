"""Records: what the loader and people recorded beside an index, in one SQLite file (:mod:`.store`).

``tags`` has the tags of one's own; the loader keeps its sources and stories in the same file
(:mod:`searcher.ingest`), and saved searches are there (:mod:`searcher.saved_searches`). Of the text files
that people edit the store keeps what was written last, so that one that is lost or emptied is noticed.
"""
