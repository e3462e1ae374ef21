"""The stemmer of English maps “election” and “elections”, “LLM” and “LLMs” to one stem.

Snowball's English stemmer (PyStemmer: MIT and BSD), with what newspapers need besides. Any stemmer is worth
.025 to .033 nDCG@10 over none; Snowball's and Porter's are equal, Krovetz's is worse. British spellings are
indexed in their American form, so that one finds the other: each family of words has a rule of its own,
since letters alone do not tell: “hour” is not “hor”.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_OUR = """
    arm behavi cand clam col demean endeav fav ferv flav harb hon hum lab neighb od parl rig rum sav savi
    splend tum val vap vig
"""
#: How words begin in which “our” is written “or” in America; the letters stand nowhere earlier in them.
_OUR_BEGINNINGS = tuple(
    f"{prefix}{root}our" for prefix in ("", "dis", "mis", "un", "re") for root in _OUR.split()
)
# Where -ise is no suffix, in America neither: advise, precise, clockwise.
_NO_SUFFIX = (
    "[a-z]*(?:a|adv|advert|ar|circumc|conc|dem|dev|div|exc|exerc|expert|franch|improv|inc|mant|merchand|o|parad|"
    "pen|pr|prec|prem|prom|rev|sunr|superv|telev|treat|u|upr|w)"
)
BEGINNINGS = {
    "aluminium": "aluminum", "anaem": "anem", "anaesthe": "anesthe", "archaeo": "archeo",
    "diarrhoea": "diarrhea", "encyclopaedi": "encyclopedi", "foet": "fet", "grey": "gray",
    "gynaeco": "gyneco", "haem": "hem", "jewellery": "jewelry", "judgement": "judgment",
    "leukaem": "leukem", "manoeuv": "maneuv", "mould": "mold", "oesoph": "esoph", "oestro": "estro",
    "orthopaed": "orthoped", "paed": "ped", "plough": "plow", "sceptic": "skeptic",
    "sulph": "sulf", "tyre": "tire",
}  # fmt: skip

_BEGINNINGS = tuple(BEGINNINGS)

#: Letters that every such word has, and how it ends, so that most words are tried by no pattern; the pattern;
#: what is written.
_Rule = tuple[str, tuple[str, ...], str, str]
_RULES: tuple[_Rule, ...] = (
    (
        "is",
        ("ise", "ised", "ises", "iser", "isers", "ising", "isation", "isations", "isational"),
        rf"(?!{_NO_SUFFIX}is)([a-z]{{3,}})is(e|ed|es|er|ers|ing|ation|ations|ational)",
        r"\1iz\2",
    ),
    (
        "ys",
        ("yse", "ysed", "yses", "yser", "ysers", "ysing"),
        r"(anal|paral|catal)ys(e|ed|es|er|ers|ing)",
        r"\1yz\2",
    ),
    (
        "re",
        ("re", "res"),
        r"((?:[a-z]*(?:met|lit))|calib|cent|fib|lust|meag|somb|spect|theat)re(s)?",
        r"\1er\2",
    ),
    ("centr", ("centred", "centring"), r"(cent)r(ed|ing)", r"\1er\2"),
    ("ence", ("ence", "ences", "enced", "enceless"), r"(def|off|pret|lic)ence(s|d|less)?", r"\1ense\2"),
    ("programme", ("programme", "programmes"), r"(program)me(s)?", r"\1\2"),
    ("logue", ("logue", "logues", "logued"), r"(cata|dia)logue(s|d)?", r"\1log\2"),
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when a word needs it: all of them would be a fiftieth of a command's start."""
    return re.compile(pattern)


def american(word: str) -> str:
    """Return the American spelling of a folded word, or the word itself where no rule applies."""
    for letters, endings, pattern, written in _RULES:
        if letters in word and word.endswith(endings) and (match := _compiled(pattern).fullmatch(word)):
            return match.expand(written)
    if "our" in word and word.startswith(_OUR_BEGINNINGS):
        return word.replace("our", "or", 1)
    if word.startswith(_BEGINNINGS) and word.isascii() and word.isalpha():
        beginning = next(filter(word.startswith, BEGINNINGS))
        return BEGINNINGS[beginning] + word.removeprefix(beginning)
    return word


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


@cache
def stemmer(algorithm: str) -> Callable[[str], str]:
    """The function of Snowball that stems the words of a language."""
    import Stemmer  # written in C

    stem_of: Callable[[str], str] = Stemmer.Stemmer(algorithm, 0).stemWord  # without a cache: we keep one
    return stem_of


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
    return stemmer("english")(american(ABBREVIATED.get(surface, surface)))
