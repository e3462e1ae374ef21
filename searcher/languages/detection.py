"""Detect the language of a text: the declared one, unless the words clearly contradict it. py3langid takes .7
s to load, so that plain English is recognised by its most common words alone."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from searcher.languages import language_code

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


#: Number of characters examined at the beginning of a text, and again in its middle.
MAX_SAMPLE_LETTERS: Final = 1000
#: The language of a text with fewer letters is not detected.
MIN_LETTERS: Final = 60
#: A declared language is overruled up to this probability. This was wrong for 4 of 1,500 texts.
MAX_OF_CONTRADICTED: Final = 0.01
#: Minimum probability of a detected language.
MIN_CONFIDENCE: Final = 0.5

#: Languages that are too similar to distinguish in short texts. The declared language is used.
_KIN: Final = (frozenset(("bs", "hr", "sr")), frozenset(("id", "ms")), frozenset(("hi", "mr", "ne")))
#: Languages with few newspapers. They are excluded because short or unusual English texts are taken for them.
_RARE: Final = frozenset(("an", "bs", "fo", "ht", "la", "lb", "oc", "se", "vo", "wa"))
_ENGLISH: Final = frozenset(("the", "of", "and", "to"))
#: Minimum share of all four words, and of "the", in plain English. Usual shares are 13 % and 5 %.
_MIN_SHARE_OF_ENGLISH, _MIN_SHARE_OF_THE = 0.07, 0.02
_WORDS: Final = re.compile(r"[^\W\d_]+")


def detect(text: str, declared: str | None = None) -> str | None:
    """Return the ISO 639-1 code of a text. Without evidence against it, that is ``declared``."""
    sample = _sample(text)
    letters = sum(map(str.isalpha, sample))
    if letters < MIN_LETTERS:
        return declared
    if declared in (None, "en") and _is_plain_english(sample):
        return "en"
    shares = _shares(sample)
    best = max(shares, key=shares.__getitem__)
    if shares[best] < MIN_CONFIDENCE:
        return declared
    if declared is None or best == declared:
        return best
    kin = any({best, declared} <= group for group in _KIN)
    contradicted = shares.get(declared, 0.0) <= MAX_OF_CONTRADICTED
    return best if contradicted and not kin else declared


def _sample(text: str) -> str:
    """Return the beginning and the middle of a text: pages often begin with lines of the site."""
    if len(text) <= 2 * MAX_SAMPLE_LETTERS:
        return text
    middle = len(text) // 2
    return f"{text[:MAX_SAMPLE_LETTERS]}\n{text[middle : middle + MAX_SAMPLE_LETTERS]}"


def _is_plain_english(text: str) -> bool:
    words = _WORDS.findall(text.lower())
    share = 1 / max(1, len(words))
    common = sum(word in _ENGLISH for word in words)
    return common * share >= _MIN_SHARE_OF_ENGLISH and words.count("the") * share >= _MIN_SHARE_OF_THE


def _shares(text: str) -> dict[str, float]:
    # Use lower case, because text in capitals (headlines, old agency reports) resembles no language.
    shares: dict[str, float] = defaultdict(float)
    for name, share in _identifier().rank(text.lower()):
        shares[language_code(name) or name] += share  # added up, because Norwegian has two codes
    return shares


@functools.cache
def _identifier() -> LanguageIdentifier:
    """Load the identifier for languages with a code of two letters."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages([name for name in whole.labels if len(name) == 2 and name not in _RARE])
    # Copy the tables, because ``whole`` holds a table of all languages, which takes 26 MB.
    tables = whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output
    return LanguageIdentifier(*tables, norm_probs=True, tk_row=whole.tk_row)
