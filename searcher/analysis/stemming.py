"""The stemmer of English maps “election” and “elections”, “LLM” and “LLMs” to one stem.

Snowball's English stemmer (PyStemmer: MIT and BSD), with what newspapers need besides. Any stemmer is worth
.025 to .033 nDCG@10 over none; Snowball's and Porter's are equal, Krovetz's is worse.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

from searcher.analysis.british import american

__all__ = ["ABBREVIATED", "ORDINALS", "STOP_WORDS", "stem"]

#: Words that say nothing about what an article is about. They are found like all others but do not count
#: for the score, and they are their own stems, which saves a tenth of the index.
_STOP_WORDS = """
    a about above after again against all am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has have
    having he her here hers herself him himself his how i if in into is it its itself just me more most my
    myself no nor not now of off on once only or other our ours ourselves out over own same she should so
    some such than that the their theirs them themselves then there these they this those through to too
    under until up very was we were what when where which while who whom why will with would you your
    yours yourself yourselves
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_ACRONYMS = re.compile(r"([A-Z]{2,})s")  # LLMs, CEOs, GPUs
_NO_VOWEL = re.compile(r"[bcdfghjklmnpqrstvwxz]{3,5}s")  # llms; but not gps, cbs, dns
#: Written short or in figures in one paper and in full in the next.
ABBREVIATED = {
    "bn": "billion", "mn": "million", "mln": "million", "tn": "trillion", "trn": "trillion", "pct": "percent",
    "jan": "january", "feb": "february", "aug": "august", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december", "qtr": "quarter", "govt": "government", "dept": "department",
    "corp": "corporation", "assn": "association", "intl": "international", "bros": "brothers",
}  # fmt: skip
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


@cache
def _stemmer() -> _Stemmer:
    import Stemmer  # written in C

    stemmer: _Stemmer = Stemmer.Stemmer("english", 0)  # no cache of its own: the analysis keeps one
    return stemmer


def stem(surface: str, written: str = "") -> str:
    """Return the stem of a folded word. ``written``, the word before folding, shows plurals of acronyms."""
    if surface in STOP_WORDS or not (surface.isascii() and surface.isalpha()):
        return surface
    if len(surface) < 3 and surface not in ABBREVIATED:
        return surface
    if surface in ORDINALS:
        return ORDINALS[surface]
    if surface[-1] == "s":
        acronym = _ACRONYMS.fullmatch(written)
        if acronym:
            return acronym[1].lower()
        if _NO_VOWEL.fullmatch(surface) and not surface.endswith("ss"):
            return surface[:-1]
    return _stemmer().stemWord(american(ABBREVIATED.get(surface, surface)))
