"""The multilingual encoder that finds names and quotations.

Invariants:
    The files in ``models/searcher_models/encoder`` belong to one training run. The constants of ``model``
    marked "part of the model" must match it, and ``extensions/languages/across.npz`` was fitted to its
    ``embedding.npz``.
"""
