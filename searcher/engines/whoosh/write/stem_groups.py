"""Which tokens are kept together: those of one stem, which most questions ask for together.

Any rule would do that looks at the token alone: a question takes what it needs of each family, and reads
those that it needs whole as they lie there.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from searcher.engines.whoosh.format.layout import FORM_SEPARATOR
from searcher.engines.whoosh.search.arrays import DTYPES, Array, typecode

__all__ = ["Families", "by_family", "family_of"]

_SEPARATOR = FORM_SEPARATOR.encode()


def by_family(token: bytes) -> bytes:
    """A key that sorts tokens by their families."""
    return family_of(token) + _SEPARATOR + token


def family_of(token: bytes) -> bytes:
    """The stem of a token, which is the word itself where it has no other: (exports, ~export), (export)."""
    word, _, others = token.partition(_SEPARATOR)
    return others.partition(_SEPARATOR)[0][1:] if others.startswith(b"~") else word


class Families:
    """The families of tokens sorted by them. ``starts``: the first token of each, and the number of all."""

    def __init__(self, starts: Array) -> None:
        self.starts = starts
        self._sizes = np.diff(starts)

    def __len__(self) -> int:
        return len(self._sizes)

    @cached_property
    def of(self) -> Array:
        """The family of each token."""
        return np.repeat(np.arange(len(self), dtype=np.uint32), self._sizes)

    @cached_property
    def code(self) -> str:
        """The type that numbers the members of every family."""
        return typecode(int(self._sizes.max(initial=1)) - 1, "B")

    @cached_property
    def members(self) -> Array:
        """The number of each token in its family."""
        numbers = np.arange(len(self.of), dtype=np.uint32) - self.starts[self.of]
        return numbers.astype(DTYPES[self.code])

    def sums(self, of_tokens: Array) -> Array:
        """For each family the sum over its tokens."""
        if not len(self):
            return np.zeros(0, np.int64)
        sums: Array = np.add.reduceat(of_tokens.astype(np.int64), self.starts[:-1])
        return sums
