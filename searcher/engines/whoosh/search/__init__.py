"""Searching: a query tree evaluated on the arrays of a snapshot with NumPy."""
