"""Names across articles: which names are one person or one organisation, and why.

Invariants:
    A group (``Rules.group``) is decided from its own values. Evidence from articles is stored in it as marked
    values: explained acronyms and marked people (``organisations``), how near articles are (``nearness``).
    A change of these values, of the rules or of the word tables needs a new ``VERSION``.
"""

from typing import Final

__all__ = ["VERSION"]

#: Version of the rules. An index with another version resolves its names again.
VERSION: Final = 19
