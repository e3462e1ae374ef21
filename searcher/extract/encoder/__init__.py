"""The multilingual encoder that finds names and quotations.

Invariants:
    ``encoder.onnx``, ``names.onnx``, ``heads.npz``, ``embedding.npz`` and the vocabulary of
    ``searcher.languages`` belong to one training run. The constants of ``model`` marked "part of the model"
    must match it.
    ``extensions/languages/across.npz`` was fitted to this ``embedding.npz``.
"""
