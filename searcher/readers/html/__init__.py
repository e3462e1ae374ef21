"""Turn saved web pages into articles.

Invariants: the features of ``block_choice`` and ``outline``, with the hints and tags of ``blocks`` and the
word splitting of ``lines``, are the columns that the forests in ``choice.npz`` were trained on. After any
change to them, train again (``training/pages.py``). After any change to the text cut from a page, raise
``CLEANER`` in ``readers/base.py``.
"""
