"""Did you mean: the words of an index that are nearest to a word that it does not hold.

A word that is right in some language is no slip, and what it would be turned into is of another language
mostly. Of 4,146 words of 40 languages that an index lacked, 585 are corrected (1,256 without the rules that
hold this back); of 1,200 slips of writers of English, 1,046 as they should be (1,070). Of 700 German words
with umlauts that 377 articles lacked, 249 (298 while a correction might lose an umlaut).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Literal, Protocol

from searcher import analysis
from searcher.analysis.analyzer import is_cut_by_language, plain_signs
from searcher.analysis.terms import composed
from searcher.languages import vocabulary
from searcher.query.expansion import similar

#: No word is corrected where the index holds fewer words: that one is missing then says nothing.
MIN_VOCABULARY = 200
#: No longer word is corrected: of the words that people write hardly any is longer, and what is tried grows
#: with the square of the letters.
MAX_LETTERS = 48
_SPACE = "\u2581"  # what a word begins with in it
#: Letters of a word that it holds, at least: shorter pieces are beginnings mostly, and what a slip makes of
#: short words.
MIN_LETTERS = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"  # importing the module “string” compiles a regular expression


class IndexWords(Protocol):
    """The words of an index; an engine is one (see :class:`searcher.engines.base.Engine`)."""

    def terms(self, field: Literal["text"], prefix: str = "") -> Iterator[str]: ...
    def frequencies(self, field: Literal["text"], terms: Collection[str]) -> Mapping[str, int]: ...


def suggest(word: str, lexicon: IndexWords) -> str | None:
    """Return the likeliest word of the index that a word which it does not hold stands for, or None. A word
    one edit away is preferred to any two edits away, among those the one that more articles hold and that
    begins with the same letter."""
    word = plain_signs(word)
    folded = _folded_word(word)
    most = _edits_allowed(folded)
    acronym = len(word) == 3 and word.isupper()
    if not most or acronym or len(analysis.query_terms(word)) != 1:
        return None
    if is_cut_by_language(word.lower().removesuffix("'s")):
        return None
    if len(list(islice(lexicon.terms("text"), MIN_VOCABULARY))) < MIN_VOCABULARY:
        return None
    umlauts = Counter(written for letter in composed(word) for written in analysis.variants(letter)[1:])
    for edits in range(1, most + 1):
        near = [
            c for c in _close_to(folded, lexicon, edits) if _may_be_meant(folded, c) and _keeps(umlauts, c)
        ]
        counts = lexicon.frequencies("text", near)
        if (counts or edits < most) and is_known(word):  # asked last: it reads a file of 2 MB
            return None
        if counts:
            return max(counts, key=lambda c: (_likelihood(folded, c, counts[c]), c))
    return None


def _folded_word(word: str) -> str:
    """Return a word in the plain letters of an index, and "" where accents would be lost: they say that it is
    no slip for a word without them. Umlauts are kept: “Müler” is “mueler”, beside which “mueller” stands."""
    folded, *written_out = analysis.variants(word)
    if folded.isascii() and any(char.isalpha() and not char.isascii() for char in word):
        return written_out[0] if written_out else ""
    return folded


def _close_to(word: str, lexicon: IndexWords, edits: int) -> Collection[str]:
    """Return words within ``edits`` of a word, in the index or not. With two edits the first letter stays:
    few people get it wrong, and to read the whole vocabulary makes long queries slow."""
    if edits == 1 and word.isascii():
        return neighbours(word)  # some 50 a letter to look up, however many words the index holds
    among = lexicon.terms("text", word[0] if edits > 1 else "")
    return [c for c in similar(word, among, edits) if analysis.within_edits(word, c, edits)]


def neighbours(word: str) -> frozenset[str]:
    """Return every word of the letters a to z that is one edit away from a word."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    without = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in cuts if b for letter in _LETTERS}
    added = {a + letter + b for a, b in cuts for letter in _LETTERS}
    return frozenset((without | swapped | changed | added) - {word})


def _edits_allowed(word: str) -> int:
    """Return 0 for numbers and for words that are very short or very long, 1 for words under eight letters, 2
    for others."""
    if not 3 <= len(word) <= MAX_LETTERS or not word.isalpha():
        return 0
    return 1 if len(word) < 8 else 2


def _may_be_meant(typed: str, candidate: str) -> bool:
    """Reject candidates under four letters and those that differ in a final vowel only (policy, police)."""
    if len(candidate) < 4 or not candidate.isalpha():
        return False
    return not (typed[:-1] == candidate[:-1] and {typed[-1], candidate[-1]} <= set("aeiouy"))


def _keeps(umlauts: Mapping[str, int], candidate: str) -> bool:
    """Tell whether a candidate has these umlauts, written out as in an index: “Haustür” is no “Haustier”."""
    return all(candidate.count(written) >= number for written, number in umlauts.items())


def _likelihood(typed: str, candidate: str, count: int) -> float:
    """Return the log of the number of articles, plus 1.5 for the same first letter, plus 1 for a common slip.
    To leave a letter out or to swap two is commoner than to write a wrong one, which has more candidates."""
    same_start = typed[0] == candidate[0]
    left_out = len(candidate) > len(typed)
    swapped = len(typed) == len(candidate) and sorted(typed) == sorted(candidate)
    return math.log(count + 1) + 1.5 * same_start + (left_out or swapped)


def is_known(word: str) -> bool:
    """Tell whether a word is one of some language: the vocabulary of the encoder holds it, with or without a
    last s, that of a genitive, as typed, in small letters or with a capital.

    It was chosen by frequency in the web pages of a hundred languages: “война” and “Polsce” are in it, and of
    1,200 common slips of writers of English seven.
    """
    small = word.lower()
    written = (word, small, small.capitalize())
    return is_piece(
        {form for one in written for form in (one, one.removesuffix("s")) if len(form) >= MIN_LETTERS}
    )


def is_piece(forms: Collection[str]) -> bool:
    """Tell whether the vocabulary of the encoder holds one of these forms whole."""
    # The file as it is: to split it takes 50 times as long.
    return any(f"\n{_SPACE}{form}\t".encode() in _vocabulary() for form in forms)


_vocabulary = cache(vocabulary)
