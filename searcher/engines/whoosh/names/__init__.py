"""Names across articles as a commit decides them.

A generation has two files of names. The *base* (``base.py``) holds every value with its group, weight and
name as arrays, and for each segment the name of each value, so that a facet is counted without looking a
value up. The *changes* (``changes.py``) are the values that later commits decided otherwise, and those of
later segments; they are few, and become part of a new base once they are not. ``stored.py`` reads both as one
table, ``deciding.py`` (with NumPy) makes them.
"""
