"""Queries: what can be asked, apart from any engine and from any index.

``tree`` defines the closed set of nodes, ``language`` turns text into a tree and back, ``spans`` says where
in a text a node matches, ``expansion`` and ``synonyms`` say which other words stand for a word.
"""
