"""Stem groups: the tokens of one stem, which are stored together because most queries ask for all of them.

Any rule would do that looks at the token alone: a query selects the variants it needs from each group.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from searcher.engines.whoosh.arrays import DTYPES, Array, typecode
from searcher.engines.whoosh.format.layout import FORM_SEPARATOR

__all__ = ["StemGroups", "group_key", "stem_of"]

_SEPARATOR = FORM_SEPARATOR.encode()


def group_key(token: bytes) -> bytes:
    """Return a key that sorts tokens by their stem groups."""
    return stem_of(token) + _SEPARATOR + token


def stem_of(token: bytes) -> bytes:
    """Return the stem of a token; the word itself where it has none: (exports, ~export), (export)."""
    word, _, others = token.partition(_SEPARATOR)
    return others.partition(_SEPARATOR)[0][1:] if others.startswith(b"~") else word


class StemGroups:
    """The stem groups of sorted tokens. ``starts``: the first token of each group, and the number of all."""

    def __init__(self, starts: Array) -> None:
        self.starts = starts
        self._sizes = np.diff(starts)

    def __len__(self) -> int:
        return len(self._sizes)

    @cached_property
    def of_token(self) -> Array:
        """The group of each token."""
        return np.repeat(np.arange(len(self), dtype=np.uint32), self._sizes)

    @cached_property
    def variant_code(self) -> str:
        """The type that holds the variants of every group."""
        return typecode(int(self._sizes.max(initial=1)) - 1, "B")

    @cached_property
    def variants(self) -> Array:
        """The number of each token within its group."""
        numbers = np.arange(len(self.of_token), dtype=np.uint32) - self.starts[self.of_token]
        return numbers.astype(DTYPES[self.variant_code])

    def sums(self, token_counts: Array) -> Array:
        """Return for each group the sum over its tokens."""
        if not len(self):
            return np.zeros(0, np.int64)
        sums: Array = np.add.reduceat(token_counts.astype(np.int64), self.starts[:-1])
        return sums
