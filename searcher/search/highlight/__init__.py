"""Highlighting: which passages of an article are shown, and what is marked in them.

``matches`` finds where a query matches in a text, ``snippets`` chooses passages, and makes hits of them.
"""
