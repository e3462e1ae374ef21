"""MinHash fingerprints of texts: near-identical copies, as clients of agencies print them, have similar ones.

A text is cut into overlapping shingles of words; the least hashes of these under many hash functions are its
fingerprint (A. Broder, "On the resemblance and containment of documents", 1997). Two fingerprints agree in
about the share of shingles that the texts have in common, their Jaccard similarity.
"""

from __future__ import annotations

import re
import zlib
from functools import cache

__all__ = ["SIZE", "Fingerprint", "fingerprint", "similarity"]

#: SIZE numbers of 32 bits; empty for texts too short to have one.
Fingerprint = tuple[int, ...]

#: Numbers of a fingerprint: with 64 the similarity is within .06 of the share of common shingles (standard
#: error of a share of one half).
SIZE = 64
_SHINGLE = 3  # words: pairs are common to many texts, and longer shingles break at every change
MIN_WORDS = 30  # shorter texts are similar by chance


def fingerprint(body: str) -> Fingerprint:
    """The fingerprint of a body; () where it has fewer than MIN_WORDS words."""
    import numpy as np

    words = re.findall(r"\w+", body.casefold())
    if len(words) < MIN_WORDS:
        return ()
    starts = range(len(words) - _SHINGLE + 1)
    shingles = {zlib.crc32(" ".join(words[i : i + _SHINGLE]).encode("utf-8", "replace")) for i in starts}
    values = np.fromiter(shingles, np.uint64, len(shingles))
    factors, terms = (np.array(column, np.uint64) for column in zip(*_functions()))
    # Multiply-shift hashing (M. Dietzfelbinger et al., 1997): the high bits of a product modulo 2**64.
    hashes = (values[:, None] * factors + terms) >> np.uint64(32)
    return tuple(int(value) for value in hashes.min(axis=0))


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """The share of shingles that two texts have in common, 0..1, as estimated from their fingerprints."""
    return sum(a == b for a, b in zip(one, other)) / max(1, len(one))


@cache
def _functions() -> tuple[tuple[int, int], ...]:
    """The coefficients of the hash functions: any odd numbers do, but they must stay the same for ever."""
    state, out = 0x9E3779B97F4A7C15, []
    for _ in range(SIZE):
        pair = []
        for _ in range(2):
            state = (state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
            pair.append((state >> 3) | 1)
        out.append((pair[0], pair[1]))
    return tuple(out)
