"""Which language a text is in: what it declares, unless its words say something else.

The judge is py3langid, which takes 0.7 s to load: plain English, told by its commonest words, never asks it.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from searcher.languages import code

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


#: Letters that are looked at, from the beginning and the middle: 4,000 tell no more of 4,800 articles.
MAX_SAMPLE_LETTERS: Final = 1000
#: Letters below which nothing is told: of the first 100 of an article 5 % give another language.
MIN_LETTERS: Final = 60
#: Probability up to which a text contradicts what it declares: wrong for four of 1,500 texts in 38 languages.
MAX_OF_CONTRADICTED: Final = 0.01
#: Probability that the likeliest language has at least.
MIN_CONFIDENCE: Final = 0.5

#: Languages that only whole paragraphs tell apart: the declared one is believed.
_KIN: Final = (frozenset(("bs", "hr", "sr")), frozenset(("id", "ms")), frozenset(("hi", "mr", "ne")))
#: Answers to short or odd texts only, with few newspapers: English in capitals is given to some of them.
_RARE: Final = frozenset(("an", "bs", "fo", "ht", "la", "lb", "oc", "se", "vo", "wa"))
_ENGLISH: Final = frozenset(("the", "of", "and", "to"))
#: Least share of these four, and of "the" alone: news has about 13 % and 5 %, other languages none of "the".
_MIN_SHARE_OF_ENGLISH, _MIN_SHARE_OF_THE = 0.07, 0.02
_WORDS: Final = re.compile(r"[^\W\d_]+")


def detect(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of a text; ``declared`` stays unless the text plainly contradicts it. None for no
    sign."""
    sample = _sample(text)
    letters = sum(map(str.isalpha, sample))
    if letters < MIN_LETTERS:
        return declared
    if declared in (None, "en") and _is_plain_english(sample):
        return "en"
    shares = _shares(sample)
    found = max(shares, key=shares.__getitem__)
    if shares[found] < MIN_CONFIDENCE:
        return declared
    if declared is None or found == declared:
        return found
    kin = any({found, declared} <= group for group in _KIN)
    contradicted = shares.get(declared, 0.0) <= MAX_OF_CONTRADICTED
    return found if contradicted and not kin else declared


def _sample(text: str) -> str:
    """The beginning and, as pages may begin with lines of the site, the middle."""
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
    """The probability of each language."""
    # Capitals alone look like no language; they are what headlines and old agencies write.
    shares: dict[str, float] = defaultdict(float)
    for name, share in _identifier().rank(text.lower()):
        shares[code(name) or name] += share  # Norwegian has two
    return shares


@functools.cache
def _identifier() -> LanguageIdentifier:
    """The identifier, loaded once, for languages that have a code of two letters."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages([name for name in whole.labels if len(name) == 2 and name not in _RARE])
    # The other keeps the table of all languages too, 26 MB.
    tables = whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output
    return LanguageIdentifier(*tables, norm_probs=True, tk_row=whole.tk_row)
