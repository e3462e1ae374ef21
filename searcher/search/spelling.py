"""Spelling suggestions for query words that the index does not contain.

The probability that a word of the index was meant is a logistic regression over how the two words differ, the
length of the word and how common the candidate is. A likely correction may be applied where a person reads
the answer; a less likely one is only offered, and so is every correction of a word that exists in any
supported language: the models' ``words.bin`` has these words. Measured in ``benchmarks/quality/spelling.py``.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple, Protocol

from searcher import analysis
from searcher.analysis.analyzer import depends_on_language, plain_signs
from searcher.analysis.terms import composed
from searcher.languages import known_words
from searcher.query.expansion import similar

#: Minimum and maximum length of a word to correct. The number of candidates grows with its square.
MIN_WORD_LENGTH, MAX_WORD_LENGTH = 5, 48
#: Minimum length of a word that is corrected for two mistakes, or although it exists. Shorter words resemble
#: too many other words.
_MIN_LONG = 8
#: Groups of letters that are often confused with each other.
_CONFUSED = (frozenset("aeiouy"), frozenset("cksz"))
_MIN_CANDIDATE_LENGTH = 4
#: Minimum probability for offering a suggestion, and for applying it automatically.
_MIN_OFFERED, _MIN_APPLIED = 0.03, 0.4
#: A word with two mistakes must have this many first letters right. Few people get them wrong, and reading
#: only the words that start with them makes the time independent of the size of the index.
_FIXED_PREFIX_LENGTH = 2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"  # importing the module “string” compiles a regular expression
#: Unicode groups the letters of a script in aligned blocks of this many characters.
_BLOCK_SIZE = 128
#: Number of bits that the filter of known words sets per word, and number of hash bytes that choose each bit.
HASHES, HASH_BYTES = 6, 4
#: The filter contains a word with this prefix if the word is frequent in its language.
COMMON = "+"


class IndexWords(Protocol):
    """The words of an index; an engine is one (see :class:`searcher.engines.base.Engine`)."""

    def count(self) -> int: ...
    def terms(self, field: Literal["text"], prefix: str = "") -> Iterator[str]: ...
    def frequencies(self, field: Literal["text"], terms: Collection[str]) -> Mapping[str, int]: ...


class Suggestion(NamedTuple):
    """A correction. ``is_likely``: enough to be applied where a person reads the answer."""

    word: str
    is_likely: bool


def suggest(word: str, lexicon: IndexWords) -> Suggestion | None:
    """Return the most likely correction for a word missing from the index, or None."""
    word = plain_signs(word)
    word = word[:-2] if word.lower().endswith("'s") else word
    folded = _folded_word(word)
    if not (MIN_WORD_LENGTH <= len(folded) <= MAX_WORD_LENGTH and folded.isalpha()):
        return None
    if len(analysis.query_terms(word)) != 1 or depends_on_language(word.lower()):
        return None
    umlauts = Counter(written for letter in composed(word) for written in analysis.variants(letter)[1:])
    is_real, is_long = is_known(word), len(folded) >= _MIN_LONG
    if is_real and not is_long:
        return None
    probabilities: dict[str, float] = {}
    articles = lexicon.count()
    for edits in (1, 2) if is_long and not is_real else (1,):
        counts = lexicon.frequencies("text", _candidates(folded, lexicon, edits))
        for candidate, count in counts.items():
            if (
                len(candidate) >= _MIN_CANDIDATE_LENGTH
                and candidate.isalpha()
                and _has_umlauts(candidate, umlauts)
            ):
                share = (count + 1) / (articles + 1)
                probabilities.setdefault(candidate, _probability(folded, candidate, edits, share))
        if max(probabilities.values(), default=0) >= _MIN_APPLIED:
            break
    best = max(probabilities, key=lambda candidate: (probabilities[candidate], candidate), default="")
    probability = probabilities[best] / max(1, sum(probabilities.values())) if best else 0
    if probability < (_MIN_APPLIED if is_real else _MIN_OFFERED):
        return None
    return Suggestion(best, probability >= _MIN_APPLIED and not is_real)


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


def _has_umlauts(candidate: str, umlauts: Mapping[str, int]) -> bool:
    """Return True if the candidate contains every transliterated umlaut of the typed word, so that “Haustür”
    is not corrected to “Haustier”."""
    return all(candidate.count(written) >= number for written, number in umlauts.items())


def _probability(typed: str, candidate: str, edits: int, share: float) -> float:
    """Estimate how likely a candidate is the word that was meant. ``share``: of the articles that contain it.
    A different last letter mostly makes another form of a word, and a rare candidate another word."""
    points = 0.8 * min(len(typed), 10) - 3 * (typed[-1] != candidate[-1]) + 0.6 * math.log(share) - 5.2
    points += 2 * _is_in_filter(COMMON + candidate) + 1.5 * is_known(candidate)
    has_same_letters = set(typed) == set(candidate)
    wrong = next(({a, b} for a, b in zip(typed, candidate) if a != b), set[str]())
    if edits == 2:
        points -= 0.5 if has_same_letters else 4
    elif len(typed) == len(candidate) and sorted(typed) == sorted(candidate):
        points += 4.5  # two letters are transposed
    elif has_same_letters or len(candidate) > len(typed):
        points += 2.5  # a letter is doubled or missing
    elif len(typed) == len(candidate) and any(wrong <= letters for letters in _CONFUSED):
        points += 1.5
    return 1 / (1 + math.exp(-points))


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
