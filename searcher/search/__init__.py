"""Search: the steps around an engine, from a request to its results.

``answers`` runs the steps, ``spelling`` corrects words, ``related`` finds similar articles, ``highlight``
adds passages and marks to hits, and ``advice`` explains empty results and suggests other searches.
"""
