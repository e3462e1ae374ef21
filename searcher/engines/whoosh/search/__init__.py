"""Searching: evaluates query trees on the arrays of a snapshot with NumPy."""
