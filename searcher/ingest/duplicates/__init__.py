"""Duplicates: articles that say the same.

``versions`` tells one article that two files give, ``minhash`` how alike two texts are, ``stories`` which
articles are copies of one story.
"""
