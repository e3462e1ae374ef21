"""Writes the words that are never corrected: ``python -m training.languages.known_words [LISTS]``.

Needs wordfreq (Apache-2.0; its word counts are CC BY-SA 4.0): ``pip install wordfreq==3.1.1``. LISTS is a
clone of github.com/hermitdave/FrequencyWords (CC BY-SA 4.0), for the languages that wordfreq lacks. Of every
language the most frequent words are taken, except those that are most likely misspellings: a common slip away
from a word that is a hundred times as frequent. The frequent words of all languages, which a misspelling may
be corrected to, are the pieces of the encoder and the vocabulary of the English names model.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from searcher import analysis
from searcher.languages import pieces_and_scores
from searcher.models import models_folder
from searcher.search.spelling import COMMON, HASHES, MIN_WORD_LENGTH, bit_numbers

MODEL = Path(__file__).resolve().parents[2] / "models" / "searcher_models" / "words.bin"
#: Most frequent words of a language that are taken, at most. The rarer English words of the list include
#: many common misspellings.
MAX_WORDS, MAX_ENGLISH_WORDS = 100_000, 50_000
#: Scripts in which words are not separated, and single words are not corrected.
WITHOUT_SPACES = frozenset({"ja", "ko", "th", "zh"})
#: Languages that FrequencyWords has and wordfreq lacks, and that Searcher serves.
OTHERS = ("et", "eu")
#: A word this many times as rare as one that it is a slip for is taken for the slip.
SLIP_RATIO = 100
#: Bits of the filter for each word: with HASHES hashes, one unknown word in a hundred passes for known.
BITS_PER_WORD = 9.6


def folded_frequencies(words: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for word, frequency in words:
        for form in analysis.variants(word):
            if form.isalpha():
                found[form] = max(found.get(form, 0), frequency)
    return found


def common_slips(word: str) -> Iterator[str]:
    """Yield the words that someone may have meant: two letters are swapped, or one is doubled or missing."""
    for n, (a, b) in enumerate(pairwise(word)):
        yield word[:n] + b + a + word[n + 2 :]
        yield word[: n + 1] + a + word[n + 1 :]
        if a == b:
            yield word[:n] + word[n + 1 :]


def without_slips(frequencies: Mapping[str, float]) -> set[str]:
    def is_slip(word: str) -> bool:
        least = SLIP_RATIO * frequencies[word]
        return any(other != word and frequencies.get(other, 0) >= least for other in common_slips(word))

    return {word for word in frequencies if not is_slip(word)}


def lists(folder: Path | None) -> Iterator[Mapping[str, float]]:
    """Yield the most frequent words of each language, with their frequencies."""
    from wordfreq import available_languages, get_frequency_dict, top_n_list

    for code in sorted(set(available_languages("small")) - WITHOUT_SPACES):
        frequencies = get_frequency_dict(code, "best")
        words = top_n_list(code, MAX_ENGLISH_WORDS if code == "en" else MAX_WORDS, "best")
        yield folded_frequencies((word, frequencies[word]) for word in words)
    for code in OTHERS if folder else ():
        assert folder is not None
        text = (folder / f"content/2018/{code}/{code}_50k.txt").read_text("utf-8")
        pairs = (line.split() for line in text.splitlines())
        yield folded_frequencies((word, float(number)) for word, number in pairs)


def frequent_words() -> set[str]:
    pieces = (piece[1:] for piece in pieces_and_scores()[0] if piece.startswith("\u2581"))
    english = (models_folder() / "tagger" / "vocabulary.txt").read_text("utf-8").splitlines()
    return {form for word in (*pieces, *english) for form in analysis.variants(word)}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    common = {word for word in frequent_words() if len(word) >= MIN_WORD_LENGTH - 1 and word.isalpha()}
    known = common.union(*map(without_slips, lists(folder)))
    keys = {word for word in known if len(word) >= MIN_WORD_LENGTH - 1} | {COMMON + word for word in common}
    bits = bytearray(int(len(keys) * BITS_PER_WORD / 8) + 1)
    for key in keys:
        for bit in bit_numbers(key, len(bits)):
            bits[bit >> 3] |= 1 << (bit & 7)
    MODEL.write_bytes(bits)
    print(f"{len(keys):,} words, {len(bits):,} bytes, {HASHES} hashes")


if __name__ == "__main__":
    main()
