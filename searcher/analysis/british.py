"""British spellings are indexed in their American form, so that one finds the other.

Each family of words has a rule of its own, since letters alone do not tell: “hour” is not “hor”.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["BEGINNINGS", "american"]

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
