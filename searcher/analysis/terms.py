"""The terms of one word: its surface forms, its stems, and capitals for an acronym.

:mod:`searcher.analysis` describes how each kind of term is written.
"""

from __future__ import annotations

from searcher.analysis.folding import variants
from searcher.analysis.inflection import stems
from searcher.analysis.stemming import STOP_WORDS, stem
from searcher.languages.pack import ENGLISH, pack

__all__ = [
    "ACRONYM_WORDS",
    "CAPITALS",
    "MAX_TERM_LENGTH",
    "STEM",
    "Terms",
    "capital_terms",
    "terms_of",
    "is_surface",
    "merge_terms",
    "stem_language",
]

#: The first character of a term that is a stem, and of one that is an acronym's capitals.
STEM = "~"
CAPITALS = "^"
_SIGNS = STEM + CAPITALS
#: Longer terms are cut to this many characters: they are encoded data, not words.
MAX_TERM_LENGTH = 64
#: Letters before the apostrophe of a word in a query that has an ending: not O'Keefe, d'Artagnan, I'm.
MIN_BEFORE_ENDING = 2

#: Acronyms that are also words. As a query, in capitals, they find only themselves: “US” is not “us”.
_ALSO_WORDS = """
    act aids aim all am amid an arm as at bat be cap cat chip cop dare do doe dot eta fit gap gas go has he
    ice id if in is it lime lot ma mad map may me mice mind mit my nice no nod nut of oh ok on or pa pip ram
    rim rip sad sap sat sit so star start ted tip to un up ups us was we who
"""
ACRONYM_WORDS = frozenset(_ALSO_WORDS.split())

Terms = tuple[str, ...]


def capital_terms(letters: str) -> Terms:
    """Return the terms of an acronym that is also a word; none for anything else."""
    if len(letters) > 1 and letters.isascii() and letters.isupper() and letters.lower() in ACRONYM_WORDS:
        return (letters.lower(), CAPITALS + letters)
    return ()


def terms_of(written: str, language: str = ENGLISH, *, sought: bool = False) -> Terms:
    """Return the surface forms and stems of one word. In no language ("") it has no stems.

    ``sought``: as a query has them. It is written for texts of any language, so that what an apostrophe cuts
    off in one language (Turkish “Ankara'da”) leaves a stem of that language and no word of others; what has
    no stem there (“De'Aaron”, of the stop word “de”) is sought as written alone.
    """
    if written.endswith(("'s", "'S")):
        written = written[:-2]
    if language != ENGLISH:
        return _foreign_terms(written, language, sought)
    capitals = capital_terms(written)
    if capitals:
        return capitals
    forms: dict[str, None] = {}
    for surface in variants(written):
        if surface:
            forms[surface[:MAX_TERM_LENGTH]] = None
    for surface in list(forms):
        if surface not in STOP_WORDS and surface.isalnum():
            forms[STEM + stem(surface, written)] = None
    return tuple(forms)


def _foreign_terms(written: str, language: str, sought: bool) -> Terms:
    capitals = capital_terms(written)
    if capitals:
        return capitals
    known = pack(language)
    word = written
    if known and known.apostrophe == "ending" and "'" in written:
        word = written.split("'")[0]
        if sought and len(word) < MIN_BEFORE_ENDING:
            word = written
    roots = stems(word, known, sought=sought) if known else ()
    surfaces = (written,) if sought else (word, written)
    forms = dict.fromkeys(form[:MAX_TERM_LENGTH] for one in surfaces for form in variants(one) if form)
    for root in roots:
        forms[f"{STEM}{language}:{root}"[:MAX_TERM_LENGTH]] = None
    return tuple(forms)


def is_surface(form: str) -> bool:
    """Tell whether a term is a word as written (folded), neither a stem nor an acronym's capitals."""
    return form[0] not in _SIGNS


def stem_language(form: str) -> str:
    """The language of a term that is a stem of another language than English; "" for every other term."""
    language, of_language, _ = form.partition(":")
    return language[1:] if of_language and form[0] == STEM else ""


def merge_terms(*forms: Terms) -> Terms:
    """Return the terms of several words that stand at one position, each term once."""
    return tuple(dict.fromkeys(form for some in forms for form in some))
