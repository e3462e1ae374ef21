"""The forms that one word answers to: as it is written, folded, and its stem.

How forms are written, :mod:`searcher.analysis` says.
"""

from __future__ import annotations

from searcher.analysis.folding import variants
from searcher.analysis.inflection import stems
from searcher.analysis.stemming import STOP_WORDS, stem
from searcher.languages.pack import ENGLISH, pack

__all__ = [
    "ACRONYM_WORDS",
    "CAPITALS",
    "LONGEST",
    "STEM",
    "Forms",
    "capital_forms",
    "forms_of",
    "is_surface",
    "merged",
]

#: What marks a form that is a stem, and one that is an acronym's capitals.
STEM = "~"
CAPITALS = "^"
_SIGNS = STEM + CAPITALS
#: No word is longer; what is, is no word (encoded data) and is cut.
LONGEST = 64

#: Acronyms that are also words. As a query, in capitals, they find only themselves: “US” is not “us”.
_ALSO_WORDS = """
    act aids aim all am amid an arm as at bat be cap cat chip cop dare do doe dot eta fit gap gas go has he
    ice id if in is it lime lot ma mad map may me mice mind mit my nice no nod nut of oh ok on or pa pip ram
    rim rip sad sap sat sit so star start ted tip to un up ups us was we who
"""
ACRONYM_WORDS = frozenset(_ALSO_WORDS.split())

Forms = tuple[str, ...]


def capital_forms(letters: str) -> Forms:
    """The forms of an acronym that is also a word, if this is one."""
    if len(letters) > 1 and letters.isascii() and letters.isupper() and letters.lower() in ACRONYM_WORDS:
        return (letters.lower(), CAPITALS + letters)
    return ()


def forms_of(written: str, language: str = ENGLISH) -> Forms:
    """The surfaces and the stems of one word of letters, in a language or in none ("": no stems)."""
    if written.endswith(("'s", "'S")):
        written = written[:-2]
    if language != ENGLISH:
        return _foreign_forms(written, language)
    capitals = capital_forms(written)
    if capitals:
        return capitals
    forms: dict[str, None] = {}
    for surface in variants(written):
        if surface:
            forms[surface[:LONGEST]] = None
    for surface in list(forms):
        if surface not in STOP_WORDS and surface.isalnum():
            forms[STEM + stem(surface, written)] = None
    return tuple(forms)


def _foreign_forms(written: str, language: str) -> Forms:
    capitals = capital_forms(written)
    if capitals:
        return capitals
    known = pack(language)
    ending = known is not None and known.apostrophe == "ending" and "'" in written
    word = written.split("'")[0] if ending else written
    forms = dict.fromkeys(surface[:LONGEST] for surface in variants(word) if surface)
    if ending:
        forms |= dict.fromkeys(surface[:LONGEST] for surface in variants(written))
    for root in stems(word, known) if known else ():
        forms[f"{STEM}{language}:{root}"[:LONGEST]] = None
    return tuple(forms)


def is_surface(form: str) -> bool:
    """Whether a form is a word as written (folded), not a stem and not an acronym's capitals."""
    return form[0] not in _SIGNS


def merged(*forms: Forms) -> Forms:
    """The forms of several words that stand at one position, each once."""
    return tuple(dict.fromkeys(form for some in forms for form in some))
