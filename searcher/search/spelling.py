"""Spelling suggestions for query words that the index does not contain.

A word that exists in any supported language is not a misspelling: replacing it would usually produce a word
of another language. ``languages/words.bin`` knows these words; ``training/languages/known_words.py`` writes
it. Measured in ``benchmarks/quality/spelling.py``.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Literal, Protocol

from searcher import analysis
from searcher.analysis.analyzer import is_cut_by_language, plain_signs
from searcher.analysis.terms import composed
from searcher.languages import known_words
from searcher.query.expansion import similar

#: Minimum and maximum length of a word to correct. Candidates grow with the square of the length.
MIN_WORD_LENGTH, MAX_WORD_LENGTH = 5, 48
#: Minimum length of a word that may have two mistakes: letters doubled, dropped or moved, and any others.
_MIN_LENGTH_FOR_TWO_EDITS, _MIN_LENGTH_FOR_ANY_TWO_EDITS = 8, 10
#: Minimum length of a word with a letter that the right word lacks.
_MIN_LENGTH_FOR_WRONG_LETTER = 7
#: Letters that are taken for one another.
_CONFUSED = (frozenset("aeiouy"), frozenset("cksz"))
_MIN_CANDIDATE_LENGTH = 4
#: Two mistakes are not looked for in the first letters: few people get them wrong, and reading only the words
#: that start with them keeps the time independent of the size of the index.
_FIXED_PREFIX_LENGTH = 2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"  # importing the module “string” compiles a regular expression
#: Unicode keeps the letters of a script in aligned blocks of this many characters.
_BLOCK_SIZE = 128
#: Bits that the filter of known words sets for each word, and bytes of the hash that chooses each bit.
HASHES, HASH_BYTES = 6, 4
#: Before a word: asks whether it is frequent in its language.
COMMON = "+"


class IndexWords(Protocol):
    """The words of an index; an engine is one (see :class:`searcher.engines.base.Engine`)."""

    def terms(self, field: Literal["text"], prefix: str = "") -> Iterator[str]: ...
    def frequencies(self, field: Literal["text"], terms: Collection[str]) -> Mapping[str, int]: ...


def suggest(word: str, lexicon: IndexWords) -> str | None:
    """Return the most likely correction for a word missing from the index, or None. Prefers one edit over
    two, then words with a higher score (see :func:`_score`)."""
    word = plain_signs(word)
    word = word[:-2] if word.lower().endswith("'s") else word
    folded = _folded_word(word)
    if not (MIN_WORD_LENGTH <= len(folded) <= MAX_WORD_LENGTH and folded.isalpha()):
        return None
    if len(analysis.query_terms(word)) != 1 or is_cut_by_language(word.lower()):
        return None
    if is_known(word):
        return None
    umlauts = Counter(written for letter in composed(word) for written in analysis.variants(letter)[1:])
    for edits in (1, 2) if len(folded) >= _MIN_LENGTH_FOR_TWO_EDITS else (1,):
        counts = lexicon.frequencies("text", _candidates(folded, lexicon, edits))
        plausible = [c for c in counts if _has_umlauts(c, umlauts) and _is_plausible(folded, c, edits)]
        if plausible:
            return max(plausible, key=lambda c: (_score(folded, c, counts[c]), c))
    return None


def _folded_word(word: str) -> str:
    """Return a word in the plain letters of an index, or "" if it would lose accents: with them, it is not a
    misspelling of a word without. Umlauts are transliterated: “Müler” is “mueler”, near “mueller”."""
    folded, *written_out = analysis.variants(word)
    if folded.isascii() and any(char.isalpha() and not char.isascii() for char in word):
        return written_out[0] if written_out else ""
    return folded


def _candidates(word: str, lexicon: IndexWords, edits: int) -> Collection[str]:
    """Return strings within ``edits`` of a word, not all of which are words of the index."""
    if edits == 1:
        return neighbours(word)
    similar_words = similar(word, lexicon.terms("text", word[:_FIXED_PREFIX_LENGTH]), edits)
    return [c for c in similar_words if analysis.within_edits(word, c, edits)]


def neighbours(word: str) -> frozenset[str]:
    """Return every string that is one edit away from a word, in the letters of its scripts. About 50 lookups
    per letter in a to z, independent of the size of the index."""
    letters = "".join(sorted({*map(_letters_like, word)}))
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    without = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in letters}
    added = {a + letter + b for a, b in cuts for letter in letters}
    return frozenset((without | swapped | changed | added) - {word})


@cache
def _letters_like(letter: str) -> str:
    """Return the letters of the script of a letter, as an index writes them."""
    if letter.isascii():
        return _LETTERS
    start = ord(letter) // _BLOCK_SIZE * _BLOCK_SIZE
    block = map(chr, range(start, start + _BLOCK_SIZE))
    return "".join(char for char in block if char.isalpha() and analysis.variants(char)[0] == char)


def _is_plausible(typed: str, candidate: str, edits: int) -> bool:
    """Return False for a candidate that is more likely another word than the one that was meant: an inflected
    form (different end), a rare word, or one that differs in a way in which few people err."""
    if len(candidate) < _MIN_CANDIDATE_LENGTH or not candidate.isalpha():
        return False
    is_common = _is_in_filter(COMMON + candidate)
    if edits == 1 and _is_transposed(typed, candidate):
        is_short = len(typed) < _MIN_LENGTH_FOR_TWO_EDITS
        return is_common or not (is_short and is_known(candidate))  # unknown to all languages: a name
    if typed[0] != candidate[0] or typed[-1] != candidate[-1]:
        return False
    if edits == 2:
        same_letters = set(typed) == set(candidate)
        return is_common and (same_letters or len(typed) >= _MIN_LENGTH_FOR_ANY_TWO_EDITS)
    if len(candidate) <= len(typed) < _MIN_LENGTH_FOR_WRONG_LETTER:
        return False
    if is_common or len(typed) < _MIN_LENGTH_FOR_TWO_EDITS or not is_known(candidate):
        return is_common
    wrong = next(({a, b} for a, b in zip(typed, candidate) if a != b), set[str]())
    return len(typed) != len(candidate) or any(wrong <= letters for letters in _CONFUSED)


def _is_transposed(typed: str, candidate: str) -> bool:
    return len(typed) == len(candidate) and sorted(typed) == sorted(candidate)


def _has_umlauts(candidate: str, umlauts: Mapping[str, int]) -> bool:
    """Return True if the candidate contains every transliterated umlaut of the typed word, so that “Haustür”
    is not corrected to “Haustier”."""
    return all(candidate.count(written) >= number for written, number in umlauts.items())


def _score(typed: str, candidate: str, count: int) -> float:
    """Score a correction: log document frequency, +1.5 for the same first letter, +1 for a missing letter and
    +2.5 for transposed ones (both more common than a wrong letter, which has more candidates)."""
    points = 1.5 * (typed[0] == candidate[0]) + (len(candidate) > len(typed))
    return math.log(count + 1) + points + 2.5 * _is_transposed(typed, candidate)


def is_known(word: str) -> bool:
    """Return True if a word, with or without a final s, is one of any supported language. One other word in
    a hundred passes, too: the words are kept in a Bloom filter."""
    forms = analysis.variants(word)
    return any(_is_in_filter(form) or _is_in_filter(form.removesuffix("s")) for form in forms)


def _is_in_filter(key: str) -> bool:
    bits = known_words()
    return all(bits[bit >> 3] >> (bit & 7) & 1 for bit in bit_numbers(key, len(bits)))


def bit_numbers(key: str, size: int) -> Iterator[int]:
    """Yield the bits that a key sets in a Bloom filter of ``size`` bytes."""
    digest = hashlib.blake2b(key.encode(), digest_size=HASHES * HASH_BYTES).digest()
    for start in range(0, len(digest), HASH_BYTES):
        yield int.from_bytes(digest[start : start + HASH_BYTES], "little") % (8 * size)
