"""Compatibility: what lets stock Whoosh open the folder. Searcher itself does not go this way."""
